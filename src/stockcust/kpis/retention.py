"""Old customers who leave beside new customers who stay, by month."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from stockcust.customers.endings import is_leaving_seen
from stockcust.customers.scope import Scope, scope_of
from stockcust.kpis.cohorts import NEW, OLD, OUTCOMES, outcomes
from stockcust.kpis.figures import NETWORK, share_with_interval

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.tables import Bank

OLD_LOST, NEW_STAYED, NEW_STAYED_POOLED = "old_lost", "new_stayed", "new_stayed_pooled"
COLUMNS = {
    "branch_id": "str",
    "month": "datetime64[us]",
    "measure": "str",
    "days": "int64",
    "numerator": "int64",
    "denominator": "int64",
    "estimate": "float64",
    "ci_low": "float64",
    "ci_high": "float64",
    "n_excluded": "int64",
    "n_unknown": "int64",
    "is_provisional": "bool",
    "is_leaving_seen": "bool",
}


def retention(bank: Bank, as_of: str | dt.date, rules: Rulebook) -> pd.DataFrame:
    """Set the share of old customers who left beside the share of new ones who stayed.

    Old customers are those effective at the end of a month who had been there for more than
    ``status.new_customer.days``; they are lost if they have left the bank, or are no longer
    effective, so many months later. New customers are all who opened in a month, whatever they
    brought; they stayed if they are effective in the month of their day 30, 100 and 180 (the
    stages of ``status.new_customer``). Who went to another branch is followed there and counts at
    the branch of the beginning. Who was closed by the bank or died is in no share but counted.

    Parameters
    ----------
    bank : the bank's tables.
    as_of : the day; nothing later is looked at.
    rules : ``report.cohort_window_months`` is how many months of opening a pooled line takes
        together, ``report.min_n_rate`` the fewest customers for a rate.

    Returns
    -------
    One row per branch (``*`` is the network), month (that of the base, or of the opening),
    measure (old_lost, new_stayed, new_stayed_pooled) and days: ``numerator``, ``denominator``,
    ``estimate`` with its interval (Wilson, 95 %), ``n_excluded``, ``n_unknown`` (assets not known),
    ``is_provisional`` (the days of some of a cohort are not over: no rate) and
    ``is_leaving_seen`` (without dates of closing or snapshots only falls below the threshold
    are seen). Empty without open_date, or where no span of days is over.
    """
    scope = scope_of(bank, as_of, rules)
    counts = outcomes(scope) if scope.has("customers", "open_date") else None
    if counts is None or counts.empty:
        return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    lines = _with_network(counts)
    old, new = lines[lines["cohort"] == OLD], lines[lines["cohort"] == NEW]
    new = new.assign(is_provisional=_ends_after(new, scope))
    parts = [
        old.assign(measure=OLD_LOST, numerator=old["n_lost"], is_provisional=False),
        new.assign(measure=NEW_STAYED, numerator=new["n_stayed"]),
        _pooled(new[~new["is_provisional"]], rules.report.cohort_window_months),
    ]
    table = pd.concat(parts, ignore_index=True)
    return _with_shares(table.assign(is_leaving_seen=is_leaving_seen(scope)), rules)


def _with_network(counts: pd.DataFrame) -> pd.DataFrame:
    keys = ["cohort", "days", "start"]
    everywhere = counts.groupby(keys)[list(OUTCOMES)].sum().reset_index()
    return pd.concat([counts, everywhere.assign(branch_id=NETWORK)], ignore_index=True)


def _ends_after(new: pd.DataFrame, scope: Scope) -> pd.Series:
    """Whether the days of who opened last in the month were over in time."""
    ends = _month_end(new["start"]) + pd.to_timedelta(new["days"], unit="D")
    return ends + pd.offsets.MonthEnd(0) > pd.Timestamp(scope.month)


def _pooled(new: pd.DataFrame, months: int) -> pd.DataFrame:
    """Each month of opening together with those before it, as far as the window goes back."""
    new = new.assign(last=new.groupby("days")["start"].transform("max"))
    lines = new.set_index("start").groupby(["branch_id", "days"])
    parts = {keys: _rolling(line, months) for keys, line in lines}
    pooled = pd.concat(parts, names=["branch_id", "days"]).reset_index() if parts else new
    stayed = pooled["n_stayed"]
    return pooled.assign(measure=NEW_STAYED_POOLED, numerator=stayed, is_provisional=False)


def _rolling(line: pd.DataFrame, months: int) -> pd.DataFrame:
    """Sums of the window up to each month; a month in which nobody opened adds nothing."""
    every = pd.RangeIndex(line.index.min(), line["last"].max() + 1, name="start")
    counts = line[list(OUTCOMES)].reindex(every, fill_value=0)
    return counts.rolling(months, min_periods=1).sum().astype("int64")


def _with_shares(table: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    n = table["n_stayed"] + table["n_lost"]
    shares = share_with_interval(table["numerator"], n, rules.report.min_n_rate)
    shares = shares.where(~table["is_provisional"])
    table = table.assign(denominator=n, month=_month_end(table["start"]), **shares)
    ordered = table.sort_values(["branch_id", "measure", "days", "month"], ignore_index=True)
    return ordered[list(COLUMNS)].astype(COLUMNS)


def _month_end(number: pd.Series) -> pd.Series:
    first = pd.to_datetime({"year": (number - 1) // 12, "month": (number - 1) % 12 + 1, "day": 1})
    return first + pd.offsets.MonthEnd(0)
