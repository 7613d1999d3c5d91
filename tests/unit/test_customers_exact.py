"""Whole fen, whole days and calendar windows."""

from __future__ import annotations

import datetime as dt

import narwhals.stable.v2 as nw
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines import LAZY_ENGINES, on_engine
from stockcust.customers.exact import day_number, fen, is_share_above, is_share_below, number_of
from stockcust.customers.scope import Scope, last_month_completed, months_before
from stockcust.tables.engines import collect

on_lazy_engines = pytest.mark.parametrize("engine", LAZY_ENGINES)
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31))


def _values(engine: str, frame: pd.DataFrame, expression: nw.Expr) -> list:
    lazy = nw.from_native(on_engine(frame, engine))
    column = collect(lazy.select("order", value=expression).to_native()).sort_values("order")
    return [None if pd.isna(value) else value for value in column["value"]]


@on_lazy_engines
def test_a_day_number_is_the_ordinal_of_the_date(engine):
    days = [dt.date(y, m, d) for y in (1900, 1904, 2000, 2024, 2100) for m, d in
            ((1, 1), (2, 28), (3, 1), (12, 31))]  # fmt: skip
    frame = pd.DataFrame({"order": range(len(days) + 1), "day": pd.to_datetime([*days, None])})
    expected = [*(day.toordinal() for day in days), None]
    assert _values(engine, frame, day_number(nw.col("day"))) == expected


@on_lazy_engines
def test_fen_are_whole_and_exact(engine):
    amounts = [0.0, 0.01, 0.29, 1.005, 49999.99, 4.35, 1.1 * 1.1, 1e12 + 0.01, None]
    frame = pd.DataFrame({"order": range(len(amounts)), "amount": amounts})
    expected = [0, 1, 29, 100, 4999999, 435, 121, 100000000000001, None]
    assert _values(engine, frame, fen(nw.col("amount"))) == expected


@on_lazy_engines
def test_shares_compare_without_division(engine):
    parts = [89, 90, 91, 0, None]
    frame = pd.DataFrame({"order": range(5), "part": parts, "whole": [100, 100, 100, 0, 100]})
    frame = frame.astype({"part": "Int64"})
    part, whole = nw.col("part"), nw.col("whole")
    above = _values(engine, frame, is_share_above(part, whole, 0.9))
    below = _values(engine, frame, is_share_below(part, whole, 0.9))
    assert above == [False, False, True, False, None]
    assert below == [True, False, False, False, None]


@on_lazy_engines
def test_a_code_without_a_number_counts_zero(engine):
    frame = pd.DataFrame({"order": range(3), "code": ["a", "b", None]})
    assert _values(engine, frame, number_of("code", {"a": 7})) == [7, 0, 0]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-06-30", 12, "2025-06-30"),
        ("2026-06-30", 1, "2026-05-31"),
        ("2026-02-28", 12, "2025-02-28"),
        ("2025-02-28", 12, "2024-02-29"),
        ("2024-02-29", 12, "2023-02-28"),
        ("2026-03-30", 1, "2026-02-28"),
        ("2026-06-15", 6, "2025-12-15"),
    ],
)
def test_months_before_keep_the_day_and_the_end_of_the_month(day, months, expected):
    found = months_before(dt.date.fromisoformat(day), months)
    assert found.isoformat() == expected


@given(day=DAYS, months=st.integers(0, 240))
def test_months_before_never_leave_the_month_they_go_to(day, months):
    before = months_before(day, months)
    assert (day.year - before.year) * 12 + day.month - before.month == months


@given(day=DAYS)
def test_the_last_month_completed_is_over_and_the_next_one_is_not(day):
    month = last_month_completed(day)
    assert (month + dt.timedelta(days=1)).day == 1
    assert dt.timedelta(0) <= day - month < dt.timedelta(days=31)


@given(day=DAYS, days=st.integers(1, 2000))
def test_a_window_of_days_holds_so_many_days(day, days):
    start = Scope({}, {}, day, day, rules=None).since(days=days)  # type: ignore[arg-type]
    calendar = pd.date_range(end=day, periods=days + 2, unit="us")
    frame = nw.from_native(pd.DataFrame({"day": calendar}), eager_only=True)
    assert len(frame.filter(nw.col("day") >= start)) == days
