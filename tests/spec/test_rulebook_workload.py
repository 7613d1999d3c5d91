"""The hours that the cadences ask, against those that managers have."""

from __future__ import annotations

import pytest

from stockcust.rulebook import load_rulebook

RULES = load_rulebook()
HOURS_OF_ONE_MANAGER = 150 * 21 / 60


@pytest.mark.parametrize(
    ("group", "n_customers", "minutes_per_year"),
    [
        ("G1", 10, 10 * (4 * 45 + 8 * 8)),  # four visits, the other eight by phone
        ("G3", 10, 10 * 12 * 8),
        ("G4", 100, 100 * 8 * 8),
        ("G7", 100, 100 * 2 * 8),
        ("G9", 5000, 0),  # touches go out in bulk
    ],
)
def test_hours_of_a_group(group, n_customers, minutes_per_year):
    work = RULES.workload({group: n_customers}, n_managers=1)
    assert work.required_hours == pytest.approx(minutes_per_year / 12 / 60)
    assert work.capacity_hours == HOURS_OF_ONE_MANAGER


def test_the_branch_teams_hours_are_told_but_not_set_against_managers():
    work = RULES.workload({"G8": 6000}, n_managers=1)
    line = next(line for line in work.lines if line.group == "G8")
    assert line.hours_per_month == pytest.approx(6000 * 8 / 12 / 60)
    assert work.required_hours == 0
    assert not work.is_overloaded


def test_nothing_is_dropped_where_everything_fits():
    work = RULES.workload({"G1": 20, "G5": 100}, n_managers=1)
    assert not work.is_overloaded
    assert work.drops == ()


def test_overload_drops_the_fewest_assets_first_and_no_more_than_needed():
    work = RULES.workload({"G1": 100, "G5": 1000, "G7": 600}, n_managers=1)
    assert work.required_hours == pytest.approx(33.889 + 44.444 + 13.333, abs=0.001)
    assert work.is_overloaded
    assert [(drop.group, drop.n_customers) for drop in work.drops] == [("G7", 600), ("G5", 582)]
    freed = sum(drop.hours_per_month for drop in work.drops)
    one_customer_of_g5 = 4 * 8 / 12 / 60
    excess = work.required_hours - work.capacity_hours
    assert excess <= freed < excess + one_customer_of_g5


def test_without_managers_everything_of_theirs_is_dropped():
    work = RULES.workload({"G1": 5, "G8": 5}, n_managers=0)
    assert [(drop.group, drop.n_customers) for drop in work.drops] == [("G1", 5)]


def test_a_branch_without_customers_asks_for_nothing():
    assert RULES.workload({}, n_managers=3).required_hours == 0
