"""What an analysis may see: the bank as known on a day, its windows and the rules."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from stockcust.errors import CallError, Problem
from stockcust.tables.contract import Column, load_contract
from stockcust.tables.engines import midnight

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.tables.bank import Bank

KEYS = ("customer_id", "branch_id")


@dataclass(frozen=True, slots=True, repr=False)
class Scope:
    """The bank as known at the end of `as_of`.

    Attributes
    ----------
    frames : lazy frames by table name, as of the day.
    columns : the columns that the bank delivers, by table name.
    as_of : the day.
    month : last day of the last month completed by then.
    rules : the rulebook.
    """

    frames: Mapping[str, nw.LazyFrame]
    columns: Mapping[str, frozenset[str]]
    as_of: dt.date
    month: dt.date
    rules: Rulebook

    def has(self, table: str, *columns: str) -> bool:
        """Whether the bank delivers the table with all these columns."""
        return table in self.frames and self.columns[table] >= set(columns)

    def rows(self, table: str, *columns: str) -> nw.LazyFrame:
        """Rows of a table with these columns; one that the bank does not deliver is null."""
        there = [c for c in columns if c in self.columns[table]]
        contract = load_contract().tables[table].columns
        absent = {c: unknown(_dtype(contract[c])) for c in columns if c not in there}
        return self.frames[table].select(*there, **absent)

    def since(self, *, days: int = 0, months: int = 0) -> nw.Expr:
        """First moment of the window of so many days or months that as_of's last one ends."""
        before = months_before(self.as_of, months) - dt.timedelta(days=days)
        return midnight(before + dt.timedelta(days=1))

    def months_ago(self, months: int) -> nw.Expr:
        """The same day so many months before as_of."""
        return midnight(months_before(self.as_of, months))

    def in_days(self, days: int) -> nw.Expr:
        """The day so many days after as_of."""
        return midnight(self.as_of + dt.timedelta(days=days))

    def next_month(self) -> nw.Expr:
        """First moment after `month`."""
        return midnight(self.month + dt.timedelta(days=1))

    def month_end(self, months_ago: int) -> nw.Expr:
        """The month so many months before `month`, as its last day."""
        return midnight(months_before(self.month, months_ago))


def scope_of(bank: Bank, as_of: str | dt.date, rules: Rulebook) -> Scope:
    """Open the bank as of a day.

    Raises
    ------
    CallError : no date, or the last month completed by that day is not in aum_monthly.
    """
    known = bank.until(as_of)
    assert known.as_of is not None
    frames = {name: _lazy(known.frame(name)) for name in known.tables}
    columns = {name: frozenset(known.columns(name)) for name in known.tables}
    month = last_month_completed(known.as_of)
    _refuse_unless_held(month, known.as_of, bank)
    return Scope(frames, columns, known.as_of, month, rules)


def unknown(dtype: nw.dtypes.DType) -> nw.Expr:
    """Null of a type."""
    return nw.lit(None, dtype=dtype)


def last_month_completed(day: dt.date) -> dt.date:
    """Last day of the last month that is over at the end of `day`."""
    return day if _is_month_end(day) else day.replace(day=1) - dt.timedelta(days=1)


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day so many months before; the end of a month stays the end of a month."""
    year, month0 = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month0 + 1)[1]
    return dt.date(year, month0 + 1, last if _is_month_end(day) else min(day.day, last))


def _refuse_unless_held(month: dt.date, as_of: dt.date, bank: Bank) -> None:
    held = _lazy(bank.frame("aum_monthly")).select("month").unique().collect("pyarrow")
    months = sorted(m.date() for m in held["month"].to_list())
    if month in months:
        return
    what = f"{as_of} needs the month {month:%Y-%m}, which aum_monthly does not hold"
    if not months:
        raise CallError(Problem(what, "as_of", "aum_monthly is empty"))
    nearest = min(months, key=lambda m: abs(m - month))
    held_from_to = f"it holds {months[0]:%Y-%m} to {months[-1]:%Y-%m}"
    raise CallError(Problem(what, "as_of", f"{held_from_to}; the nearest day is {nearest}"))


def _is_month_end(day: dt.date) -> bool:
    return (day + dt.timedelta(days=1)).day == 1


def _lazy(frame: nw.DataFrame | nw.LazyFrame) -> nw.LazyFrame:
    # pandas frames are computed by the embedded Polars: one three-valued logic on every engine
    return frame.lazy("polars") if isinstance(frame, nw.DataFrame) else frame


def _dtype(column: Column) -> nw.dtypes.DType:
    if column.is_text:
        return nw.String()
    if column.is_time:
        return nw.Datetime("us")
    return {"integer": nw.Int64(), "flag": nw.Boolean()}.get(column.type, nw.Float64())
