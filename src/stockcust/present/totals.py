"""Customers and assets on the lines of a table: named, unknown, and below the threshold."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals.stable.v2 as nw
import pandas as pd

from stockcust.segmentation.base_table import NOT_EFFECTIVE, base_table, with_lines
from stockcust.segmentation.familiarity import UNKNOWN

__all__ = ["NOT_EFFECTIVE", "UNKNOWN", "by_man_group", "lines_by", "named_lines"]


def lines_by(frame: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Count customers and add up their assets over all branches of a frame.

    Parameters
    ----------
    frame : one row per customer and branch; or what `base_table` made of them.
    by : what to group by.

    Returns
    -------
    The columns of `by`, `n_customers` and `aum_cny`, one row per line that occurs; customers
    below the effective-customer threshold stand on the line ``not_effective``.
    """
    table = frame if "n_customers" in frame else base_table(frame, by)
    return table.groupby(list(by), sort=True)[["n_customers", "aum_cny"]].sum().reset_index()


def named_lines(segments: pd.DataFrame, key: str) -> pd.Series:
    """The line on which each customer stands.

    Parameters
    ----------
    segments : one row per customer and branch, with `is_effective` where it is known.
    key : the column of codes.

    Returns
    -------
    The codes, ``unknown`` where there is none, and ``not_effective`` for customers below the
    effective-customer threshold.
    """
    lines = with_lines(nw.from_native(segments), [key])
    return lines[key].to_native()


def by_man_group(man: pd.DataFrame) -> pd.DataFrame:
    """Customers and assets of each MAN group, those below the threshold among them.

    Parameters
    ----------
    man : one row per customer and branch, from `score_man`.

    Returns
    -------
    `n_customers` and `aum_cny`, indexed by `man_group`.
    """
    groups = man.groupby("man_group")["aum_cny"]
    return pd.DataFrame({"n_customers": groups.size(), "aum_cny": groups.sum()})
