"""The stickiness index within each group on two days, and its change in those who stayed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import pandas as pd

from stockcust.kpis.figures import NETWORK
from stockcust.kpis.movement import KEYS
from stockcust.kpis.ratios import moments, ratio
from stockcust.kpis.stickiness import stickiness
from stockcust.segmentation.base_table import with_lines

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook

ALL = "all"  # the line of all groups
_QUARTILES = {"p25": 0.25, "median": 0.5, "p75": 0.75}
_OF_A_DAY = ["n", "mean", "ci_low", "ci_high", *_QUARTILES]
_CHANGE = {"estimate": "mean_change", "ci_low": "change_ci_low", "ci_high": "change_ci_high"}
COLUMNS = {
    **dict.fromkeys(("branch_id", "group"), "str"),
    **{f"{name}{day}": "float64" for day in ("", "_before") for name in _OF_A_DAY},
    **dict.fromkeys(_CHANGE.values(), "float64"),
    **dict.fromkeys(("n", "n_before", "n_both"), "int64"),
    "is_dated": "bool",
}
_LINE = ["branch_id", "group"]


def stickiness_by_group(
    now: pd.DataFrame, before: pd.DataFrame | None, rules: Rulebook, *, is_dated: bool
) -> pd.DataFrame:
    """Lay out the index within each group on both days, and its change in those who stayed.

    Parameters
    ----------
    now, before : segments of the two days, one row per customer and branch.
    rules : ``stickiness``; ``report.min_n_rate`` is the fewest customers for a mean.
    is_dated : whether the customer master has snapshots: else payroll, mobile banking and
        auto-debit are those of the file on both days.

    Returns
    -------
    One row per branch (``*`` is the network) and group (``all`` for all of them): ``n`` customers
    with a known index, its ``mean`` with an interval (Student, 95 %), ``p25``, ``median`` and
    ``p75``; the same of the earlier day (``_before``); and ``mean_change`` with its interval of
    the ``n_both`` who were in the group then and are still with the branch, wherever they are now.
    Empty where nobody's index is known.
    """
    rows = _rows(now, rules)
    if rows["index"].isna().all():
        return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    earlier = _rows(now.head(0) if before is None else before, rules)
    both = earlier.merge(rows[[*KEYS, "index"]], on=KEYS, suffixes=("_before", ""))
    change = both.assign(index=both["index"] - both["index_before"])
    min_n = rules.report.min_n_rate
    then = _of_a_day(earlier, min_n).add_suffix("_before")
    table = _of_a_day(rows, min_n).join(then, how="outer")
    means = _means(change, min_n).rename(columns={**_CHANGE, "n": "n_both"})
    table = table.join(means, how="outer").reset_index().assign(is_dated=is_dated)
    counts = ["n", "n_before", "n_both"]
    table[counts] = table[counts].fillna(0)
    return table[list(COLUMNS)].astype(COLUMNS)


def _rows(segments: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    """The index of each customer, and the line of the group."""
    lines = with_lines(nw.from_native(segments), ["group"]).to_native()
    return lines[[*KEYS, "group"]].assign(index=stickiness(segments, rules).astype("float64"))


def _on_lines(rows: pd.DataFrame) -> pd.DataFrame:
    """Each row on the lines of its group and of all, in its branch and in the network."""
    parts = [
        rows.assign(branch_id=branch, group=group)
        for branch in (rows["branch_id"], NETWORK)
        for group in (rows["group"], ALL)
    ]
    return pd.concat(parts, ignore_index=True)


def _means(rows: pd.DataFrame, min_n: int) -> pd.DataFrame:
    rows = _on_lines(rows)
    one = pd.Series(1.0, index=rows.index)
    sums = moments(rows["index"], one).groupby([rows[key] for key in _LINE]).sum()
    return ratio(sums, min_n).assign(n=sums["n"])


def _of_a_day(rows: pd.DataFrame, min_n: int) -> pd.DataFrame:
    table = _means(rows, min_n).rename(columns={"estimate": "mean"})
    lines = _on_lines(rows).groupby(_LINE)["index"]
    for name, q in _QUARTILES.items():
        table[name] = lines.quantile(q).where(table["n"] >= min_n)
    return table[_OF_A_DAY]
