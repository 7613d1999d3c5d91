"""Rules about whole rows: dates in order, keys that tell rows apart, branches that are known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockcust.errors import Problem
from stockcust.tables.details import write_detail
from stockcust.tables.rows import Rows
from stockcust.tables.sources import Notice

_OLDEST_YEARS = 111
_FAR_DAYS, _SLIPS = 366, 20
_IDS_LOOKED_AT, _MOSTLY = 1000, 0.5
_IDENTITY_NUMBER = r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"


def find_identity_numbers(rows: Rows) -> list[Problem]:
    """Find id columns that hold identity numbers, which are never to come in."""
    problems = []
    for name in rows.frame:
        column = rows.table.columns[str(name)]
        if column.type != "id":
            continue
        ids = pd.Series(rows.frame[name].dropna().unique()[:_IDS_LOOKED_AT], dtype="str")
        if len(ids) and ids.str.fullmatch(_IDENTITY_NUMBER).mean() > _MOSTLY:
            what = f"{name} ({column.zh}) holds identity numbers, which are never read"
            remedy = "replace them by the bank's customer numbers"
            problems.append(Problem(what, ", ".join(rows.files[:5]), remedy))
    return problems


def refuse_contradicting_dates(rows: Rows) -> None:
    """Reject rows in which something ends before it begins."""
    order = [name for name in rows.table.order if name in rows.frame]
    for place, later in enumerate(order):
        for earlier in order[:place]:
            mask = (rows.frame[later] < rows.frame[earlier]).to_numpy(dtype=bool)
            if mask.any():
                detail = write_detail("earlier_than", column=earlier)
                rows.reject(mask, later, "contradicting_dates", detail)


def refuse_isolated_months(assets: Rows) -> None:
    """Reject few rows more than a year away from all other months: a slip of the pen in a year.

    Else they would decide which month is the bank's last, or its first.
    """
    if "month" not in assets.frame:
        return
    sizes = assets.frame["month"][assets.alive].value_counts().sort_index()
    months = sizes.index.to_series()
    is_far = months.diff().dt.days > _FAR_DAYS
    side = is_far.cumsum()
    largest = sizes.groupby(side).max()
    few = largest.index[largest * _SLIPS < largest.max()]
    stray = months[side.isin(few)]
    if len(stray):
        mask = assets.frame["month"].isin(stray).to_numpy(dtype=bool)
        assets.reject(mask, "month", "isolated_month")


def blank_implausible_births(rows: Rows, last_month: pd.Timestamp) -> None:
    """Leave out birthdays after the last month, or of people older than anybody."""
    if "birth_date" not in rows.frame:
        return
    births = rows.frame["birth_date"]
    oldest = last_month - pd.DateOffset(years=_OLDEST_YEARS)
    implausible = (births > last_month) | (births < oldest)
    if implausible.any():
        rows.frame = rows.frame.assign(birth_date=births.mask(implausible))
        n, name = int(implausible.sum()), rows.table.name
        rows.notices.append(Notice("implausible_birth", name, column="birth_date", n=n))


def settle_duplicates(rows: Rows) -> None:
    """Keep one of equal rows with the same key; reject all of them if they differ."""
    key = [name for name in rows.table.key if name in rows.frame]
    keys = rows.living(key)
    same_key = rows.frame.loc[keys.index[keys.duplicated(keep=False)]]
    if same_key.empty:
        return
    is_copy = same_key.duplicated(keep="first")
    n_different = (
        (~is_copy).groupby([same_key[name] for name in key], dropna=False).transform("sum")
    )
    conflicting, merged = same_key[n_different > 1], same_key[is_copy & (n_different == 1)]
    rows.merged[merged.index] = True
    rows.alive[merged.index] = False
    if len(merged):
        rows.notices.append(Notice("duplicates_merged", rows.table.name, n=len(merged)))
    if len(conflicting):
        mask = np.isin(np.arange(len(rows.frame)), conflicting.index)
        detail = write_detail("differ", keys=key, columns=_differing(conflicting, key))
        rows.reject(mask, "", "conflicting_duplicate", detail)


def _differing(conflicting: pd.DataFrame, key: list[str]) -> list[str]:
    n_keys = len(conflicting[key].drop_duplicates())
    others = [name for name in conflicting.columns if name not in key]
    return [n for n in others if len(conflicting[[*key, n]].drop_duplicates()) > n_keys]


def fill_branches(rows: Rows, customers: pd.DataFrame) -> list[Problem]:
    """Give rows without a branch the only branch of their customer.

    Parameters
    ----------
    rows : a table with a customer_id; its frame gets the branch_id.
    customers : kept rows of the customer master.

    Returns
    -------
    list of problems: the table has no branches and some customers have several.
    """
    pairs = customers[["customer_id", "branch_id"]].drop_duplicates()
    several = pairs["customer_id"].duplicated(keep=False)
    only = pairs[~several].set_index("customer_id")["branch_id"]
    table, frame = rows.table.name, rows.frame
    ambiguous = frame["customer_id"].isin(set(pairs["customer_id"][several])).to_numpy()
    if "branch_id" not in frame:
        if (ambiguous & rows.alive).any():
            n = frame["customer_id"][ambiguous & rows.alive].nunique()
            return [_without_branch(rows, n)]
        branch_ids = frame["customer_id"].map(only).astype("str")
        frame.insert(1, "branch_id", branch_ids)
        rows.notices.append(
            Notice("branch_from_customers", table, column="branch_id", n=len(frame))
        )
        return []
    empty = (frame["branch_id"].isna() & frame["customer_id"].notna()).to_numpy()
    if empty.any():
        rows.reject(empty & ambiguous, "branch_id", "ambiguous_branch")
        filled = frame["branch_id"].where(~empty, frame["customer_id"].map(only))
        rows.frame = frame.assign(branch_id=filled.astype("str"))
        rows.notices.append(
            Notice("branch_from_customers", table, column="branch_id", n=int(empty.sum()))
        )
    return []


def _without_branch(rows: Rows, n_customers: int) -> Problem:
    return Problem(
        f"{rows.table.name} has no branch_id and {n_customers} of its customers belong to several "
        "branches",
        ", ".join(rows.files[:5]),
        f"add the column branch_id ({rows.table.columns['branch_id'].zh})",
    )
