"""A small share of dirty rows, each planted on purpose and written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from stockcust.sample.plan import load_plan, words
from stockcust.sample.spelling import header, layouts

REJECTED, MERGED, FLAGGED, MISSING = "rejected", "merged", "flagged", "missing"
STRANGER = "00099999999"


@dataclass(frozen=True)
class Fault:
    """One kind of dirty row: what a cell becomes, or what happens to the row."""

    reason: str
    column: str = ""
    value: Callable[[pd.Series], Any] | None = None
    outcome: str = REJECTED


def _negated(cells: pd.Series) -> pd.Series:
    return -cells.abs() - 100.0


def _shifted_up(cells: pd.Series) -> pd.Series:
    return (1.02 * cells + 5000.0).round(2)


def _scientific(cells: pd.Series) -> pd.Series:
    return cells.str.slice(3, 4) + ".1E+10"


def _constant(value: str | None) -> Callable[[pd.Series], Any]:
    return lambda cells: value


FAULTS: dict[str, tuple[Fault, ...]] = {
    "customers": (
        Fault("scientific_notation", "customer_id", _scientific),
        Fault("undeclared_code", "gender", _constant("X")),
        Fault("missing_value", "branch_id", _constant(None)),
        Fault("unknown_branch", "branch_id", _constant("9999")),
    ),
    "aum_monthly": (
        Fault("negative_amount", "current_deposit_cny", _negated),
        Fault("missing_value", "customer_id", _constant(None)),
        Fault("impossible_date", "month", _constant("202513")),
        Fault("conflicting_duplicate", "point_aum_cny", _shifted_up),
        Fault("duplicate", outcome=MERGED),
        Fault("sum_mismatch", "point_aum_cny", _shifted_up, FLAGGED),
        Fault("missing_month", outcome=MISSING),
    ),
    "holdings": (
        Fault("negative_amount", "amount_cny", _negated),
        Fault("unknown_customer", "customer_id", _constant(STRANGER)),
    ),
    "transactions": (
        Fault("undeclared_code", "direction", _constant("?")),
        Fault("missing_value", "transaction_date", _constant(None)),
        Fault("unknown_customer", "customer_id", _constant(STRANGER)),
        Fault("duplicate", outcome=MERGED),
    ),
    "purchases": (
        Fault("missing_value", "amount_cny", _constant(None)),
        Fault("unknown_customer", "customer_id", _constant(STRANGER)),
    ),
    "contacts": (
        Fault("undeclared_code", "channel", lambda cells: words()["bad_channel"]),
        Fault("missing_value", "contact_time", _constant(None)),
        Fault("duplicate", outcome=MERGED),
    ),
    "assignments": (
        Fault("impossible_date", "assign_date", _constant("2025/02/30")),
        Fault("unknown_customer", "customer_id", _constant(STRANGER)),
    ),
    "service_events": (
        Fault("unreadable_number", "satisfaction", lambda cells: words()["bad_score"]),
        Fault("unknown_branch", "branch_id", _constant("9999")),
    ),
    "churn_records": (Fault("impossible_date", "record_date", _constant("20250231")),),
    "manager_overrides": (Fault("undeclared_code", "familiarity", _constant("F4")),),
    "gift_ledger": (Fault("negative_amount", "value_cny", _negated),),
}


def soil(
    table: str, clean: pd.DataFrame, spelt: pd.DataFrame, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Plant a table's faults.

    Parameters
    ----------
    table : name of the table in the contract.
    clean : the values before spelling, for choosing rows.
    spelt : the table as its file spells it.
    seed : the bank's seed.

    Returns
    -------
    the dirty table, and one line per fault: table, file, row (header = 1), column, reason,
    outcome, source (position in the clean table).
    """
    rng = np.random.default_rng([seed, 40, sorted(layouts()).index(table)])
    faults = FAULTS.get(table, ())
    share = load_plan().raw["dirt_share"]
    n_each = max(1, round(share * len(spelt) / max(len(faults), 1)))
    chosen = rng.permutation(_candidates(table, clean))[: n_each * len(faults)]
    spelt = spelt.assign(_source=np.arange(len(spelt)), _copy=False)
    lines = []
    for fault, rows in zip(faults, np.array_split(chosen, max(len(faults), 1))):
        spelt, planted = _plant(table, spelt, fault, np.sort(rows))
        lines.append(planted)
    ledger = _numbered(table, spelt, lines)
    return spelt.drop(columns=["_source", "_copy"]), ledger


def _candidates(table: str, clean: pd.DataFrame) -> np.ndarray:
    """Rows that may become dirty: what is to be spoilt is there, and no other row falls with it."""
    spoilt = [fault.column for fault in FAULTS.get(table, ()) if fault.value is _negated]
    usable = clean[spoilt].notna().all(axis=1) & _stands_alone(table, clean)
    return np.flatnonzero(usable)


