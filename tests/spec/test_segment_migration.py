"""Who moved between groups, and what other rules would move."""

from __future__ import annotations

import pandas as pd
import pytest

from customer_tables import customers
from engines import check, on_every_engine
from stockcust.rulebook import load_rulebook
from stockcust.segmentation import base_table, migration, segment, what_if

RULES = load_rulebook()
EARLIER = """
    customer_id | branch_id | aum_cny | n_contacts | info_share | is_effective
    stays       | b1        | 250000  | 8          | 0.9        | yes
    richer      | b1        | 250000  | 0          | 0.1        | yes
    closer      | b1        | 250000  | 0          | 0.1        | yes
    poorer      | b1        | 250000  | 8          | 0.9        | yes
    both_ways   | b1        | 250000  | 8          | 0.9        | yes
    shrinks     | b1        | 5000    | 2          | 0.9        | yes
    goes        | b1        | 5000    | 2          | 0.9        | yes
    loses_log   | b1        | 5000    | 2          | 0.9        | yes
    moves       | b1        | 5000    | 2          | 0.9        | yes
    """
LATER = """
    customer_id | branch_id | aum_cny | n_contacts | info_share | is_effective
    stays       | b1        | 260000  | 8          | 0.9        | yes
    richer      | b1        | 1500000 | 0          | 0.1        | yes
    closer      | b1        | 250000  | 8          | 0.1        | yes
    poorer      | b1        | 50000   | 8          | 0.9        | yes
    both_ways   | b1        | 1500000 | 0          | 0.1        | yes
    shrinks     | b1        | 10      | 2          | 0.9        | no
    loses_log   | b1        | 5000    |            | 0.9        | yes
    comes       | b1        | 7000    | 2          | 0.9        | yes
    moves       | b2        | 5000    | 2          | 0.9        | yes
    """


@on_every_engine
def test_every_move_is_counted_once_and_has_a_direction(engine):
    before, after = (segment(customers(t, engine), RULES) for t in (EARLIER, LATER))
    check(
        migration(before, after).table,
        """
        branch_id | before | after         | direction | n_customers | aum_before_cny | aum_after_cny
        b1        | G4     | G4            | flat      | 1           | 250000         | 260000
        b1        | G6     | G3            | up        | 1           | 250000         | 1500000
        b1        | G6     | G5            | up        | 1           | 250000         | 250000
        b1        | G4     | G7            | down      | 1           | 250000         | 50000
        b1        | G4     | G3            | mixed     | 1           | 250000         | 1500000
        b1        | G7     | not_effective | other     | 1           | 5000           | 10
        b1        | G7     | left          | other     | 2           | 10000          | 0
        b1        | G7     | unknown       | other     | 1           | 5000           | 5000
        b1        | new    | G7            | other     | 1           | 0              | 7000
        b2        | new    | G7            | other     | 1           | 0              | 5000
        """,
    )


def test_the_matrix_has_nine_groups_and_what_stands_outside_them():
    moves = migration(*(segment(customers(t), RULES) for t in (EARLIER, LATER)))
    matrix = moves.matrix("b1")
    groups = [f"G{i}" for i in range(1, 10)]
    assert list(matrix.index) == [*groups, "unknown", "not_effective", "new"]
    assert list(matrix.columns) == [*groups, "unknown", "not_effective", "left"]
    assert matrix.to_numpy().sum() == 10
    assert matrix.loc["G4", "G3"] == 1
    assert moves.matrix().to_numpy().sum() == 11


def test_rates_are_among_those_in_a_group_on_both_days_and_hidden_when_few():
    moves = migration(*(segment(customers(t), RULES) for t in (EARLIER, LATER)), min_n_rate=5)
    check(
        moves.summary(),
        """
        branch_id | direction | n_customers | n_stayers | share | aum_change_cny
        b1        | up        | 2           | 5         | 0.4   | 1250000
        b1        | flat      | 1           | 5         | 0.2   | 10000
        b1        | down      | 1           | 5         | 0.2   | -200000
        b1        | mixed     | 1           | 5         | 0.2   | 1250000
        """,
    )
    summary = moves.summary()
    assert ((summary["ci_low"] < summary["share"]) & (summary["share"] < summary["ci_high"])).all()
    few = migration(*(segment(customers(t), RULES) for t in (EARLIER, LATER)), min_n_rate=6)
    assert few.summary()[["share", "ci_low", "ci_high"]].isna().all(axis=None)


@pytest.mark.parametrize("empty", ["before", "after"])
def test_a_day_without_customers_moves_nobody(empty):
    placed = segment(customers(EARLIER), RULES)
    days = {"before": placed, "after": placed, empty: placed.head(0)}
    moves = migration(days["before"], days["after"])
    assert set(moves.table["direction"]) == {"other"}
    assert moves.summary().empty


@on_every_engine
def test_changed_rules_show_who_moves_and_what_groups_become(engine):
    rural = RULES.with_changes({"tiers.active_preset": "rural"})
    found = what_if(segment(customers(LATER, engine), RULES), RULES, rural)
    check(
        found.movers,
        """
        customer_id | branch_id | tier | tier_changed | familiarity | familiarity_changed | group | group_changed
        closer      | b1        | T3   | T2           | F2          | F2                  | G5    | G8
        stays       | b1        | T3   | T2           | F3          | F3                  | G4    | G7
        """,
    )
    check(
        found.summary(),
        """
        group         | n_customers_before | n_customers | n_change | aum_before_cny | aum_cny
        G3            | 2                  | 2           | 0        | 3000000        | 3000000
        G4            | 1                  | 0           | -1       | 260000         | 0
        G5            | 1                  | 0           | -1       | 250000         | 0
        G7            | 3                  | 4           | 1        | 62000          | 322000
        G8            | 0                  | 1           | 1        | 0              | 250000
        not_effective | 1                  | 1           | 0        | 10             | 10
        unknown       | 1                  | 1           | 0        | 5000           | 5000
        """,
    )


def test_the_same_rules_move_nobody():
    found = what_if(customers(LATER), RULES, RULES)
    assert found.movers.empty
    assert set(found.migration.table["direction"]) <= {"flat", "other"}


def test_the_base_table_compares_with_an_earlier_day_and_keeps_small_customers_apart():
    before, after = (segment(customers(t), RULES) for t in (EARLIER, LATER))
    check(
        base_table(after, ["tier"], before=before),
        """
        branch_id | tier          | n_customers | n_customers_before | aum_cny | aum_before_cny
        b1        | T1            | 2           | 4                  | 12000   | 20000
        b1        | T2            | 1           | 0                  | 50000   | 0
        b1        | T3            | 2           | 5                  | 510000  | 1250000
        b1        | T4            | 2           | 0                  | 3000000 | 0
        b1        | not_effective | 1           | 0                  | 10      | 0
        b2        | T1            | 1           | 0                  | 5000    | 0
        """,
    )
    shares = (
        base_table(after, ["group"]).groupby("branch_id")[["customer_share", "aum_share"]].sum()
    )
    pd.testing.assert_frame_equal(shares.round(12), shares * 0 + 1.0)


@on_every_engine
def test_without_history_slow_tiers_are_compared_as_if_they_moved_at_once(engine):
    slow = RULES.with_changes({"tiers.status_rule.mode": "fast_up_slow_down"})
    rural = slow.with_changes({"tiers.active_preset": "rural"})
    found = what_if(segment(customers(LATER, engine), RULES), slow, rural)
    assert sorted(found.movers["customer_id"]) == ["closer", "stays"]
