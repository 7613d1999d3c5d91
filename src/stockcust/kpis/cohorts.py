"""What became after so many days of a month's old customers, and of those who opened in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import pandas as pd

from stockcust.customers.endings import BY_BANK, DECEASED, relationships
from stockcust.customers.exact import fen, month_number
from stockcust.customers.scope import KEYS, Scope
from stockcust.rulebook.base import to_fen
from stockcust.segmentation.base_table import add_up

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook

OLD, NEW = "old", "new"
OUTCOMES = ("n_stayed", "n_lost", "n_excluded", "n_unknown")
_STATE = ("effective", "known", "is_ended", "is_out", "ended_by", "last_seen")
_DAYS_PER_MONTH = 365.25 / 12
# a month is a bit of a whole number; Spark divides those as floats, which hold 53 bits
_MOST_MONTHS = 48


def outcomes(scope: Scope) -> pd.DataFrame:
    """Follow every cohort to the end of each span of days.

    Whether a customer is effective is known by month: new customers are judged in the month of
    their own last day, old ones so many whole months after the one they are counted in. Who went
    to another branch is followed there. Spans that end after the last completed month, and in
    months that the bank does not have, are left out, and so is what was before the last four years.

    Parameters
    ----------
    scope : the bank as known on the day.

    Returns
    -------
    One row per cohort (old, new), branch_id, start (`month_number` of the base or of the opening)
    and days: n_stayed (still effective), n_lost (left, or no longer effective), n_excluded (ended
    by the bank or by death) and n_unknown (assets not known).
    """
    calendar, spans = _calendar(scope), spans_in_days(scope.rules)
    people = _with_moves(_with_history(relationships(scope), calendar, scope))
    cohorts = {OLD: _old(people, calendar, scope), NEW: _new(people, calendar, scope)}
    judged = nw.concat([_judged(each, spans, cohort) for cohort, each in cohorts.items()])
    counted = [f"{name}_{days}" for days in spans for name in OUTCOMES]
    counts = add_up(judged, ["cohort", "branch_id", "start"], counted)
    return pd.concat([_of_span(counts, days) for days in spans], ignore_index=True)


def _of_span(counts: pd.DataFrame, days: int) -> pd.DataFrame:
    """The counts of one span; without the starts of which it is over for nobody."""
    names = {f"{name}_{days}": name for name in OUTCOMES}
    own = counts[["cohort", "branch_id", "start", *names]].rename(columns=names)
    return own[own[list(OUTCOMES)].any(axis=1)].assign(days=days)


def spans_in_days(rules: Rulebook) -> tuple[int, ...]:
    """The days after which customers are looked at: the ends of a new customer's stages."""
    new = rules.status.new_customer
    return tuple(min(stage.to_day, new.days) for stage in new.stages)


def whole_months(days: int) -> int:
    """The whole months nearest to a span of days."""
    return round(days / _DAYS_PER_MONTH)


@dataclass(frozen=True, slots=True)
class _Calendar:
    """The completed months with assets, as numbers, and the first of which everybody is known."""

    held: tuple[int, ...]
    first_known: int

    def bit(self, month: nw.Expr) -> nw.Expr:
        """The bit of a month; 0 for one that the bank does not have."""
        bit = (nw.lit(2.0) ** (month - self.held[0])).cast(nw.Int64)  # a power of two is exact
        return nw.when(month.is_in(self.held)).then(bit).otherwise(nw.lit(0, nw.Int64))


def _calendar(scope: Scope) -> _Calendar:
    months = scope.rows("aum_monthly", "month").filter(nw.col("month") <= scope.month_end(0))
    numbers = _numbers(months, "month")
    held = tuple(n for n in numbers if n > numbers[-1] - _MOST_MONTHS)
    if not scope.has("customers", "snapshot_date"):
        return _Calendar(held, held[0])
    snapshots = _numbers(scope.rows("customers", "snapshot_date"), "snapshot_date")
    return _Calendar(held, max([held[0], *snapshots[:1]]))


def _numbers(frame: nw.LazyFrame, date: str) -> list[int]:
    numbers = frame.filter(~nw.col(date).is_null()).select(number=month_number(nw.col(date)))
    return sorted(numbers.unique().collect("pyarrow")["number"].to_list())


def _with_history(people: nw.LazyFrame, calendar: _Calendar, scope: Scope) -> nw.LazyFrame:
    """Add the months with effective assets and with known ones, and the first of all."""
    rows = scope.rows("aum_monthly", *KEYS, "month", "average_aum_cny", "point_aum_cny")
    amount = nw.coalesce("average_aum_cny", "point_aum_cny")
    rows = rows.with_columns(begun=month_number(nw.col("month")), _fen=fen(amount))
    rows = rows.filter(nw.col("begun").is_in(calendar.held)).with_columns(
        _bit=calendar.bit(nw.col("begun"))
    )
    minimum = to_fen(scope.rules.status.effective_customer.min_aum_cny)
    rows = rows.with_columns(
        effective=nw.when(nw.col("_fen") >= minimum).then(nw.col("_bit")),
        known=nw.when(~nw.col("_fen").is_null()).then(nw.col("_bit")),
    )
    masks = nw.col("effective", "known").sum().cast(nw.Int64)
    history = rows.group_by(*KEYS).agg(masks, nw.col("begun").min())
    people = people.join(history, on=list(KEYS), how="left")
    return people.with_columns(nw.col("effective", "known").fill_null(0))


