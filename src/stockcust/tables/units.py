"""The unit-mismatch detector: yuan and ten thousands of them in one table stop the run."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from stockcust.errors import Problem
from stockcust.tables.assets import sum_of_classes
from stockcust.tables.rows import Rows
from stockcust.tables.sources import Notice

_WAN = 4.0
_TOLERANCE = 0.5
_FEWEST_PAIRS = 5
_SMALLEST_GROUP = 20
# most balances of a branch may be forgotten yuan; its richest tenth tells its unit
_QUANTILE = 0.9
# the balances of the same customers do not grow 300-fold in a month for half of them
_JUMP = 2.5
# of 万元, not of yuan, so few are the balance of the richest tenth
_SMALL = 1000
_REMEDY = "declare the unit of each amount, in the header or the mapping"


def find_unit_conflicts(rows: Rows) -> Iterator[Problem]:
    """Compare the amounts of the monthly assets with each other.

    Parameters
    ----------
    rows : the monthly assets, one row per customer, branch and month, in yuan as declared.

    Yields
    ------
    Problem : amounts about 10,000 times too large or small within a row (point balance v sum of
        classes, month average v point balance), or in one month, file or branch.
    """
    money = _money(rows)
    if money is None:
        return
    yield from _within_rows(rows)
    level = _log(rows.frame[money])
    yield from _between_months(rows, level, money)
    if all(rows.declared_units):
        return
    for part, what in _apart(level, rows.part, money, "files"):
        yield Problem(what, rows.files[int(str(part))], _REMEDY)
    if "branch_id" in rows.frame:
        for branch, what in _apart(level, rows.frame["branch_id"], money, "branches"):
            yield Problem(what, f"branch {branch}", _REMEDY)


def note_small_amounts(rows: Rows) -> None:
    """Say that the monthly assets look like 万元, where nobody declares their unit."""
    money = _money(rows)
    if money is None or all(rows.declared_units):
        return
    amounts = rows.frame[money][rows.alive]
    amounts = amounts[amounts > 0]
    if len(amounts) >= _SMALLEST_GROUP and amounts.quantile(_QUANTILE) < _SMALL:
        rows.notices.append(Notice("small_amounts", rows.table.name, "", money, n=len(amounts)))


def _money(rows: Rows) -> str | None:
    return next((m for m in ("point_aum_cny", "average_aum_cny") if m in rows.frame), None)


def find_ledger_conflicts(assets: Rows, ledger: Rows) -> Iterator[Problem]:
    """Compare the sums of the monthly assets with the bank's own ledger.

    Parameters
    ----------
    assets : the monthly assets.
    ledger : control totals, one row per branch, month and metric.

    Yields
    ------
    Problem : a metric is about 10,000 times the sum of the balances.
    """
    totals = ledger.frame
    for metric, money in (("point_aum", "point_aum_cny"), ("average_aum", "average_aum_cny")):
        if money not in assets.frame:
            continue
        sums = assets.frame.groupby("month")[money].sum()
        said = totals[totals["metric"] == metric].groupby("month")["value"].sum()
        apart = (_log(said) - _log(sums)).median()
        if _is_wan(apart):
            what = f"unit conflict: {metric} is {10**apart:,.4g} times the sum of {money}"
            yield Problem(what, ", ".join(ledger.files[:5]), _REMEDY)


def _within_rows(rows: Rows) -> Iterator[Problem]:
    frame = rows.frame
    if "point_aum_cny" not in frame:
        return
    point = _log(frame["point_aum_cny"])
    pairs = [("the sum of the classes", _log(sum_of_classes(frame)), 1)]
    if "average_aum_cny" in frame:
        pairs.append(("average_aum_cny", _log(frame["average_aum_cny"]), _FEWEST_PAIRS))
    for name, other, fewest in pairs:
        by_file = (point - other).groupby(rows.part).agg(["median", "count"])
        for part in by_file.index[(by_file["count"] >= fewest) & by_file["median"].map(_is_wan)]:
            factor = 10 ** by_file["median"][part]
            what = f"unit conflict: point_aum_cny is {factor:,.4g} times {name}"
            yield Problem(what, rows.files[part], _REMEDY)


def _between_months(rows: Rows, level: pd.Series, money: str) -> Iterator[Problem]:
    """A balance does not change so much from month to month for half of the customers."""
    frame = rows.frame
    known = np.flatnonzero(level.notna() & frame["month"].notna() & frame["customer_id"].notna())
    keys = [name for name in ("customer_id", "branch_id") if name in frame]
    who = frame[keys].iloc[known].groupby(keys, dropna=False, sort=False).ngroup().to_numpy()
    month = frame["month"].to_numpy()[known]
    order = np.lexsort((month, who))
    step = np.diff(level.to_numpy()[known][order])
    same = np.diff(who[order]) == 0
    steps = pd.Series(step[same]).groupby(month[order][1:][same]).agg(["median", "count"])
    jumps = steps[(steps["count"] >= _FEWEST_PAIRS) & (steps["median"].abs() > _JUMP)]
    for when, apart in jumps["median"].head(1).items():
        files = sorted({rows.files[i] for i in np.unique(rows.part[known][month == when])})
        month_name = str(np.datetime64(str(when), "M"))
        what = (
            f"unit conflict: {money} in {month_name} is {10**apart:,.4g} times that of the month "
            "before, for the same customers"
        )
        yield Problem(what, ", ".join(files[:5]), _REMEDY)


def _apart(
    level: pd.Series, group: pd.Series | np.ndarray, money: str, others: str
) -> Iterator[tuple[object, str]]:
    """Groups whose amounts are another order than those of the others."""
    groups = level.groupby(group)
    levels = groups.quantile(_QUANTILE)[groups.count() >= _SMALLEST_GROUP]
    for name, own in levels.items() if len(levels) > 1 else ():
        apart = own - levels.drop(name).median()
        if _is_wan(apart):
            what = f"unit conflict: {money} is {10**apart:,.4g} times that of the other {others}"
            yield name, what


def _log(amounts: pd.Series) -> pd.Series:
    return np.log10(amounts.where(amounts > 0))


def _is_wan(log_ratio: float) -> bool:
    return abs(abs(log_ratio) - _WAN) < _TOLERANCE
