"""Contacts and touches of each customer in the window, and the last contact there was."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from stockcust.customers.contact_log import (
    contact_log,
    contacts_of,
    in_sessions,
    tells_contacts,
)
from stockcust.customers.scope import KEYS, Scope, unknown
from stockcust.rulebook.familiarity import ContactFrequency


def with_contacts(customers: nw.LazyFrame, people: nw.LazyFrame, scope: Scope) -> nw.LazyFrame:
    """Add contacts and touches: unknown where the log has no row of the branch, else a count.

    `_is_logged` is true where the branch keeps a log.
    """
    if not scope.has("contacts"):
        return customers.with_columns(_is_logged=unknown(nw.Boolean()))
    frequency = scope.rules.familiarity.contact_frequency
    log = contact_log(people, scope)
    start = scope.since(months=frequency.window_months)
    log = log.with_columns(_is_in_window=nw.col("contact_time") >= start)
    window = log.filter(nw.col("_is_in_window"))
    talks = window.filter(nw.col("_is_talk"))
    for found in (_sessions(talks, frequency), _touches_and_last(log, frequency)):
        customers = customers.join(found, on=list(KEYS), how="left")
    # a branch without a row in the window keeps no log: nothing is known, which is not zero
    logged = window.select("branch_id").unique().with_columns(_is_logged=nw.lit(True))
    customers = customers.join(logged, on="branch_id", how="left")
    return customers.with_columns(*_counts(scope))


def _counts(scope: Scope) -> list[nw.Expr]:
    told = {
        "n_contacts": tells_contacts(scope),
        "n_touches": True,
        "contact_minutes": scope.has("contacts", "duration_minutes"),
    }
    return [
        nw.when(nw.col("_is_logged") & is_told).then(nw.col(name).fill_null(0)).alias(name)
        for name, is_told in told.items()
    ]


def _sessions(talks: nw.LazyFrame, frequency: ContactFrequency) -> nw.LazyFrame:
    """Weighted contacts and minutes of each customer."""
    sessions = (
        in_sessions(talks, frequency)
        .group_by(*KEYS, "_session")
        .agg(nw.col("_weight").max(), nw.col("duration_minutes").max())
    )
    return (
        sessions.group_by(*KEYS)
        .agg(nw.col("_weight").sum(), contact_minutes=nw.col("duration_minutes").sum())
        .select(*KEYS, "contact_minutes", n_contacts=contacts_of(nw.col("_weight")))
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
