"""What the reports add up to against the bank's own ledger."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd

from stockcust.kpis.movement import KEYS
from stockcust.tables.engines import collect, midnight

if TYPE_CHECKING:
    from stockcust.tables import Bank

COLUMNS = {
    "branch_id": "str",
    "metric": "str",
    "ledger": "float64",
    "ours": "float64",
    "difference": "float64",
    "n_rejected": "int64",
    "verdict": "str",
}
_HALF_A_CENT = 0.005
_AMOUNTS = {"point_aum": "point_aum_cny", "average_aum": "average_aum_cny"}


def reconcile(bank: Bank, month_end: dt.date, shown: pd.DataFrame | None = None) -> pd.DataFrame:
    """Set the totals of the report against control_totals, branch by branch.

    Parameters
    ----------
    bank : tables known at the day of the report.
    month_end : last day of the month to compare.
    shown : the customers on the report, one row per customer and branch; None for everybody with
        a balance in the month.

    Returns
    -------
    One row per branch and metric of the ledger: ``ledger``, ``ours`` (rows of those customers),
    ``difference`` (ours less ledger, yuan or customers), ``n_rejected`` (rows of aum_monthly of
    that branch and month in the rejects) and ``verdict``: equal to the cent; ``off_report``
    where the balances of customers who are not on the report make the difference;
    ``rejected_rows`` where what was rejected can make the rest of it; ``no_data`` where the bank
    delivers no such column, ours is null then; ``unexplained`` otherwise. Empty without control
    totals.
    """
    if not bank.has("control_totals"):
        return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    ledger = _of_month(bank, "control_totals", month_end)
    rows = _of_month(bank, "aum_monthly", month_end)
    is_shown = _are_among(rows, shown)
    lost = bank.lost_assets
    lost = lost[lost["month"] == pd.Timestamp(month_end)]
    metrics = ledger.groupby("metric", sort=True)
    parts = [
        _compare(str(metric), each, rows[is_shown], rows[~is_shown], lost)
        for metric, each in metrics
    ]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))
    return table.astype(COLUMNS).sort_values(["metric", "branch_id"], ignore_index=True)


def _are_among(rows: pd.DataFrame, shown: pd.DataFrame | None) -> pd.Series:
    if shown is None:
        return pd.Series(True, index=rows.index)
    keys, those = (pd.MultiIndex.from_frame(f[KEYS].astype("str")) for f in (rows, shown))
    return pd.Series(keys.isin(those), index=rows.index)


def _compare(
    metric: str, ledger: pd.DataFrame, rows: pd.DataFrame, left: pd.DataFrame, lost: pd.DataFrame
) -> pd.DataFrame:
    branch = ledger["branch_id"]
    ours, of_left = _measure(rows, metric), _measure(left, metric)
    n_rejected = branch.map(lost.groupby("branch_id").size()).fillna(0).astype("int64")
    table = pd.DataFrame(
        {
            "branch_id": branch,
            "metric": metric,
            "ledger": ledger["value"],
            # no row of a branch is nothing, no column is not known
            "ours": np.nan if ours is None else branch.map(ours).fillna(0.0),
            "n_rejected": n_rejected,
        }
    )
    table["difference"] = (table["ours"] - table["ledger"]).round(2) + 0.0  # no negative zero
    most = branch.map(_most_missing(lost, metric)).fillna(0.0)
    apart = 0.0 if of_left is None else branch.map(of_left).fillna(0.0)
    parts = zip(table["difference"], (table["difference"] + apart).round(2), most)
    table["verdict"] = [_verdict(*part) for part in parts]
    return table[list(COLUMNS)]


def _measure(rows: pd.DataFrame, metric: str) -> pd.Series | None:
    """Our total by branch, None where the bank delivers no such column."""
    column = _AMOUNTS.get(metric)
    if column is None:
        return rows.groupby("branch_id").size()
    return rows.groupby("branch_id")[column].sum().round(2) if column in rows else None


def _most_missing(lost: pd.DataFrame, metric: str) -> pd.Series:
    """The most that the rejected rows of a branch can hold; without limit if one is unreadable."""
    column = _AMOUNTS.get(metric)
    if column is None:
        return lost.groupby("branch_id").size()
    amounts = lost.get(column, pd.Series(np.nan, index=lost.index))
    return amounts.fillna(np.inf).groupby(lost["branch_id"]).sum()


def _verdict(difference: float, rest: float, most_missing: float) -> str:
    """Judge a difference; `rest` is left of it with the customers who are not on the report."""
    if np.isnan(difference):
        return "no_data"
    if abs(difference) < _HALF_A_CENT:
        return "equal"
    if abs(rest) < _HALF_A_CENT:
        return "off_report"
    is_made = np.isinf(most_missing) or 0 < -rest < most_missing + _HALF_A_CENT
    return "rejected_rows" if is_made else "unexplained"


def _of_month(bank: Bank, table: str, month_end: dt.date) -> pd.DataFrame:
    frame = bank.frame(table).filter(nw.col("month") == midnight(month_end))
    return collect(frame.to_native())
