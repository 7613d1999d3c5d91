"""What is spent on managed customers, and what became of their assets meanwhile."""

from __future__ import annotations

import pandas as pd
import pytest

from engines import AS_OF, bank_of
from stockcust.customers import contacts_in_window
from stockcust.kpis import NETWORK, costs_in_window, effort
from stockcust.rulebook import load_rulebook

RULES = load_rulebook()
DAY = pd.Timestamp(AS_OF).date()
MONTHS = 3
WORK = """
    customer_id | contact_time     | channel    | is_effective | duration_minutes | cost_cny | campaign_id
    c1          | 2026-04-01 09:00 | phone      | yes          | 6                | 1        |
    c1          | 2026-04-01 09:20 | phone      | yes          | 9                | 1        |
    c1          | 2026-06-30 17:00 | face_visit | yes          |                  | 20       |
    c2          | 2026-05-01 09:00 | phone      | no           | 0                | 1        | K
    c3          | 2026-05-02 09:00 | sms        |              |                  | 0.1      |
    c4          | 2026-05-03 09:00 | wecom      | yes          | 3                | 0        |
    c1          | 2026-03-31 23:00 | phone      | yes          | 60               | 500      |
    c1          | 2026-07-01 00:00 | phone      | yes          | 60               | 500      |
    """


def segments(text, branch="b1"):
    """Customers by manager and assets; a blank is not known."""
    header, *lines = [[c.strip() for c in line.split("|")] for line in text.strip().splitlines()]
    rows = pd.DataFrame(lines, columns=header).replace("", None)
    frame = rows.assign(tier="T2", group="G8", branch_id=rows.get("branch_id", branch))
    frame["aum_cny"] = frame["aum_cny"].astype("float64")
    return frame.assign(n_contacts=1.0)


BEFORE = segments(
    """
    customer_id | manager_id | aum_cny
    c1          | m1         | 1000
    c2          | m1         | 500
    c3          | m2         | 200
    c4          |            | 900
    """
)
NOW = segments(
    """
    customer_id | manager_id | aum_cny
    c1          | m1         | 1600
    c3          | m2         | 200
    c4          |            | 900
    c5          | m1         | 9000
    """
)
FEW = RULES.with_changes({"report.min_n_rate": 1})


def table(contacts=WORK, now=NOW, before=BEFORE, rules=FEW, **tables):
    bank = bank_of("pandas", contacts=contacts, **tables).until(AS_OF)
    log = contacts_in_window(bank, DAY, rules, MONTHS)
    return effort(log, costs_in_window(bank, log, DAY, MONTHS), now, before, rules)


def line(found, id, branch="b1"):
    return found[(found["branch_id"] == branch) & (found["id"] == id)].iloc[0]


@pytest.mark.parametrize(
    ("id", "customers", "contacted", "contacts", "minutes", "estimated", "cost"),
    [
        # two calls within half an hour are one, of nine minutes; the visit has no duration: 45
        ("m1", 2, 1, 2, 54, 1, 23),
        ("m2", 1, 0, 0, 0, 0, 0.1),  # a message costs, and is no contact
        ("b1", 3, 1, 2, 54, 1, 23.1),
        ("unmanaged", 1, 1, 1, 3, 0, 0),
    ],
)
def test_contacts_minutes_and_costs_stand_with_whom_they_were_spent_on(
    id, customers, contacted, contacts, minutes, estimated, cost
):
    row = line(table(), id)
    counts = row[["n_customers", "n_contacted", "n_contacts", "minutes", "n_estimated"]]
    assert counts.tolist() == [customers, contacted, contacts, minutes, estimated]
    assert row["cost_cny"] == pytest.approx(cost)


@pytest.mark.parametrize(
    ("id", "compared", "change", "per_contact"),
    [
        ("m1", 2, 600 - 500, 50),  # the second customer has left, with 500
        ("m2", 1, 0, float("nan")),  # no contact, no ratio
        ("b1", 3, 100, 50),
    ],
)
def test_who_had_a_manager_at_the_start_counts_and_who_left_took_all_along(
    id, compared, change, per_contact
):
    row = line(table(), id)
    assert (row["n_compared"], row["aum_change_cny"]) == (compared, change)
    assert row["change_per_contact_cny"] == pytest.approx(per_contact, nan_ok=True)


def test_the_change_per_hour_is_of_the_hours_of_contacts():
    row = line(table(), "m1")
    assert row["change_per_hour_cny"] == pytest.approx(100 / (54 / 60))


def test_a_yuan_gained_has_a_cost_and_a_loss_has_none():
    assert line(table(), "m1")["cost_per_gain"] == pytest.approx(23 / 100)
    poorer = NOW.assign(aum_cny=[10.0, 200.0, 900.0, 0.0])
    assert pd.isna(line(table(now=poorer), "m1")["cost_per_gain"])


def test_a_customer_of_unknown_assets_is_not_in_the_change():
    unknown = NOW.assign(aum_cny=[None, 200.0, 900.0, 0.0])
    row = line(table(now=unknown), "m1")
    assert (row["n_customers"], row["n_compared"], row["aum_change_cny"]) == (2, 1, -500)


def test_who_went_to_another_branch_takes_the_assets_along_and_loses_nothing():
    moved = NOW.assign(branch_id=["b2", "b1", "b1", "b1"])
    row = line(table(now=moved), "m1")
    assert row["aum_change_cny"] == 600 - 500


