"""One figure over many branches: who differs from the network, and how surely anyone ranks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from stockcust.errors import CallError
from stockcust.kpis import NETWORK

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Comparison:
    """A share of every branch beside that of the network.

    Attributes
    ----------
    rows : one row per branch: `label`, `estimate`, `ci_low`, `ci_high`, `n`, `has_rate` and
        `side`: 1 for an interval above the network's figure, -1 below it, 0 where it holds it.
    reference : the network's share, None where nobody has it.
    """

    rows: pd.DataFrame
    reference: float | None


def compare(
    figures: pd.DataFrame, figure: str, names: Mapping[str, str] | None, rules: Rulebook
) -> Comparison:
    """Pick one share out of all figures.

    Parameters
    ----------
    figures : one row per branch and figure, from `kpis.figures`; the network is branch ``*``.
    figure : id of a share; other figures have no interval and are not compared.
    names : branch names by id; a branch without one keeps its id.
    rules : `report.min_n_rate` is the fewest cases for a rate.

    Raises
    ------
    CallError : no such figure, or it is no share.
    """
    shares = figures[figures["kind"] == "share"]
    chosen = shares[shares["figure"] == figure]
    if chosen.empty:
        known = ", ".join(sorted(shares["figure"].unique()))
        raise CallError(f"{figure!r} is no share of these figures; choose one of {known}")
    network = chosen.loc[chosen["branch_id"] == NETWORK, "estimate"].dropna()
    reference = float(network.iloc[0]) if len(network) else None
    rows = chosen[chosen["branch_id"] != NETWORK].rename(columns={"denominator": "n"})
    labels = rows["branch_id"].map(lambda branch: (names or {}).get(branch, branch))
    rows = rows[["estimate", "ci_low", "ci_high", "n"]].assign(label=labels)
    return Comparison(judge(rows, reference, rules.report.min_n_rate), reference)


def judge(rows: pd.DataFrame, reference: float | None, min_n: int) -> pd.DataFrame:
    """Say of each branch whether it has a rate, and on which side of the reference it lies."""
    has_rate = (rows["n"] >= min_n) & rows["estimate"].notna()
    if reference is None:
        return rows.assign(has_rate=has_rate, side=0)
    above, below = rows["ci_low"] > reference, rows["ci_high"] < reference
    side = (above.astype("int64") - below.astype("int64")).where(has_rate, 0)
    return rows.assign(has_rate=has_rate, side=side)


def possible_ranks(rows: pd.DataFrame) -> pd.DataFrame:
    """The best and worst rank that each interval leaves open; 1 is the highest estimate.

    Only a branch whose interval lies wholly above another's ranks before it; a branch without a
    rate has no rank.

    Parameters
    ----------
    rows : rows of a `Comparison`.
    """
    rated = rows[rows["has_rate"]]
    surely_above = [int((rated["ci_low"] > high).sum()) for high in rated["ci_high"]]
    surely_below = [int((rated["ci_high"] < low).sum()) for low in rated["ci_low"]]
    ranks = {
        "rank_low": [1 + n for n in surely_above],
        "rank_high": [len(rated) - n for n in surely_below],
    }
    return pd.DataFrame(ranks, index=rated.index).reindex(rows.index).astype("Int64")
