"""The five tiers by assets."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from stockcust.errors import InputError, Problem
from stockcust.segmentation.decision_table import Factor, Frame
from stockcust.segmentation.thresholds import half_a_fen_below, n_reached

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook

ROWS_SHOWN = 5


def tier_factor(rules: Rulebook, aum: nw.Expr | None = None) -> Factor:
    """Give the tier of an amount of assets (CNY; aum_cny if none is named); None is unknown."""
    tiers = rules.tiers.active
    amount = nw.col("aum_cny") if aum is None else aum
    minima = [half_a_fen_below(tier.min_cny) for tier in tiers[1:]]
    return Factor(partial(n_reached, amount, minima), (None, *(tier.id for tier in tiers)))


def refuse_negative(frame: Frame) -> None:
    """Raise when an amount of assets is negative; assets are never below zero.

    A lazy frame is computed for it, in this column only, so that the call itself fails: a
    millisecond for a file, a third of the whole for what `customers_as_of` left uncomputed.

    Raises
    ------
    InputError : says how many rows and shows up to five amounts.
    """
    negative = frame.filter(nw.col("aum_cny") < half_a_fen_below(0)).select("aum_cny")
    found = negative.collect() if isinstance(negative, nw.LazyFrame) else negative
    if found.is_empty():
        return
    amounts = ", ".join(f"{amount:.2f}" for amount in found["aum_cny"].head(ROWS_SHOWN).to_list())
    raise InputError(
        Problem(
            f"{len(found)} rows have negative assets: {amounts}",
            "customers.aum_cny",
            "read the files with read_bank, which sends such rows to the rejects",
        )
    )
