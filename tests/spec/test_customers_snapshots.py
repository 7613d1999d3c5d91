"""Customers whom the bank's newest list no longer names have left, on the day of that list."""

from __future__ import annotations

import pandas as pd
import pytest

import stockcust as sc
from engines import AS_OF, bank_of, check, on_every_engine
from stockcust.customers import customers_as_of
from stockcust.kpis import NETWORK
from stockcust.tables import Bank
from stockcust.tables.engines import collect

RULES = sc.load_rulebook()
ONLY_APRIL = """
    customer_id | month   | average_aum_cny
    stays       | 2026-04 | 70000
    leaves      | 2026-04 | 30000
    stays       | 2026-05 | 70000
    stays       | 2026-06 | 70000
    stays       | 2026-07 | 70000
    """
SNAPSHOTS = """
    customer_id | snapshot_date
    stays       | 2026-04-30
    leaves      | 2026-04-30
    stays       | 2026-06-15
    stays       | 2026-07-31
    """


@on_every_engine
@pytest.mark.parametrize(
    ("as_of", "there"),
    [
        ("2026-04-30", ["stays", "leaves"]),
        ("2026-06-14", ["stays", "leaves"]),  # nobody knows yet
        ("2026-06-15", ["stays"]),  # the day of the list that no longer names the customer
        ("2026-07-31", ["stays"]),
    ],
)
def test_who_is_missing_from_the_newest_list_leaves_on_its_day_and_not_before(engine, as_of, there):
    bank = bank_of(engine, customers=SNAPSHOTS, aum_monthly=ONLY_APRIL)
    check(customers_as_of(bank, as_of, RULES), "\n".join(["customer_id", *there]))


@on_every_engine
def test_later_lists_change_nothing_about_an_earlier_day(engine):
    earlier_rows = "\n".join(SNAPSHOTS.strip().splitlines()[:3])
    known_then = bank_of(engine, customers=earlier_rows, aum_monthly=ONLY_APRIL)
    known_now = bank_of(engine, customers=SNAPSHOTS, aum_monthly=ONLY_APRIL)
    then, now = (
        collect(customers_as_of(bank, "2026-05-31", RULES)).sort_values(
            "customer_id", ignore_index=True
        )
        for bank in (known_then, known_now)
    )
    assert len(then) == 2
    pd.testing.assert_frame_equal(then, now)


@on_every_engine
def test_who_comes_back_is_there_again(engine):
    customers = SNAPSHOTS + "leaves | 2026-07-31"
    bank = bank_of(engine, customers=customers, aum_monthly=ONLY_APRIL)
    check(customers_as_of(bank, "2026-06-30", RULES), "customer_id\nstays")
    check(customers_as_of(bank, "2026-07-31", RULES), "customer_id\nstays\nleaves")


@on_every_engine
def test_each_branch_has_its_own_lists(engine):
    bank = bank_of(
        engine,
        customers="""
            customer_id | branch_id | snapshot_date
            c1          | quick     | 2026-05-31
            c1          | quick     | 2026-06-30
            c2          | quick     | 2026-05-31
            c3          | slow      | 2026-05-31
            c4          | undated   |
            """,
        aum_monthly="""
            customer_id | branch_id | month   | average_aum_cny
            c1          | quick     | 2026-06 | 1
            """,
    )
    check(
        customers_as_of(bank, AS_OF, RULES),
        """
        customer_id | branch_id
        c1          | quick
        c3          | slow
        c4          | undated
        """,
    )


@on_every_engine
def test_a_closed_branch_sends_no_more_lists_and_has_no_more_customers(engine):
    bank = bank_of(
        engine,
        branches="""
            branch_id | close_date
            merged    | 2026-06-20
            merging   | 2026-07-20
            open      |
            """,
        customers="""
            customer_id | branch_id | snapshot_date
            c1          | merged    | 2026-05-31
            c2          | merged    | 2026-05-31
            c2          | open      | 2026-06-30
            c3          | merging   | 2026-05-31
            """,
        aum_monthly="""
            customer_id | branch_id | month   | average_aum_cny
            c2          | merged    | 2026-05 | 1
            c2          | open      | 2026-06 | 1
            """,
    )
    check(
        customers_as_of(bank, AS_OF, RULES),
        """
        customer_id | branch_id
        c2          | open
        c3          | merging
        """,
    )


