"""Customers of two days side by side."""

from __future__ import annotations

import pandas as pd

KEYS = ["customer_id", "branch_id"]
COMPARED = ("tier", "group", "aum_cny")


def movement(now: pd.DataFrame, before: pd.DataFrame | None) -> pd.DataFrame:
    """Put each relationship's state at an earlier day beside its state now.

    Parameters
    ----------
    now : segments, one row per customer and branch.
    before : segments of the earlier day; None where the history does not reach back.

    Returns
    -------
    One row per customer and branch of either day: the columns of ``now``, and ``tier_before``,
    ``group_before``, ``aum_before_cny``, ``is_now`` and ``is_before``.
    """
    earlier = now.head(0) if before is None else before
    earlier = earlier[[*KEYS, *COMPARED]].rename(
        columns={"tier": "tier_before", "group": "group_before", "aum_cny": "aum_before_cny"}
    )
    both = now.merge(earlier, on=KEYS, how="outer", indicator="_side")
    side = both.pop("_side")
    return both.assign(is_now=side != "right_only", is_before=side != "left_only")


def transfers(rows: pd.DataFrame) -> pd.DataFrame:
    """Pair each relationship that ended with one that the same customer began elsewhere.

    Parameters
    ----------
    rows : from `movement`.

    Returns
    -------
    One row per pair: ``ended`` and ``began``, labels of its two rows.
    """
    parts = {"ended": rows[~rows["is_now"]], "began": rows[~rows["is_before"]]}
    ended, began = (
        part.assign(nth=part.groupby("customer_id").cumcount(), **{name: part.index})
        for name, part in parts.items()
    )
    return ended.merge(began, on=["customer_id", "nth"])[["ended", "began"]]
