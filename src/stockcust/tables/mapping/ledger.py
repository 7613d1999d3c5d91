"""A ledger of postings with running balances, turned into monthly balances of customers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

FEN = 100
_CHAIN_TOLERANCE = 1 * FEN


@dataclass(frozen=True, slots=True)
class Ledger:
    """Postings in the order of the file: arrays of one length.

    Attributes
    ----------
    owner, account : ids.
    day : days as datetime64[D].
    balance : balance after the posting, in fen.
    order : number that grows with posting time within an account; None: the file's order.
    signed : amount of the posting in fen, negative going out; None where order is known.
    """

    owner: pd.Series
    account: pd.Series
    day: pd.Series
    balance: pd.Series
    order: pd.Series | None = None
    signed: pd.Series | None = None


@dataclass(frozen=True, slots=True)
class MonthlyBalances:
    """The balances, and what has to be said about how they were made.

    Attributes
    ----------
    frame : one row per owner and month: owner, month (last day), month_end_balance,
        month_end_overdraft, average_balance in fen; a balance below zero is an overdraft, not an
        asset below zero.
    n_shared_days : days of an account with several postings.
    n_unchained_days : days whose closing balance is more than 1 yuan off the one before plus the
        day's postings; None without amounts.
    n_overdrawn : month-end balances of accounts below zero.
    """

    frame: pd.DataFrame
    n_shared_days: int
    n_unchained_days: int | None
    n_overdrawn: int


def monthly_balances(
    ledger: Ledger, ends: pd.Timestamp, *, starts_with_opening: bool
) -> MonthlyBalances:
    """Month-end balances and averages over all days of the month.

    Parameters
    ----------
    ledger : postings up to the end, at least one; a balance holds until the next posting.
    ends : last day that the ledger covers; a month that it does not cover to its end is left out.
    starts_with_opening : the first posting opens the account, so that days before it count zero;
        else an account's first, incomplete month has no average.
    """
    closings, n_unchained = _closings(ledger)
    days = _with_month_starts(closings, ends)
    months = _months(days, ends, starts_with_opening)
    complete = months[months["month"] <= ends]
    return MonthlyBalances(
        _by_owner(complete),
        int((closings["n"] > 1).sum()),
        n_unchained,
        int((complete["month_end_overdraft"] > 0).sum()),
    )


def _closings(ledger: Ledger) -> tuple[pd.DataFrame, int | None]:
    """The last balance of each account and day: owner, account, day, balance, n postings."""
    postings = pd.DataFrame(
        {
            "owner": ledger.owner,
            "account": ledger.account,
            "day": ledger.day,
            "balance": ledger.balance,
            "order": np.arange(len(ledger.day)) if ledger.order is None else ledger.order,
        }
    )
    if ledger.signed is not None:
        postings["signed"] = ledger.signed
    postings = postings.sort_values(["account", "day", "order"], kind="stable", ignore_index=True)
    by_day = postings.groupby(["account", "day"], sort=False, dropna=False)
    closings = by_day.agg(owner=("owner", "last"), balance=("balance", "last"), n=("day", "size"))
    closings = closings.reset_index()
    if ledger.signed is None:
        return closings, None
    closings["total"] = by_day["signed"].sum().to_numpy()
    closings["balance"] = _chained(postings, closings)
    return closings, _n_unchained(closings)


def _chained(postings: pd.DataFrame, closings: pd.DataFrame) -> np.ndarray:
    """Closing balances of days whose postings are out of order: the one that the chain leads to."""
    after = postings["balance"].to_numpy()
    before = after - postings["signed"].to_numpy()
    closing = closings["balance"].to_numpy().copy()
    total = closings["total"].to_numpy()
    is_first = _is_first(closings)
    n = closings["n"].to_numpy()
    end = n.cumsum()
    for day in np.flatnonzero(n > 1):
        rows = slice(end[day] - n[day], end[day])
        opening = before[rows] if is_first[day] else closing[day - 1]
        closing[day] = _chain_end(after[rows], opening, total[day])
    return closing


def _chain_end(after: np.ndarray, opening: np.ndarray | np.int64, total: np.int64) -> np.int64:
    """The balance nearest to a possible opening plus all postings; of equals the last one."""
    expected = np.atleast_1d(opening) + total
    gaps = np.abs(after[:, None] - expected[None, :]).min(axis=1)
    return after[len(after) - 1 - int(np.argmin(gaps[::-1]))]


def _is_first(closings: pd.DataFrame) -> np.ndarray:
    account = closings["account"]
    return (account != account.shift()).to_numpy()


def _n_unchained(closings: pd.DataFrame) -> int:
    expected = closings["balance"].shift() + closings["total"]
    gap = (closings["balance"] - expected).abs()
    return int(((gap > _CHAIN_TOLERANCE) & ~_is_first(closings)).sum())


def _with_month_starts(closings: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    """Closings, and each balance carried to the first day of every later month up to the last."""
    first = closings.groupby("account", dropna=False)["day"].min()
    starts = pd.date_range(first.min(), last, freq="MS", unit="us")
    grid = pd.MultiIndex.from_product([first.index, starts], names=["account", "day"]).to_frame(
        index=False
    )
    grid = grid[grid["day"] > grid["account"].map(first)]
    days = pd.concat([closings[["owner", "account", "day", "balance"]], grid], ignore_index=True)
    # a posting on the first day of a month comes before the carried row and so is the one kept
    days = days.drop_duplicates(["account", "day"]).sort_values(["account", "day"])
    carried = days.groupby("account", dropna=False)[["owner", "balance"]].ffill()
    return days.assign(owner=carried["owner"], balance=carried["balance"])


def _months(days: pd.DataFrame, last: pd.Timestamp, starts_with_opening: bool) -> pd.DataFrame:
    """One row per account and month: its end balance and its average over the month's days."""
    month = days["day"] + pd.offsets.MonthEnd(0)
    following = days.groupby("account", dropna=False)["day"].shift(-1)
    until = following.fillna(last + pd.Timedelta(days=1))
    asset = days["balance"].clip(lower=0)
    spans = days.assign(
        month=month,
        n_days=(until - days["day"]).dt.days,
        day_sum=asset * (until - days["day"]).dt.days,
    )
    months = spans.groupby(["account", "month"], dropna=False, as_index=False).agg(
        owner=("owner", "last"),
        balance=("balance", "last"),
        n_days=("n_days", "sum"),
        day_sum=("day_sum", "sum"),
    )
    days_in_month = months["month"].dt.day
    average = months["day_sum"] / days_in_month
    months["average_balance"] = (
        average if starts_with_opening else average.where(months["n_days"] == days_in_month)
    )
    months["month_end_balance"] = months["balance"].clip(lower=0)
    months["month_end_overdraft"] = (-months["balance"]).clip(lower=0)
    return months


def _by_owner(months: pd.DataFrame) -> pd.DataFrame:
    """Accounts added up; one unknown average makes the owner's unknown."""
    by = months.groupby(["owner", "month"], dropna=False)
    sums = by[["month_end_balance", "month_end_overdraft", "average_balance"]].sum()
    unknown = months["average_balance"].isna()
    is_unknown = unknown.groupby([months["owner"], months["month"]], dropna=False).any()
    return sums.assign(average_balance=sums["average_balance"].mask(is_unknown)).reset_index()