@on_every_engine
def test_who_still_holds_money_has_not_left_whatever_the_list_says(engine):
    bank = bank_of(
        engine,
        customers="""
            customer_id | snapshot_date
            named       | 2026-06-30
            holds       | 2026-05-31
            average     | 2026-05-31
            before      | 2026-05-31
            emptied     | 2026-05-31
            nothing     | 2026-05-31
            """,
        aum_monthly="""
            customer_id | month   | average_aum_cny | point_aum_cny
            holds       | 2026-06 | 500             | 0.01
            average     | 2026-06 | 500             |
            before      | 2026-05 | 500             | 500
            emptied     | 2026-06 | 500             | 0
            """,
    )
    check(
        customers_as_of(bank, AS_OF, RULES),
        """
        customer_id | aum_cny
        named       |
        holds       | 500
        average     | 500
        """,
    )


@on_every_engine
def test_without_lists_by_date_a_missing_month_is_unknown_and_nobody_has_left(engine):
    bank = bank_of(
        engine,
        customers="customer_id\nc1\nc2",
        aum_monthly="""
            customer_id | month   | average_aum_cny
            c1          | 2026-05 | 5000
            c2          | 2026-05 | 5000
            c1          | 2026-06 | 5000
            """,
    )
    check(
        customers_as_of(bank, AS_OF, RULES),
        """
        customer_id | aum_cny | aum_1m_ago_cny
        c1          | 5000    | 5000
        c2          |         | 5000
        """,
    )


def test_who_left_counts_as_gone_and_as_lost_assets_from_the_day_of_the_list():
    frames = {
        "customers": pd.DataFrame(
            {
                "customer_id": ["c1", "c2", "c3", "c1", "c4"],
                "branch_id": "b1",
                "snapshot_date": ["2026-03-31"] * 3 + ["2026-06-30"] * 2,
            }
        ),
        "aum_monthly": pd.DataFrame(
            {
                "customer_id": ["c1", "c2", "c3", "c1", "c4"],
                "month": ["2026-03"] * 3 + ["2026-06"] * 2,
                "average_aum_cny": [100.0, 20.0, 3.0, 110.0, 7.0],
            }
        ),
        "branches": pd.DataFrame({"branch_id": ["b1"]}),
    }
    bank = Bank.from_frames(frames)
    network = sc.compute_network(bank, AS_OF, RULES)
    gone = network.frames["figures"].set_index(["figure", "branch_id"]).loc[("gone_share", NETWORK)]
    assert (gone["numerator"], gone["denominator"]) == (2, 3)
    steps = network.frames["waterfall"].set_index(["branch_id", "component"])
    assert steps.loc[("b1", "lost")].tolist() == [-23.0, 2]
    assert steps.loc[("b1", "declines")].tolist() == [0.0, 0]
    assert sorted(network.segments["aum_cny"]) == [7.0, 110.0]
    # nothing is missing of who has left
    assert "missing_months" not in set(bank.notices["code"])


def test_a_gap_before_the_last_list_is_still_a_missing_month():
    customers = pd.DataFrame({
        "customer_id": ["c1", "c2", "c1", "c2", "c1"], "branch_id": "b1",
        "snapshot_date": ["2026-04-30"] * 2 + ["2026-05-31"] * 2 + ["2026-06-30"],
    })  # fmt: skip
    months = pd.DataFrame({
        "customer_id": ["c1", "c1", "c1", "c2"], "branch_id": "b1",
        "month": ["2026-04", "2026-05", "2026-06", "2026-04"], "average_aum_cny": 1.0,
    })  # fmt: skip
    frames = {"customers": customers, "aum_monthly": months}
    bank = Bank.from_frames({**frames, "branches": pd.DataFrame({"branch_id": ["b1"]})})
    assert bank.notices.set_index("code").loc["missing_months", "n"] == 1  # May of c2


