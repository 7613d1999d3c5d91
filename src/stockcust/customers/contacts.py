"""Contacts: two-way talks in the window, merged when they are one; touches stand apart."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from stockcust.customers.exact import number_of
from stockcust.customers.scope import KEYS, Scope, unknown
from stockcust.rulebook.familiarity import ContactFrequency

_WEIGHT_SCALE = 1000
_ORDER = ("contact_time", "contact_id")


def with_contacts(customers: nw.LazyFrame, people: nw.LazyFrame, scope: Scope) -> nw.LazyFrame:
    """Add contacts and touches: unknown where the log has no row of the branch, else a count.

    `_is_logged` is true where the branch keeps a log.
    """
    if not scope.has("contacts"):
        return customers.with_columns(_is_logged=unknown(nw.Boolean()))
    frequency = scope.rules.familiarity.contact_frequency
    log = _log(people, scope)
    window = log.filter(nw.col("_is_in_window"))
    talks = window.filter(nw.col("_is_talk"))
    for found in (_sessions(talks, frequency), _touches_and_last(log, frequency)):
        customers = customers.join(found, on=list(KEYS), how="left")
    # a branch without a row in the window keeps no log: nothing is known, which is not zero
    logged = window.select("branch_id").unique().with_columns(_is_logged=nw.lit(True))
    customers = customers.join(logged, on="branch_id", how="left")
    return customers.with_columns(*_counts(scope, frequency))


def _counts(scope: Scope, frequency: ContactFrequency) -> list[nw.Expr]:
    has_minutes = scope.has("contacts", "duration_minutes")
    is_told = has_minutes or scope.has("contacts", "is_effective")
    told = {
        "n_contacts": is_told or not frequency.require_effective,
        "n_touches": True,
        "contact_minutes": has_minutes,
    }
    return [
        nw.when(nw.col("_is_logged") & is_told).then(nw.col(name).fill_null(0)).alias(name)
        for name, is_told in told.items()
    ]


def _log(people: nw.LazyFrame, scope: Scope) -> nw.LazyFrame:
    """The contact log, which of its rows are talks that count and which are in the window."""
    frequency = scope.rules.familiarity.contact_frequency
    columns = ("manager_id", "channel", "is_effective", "duration_minutes")
    log = scope.rows("contacts", *KEYS, *_ORDER, *columns)
    is_talk = nw.col("channel").is_in(list(frequency.counted_channels))
    if frequency.require_effective:
        is_talk = is_talk & _is_effective()
    if frequency.only_own_manager:
        own = people.select(*KEYS, _own=nw.col("manager_id"))
        log = log.join(own, on=list(KEYS), how="left")
        is_talk = is_talk & (nw.col("manager_id") == nw.col("_own")).fill_null(False)
    start = scope.since(months=frequency.window_months)
    return log.with_columns(_is_talk=is_talk, _is_in_window=nw.col("contact_time") >= start)


def _is_effective() -> nw.Expr:
    minutes = nw.col("duration_minutes")
    said = nw.coalesce(nw.col("is_effective"), minutes > 0).fill_null(False)
    return said & ~(minutes <= 0).fill_null(False)


def _sessions(talks: nw.LazyFrame, frequency: ContactFrequency) -> nw.LazyFrame:
    """Weighted contacts: logs of one customer with no gap above the limit are one contact."""
    weights: dict[str, int] = {
        c: round(w * _WEIGHT_SCALE) for c, w in frequency.counted_channels.items()
    }
    time = nw.col("contact_time")
    previous = time.shift(1).over(*KEYS, order_by=_ORDER)
    is_start = previous.is_null() | (time > previous.dt.offset_by(f"{frequency.dedup_minutes}m"))
    session = nw.col("_start").cum_sum().over(*KEYS, order_by=_ORDER).cast(nw.Int64)
    sessions = (
        talks.with_columns(_start=is_start.cast(nw.Int64), _weight=number_of("channel", weights))
        .with_columns(_session=session)
        .group_by(*KEYS, "_session")
        .agg(nw.col("_weight").max(), nw.col("duration_minutes").max())
    )
    return (
        sessions.group_by(*KEYS)
        .agg(nw.col("_weight").sum(), contact_minutes=nw.col("duration_minutes").sum())
        .select(
            *KEYS,
            "contact_minutes",
            n_contacts=nw.col("_weight").cast(nw.Int64).cast(nw.Float64) / _WEIGHT_SCALE,
        )
    )


def _touches_and_last(log: nw.LazyFrame, frequency: ContactFrequency) -> nw.LazyFrame:
    """Touches in the window, and the last talk there ever was: by channel, then the latest."""
    is_touch = nw.col("channel").is_in(list(frequency.touch_only_channels))
    channels = sorted(frequency.counted_channels)
    time = nw.when(nw.col("_is_talk")).then(nw.col("contact_time"))
    times = {f"_last_{c}": nw.when(nw.col("channel") == c).then(time) for c in channels}
    times["_last"] = time
    found = (
        log.with_columns(n_touches=(nw.col("_is_in_window") & is_touch).cast(nw.Int64), **times)
        .group_by(*KEYS)
        .agg(nw.col("n_touches").sum().cast(nw.Int64), nw.col(*times).max())
    )
    last = nw.col("_last")
    channel = unknown(nw.String())
    for c in reversed(channels):
        channel = nw.when(nw.col(f"_last_{c}") == last).then(nw.lit(c)).otherwise(channel)
    return found.select(
        *KEYS,
        "n_touches",
        last_contact_date=last.dt.date().cast(nw.Datetime("us")),
        last_contact_channel=channel,
    )