def _stands_alone(table: str, clean: pd.DataFrame) -> pd.Series:
    if table == "customers":
        # a customer whose other snapshots stay is not lost with the row
        first = clean["snapshot_date"] == clean["snapshot_date"].min()
        often = clean.duplicated(["customer_id", "branch_id"], keep=False)
        last = clean["snapshot_date"] == clean["snapshot_date"].max()
        return often & ~first & ~last
    if table == "aum_monthly":
        # inner months, so that a gap is seen as one
        months = clean.groupby(["customer_id", "branch_id"], observed=True)["month"]
        is_first = clean["month"] == months.transform("min")
        is_last = clean["month"] == months.transform("max")
        return ~is_first & ~is_last & (clean["point_aum_cny"] > 0)
    return pd.Series(True, index=clean.index)


def _plant(
    table: str, spelt: pd.DataFrame, fault: Fault, rows: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame]:
    line = {"source": rows, "reason": fault.reason, "outcome": fault.outcome, "is_copy": False}
    planted = pd.DataFrame(line).assign(column=fault.column)
    chosen = spelt["_source"].isin(rows)
    if fault.outcome == MISSING:
        return spelt[~chosen], planted
    if fault.outcome == MERGED:
        copies = spelt[chosen].assign(_copy=True)
        return pd.concat([spelt, copies], ignore_index=True), planted.assign(is_copy=True)
    if fault.reason == "conflicting_duplicate":
        copies = _spoilt(table, spelt[chosen].assign(_copy=True), fault)
        both = [planted.assign(column=""), planted.assign(column="", is_copy=True)]
        return pd.concat([spelt, copies], ignore_index=True), pd.concat(both, ignore_index=True)
    spoilt = _spoilt(table, spelt[chosen], fault)
    name = header(table, fault.column)
    cells = spelt[name].astype(spoilt[name].dtype)
    cells[chosen] = spoilt[name]
    return spelt.assign(**{name: cells}), planted


def _spoilt(table: str, rows: pd.DataFrame, fault: Fault) -> pd.DataFrame:
    name = header(table, fault.column)
    assert fault.value is not None
    cells, value = rows[name], fault.value(rows[name])
    if isinstance(value, str) and pd.api.types.is_numeric_dtype(cells):
        cells = cells.astype(object)
    if isinstance(cells.dtype, pd.CategoricalDtype):
        cells = cells.astype("str")
    cells = cells.copy()
    cells[:] = value
    return rows.assign(**{name: cells})


def _numbered(table: str, spelt: pd.DataFrame, lines: list[pd.DataFrame]) -> pd.DataFrame:
    """Row numbers in the finished file, as a person sees them; 0 for rows that are missing."""
    columns = ["table", "file", "row", "column", "reason", "outcome", "source"]
    if not lines:
        return pd.DataFrame(columns=columns)
    ledger = pd.concat(lines, ignore_index=True)
    keys = pd.MultiIndex.from_frame(spelt[["_source", "_copy"]])
    position = pd.Series(np.arange(len(spelt)) + 2, index=keys)
    wanted = pd.MultiIndex.from_frame(ledger[["source", "is_copy"]])
    row = position.reindex(wanted).fillna(0).to_numpy(int)
    ledger = ledger.assign(table=table, file=layouts()[table]["file"], row=row)
    return ledger[columns].sort_values(["row", "source"], ignore_index=True)


def control_differences(clean: pd.DataFrame, ledger: pd.DataFrame) -> list[dict[Any, Any]]:
    """Ledger minus an analysis of the kept rows, per branch, month and metric.

    Parameters
    ----------
    clean : aum_monthly before any dirt.
    ledger : the faults planted in it.
    """
    gone = ledger[ledger["outcome"].isin([REJECTED, MISSING])].drop_duplicates("source")
    lost = clean.iloc[gone["source"]]
    sums = lost.groupby(["branch_id", "month"]).agg(
        point_aum=("point_aum_cny", "sum"), average_aum=("average_aum_cny", "sum"),
        n_customers=("customer_id", "nunique"),
    )  # fmt: skip
    raised = clean.iloc[ledger.loc[ledger["outcome"] == FLAGGED, "source"]]
    raised = raised.assign(by=raised["point_aum_cny"] - _shifted_up(raised["point_aum_cny"]))
    more = raised.groupby(["branch_id", "month"])["by"].sum()
    sums = sums.reindex(sums.index.union(more.index), fill_value=0.0)
    sums.loc[more.index, "point_aum"] += more
    long = sums.round(2).reset_index().melt(["branch_id", "month"], var_name="metric")
    long = long[long["value"] != 0].sort_values(["month", "branch_id", "metric"])
    long["month"] = long["month"].dt.strftime("%Y-%m")
    return long.rename(columns={"value": "ledger_minus_kept"}).to_dict("records")
