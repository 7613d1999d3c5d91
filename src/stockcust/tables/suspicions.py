"""Rows that can be read but look as if nobody meant them: flagged, never rejected."""

from __future__ import annotations

import pandas as pd

from stockcust.tables.rows import Rows
from stockcust.tables.sources import Notice

_BULK_CUSTOMERS = 20
_LATE_DAYS = 7
_OPEN_HOURS = (6, 23)
_BURST_SHARE, _BURST_LOGS = 0.4, 50
_OLD_SCALE = 5
_MOSTLY = 0.5


def flag_suspicions(tables: dict[str, Rows]) -> None:
    """Flag logs, scores and causes that other programs or hurried people write."""
    for name, flags in (
        ("contacts", _contacts),
        ("service_events", _service_events),
        ("churn_records", _churn_records),
    ):
        if name not in tables:
            continue
        rows = tables[name]
        for code, (column, mask) in flags(rows.frame[rows.alive]).items():
            if mask.any():
                rows.notices.append(Notice(code, name, "", column, n=int(mask.sum())))


_Flags = dict[str, tuple[str, pd.Series]]


def _contacts(logs: pd.DataFrame) -> _Flags:
    when = logs["contact_time"]
    has_clock = when != when.dt.normalize()
    at_night = has_clock & ~when.dt.hour.between(_OPEN_HOURS[0], _OPEN_HOURS[1] - 1)
    flags: _Flags = {
        "contact_at_night": ("contact_time", at_night),
        "burst_of_logs": ("contact_time", _burst(logs)),
    }
    if "log_time" in logs:
        delay = logs["log_time"] - when
        flags["logged_before_contact"] = ("log_time", delay < pd.Timedelta(days=-1))
        flags["logged_late"] = ("log_time", delay > pd.Timedelta(days=_LATE_DAYS))
    if "content" in logs:
        flags["bulk_contact"] = ("content", _bulk(logs))
    if {"duration_minutes", "is_effective"} <= set(logs):
        silent = logs["is_effective"].fillna(False).astype(bool) & (logs["duration_minutes"] == 0)
        flags["effective_without_time"] = ("duration_minutes", silent)
    return flags


def _bulk(logs: pd.DataFrame) -> pd.Series:
    """The same text to many customers in the same minute."""
    minute = logs["contact_time"].dt.floor("min")
    same = logs.groupby([logs["content"], minute])["customer_id"].transform("nunique")
    return logs["content"].notna() & (same > _BULK_CUSTOMERS)


def _burst(logs: pd.DataFrame) -> pd.Series:
    """Most of a month's logs on its last two days."""
    month = logs["contact_time"].dt.to_period("M")
    at_end = logs["contact_time"].dt.day > logs["contact_time"].dt.days_in_month - 2
    share, n = at_end.groupby(month).transform("mean"), at_end.groupby(month).transform("size")
    return at_end & (share > _BURST_SHARE) & (n >= _BURST_LOGS)


def _service_events(events: pd.DataFrame) -> _Flags:
    if "satisfaction" not in events:
        return {}
    scores = events["satisfaction"]
    small = scores <= _OLD_SCALE
    is_mixed = bool((scores > _OLD_SCALE).any()) and 0.1 < small[scores.notna()].mean() < 0.9
    return {"two_scales": ("satisfaction", small)} if is_mixed else {}


def _churn_records(records: pd.DataFrame) -> _Flags:
    flags: _Flags = {}
    if "record_date" in records:
        first_day = records["churn_month"].dt.to_period("M").dt.start_time
        flags["recorded_before_churn"] = ("record_date", records["record_date"] < first_day)
    if "stated_cause" in records:
        empty = records["stated_cause"].isna()
        flags["causes_mostly_empty"] = ("stated_cause", empty & (empty.mean() > _MOSTLY))
    return flags
