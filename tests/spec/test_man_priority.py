"""Each manager's order: the easiest first, as far as the month's time reaches."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_tables import customers
from engines import check, on_every_engine
from stockcust.man import order_calls, score_man
from stockcust.rulebook import load_rulebook

RULES = load_rulebook()
# two hours a month: fifteen calls of eight minutes, or two visits of 45
SHORT = RULES.with_changes(
    {"man.capacity.minutes_per_manager_per_day": 12, "man.capacity.workdays_per_month": 10}
)
BOOK = """
    customer_id | manager_id | tier    | group | man_group | difficulty | is_priority | deployable_cny | aum_cny
    third       | m1         | T2      | G8    | MAN       | 1          | yes         | 30000          | 60000
    first       | m1         | T3      | G5    | MAN       | 1          | yes         | 90000          | 200000
    capped      | m1         | T3      | G5    | MAN       | 1          | yes         | 900000         | 100000
    tier_breaks | m1         | T4      | G2    | MAn       | 2          | yes         | 50000          | 100000
    the_tie     | m1         | T3      | G5    | MAn       | 2          | yes         | 50000          | 100000
    hard        | m1         | T5      | G4    | Man       | 7          | no          | 9000000        | 90000000
    not_sold    | m1         | T5      | G4    | man       | 8          | no          |                | 90000000
    other       | m2         | T1      | G9    | mAN       | 4          | no          |                | 100
    nobodys     |            | T3      | G5    | MAN       | 1          | yes         | 90000          | 200000
    """


@on_every_engine
def test_the_order_is_difficulty_then_expected_value_then_tier(engine):
    check(
        order_calls(customers(BOOK, engine), RULES).table,
        """
        customer_id | manager_id | difficulty | expected_cny | minutes | rank | place
        first       | m1         | 1          | 90000        | 8       | 1    | listed
        capped      | m1         | 1          | 50000        | 8       | 2    | listed
        third       | m1         | 1          | 30000        | 8       | 3    | listed
        tier_breaks | m1         | 2          | 50000        | 45      | 4    | listed
        the_tie     | m1         | 2          | 50000        | 8       | 5    | listed
        hard        | m1         | 7          | 9000000      | 8       | 6    | listed
        not_sold    | m1         | 8          | 0            | 8       |      | no_selling
        other       | m2         | 4          | 0            | 8       | 1    | listed
        """,
    )


def test_the_list_ends_where_the_months_time_does_and_the_rest_is_reserve():
    short = RULES.with_changes(
        {"man.capacity.minutes_per_manager_per_day": 7, "man.capacity.workdays_per_month": 10}
    )
    found = order_calls(customers(BOOK), short)
    # three calls and the visit take 69 of 70 minutes
    check(
        found.capacity,
        """
        manager_id | minutes_available | minutes_planned | n_listed | n_reserve | n_priority_in_reserve
        m1         | 70                | 69              | 4        | 2         | 1
        m2         | 70                | 8               | 1        | 0         | 0
        """,
    )
    places = found.table.set_index("customer_id")["place"]
    assert places["tier_breaks"] == "listed"
    assert places["the_tie"] == places["hard"] == "reserve"


@pytest.mark.parametrize(("minutes", "n_listed"), [(68, 3), (69, 4), (76, 4), (77, 5)])
def test_the_last_minute_still_counts_and_the_next_does_not(minutes, n_listed):
    # three calls of 8 minutes, a visit of 45, a call
    a_day = {"man.capacity.minutes_per_manager_per_day": minutes}
    rules = RULES.with_changes({**a_day, "man.capacity.workdays_per_month": 1})
    capacity = order_calls(customers(BOOK), rules).capacity.set_index("manager_id")
    assert capacity.loc["m1", "n_listed"] == n_listed


def test_customers_without_a_manager_stand_apart_and_take_nobodys_time():
    found = order_calls(customers(BOOK), RULES)
    assert list(found.unassigned["customer_id"]) == ["nobodys"]
    assert list(found.unassigned["place"]) == ["unassigned"]
    assert found.summary()["n_customers"].sum() == 9


@pytest.mark.parametrize("way", ["as it is", "the other way round"])
def test_two_relationships_of_one_customer_have_the_same_order_however_the_rows_lie(way):
    book = customers(
        """
        customer_id | branch_id | difficulty
        a           | b2        | 1
        a           | b1        | 1
        a           | b3        | 1
        """,
        manager_id="m1", tier="T2", group="G8", man_group="MAN", is_priority=True,
        deployable_cny=30_000, aum_cny=60_000,
    )  # fmt: skip
    rows = book if way == "as it is" else book.iloc[::-1]
    assert list(order_calls(rows, RULES).table["branch_id"]) == ["b1", "b2", "b3"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("is_do_not_disturb", True),
        ("is_minor", True),
        ("status", "deceased"),
        ("is_capable", False),
    ],
)
def test_who_must_not_be_sold_to_is_on_no_list(column, value):
    frame = customers(
        "customer_id\na",
        manager_id="m1",
        aum_cny=90_000,
        deployable_cny=90_000,
        has_inquiry_30d=True,
        decision_role="self",
        **{column: value},
    ).assign(tier="T2", group="G8")
    found = order_calls(score_man(frame, RULES), RULES)
    assert list(found.table["place"]) == ["no_selling"]
    assert found.table["rank"].isna().all()


def test_a_branch_without_customers_has_an_empty_order():
    found = order_calls(customers(BOOK).head(0), RULES)
    assert found.table.empty
    assert found.capacity.empty


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 120), st.sampled_from([RULES, SHORT]))
def test_time_is_never_exceeded_and_nobody_hard_is_listed_before_someone_easy(seed, n, rules):
    rng = np.random.default_rng(seed)
    groups = rng.choice(list(rules.man.groups), n)
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(n)],
            "branch_id": "b1",
            "manager_id": rng.choice(["m1", "m2", None], n),
            "tier": rng.choice(["T1", "T3", "T5", "unknown"], n),
            "group": rng.choice(["G1", "G5", "G9", "unknown"], n),
            "aum_cny": rng.uniform(0, 1e6, n),
            "deployable_cny": np.where(rng.random(n) < 0.2, np.nan, rng.uniform(0, 1e6, n)),
            "man_group": groups,
            "difficulty": [rules.man.coefficients[g] for g in groups],
            "is_priority": [rules.man.coefficients[g] <= 3 for g in groups],
        }
    )
    found = order_calls(frame, rules)
    assert (found.capacity["minutes_planned"] <= found.capacity["minutes_available"]).all()
    assert len(found.table) + len(found.unassigned) == n
    for _, book in found.table[found.table["rank"].notna()].groupby("manager_id"):
        book = book.sort_values("rank")
        assert book["difficulty"].is_monotonic_increasing
        listed = book["place"] == "listed"
        assert listed.sort_values(ascending=False).equals(listed) or listed.is_monotonic_decreasing
        assert list(book["rank"]) == list(range(1, len(book) + 1))
