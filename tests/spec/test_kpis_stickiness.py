"""What ties a customer to the bank, and how the index lies within the groups."""

from __future__ import annotations

import pandas as pd
import pytest

from stockcust.kpis import NETWORK, stickiness_by_group
from stockcust.kpis.stickiness import stickiness
from stockcust.rulebook import load_rulebook

RULES = load_rulebook()
FEW = RULES.with_changes({"report.min_n_rate": 2})
MONTH = pd.Timestamp("2026-06-30")
# two kinds, salary, mobile banking, held for a year and a half
BOUND = {
    "n_kinds": 2, "is_payroll": True, "is_pension": False, "is_mobile_active": True,
    "is_autodebit": False, "n_months_held": 18, "first_month": pd.Timestamp("2024-01-31"),
    "month": MONTH, "tenure_months": 40,
}  # fmt: skip
FLAGS = ["is_payroll", "is_pension", "is_mobile_active", "is_autodebit", "is_effective"]


def customers(*rows, **same):
    known = {**BOUND, "branch_id": "A", "group": "G8", "is_effective": True}
    lines = [{"customer_id": f"C{i}", **known, **same, **row} for i, row in enumerate(rows)]
    return pd.DataFrame(lines).astype(dict.fromkeys(FLAGS, "boolean"))


def index_of(said, rules=RULES):
    value = stickiness(customers(said), rules).iloc[0]
    return None if pd.isna(value) else value


TIES = [
    # what differs, index; None: a tie that counts is not known
    ({}, 5),
    ({"n_kinds": 0}, 3),
    ({"n_kinds": 7}, 10),  # every kind counts
    ({"n_kinds": None}, None),
    ({"is_pension": True}, 5),  # salary or pension is one tie
    ({"is_payroll": False, "is_pension": True}, 5),
    ({"is_payroll": False, "is_pension": None}, 4),  # a bank that pays no pensions
    ({"is_payroll": None}, None),
    ({"is_mobile_active": False}, 4),
    ({"is_mobile_active": None}, None),
    ({"is_autodebit": True}, 6),
    ({"is_autodebit": None}, None),
]


@pytest.mark.parametrize(("said", "index"), TIES)
def test_the_index_is_the_sum_of_the_ties(said, index):
    assert index_of(said) == index


START = pd.Timestamp("2025-10-31")  # nine months of data
HELD = [
    # first month known, months held, tenure, share of the whole tie
    ("2024-01-31", 12, 40, 1),
    ("2024-01-31", 30, 40, 1),  # more than the whole is the whole
    ("2024-01-31", 6, 40, 0.5),  # began to hold again half a year ago
    ("2024-01-31", 0, 40, 0),
    ("2024-01-31", 3, None, 0.25),  # the break is in the files: the account's age does not matter
    ("2025-10-31", 9, 40, 1),  # held in all that is known, and the account is older
    ("2025-10-31", 9, 9, 0.75),
    ("2025-10-31", 9, 2, 0.75),  # opened anew, held before
    ("2025-10-31", 9, None, None),  # before the files, who knows
    ("2025-06-30", 13, None, 1),  # but a year is a year
    ("2024-01-31", None, 40, None),
]


@pytest.mark.parametrize(("first", "held", "tenure", "share"), HELD)
def test_months_of_holding_count_as_a_share_of_a_year(first, held, tenure, share):
    said = {"first_month": pd.Timestamp(first), "n_months_held": held, "tenure_months": tenure}
    assert index_of(said) == (None if share is None else pytest.approx(4 + share))


@pytest.mark.parametrize(
    ("changes", "said", "index"),
    [
        ({"stickiness.ties.n_kinds.weight": 2}, {}, 7),
        ({"stickiness.ties.n_months_held.weight": 3}, {"n_months_held": 6}, 5.5),
        ({"stickiness.full_after_months": 36}, {}, 4.5),
        # a tie of no weight need not be known
        ({"stickiness.ties.is_autodebit.weight": 0}, {"is_autodebit": None}, 5),
    ],
)
def test_the_rulebook_weighs_the_ties(changes, said, index):
    assert index_of(said, RULES.with_changes(changes)) == index


def line(table, group, branch="A"):
    return table[(table["branch_id"] == branch) & (table["group"] == group)].iloc[0]


def by_group(now, before, rules=FEW):
    return stickiness_by_group(now, before, rules, is_dated=True)


def test_each_day_shows_its_own_groups_and_the_change_is_of_who_stayed():
    kinds = [{"n_kinds": n} for n in (1, 2, 3)]
    before = customers(*kinds)
    now = customers(
        {"n_kinds": 2, "group": "G7"}, {"n_kinds": 4, "group": "G7"}, {"customer_id": "new"}
    )
    row = line(by_group(now, before), "G8")
    assert (row["n_before"], row["mean_before"], row["median_before"]) == (3, 5, 5)
    assert (row["p25_before"], row["p75_before"]) == (4.5, 5.5)
    assert row["n"] == 1
    assert pd.isna(row["mean"])
    # two of the three are still there, wherever they are now: one kind more, and two
    assert (row["n_both"], row["mean_change"]) == (2, 1.5)
    assert row["change_ci_low"] < 1.5 < row["change_ci_high"]
    there = line(by_group(now, before), "G7")
    assert (there["n"], there["mean"], there["n_before"], there["n_both"]) == (2, 6, 0, 0)


def test_all_groups_together_and_the_network_have_a_line():
    now = customers({}, {"group": "G1"}, {"branch_id": "B"})
    table = by_group(now, now)
    assert line(table, "all")["n"] == 2
    assert line(table, "all", NETWORK)["n"] == 3
    assert line(table, "G8", NETWORK)["n"] == 2
    assert line(table, "all", NETWORK)["mean_change"] == 0


def test_customers_below_the_threshold_stand_apart_and_who_is_unknown_does_not_count():
    now = customers({}, {}, {"is_effective": False}, {"n_kinds": None})
    table = by_group(now, None)
    assert line(table, "G8")["n"] == 2
    assert line(table, "not_effective")["n"] == 1
    assert line(table, "all")["n"] == 3


def test_few_customers_have_no_mean_and_no_quartiles():
    row = line(by_group(customers(*[{}] * 9), None, RULES), "all")
    assert row["n"] == 9
    assert row[["mean", "ci_low", "median", "p25", "p75"]].isna().all()


def test_without_history_there_is_no_change():
    row = line(by_group(customers({}, {}), None), "all")
    assert (row["mean"], row["n_before"], row["n_both"]) == (5, 0, 0)
    assert row[["mean_before", "mean_change"]].isna().all()


def test_a_bank_that_cannot_tell_has_no_lines_of_the_same_types():
    nothing = by_group(customers({"is_payroll": None}, {"n_kinds": None}), None)
    assert nothing.empty
    assert nothing.dtypes.equals(by_group(customers({}), None).dtypes)
