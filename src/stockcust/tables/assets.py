"""Checks and derivations on the monthly assets."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockcust.tables.details import write_detail
from stockcust.tables.rows import Rows
from stockcust.tables.sources import Notice

CLASSES = (
    "current_deposit_cny", "time_deposit_cny", "large_cd_cny", "structured_deposit_cny", "wmp_cny",
    "fund_cny", "insurance_cny", "treasury_bond_cny", "gold_cny", "trust_other_cny",
)  # fmt: skip
_BALANCES = ("point_aum_cny", "average_aum_cny")
_TOLERANCE_CNY, _TOLERANCE_SHARE = 1.0, 0.001
_WINDOW_DRESSING = 20


def sum_of_classes(frame: pd.DataFrame) -> pd.Series:
    """The sum of the class balances that are there, null where none is, in yuan."""
    classes = [name for name in CLASSES if name in frame]
    return frame[classes].sum(axis=1, min_count=1).round(2)


def derive_point_balance(rows: Rows) -> None:
    """Put the sum of the classes where no point balance stands, and say so."""
    if not any(name in rows.frame for name in CLASSES):
        return
    if "point_aum_cny" in rows.frame and rows.frame["point_aum_cny"].notna().all():
        return
    total = sum_of_classes(rows.frame)
    before = rows.frame.get("point_aum_cny", pd.Series(np.nan, index=rows.frame.index))
    n = int((before.isna() & total.notna())[rows.alive].sum())
    rows.frame = rows.frame.assign(point_aum_cny=before.fillna(total))
    if n:
        how = write_detail("sum_of_classes")
        rows.notices.append(Notice("derived", rows.table.name, "", "point_aum_cny", how, n))


def control_balances(rows: Rows) -> None:
    """Flag balances that contradict each other; the rows stay."""
    if "point_aum_cny" not in rows.frame:
        return
    frame = rows.living([n for n in (*CLASSES, *_BALANCES) if n in rows.frame])
    point = frame["point_aum_cny"]
    if any(name in frame for name in CLASSES):
        total = sum_of_classes(frame)
        allowed = np.maximum(_TOLERANCE_CNY, _TOLERANCE_SHARE * total.abs())
        _flag(rows, "sum_mismatch", "point_aum_cny", (point - total).abs() > allowed)
    if "average_aum_cny" in frame:
        average = frame["average_aum_cny"]
        apart = (average > _WINDOW_DRESSING * point) | (point > _WINDOW_DRESSING * average)
        both = (np.maximum(average, point) > _TOLERANCE_CNY) & (np.minimum(average, point) > 0)
        _flag(rows, "average_far_from_point", "average_aum_cny", apart & both)


def _flag(rows: Rows, code: str, column: str, mask: pd.Series) -> None:
    if not mask.any():
        return
    found = np.flatnonzero(rows.alive)[np.flatnonzero(mask)]
    rows.notices.append(
        Notice(code, rows.table.name, "", column, rows.first_places(found), len(found))
    )


def flag_missing_months(rows: Rows, customers: Rows) -> None:
    """Flag months in which an active customer has no row: missing is not zero."""
    frame = rows.living(["customer_id", "branch_id", "month"])
    months = np.sort(frame["month"].unique())
    if not len(months):
        return
    place = pd.Series(np.searchsorted(months, frame["month"]), index=frame.index)
    spans = place.groupby([frame["customer_id"], frame["branch_id"]]).agg(["min", "count"])
    last = _last_month(spans.index, customers, months)
    gaps = (last - spans["min"] + 1 - spans["count"]).clip(lower=0)
    n_customers, n_months = int((gaps > 0).sum()), int(gaps.sum())
    if n_months:
        detail = write_detail("n_customers", n=n_customers)
        name = rows.table.name
        rows.notices.append(Notice("missing_months", name, "", "month", detail, n_months))
    _flag_absent_months(rows, months)


def _last_month(pairs: pd.Index, customers: Rows, months: np.ndarray) -> pd.Series:
    """Place of the last month each customer should have: closed ones until they closed."""
    master = customers.kept().drop_duplicates(["customer_id", "branch_id"], keep="last")
    master = master.set_index(["customer_id", "branch_id"]).reindex(pairs)
    nothing = pd.Series(pd.NaT, index=pairs, dtype="datetime64[us]")
    closed = master.get("close_date", nothing)
    status = master.get("status", nothing.astype("str"))
    before_closing = pd.Series(np.searchsorted(months, closed) - 1, index=pairs)
    # of who is gone without a date nothing is expected any longer
    gone = closed.isna() & status.isin(["closed", "deceased"])
    last = before_closing.where(closed.notna(), len(months) - 1).mask(gone, -1)
    return last.clip(upper=_last_named(pairs, customers, months))


def _last_named(pairs: pd.Index, customers: Rows, months: np.ndarray) -> pd.Series:
    """Place of the last month in which the branch's snapshots name each customer."""
    everywhere = pd.Series(len(months) - 1, index=pairs)
    master = customers.kept()
    if "snapshot_date" not in master:
        return everywhere
    seen = master.groupby(["customer_id", "branch_id"])["snapshot_date"].max()
    newest = seen.groupby("branch_id").transform("max")
    left = seen[seen < newest].reindex(pairs)
    named = pd.Series(np.searchsorted(months, left, side="right") - 1, index=pairs)
    return named.where(left.notna(), everywhere)


def _flag_absent_months(rows: Rows, months: np.ndarray) -> None:
    """Flag months between the first and the last that the bank does not have at all."""
    calendar = pd.period_range(months[0], months[-1], freq="M")
    absent = calendar.difference(pd.DatetimeIndex(months).to_period("M"))
    if len(absent):
        detail = write_detail("months", months=[str(month) for month in absent[:12]])
        name = rows.table.name
        rows.notices.append(Notice("absent_months", name, "", "month", detail, len(absent)))
