"""The contact log: which rows are talks that count, and which of them are one contact."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import pandas as pd

from stockcust.customers.exact import number_of
from stockcust.customers.people import people_in_scope
from stockcust.customers.scope import KEYS, Scope, scope_of
from stockcust.rulebook.familiarity import ContactFrequency
from stockcust.tables.engines import collect

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.tables.bank import Bank

_WEIGHT_SCALE = 1000
_ORDER = ("contact_time", "contact_id")
_COLUMNS = ("manager_id", "channel", "is_effective", "duration_minutes")
_MORE = ("direction", "purpose", "campaign_id", "cost_cny")


def contacts_in_window(
    bank: Bank, as_of: str | dt.date, rules: Rulebook, months: int
) -> pd.DataFrame | None:
    """The contact log of the last months, with what each row counts.

    Parameters
    ----------
    bank : the bank's tables; only `bank.until(as_of)` is looked at.
    as_of : the day on which the window ends.
    rules : ``familiarity.contact_frequency`` says what a contact is.
    months : length of the window.

    Returns
    -------
    One row per row of the log: customer_id, branch_id, contact_time, channel, direction, purpose,
    campaign_id, cost_cny, `is_talk` (an effective two-way talk), `n_contacts` (the weight of the
    contact on its first row, 0 on the rows merged with it and on those that are none) and
    `minutes` (of the contact, on its first row; null where the log has no duration). None without
    a contact log, or where it does not tell talks from attempts.

    Raises
    ------
    CallError : no date, or aum_monthly does not hold the month.
    """
    scope = scope_of(bank, as_of, rules)
    if not scope.has("contacts") or not tells_contacts(scope):
        return None
    log = contact_log(people_in_scope(scope), scope, *_MORE)
    log = log.filter(nw.col("contact_time") >= scope.since(months=months))
    shown = (*KEYS, *_ORDER, "channel", *_MORE)
    talks = in_sessions(log.filter(nw.col("_is_talk")), rules.familiarity.contact_frequency)
    parts = [
        collect(_counted(talks).select(*shown, "n_contacts", "minutes").to_native()),
        collect(log.filter(~nw.col("_is_talk")).select(*shown).to_native()),
    ]
    rows = pd.concat([part.assign(is_talk=i == 0) for i, part in enumerate(parts)])
    rows["n_contacts"] = rows["n_contacts"].fillna(0.0)
    return rows.sort_values(list(_ORDER), ignore_index=True).drop(columns="contact_id")


def tells_contacts(scope: Scope) -> bool:
    """Whether the log tells an effective talk from an attempt, or the rules do not ask."""
    frequency = scope.rules.familiarity.contact_frequency
    is_told = scope.has("contacts", "is_effective") or scope.has("contacts", "duration_minutes")
    return is_told or not frequency.require_effective


def contact_log(people: nw.LazyFrame, scope: Scope, *more: str) -> nw.LazyFrame:
    """The contact log with `_is_talk`: which of its rows are talks that count."""
    frequency = scope.rules.familiarity.contact_frequency
    log = scope.rows("contacts", *KEYS, *_ORDER, *_COLUMNS, *more)
    is_talk = nw.col("channel").is_in(list(frequency.counted_channels))
    if frequency.require_effective:
        is_talk = is_talk & _is_effective()
    if frequency.only_own_manager:
        own = people.select(*KEYS, _own=nw.col("manager_id"))
        log = log.join(own, on=list(KEYS), how="left")
        is_talk = is_talk & (nw.col("manager_id") == nw.col("_own")).fill_null(False)
    return log.with_columns(_is_talk=is_talk)


def _is_effective() -> nw.Expr:
    minutes = nw.col("duration_minutes")
    said = nw.coalesce(nw.col("is_effective"), minutes > 0).fill_null(False)
    return said & ~(minutes <= 0).fill_null(False)


def in_sessions(talks: nw.LazyFrame, frequency: ContactFrequency) -> nw.LazyFrame:
    """Number each customer's contacts: logs with no gap above the limit are one of them.

    Adds `_start` (1 on the first row), `_session` and `_weight`.
    """
    weights: dict[str, int] = {
        c: round(w * _WEIGHT_SCALE) for c, w in frequency.counted_channels.items()
    }
    time = nw.col("contact_time")
    previous = time.shift(1).over(*KEYS, order_by=_ORDER)
    is_start = previous.is_null() | (time > previous.dt.offset_by(f"{frequency.dedup_minutes}m"))
    session = nw.col("_start").cum_sum().over(*KEYS, order_by=_ORDER).cast(nw.Int64)
    return talks.with_columns(
        _start=is_start.cast(nw.Int64), _weight=number_of("channel", weights)
    ).with_columns(_session=session)


def contacts_of(weight: nw.Expr) -> nw.Expr:
    """Weighted contacts of the whole numbers that are added up."""
    return weight.cast(nw.Int64).cast(nw.Float64) / _WEIGHT_SCALE


def _counted(talks: nw.LazyFrame) -> nw.LazyFrame:
    """Weight and minutes of each contact on its first row."""
    is_first = nw.col("_start") == 1
    session = (*KEYS, "_session")
    weight, minutes = (nw.col(c).max().over(*session) for c in ("_weight", "duration_minutes"))
    return talks.with_columns(_heaviest=weight, _longest=minutes).with_columns(
        n_contacts=nw.when(is_first).then(contacts_of(nw.col("_heaviest"))),
        minutes=nw.when(is_first).then(nw.col("_longest")),
    )