def test_few_customers_have_counts_and_no_ratio():
    row = line(table(rules=RULES), "b1")
    assert row["n_contacts"] == 2
    ratios = ["contacts_per_customer", "cost_per_gain", "change_per_contact_cny"]
    assert row[ratios].isna().all()


def test_the_ratio_has_an_interval_over_customers():
    ids = [f"c{i}" for i in range(12)]
    log = "customer_id | contact_time | channel | is_effective\n" + "\n".join(
        f"{c} | 2026-05-01 09:00 | phone | yes" for c in ids
    )
    before = pd.DataFrame({"customer_id": ids, "branch_id": "b1", "manager_id": "m1"})
    before = before.assign(tier="T2", group="G8", n_contacts=1.0, aum_cny=1000.0)
    now = before.assign(aum_cny=[1000.0 + 10 * i for i in range(12)])
    row = line(table(log, now, before, RULES), "m1")
    assert row["contacts_per_customer"] == 1
    assert row["change_per_contact_cny"] == pytest.approx(55)
    # the mean of 0, 10 .. 110 with Student's interval
    assert row["change_per_contact_low_cny"] == pytest.approx(
        55 - 2.2010 * 36.0555 / 12**0.5, abs=0.01
    )
    assert row["change_per_contact_high_cny"] == pytest.approx(
        55 + 2.2010 * 36.0555 / 12**0.5, abs=0.01
    )


CAMPAIGNS = """
    campaign_id | start_date | end_date   | cost_cny | cost_per_contact_cny | audience
    K           | 2026-06-16 | 2026-07-15 | 300      | 7                    | existing
    """
GIFTS = """
    customer_id | gift_date  | value_cny
    c1          | 2026-05-20 | 80
    c1          | 2026-03-31 | 999
    """
LISTED = """
    customer_id | campaign_id | assign_date | is_control
    c1          | K           | 2026-06-16  | no
    c3          | K           | 2026-06-16  | no
    c2          | K           | 2026-06-16  | yes
    """


def test_a_gift_counts_in_its_window():
    row = line(table(gift_ledger=GIFTS), "m1")
    assert (row["gift_cost_cny"], row["contact_cost_cny"]) == (80, 23)


def test_a_gift_in_the_ledger_is_not_paid_again_in_the_log():
    log = WORK + "c1 | 2026-05-20 09:00 | gift | | | 80 |"
    assert line(table(log), "m1")["contact_cost_cny"] == 103
    assert line(table(log, gift_ledger=GIFTS), "m1")["contact_cost_cny"] == 23


def test_half_a_campaign_in_the_window_costs_half_shared_by_its_list_without_hold_outs():
    found = table(campaigns=CAMPAIGNS, assignments=LISTED)
    assert line(found, "m1")["campaign_cost_cny"] == pytest.approx(75)
    assert line(found, "m2")["campaign_cost_cny"] == pytest.approx(75)


def test_a_campaign_without_a_list_is_shared_by_those_it_contacted():
    found = table(campaigns=CAMPAIGNS)
    assert line(found, "m1")["campaign_cost_cny"] == pytest.approx(150)
    assert line(found, "m2")["campaign_cost_cny"] == 0


def test_a_contact_without_a_cost_costs_what_its_campaign_gives_per_contact():
    log = WORK.replace("| 1        | K", "|          | K")
    assert line(table(log, campaigns=CAMPAIGNS), "m1")["contact_cost_cny"] == 22 + 7


def test_without_any_costs_they_are_unknown_and_not_zero():
    log = "\n".join(row.rsplit("|", 2)[0] for row in WORK.strip().splitlines())
    row = line(table(log), "m1")
    assert row["n_contacts"] == 2
    assert row[["cost_cny", "contact_cost_cny", "campaign_cost_cny", "gift_cost_cny"]].isna().all()


def test_a_branch_without_a_log_has_its_customers_but_no_effort_and_is_not_in_the_network():
    other = segments("customer_id | manager_id | aum_cny\nx1 | m9 | 700", branch="b2")
    other = other.assign(n_contacts=None)
    before = pd.concat([BEFORE, other], ignore_index=True)
    now = pd.concat([NOW, other], ignore_index=True)
    found = table(now=now, before=before)
    row = line(found, "b2", "b2")
    assert row["n_customers"] == 1
    assert row[["n_contacts", "minutes", "cost_cny", "contacts_per_customer"]].isna().all()
    assert line(found, NETWORK, NETWORK)["n_customers"] == 3


def test_the_managers_add_up_to_the_branch_and_the_branches_to_the_network():
    found = table()
    figures = ["n_customers", "n_contacts", "minutes", "cost_cny", "aum_change_cny"]
    managers = found[found["line"] == "manager"][figures].astype("float64").sum()
    for branch in ("b1", NETWORK):
        whole = line(found, branch, branch)[figures].astype("float64")
        pd.testing.assert_series_equal(managers, whole, check_names=False)


def test_without_history_there_is_effort_and_no_change():
    row = line(table(before=None), "m1")
    assert (row["n_customers"], row["n_contacts"]) == (2, 2)
    assert pd.isna(row["aum_change_cny"])


@pytest.mark.parametrize(
    "told",
    [
        {"contacts": "customer_id | contact_time | channel\nc1 | 2026-05-01 09:00 | phone"},
        {"now": NOW.assign(manager_id=None), "before": BEFORE.assign(manager_id=None)},
    ],
)
def test_without_effective_contacts_or_managers_there_are_no_lines_of_the_same_types(told):
    nothing = table(**told)
    assert nothing.empty
    assert nothing.dtypes.equals(table().dtypes)