@pytest.mark.parametrize("named_in_june", [["old", "new"], ["old"], []])
def test_who_came_since_the_last_snapshot_counts_before_and_after_the_next_one(named_in_june):
    """The rows that a bank delivers in May say the same in July, whomever June's list names."""
    march = [("old", "b1", "2026-03-31")]
    customers = [*march, *((name, "b1", "2026-06-30") for name in named_in_june)]
    bank = Bank.from_frames(
        {
            "branches": pd.DataFrame({"branch_id": ["b1"]}),
            "customers": pd.DataFrame(
                customers, columns=["customer_id", "branch_id", "snapshot_date"]
            ),
            "aum_monthly": pd.DataFrame(
                [
                    ("old", "b1", "2026-05", 1),
                    ("new", "b1", "2026-05", 2),
                    ("not_in_march", "b1", "2026-03", 3),
                ],
                columns=["customer_id", "branch_id", "month", "average_aum_cny"],
            ),
            # a table without branches gets that of the newcomer, too
            "contacts": pd.DataFrame(
                [
                    ("l1", "new", "2026-05-03 10:00", "phone", "yes"),
                    ("l2", "nobody", "2026-05-03 10:00", "phone", "yes"),
                ],
                columns=["contact_id", "customer_id", "contact_time", "channel", "is_effective"],
            ),
        }
    )
    assert bank.rejects[["table", "row", "reason"]].values.tolist() == [
        ["aum_monthly", 4, "unknown_customer"],
        ["contacts", 3, "unknown_customer"],
    ]
    found = customers_as_of(bank, "2026-05-31", RULES).set_index("customer_id")
    assert found["aum_cny"].to_dict() == {"old": 1.0, "new": 2.0}
    assert found.loc["new", "n_contacts"] == 1
    said = bank.notices[bank.notices["code"] == "not_in_master_yet"]
    assert said["n"].tolist() == ([] if "new" in named_in_june else [1])


def _bank(snapshots: str, assets: str) -> Bank:
    """Snapshots as "customer branch date", assets as "customer branch month", one a line."""
    rows = [line.split() for line in snapshots.split("\n") if line.strip()]
    held = [(*line.split(), 1.0) for line in assets.split("\n") if line.strip()]
    return Bank.from_frames(
        {
            "branches": pd.DataFrame({"branch_id": ["b1", "b2"]}),
            "customers": pd.DataFrame(rows, columns=["customer_id", "branch_id", "snapshot_date"]),
            "aum_monthly": pd.DataFrame(
                held, columns=["customer_id", "branch_id", "month", "average_aum_cny"]
            ),
        }
    )


@pytest.mark.parametrize(
    ("known", "later", "assets", "expected"),
    [
        pytest.param(
            "old b1 2026-03-31\nold b1 2026-06-30",
            "old b1 2026-09-30\nlate b1 2026-09-30",
            "old b1 2026-06\nlate b1 2026-06",
            {"old"},
            id="the list of the month left out whom a later one names",
        ),
        pytest.param(
            "old b1 2026-03-31",
            "old b1 2026-06-30\nfirst b2 2026-06-30",
            "old b1 2026-03\nold b1 2026-06\nfirst b2 2026-05\nfirst b2 2026-06",
            {"old", "first"},
            id="a new branch that has taken no list yet",
        ),
    ],
)
def test_a_later_list_changes_nothing_of_an_earlier_month(known, later, assets, expected):
    day = "2026-06-30" if "late" in later else "2026-05-31"
    assets = f"{assets}\nold b1 2026-05"
    for snapshots in (known, f"{known}\n{later}"):
        found = customers_as_of(_bank(snapshots, assets), day, RULES)
        assert set(found["customer_id"]) == expected


def test_a_branch_whose_list_was_forgotten_from_the_start_is_rejected_loudly():
    bank = _bank("old b1 2026-03-31", "old b1 2026-03\nodd b2 2026-03\nodd b2 2026-04")
    assert bank.rejects["row"].tolist() == [3, 4]
