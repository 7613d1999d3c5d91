"""Fast up, slowly down: the tier a customer holds when the rulebook asks for it."""

from __future__ import annotations

import pandas as pd
import pytest

from engines import check, on_engine, on_every_engine
from stockcust.errors import CallError, InputError
from stockcust.rulebook import load_rulebook
from stockcust.segmentation import segment
from stockcust.segmentation.held_tier import Held, next_held

RULES = load_rulebook().with_changes({"tiers.status_rule.mode": "fast_up_slow_down"})
RULE = RULES.tiers.status_rule
BY_MAX = RULES.with_changes({"tiers.status_rule.downgrade_to": "max_of_window"}).tiers.status_rule


def _held(months: str, rule=RULE) -> list[str]:
    """What is held after each month; `.` is a month without assets, `-` the unknown tier."""
    held, found = Held(), []
    for month in months.split():
        held = next_held(held, None if month == "." else month, rule)
        found.append((held.tier or "-") + ("!" if held.run < 0 else ""))
    return found


@pytest.mark.parametrize(
    ("case", "months", "held"),
    [
        ("the first month counts at once", "T3 T3", "T3 T3"),
        ("reached in a month, held in the next", "T1 T2 T2", "T1 T1 T2"),
        ("reached once is enough", "T1 T3 T1 T1", "T1 T1 T3! T3!"),
        ("three months below, then down", "T3 T2 T2 T2 T2", "T3 T3! T3! T3! T2"),
        ("the top falls after six", "T5 T4 T4 T4 T4 T4 T4 T4", "T5 T5! T5! T5! T5! T5! T5! T4"),
        (
            "a month back in the tier ends the run",
            "T3 T2 T2 T3 T2 T2 T2",
            "T3 T3! T3! T3 T3! T3! T3!",
        ),
        ("down to the last month's tier", "T4 T1 T1 T3 T3", "T4 T4! T4! T4! T3"),
        ("a month without assets ends the run", "T3 T2 T2 . T2 T2", "T3 T3! T3! T3 T3! T3!"),
        ("nothing is held before the first assets", ". . T2", "- - T2"),
    ],
)
def test_what_is_held_month_by_month(case, months, held):
    assert _held(months) == held.split(), case


def test_or_down_to_the_highest_tier_of_the_run():
    assert _held("T4 T3 T1 T1 T1", BY_MAX)[-1] == "T3!"


HISTORY = {
    "up": [10e3, 60e3, 60e3, 60e3, 60e3, 300e3],
    "down": [60e3, 60e3, 10e3, 10e3, 10e3, 10e3],
    "watched": [60e3, 60e3, 60e3, 60e3, 1e3, 1e3],
    "new": [None, None, None, None, None, 1e6],
    "not_known": [1e6, 1e6, 1e6, 1e6, 1e6, None],
}
MONTHS = pd.date_range("2026-01-31", periods=7, freq="ME").astype("datetime64[us]")


def _months(engine):
    rows = [
        {"customer_id": name, "branch_id": "b1", "month": month, "point_aum_cny": aum}
        for name, amounts in HISTORY.items()
        # a month after the day of the customers must not matter
        for month, aum in zip(MONTHS, [*amounts, 9e6])
    ]
    # the average is there for one month only: elsewhere the balance stands in
    frame = pd.DataFrame(rows).astype({"point_aum_cny": "float64"})
    average = frame["point_aum_cny"].where(frame["month"] == MONTHS[1])
    return on_engine(frame.assign(average_aum_cny=average), engine)


def _customers(engine, only=None):
    frame = pd.DataFrame({"customer_id": list(HISTORY), "branch_id": "b1", "month": MONTHS[5]})
    aum = pd.Series([amounts[-1] for amounts in HISTORY.values()], dtype="float64")
    frame = frame.assign(aum_cny=aum, n_contacts=0.0, info_share=0.0)
    return on_engine(frame[frame["customer_id"] == only] if only else frame, engine)


@on_every_engine
def test_the_held_tier_is_the_tier_of_the_segments(engine):
    check(
        segment(_customers(engine), RULES, history=_months(engine)),
        """
        customer_id | tier    | is_tier_watched | aum_to_next_tier_cny | group
        up          | T2      | no              | 0                    | G9
        down        | T1      | no              | 40000                | G9
        watched     | T2      | yes             | 199000               | G9
        new         | T4      | no              | 5000000              | G3
        not_known   | unknown | no              |                      | unknown
        """,
    )


@on_every_engine
def test_a_month_that_the_bank_does_not_have_ends_every_run(engine):
    amounts = {0: 60e3, 1: 10e3, 2: 10e3, 4: 10e3, 5: 10e3}
    months = [
        {"customer_id": "down", "month": MONTHS[i], "point_aum_cny": amounts[i]} for i in amounts
    ]
    history = on_engine(pd.DataFrame(months).assign(branch_id="b1"), engine)
    check(
        segment(_customers(engine, only="down"), RULES, history=history),
        "customer_id | tier | is_tier_watched\ndown | T2 | yes",
    )


@pytest.mark.parametrize(("months", "tier"), [(12, "T2"), (8, "T1")])
def test_the_rulebook_says_from_how_many_months_before_a_tier_is_followed(months, tier):
    rules = RULES.with_changes({"tiers.status_rule.history_months": months})
    days = pd.date_range(end=MONTHS[5], periods=10, freq="ME").astype("datetime64[us]")
    history = pd.DataFrame({"customer_id": "watched", "branch_id": "b1", "month": days})
    # never three months in a row below the tier that was reached ten months ago
    low = [60e3, 1e3, 1e3, None, 1e3, 1e3, None, None, 1e3, 1e3]
    held = segment(_customers("pandas"), rules, history=history.assign(point_aum_cny=low))
    assert held.set_index("customer_id")["tier"]["watched"] == tier


def test_the_mode_names_the_columns_that_it_needs_to_follow_a_customer():
    frame = _customers("pandas").drop(columns=["month", "branch_id"])
    with pytest.raises(InputError) as error:
        segment(frame, RULES, history=_months("pandas"))
    missing = [problem.where for problem in error.value.problems]
    assert missing == ["customers.branch_id", "customers.month"]


def test_without_history_the_mode_cannot_work_and_says_so():
    with pytest.raises(CallError, match="needs the months before"):
        segment(_customers("pandas"), RULES)
