"""What the reports add up to against the bank's own ledger."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd

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


def reconcile(bank: Bank, month_end: dt.date) -> pd.DataFrame:
    """Set the totals of the tables against control_totals, branch by branch.

    Parameters
    ----------
    bank : tables known at the day of the report.
    month_end : last day of the month to compare.

    Returns
    -------
    One row per branch and metric of the ledger: ``ledger``, ``ours`` (rows kept), ``difference``
    (ours less ledger, yuan or customers), ``n_rejected`` (rows of aum_monthly of that branch and
    month in the rejects) and ``verdict``: equal to the cent; ``rejected_rows`` where what was
    rejected can make the difference; ``no_data`` where the bank delivers no such column, ours is
    null then; ``unexplained`` otherwise. Empty without control totals.
    """
    if not bank.has("control_totals"):
        return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    ledger = _of_month(bank, "control_totals", month_end)
    rows = _of_month(bank, "aum_monthly", month_end)
    lost = bank.lost_assets
    lost = lost[lost["month"] == pd.Timestamp(month_end)]
    metrics = ledger.groupby("metric", sort=True)
    parts = [_compare(str(metric), each, rows, lost) for metric, each in metrics]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))
    return table.astype(COLUMNS).sort_values(["metric", "branch_id"], ignore_index=True)


def _compare(
    metric: str, ledger: pd.DataFrame, rows: pd.DataFrame, lost: pd.DataFrame
) -> pd.DataFrame:
    branch = ledger["branch_id"]
    ours = _measure(rows, metric)
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
    table["verdict"] = [_verdict(*pair) for pair in zip(table["difference"], most)]
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


def _verdict(difference: float, most_missing: float) -> str:
    if np.isnan(difference):
        return "no_data"
    if abs(difference) < _HALF_A_CENT:
        return "equal"
    is_made = np.isinf(most_missing) or 0 < -difference < most_missing + _HALF_A_CENT
    return "rejected_rows" if is_made else "unexplained"


def _of_month(bank: Bank, table: str, month_end: dt.date) -> pd.DataFrame:
    frame = bank.frame(table).filter(nw.col("month") == midnight(month_end))
    return collect(frame.to_native())
