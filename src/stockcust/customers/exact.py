"""Whole numbers where a comparison decides, so that no engine's rounding moves a customer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import narwhals.stable.v2 as nw

SHARE_SCALE = 10_000


def fen(amount_cny: nw.Expr) -> nw.Expr:
    """An amount in yuan as whole fen."""
    return (amount_cny * 100 + 0.5).floor().cast(nw.Int64)


def yuan(amount_fen: nw.Expr) -> nw.Expr:
    """Whole fen as an amount in yuan."""
    return amount_fen.cast(nw.Float64) / 100


def is_share_above(part_fen: nw.Expr, whole_fen: nw.Expr, share: float) -> nw.Expr:
    """Whether part / whole > share, without dividing."""
    return part_fen * SHARE_SCALE > whole_fen * round(share * SHARE_SCALE)


def is_share_below(part_fen: nw.Expr, whole_fen: nw.Expr, share: float) -> nw.Expr:
    """Whether part / whole < share, without dividing."""
    return part_fen * SHARE_SCALE < whole_fen * round(share * SHARE_SCALE)


def day_number(date: nw.Expr) -> nw.Expr:
    """Days since a fixed day; durations are not counted in days alike on every engine."""
    before = date.dt.year().cast(nw.Int64) - 1
    leap_days = before // 4 - before // 100 + before // 400
    return before * 365 + leap_days + date.dt.ordinal_day().cast(nw.Int64)


def month_number(date: nw.Expr) -> nw.Expr:
    """Months since a fixed month; the next month's number is one higher."""
    return date.dt.year().cast(nw.Int64) * 12 + date.dt.month().cast(nw.Int64)


def number_of(column: str, numbers: Mapping[str, int]) -> nw.Expr:
    """The whole number that belongs to a column's code; 0 for other codes."""
    result = nw.lit(0, dtype=nw.Int64)
    for code, number in numbers.items():
        result = nw.when(nw.col(column) == code).then(number).otherwise(result)
    return result.cast(nw.Int64)


def any_of(flags: Iterable[nw.Expr]) -> nw.Expr:
    """True when a flag is true, else null when one is unknown, else false."""
    return nw.any_horizontal(*flags, ignore_nulls=False)
