"""The hours that cadences require of a branch's managers, against those they have."""

from __future__ import annotations

import pandas as pd
import pytest

from stockcust.kpis import workload_by_branch
from stockcust.rulebook import load_rulebook

RULES = load_rulebook()
BANDS = {"G1": "high", "G2": "high", "G5": "mid", "G7": "low", "G8": "low", "G9": "low"}
HOURS_OF_ONE_MANAGER = 52.5
HOURS_OF_G7 = 2 * 8 / 12 / 60  # two calls of eight minutes a year


def customers(*books, branch="A"):
    """Customers by manager, group and number; further words say what else is known of them."""
    rows = [
        {"branch_id": branch, "manager_id": manager, "group": group, "band": band, **said}
        for manager, group, n, *more in books
        for said in more or [{}]
        for band in [said.get("band", BANDS.get(group))]
        for _ in range(n)
    ]
    columns = ["branch_id", "manager_id", "group", "band", "is_effective"]
    return pd.DataFrame(rows).reindex(columns=columns)


def lines(table, kind, branch="A"):
    return table[(table["line"] == kind) & (table["branch_id"] == branch)].set_index("id")


def whole(table, branch="A"):
    return lines(table, "branch", branch).iloc[0]


def test_the_branch_requires_what_its_groups_require_and_has_what_its_managers_have():
    table = workload_by_branch(customers(("M1", "G1", 10), ("M2", "G7", 30)), RULES)
    groups = lines(table, "group")
    assert groups["n_customers"].to_dict() == {"G1": 10, "G7": 30}
    assert whole(table)["required_hours"] == pytest.approx(groups["required_hours"].sum())
    assert whole(table)["available_hours"] == 2 * HOURS_OF_ONE_MANAGER
    assert not table["is_overloaded"].any()
    assert table["n_dropped"].sum() == 0


def test_each_manager_stands_with_the_own_book():
    table = workload_by_branch(customers(("M1", "G7", 30), ("M2", "G7", 60)), RULES)
    managers = lines(table, "manager")
    assert managers["n_customers"].to_dict() == {"M1": 30, "M2": 60}
    assert managers["required_hours"].tolist() == pytest.approx(
        [30 * HOURS_OF_G7, 60 * HOURS_OF_G7]
    )
    assert managers["available_hours"].tolist() == [HOURS_OF_ONE_MANAGER] * 2


def test_a_manager_may_be_overloaded_in_a_branch_that_is_not():
    table = workload_by_branch(customers(("M1", "G7", 3000), ("M2", "G7", 1)), RULES)
    managers = lines(table, "manager")
    assert managers["is_overloaded"].to_dict() == {"M1": True, "M2": False}
    assert not whole(table)["is_overloaded"]
    freed = managers.loc["M1", "dropped_hours"]
    assert managers.loc["M1", "required_hours"] - freed <= HOURS_OF_ONE_MANAGER


def test_overload_drops_in_the_rulebooks_order_and_no_more_than_needed():
    books = customers(("M1", "G1", 100), ("M1", "G5", 1000), ("M1", "G7", 600))
    table = workload_by_branch(books, RULES)
    dropped = lines(table, "group")["n_dropped"]
    assert dropped[dropped > 0].to_dict() == {"G7": 600, "G5": 582}
    assert whole(table)["is_overloaded"]
    assert whole(table)["n_dropped"] == 1182


def test_the_branch_teams_groups_take_no_managers_time():
    table = workload_by_branch(customers(("M1", "G8", 9000), ("M1", "G9", 9000)), RULES)
    assert whole(table)["required_hours"] == 0
    assert not lines(table, "group")["is_managers"].any()


@pytest.mark.parametrize(
    ("band", "minutes_per_year"), [("high", 12 * 8), ("mid", 4 * 8), ("low", 0), ("unknown", 0)]
)
def test_obtaining_evidence_on_customers_without_a_group_takes_time_first(band, minutes_per_year):
    table = workload_by_branch(customers(("M1", "unknown", 300, {"band": band})), RULES)
    required = 300 * minutes_per_year / 12 / 60
    assert lines(table, "group").loc["unknown", "required_hours"] == pytest.approx(required)
    assert whole(table)["required_hours"] == pytest.approx(required)
    assert whole(table)["is_overloaded"] == (required > HOURS_OF_ONE_MANAGER)


def test_evidence_leaves_less_time_for_the_groups():
    unknown = ("M1", "unknown", 300, {"band": "high"})  # 40 hours
    table = workload_by_branch(customers(unknown, ("M1", "G7", 600)), RULES)  # and 13.3
    excess = 300 * 96 / 720 + 600 * HOURS_OF_G7 - HOURS_OF_ONE_MANAGER
    freed = whole(table)["dropped_hours"]
    assert excess <= freed < excess + HOURS_OF_G7


def test_customers_below_the_threshold_and_without_a_manager_stand_apart():
    table = workload_by_branch(
        customers(
            ("M1", "G7", 5, {"is_effective": True}),
            ("M1", "G7", 7, {"is_effective": False}),
            ("M1", "G7", 1, {"is_effective": None}),
            (None, "G7", 20, {"is_effective": True}),
        ),
        RULES,
    )
    groups = lines(table, "group")
    assert groups["n_customers"].to_dict() == {"G7": 6, "not_effective": 7, "unmanaged": 20}
    assert groups.loc["unmanaged", "required_hours"] == pytest.approx(20 * HOURS_OF_G7)
    assert whole(table)["required_hours"] == pytest.approx(6 * HOURS_OF_G7)
    assert whole(table)["n_customers"] == 13


def test_branches_stand_for_themselves_and_one_without_managers_has_no_lines():
    books = [
        customers(("M1", "G7", 3)),
        customers(("M2", "G7", 4), branch="B"),
        customers((None, "G7", 5), branch="C"),
    ]
    table = workload_by_branch(pd.concat(books), RULES)
    assert set(table["branch_id"]) == {"A", "B"}
    assert whole(table, "B")["n_customers"] == 4


def test_a_bank_without_managers_has_an_empty_table_of_the_same_types():
    some = workload_by_branch(customers(("M1", "G7", 3)), RULES)
    none = workload_by_branch(customers((None, "G7", 3)), RULES)
    assert none.empty
    assert none.dtypes.equals(some.dtypes)
