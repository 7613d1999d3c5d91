"""Outreach beside existing customers: whose contact it is, when it succeeds, what it costs."""

from __future__ import annotations

import pandas as pd
import pytest

from engines import AS_OF, bank_of
from stockcust.customers import contacts_in_window
from stockcust.kpis import NETWORK, costs_in_window, outreach
from stockcust.rulebook import load_rulebook
from stockcust.tables import Bank

RULES = load_rulebook()
FEW = RULES.with_changes({"report.min_n_rate": 2})
DAY = pd.Timestamp(AS_OF).date()
HEADER = "customer_id | contact_time | channel | direction | is_effective | purpose | campaign_id | cost_cny"
CUSTOMERS = "customer_id\nc1\nc2\nc3"
CAMPAIGNS = """
    campaign_id | start_date | end_date   | audience | cost_cny
    OUT         | 2026-06-01 | 2026-06-30 | outreach | 90
    IN          | 2026-06-01 | 2026-06-30 | existing | 40
    """


def compared(*log, rules=FEW, customers=CUSTOMERS, months=12, **tables):
    contacts = "\n".join([HEADER, *log])
    bank = bank_of("pandas", contacts=contacts, customers=customers, **tables).until(AS_OF)
    found = contacts_in_window(bank, DAY, rules, months)
    return outreach(bank, found, costs_in_window(bank, found, DAY, months), rules)


def line(found, audience, branch=NETWORK):
    return found[(found["branch_id"] == branch) & (found["audience"] == audience)].iloc[0]


def talk(
    customer,
    *,
    day="2026-06-10",
    channel="phone",
    way="out",
    ok="yes",
    why="",
    campaign="",
    cost="1",
):
    return f"{customer} | {day} 10:00 | {channel} | {way} | {ok} | {why} | {campaign} | {cost}"


AUDIENCE = [
    # purpose, campaign, whose contact it is
    ("product_sale", "", "existing"),
    ("", "", "existing"),
    ("outreach", "", "outreach"),
    ("product_sale", "OUT", "outreach"),
    ("outreach", "IN", "existing"),  # the campaign knows whom it was for
]


@pytest.mark.parametrize(("purpose", "campaign", "audience"), AUDIENCE)
def test_a_contact_is_of_the_campaigns_audience_else_of_its_purpose(purpose, campaign, audience):
    log = talk("c1", why=purpose, campaign=campaign), talk("c2", why="care"), talk("c3", why="care")
    found = compared(*log, campaigns=CAMPAIGNS)
    people = found[found["branch_id"] == NETWORK].set_index("audience")["n_people"].to_dict()
    assert people == ({"existing": 3} if audience == "existing" else {"existing": 2, "outreach": 1})


ATTEMPTS = [
    # what is logged, attempts, successes
    ({}, 1, 1),
    ({"ok": "no"}, 1, 0),
    ({"channel": "face_visit"}, 1, 1),
    ({"channel": "sms"}, 0, 0),  # a touch
    ({"way": "in"}, 0, 0),  # the customer called
    ({"way": ""}, 1, 1),
    ({"day": "2025-06-30"}, 0, 0),  # more than twelve months ago
    ({"day": "2026-07-01"}, 0, 0),  # after the day
]


@pytest.mark.parametrize(("said", "attempts", "successes"), ATTEMPTS)
def test_an_attempt_counts(said, attempts, successes):
    row = line(compared(talk("c1", why="care", **said), talk("c2", why="care")), "existing")
    assert (row["n_attempts"], row["n_successes"]) == (1 + attempts, 1 + successes)


def test_days_run_from_the_first_attempt_to_the_first_success():
    log = [
        talk("c1", day="2026-05-01", ok="no"),
        talk("c1", day="2026-05-11"),
        talk("c1", day="2026-06-20"),
        talk("c2", day="2026-06-01"),
        talk("c3", day="2026-06-01", ok="no"),  # never
    ]
    row = line(compared(*log), "existing")
    assert (row["n_people"], row["n_attempts"], row["n_successes"]) == (3, 5, 3)
    assert row["median_days"] == 5  # of ten days and none


def test_a_success_costs_what_all_attempts_and_the_campaign_cost():
    log = [
        talk("c1", campaign="IN", cost="3"),
        talk("c1", campaign="IN", ok="no", day="2026-06-11", cost="2"),
        talk("c2", campaign="IN", cost="5"),
    ]
    row = line(compared(*log, campaigns=CAMPAIGNS), "existing")
    assert (row["cost_cny"], row["cost_per_success_cny"]) == (50, 25)