def _with_moves(people: nw.LazyFrame) -> nw.LazyFrame:
    """Add the same of the branch where the customer began last."""
    people = people.with_columns(
        is_ended=(~nw.col("ending").is_null()).cast(nw.Int64),
        is_out=nw.col("ending").is_in([BY_BANK, DECEASED]).fill_null(False).cast(nw.Int64),
        begun_last=nw.col("begun").max().over("customer_id"),
    )
    is_last = nw.col("begun") == nw.col("begun_last")
    last = {f"{name}_last": nw.when(is_last).then(nw.col(name)) for name in _STATE}
    people = people.with_columns(**last)
    return people.with_columns(nw.col(name).max().over("customer_id") for name in last)


def _old(people: nw.LazyFrame, calendar: _Calendar, scope: Scope) -> nw.LazyFrame:
    """Effective customers of each month whose time as a new one was over."""
    start, new_days = nw.col("start"), scope.rules.status.new_customer.days
    seen = {days: start + whole_months(days) for days in spans_in_days(scope.rules)}
    months = scope.rows("aum_monthly", "month").select(start=month_number(nw.col("month"))).unique()
    months = months.with_columns(_bit=calendar.bit(start), **_marks(seen, calendar))
    months = months.filter((nw.col("_bit") > 0) & (start >= calendar.first_known))
    old_from = month_number(nw.col("open_date").dt.offset_by(f"{new_days + 1}d"))
    base = people.with_columns(_old_from=old_from).join(months, how="cross")
    goes_on = nw.col("ended_by").is_null() | (nw.col("ended_by") > start)
    return base.filter(_holds("effective", "_bit") & (nw.col("_old_from") <= start) & goes_on)


def _new(people: nw.LazyFrame, calendar: _Calendar, scope: Scope) -> nw.LazyFrame:
    """Everybody by month of opening, at the branch of the opening only."""
    opened = people.with_columns(start=month_number(nw.col("open_date")))
    opened = opened.filter(nw.col("start") >= calendar.first_known)
    # who moved has the old date of opening at the new branch
    first = nw.col("begun").min().over("customer_id", "open_date")
    opened = opened.with_columns(_first=first)
    opened = opened.filter((nw.col("begun") == nw.col("_first")) | nw.col("_first").is_null())
    seen = {
        days: month_number(nw.col("open_date").dt.offset_by(f"{days}d"))
        for days in spans_in_days(scope.rules)
    }
    return opened.with_columns(**_marks(seen, calendar))


def _marks(seen: dict[int, nw.Expr], calendar: _Calendar) -> dict[str, nw.Expr]:
    """The month in which each span ends, and its bit."""
    months = {f"seen_{days}": month for days, month in seen.items()}
    return months | {f"bit_{days}": calendar.bit(month) for days, month in seen.items()}


def _judged(starts: nw.LazyFrame, spans: tuple[int, ...], cohort: str) -> nw.LazyFrame:
    """The outcomes after each span; of who began at another branch since, the outcome there."""
    sides = {
        f"{name}_{days}{side}": flag
        for days in spans
        for side in ("", "_last")
        for name, flag in _outcome(days, side).items()
    }
    is_another = (nw.col("begun_last") > nw.max_horizontal("start", "begun")).fill_null(False)
    flags = {}
    for days in spans:
        is_there = (nw.col("begun_last") <= nw.col(f"seen_{days}")).fill_null(False)
        has_moved = is_another & is_there & ~nw.col(f"n_stayed_{days}")
        for name in (f"{name}_{days}" for name in OUTCOMES):
            flag = nw.when(has_moved).then(nw.col(f"{name}_last")).otherwise(nw.col(name))
            flags[name] = (flag & (nw.col(f"bit_{days}") > 0)).cast(nw.Int64)
    return starts.with_columns(**sides).select("branch_id", "start", cohort=nw.lit(cohort), **flags)


def _outcome(days: int, side: str) -> dict[str, nw.Expr]:
    """What became of a relationship by the month that ends a span: one of them is true."""
    seen, bit = nw.col(f"seen_{days}"), f"bit_{days}"
    is_effective, is_known = _holds(f"effective{side}", bit), _holds(f"known{side}", bit)
    is_dated = (nw.col(f"ended_by{side}") <= seen).fill_null(False)
    is_gap = (nw.col(f"last_seen{side}") < seen).fill_null(False)
    is_undated = (nw.col(f"is_ended{side}") > 0) & nw.col(f"ended_by{side}").is_null()
    ended = is_dated | (is_gap & ~is_known) | (is_undated & ~is_effective)
    is_excluded = ended & (nw.col(f"is_out{side}") > 0)
    return {
        "n_stayed": is_effective & ~ended,
        "n_lost": ~is_excluded & (ended | (is_known & ~is_effective)),
        "n_excluded": is_excluded,
        "n_unknown": ~ended & ~is_known,
    }


def _holds(months: str, bit: str) -> nw.Expr:
    """Whether a bit is among the months; that of no month is in none."""
    divisor = nw.when(nw.col(bit) > 0).then(nw.col(bit)).otherwise(nw.lit(1, nw.Int64))
    return ((nw.col(months) // divisor % 2 == 1) & (nw.col(bit) > 0)).fill_null(False)
