"""Comparisons that no engine's rounding can change."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from stockcust.rulebook.base import to_fen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stockcust.segmentation.decision_table import Weigh

# sums and ratios of the same numbers agree on all engines to far better than this
SLACK = 1e-9
# NaN is larger than this on engines where it is not null, and must reach nothing there either
LARGEST = 1e300


def reaches(value: nw.Expr, threshold: float) -> nw.Expr:
    """Whether a share, count or weight is at least the threshold."""
    return value.is_between(threshold - SLACK, LARGEST)


def reaches_cny(amount: nw.Expr, threshold_cny: float) -> nw.Expr:
    """Whether an amount, rounded to whole fen, is at least the threshold.

    The half fen stands on the side of the constant: the same answer as rounding the column,
    without the engines' different ways to round.
    """
    return amount.is_between(half_a_fen_below(threshold_cny), LARGEST)


def half_a_fen_below(amount_cny: float) -> float:
    """Give the least amount that rounds to this one."""
    return (to_fen(amount_cny) - 0.5) / 100


def whole_fen(amount: nw.Expr) -> nw.Expr:
    """Give an amount in whole fen, half a fen upwards; a function of the engine's would differ."""
    return (amount * 100 + 0.5).floor()


def n_reached(value: nw.Expr, thresholds: Iterable[float], weigh: Weigh) -> nw.Expr:
    """Count the thresholds that are reached, plus one; 0 where the value is unknown."""
    n = reduce(add, (weigh(value >= threshold) for threshold in thresholds))
    return weigh(value <= LARGEST) * (n + 1)