def test_the_fixed_cost_of_an_outreach_that_named_nobody_is_the_networks():
    log = [talk(c, why="outreach") for c in ("s1", "s2")] + [talk("c1", why="care")]
    found = compared(*log, campaigns=CAMPAIGNS)
    assert line(found, "outreach")["cost_cny"] == 92
    assert line(found, "outreach", "b1")["cost_cny"] == 2


def test_strangers_who_were_not_won_stay_in_the_log_and_make_the_rate_honest():
    log = [
        talk("s1", why="outreach", ok="no"),
        talk("s2", why="outreach", ok="no"),
        talk("c1", why="outreach"),
        talk("c2", why="care"),
        talk("c3", why="care"),
    ]
    row = line(compared(*log), "outreach")
    assert (row["n_people"], row["n_strangers"]) == (3, 2)
    assert row["success_share"] == pytest.approx(1 / 3)
    assert row["ci_low"] < 1 / 3 < row["ci_high"]


def test_a_log_of_customers_only_knows_who_was_won_and_has_no_rate():
    log = [talk("c1", why="outreach"), talk("c2", why="outreach"), talk("c3", why="care")]
    row = line(compared(*log), "outreach")
    assert (row["n_attempts"], row["n_successes"], row["n_strangers"]) == (2, 2, 0)
    judged = ["success_share", "ci_low", "ci_high", "median_days", "cost_per_success_cny"]
    assert row[judged].isna().all()


def test_few_people_have_counts_and_no_rate():
    found = compared(talk("c1", why="care"), talk("c2", why="care"), rules=RULES)
    row = line(found, "existing")
    assert row["n_successes"] == 2
    assert pd.isna(row["success_share"])


def test_only_outreach_may_be_with_strangers():
    frames = {
        "customers": pd.DataFrame({"customer_id": ["007"], "branch_id": "b1"}),
        "aum_monthly": pd.DataFrame(
            {"customer_id": ["007"], "month": "2026-06", "point_aum_cny": [1]}
        ),
        "branches": pd.DataFrame({"branch_id": ["b1"]}),
        "campaigns": pd.DataFrame(
            {"campaign_id": ["OUT"], "audience": "外拓", "start_date": "2026-06-01"}
        ),
        "contacts": pd.DataFrame(
            [
                ("s1", "b1", "外拓", None, "kept"),
                ("s2", "b1", "关怀", "OUT", "kept"),
                ("s3", "b1", "关怀", None, "unknown_customer"),
                ("s4", "b9", "外拓", None, "unknown_branch"),
                # a stranger has no branch of its own, and who lost zeros is no stranger
                ("s5", None, "外拓", None, "unknown_customer"),
                ("7", "b1", "外拓", None, "unknown_customer"),
            ],
            columns=["customer_id", "branch_id", "purpose", "campaign_id", "expected"],
        ),
    }
    contacts = frames["contacts"].assign(contact_time="2026-06-10 10:00", channel="电话")
    frames["contacts"] = contacts.assign(contact_id=contacts["customer_id"]).drop(
        columns="expected"
    )
    bank = Bank.from_frames(frames)
    expected = dict(zip(contacts["customer_id"], contacts["expected"]))
    kept = dict.fromkeys(bank.tables["contacts"]["customer_id"], "kept")
    rejected = contacts["customer_id"].iloc[bank.rejects["row"] - 2]  # the header is row 1
    reasons = dict(zip(rejected, bank.rejects["reason"]))
    assert kept | reasons == expected
    assert "customer_at_other_branch" not in set(bank.notices["code"])


@pytest.mark.parametrize("gone", [{"purpose", "campaign_id"}, {"is_effective"}])
def test_without_audience_or_success_there_are_no_lines_of_the_same_types(gone):
    names = [c.strip() for c in HEADER.split("|")]
    cells = [c.strip() for c in talk("c1").split("|")]
    kept = [(name, cell) for name, cell in zip(names, cells) if name not in gone]
    contacts = "\n".join(" | ".join(part) for part in zip(*kept))
    bank = bank_of("pandas", contacts=contacts).until(AS_OF)
    log = contacts_in_window(bank, DAY, RULES, 12)
    nothing = outreach(bank, log, costs_in_window(bank, log, DAY, 12), RULES)
    assert nothing.empty
    assert nothing.dtypes.equals(compared(talk("c1")).dtypes)
