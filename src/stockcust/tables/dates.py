"""Days, months and times in every spelling that banks use."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from stockcust.tables.cells import half_width
from stockcust.tables.contract import load_contract
from stockcust.tables.reading import Reading, mask_of

_COMPACT = (
    r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})?"
    r"(?:[ T]?(?P<H>\d{2}):?(?P<M>\d{2}):?(?P<S>\d{2})?)?(?:\.0+)?$"
)
_SERIAL = r"^[2-7]\d{4}(?:\.\d+)?$"
# 20241 is hardly the day in 1955 that Excel counts so, and 2024-1 only perhaps
_SERIAL_MONTH = r"^(?:2[1-9]|[3-7]\d)\d{3}(?:\.\d+)?$"
_ZEROS = r"^0+(?:[-/:. ]*0+)*$"
_CHINA = 8 * 60
_EXCEL_EPOCH = np.datetime64("1899-12-30", "us")


def read_dates(text: pa.Array, kind: str) -> Reading:
    """Read days, months or times.

    Parameters
    ----------
    text : clean cells, null where missing.
    kind : "date" (midnight), "month" (its last day) or "datetime".

    Returns
    -------
    Reading of timestamps; placeholders and open ends are left out with a note.
    """
    plain = half_width(text)
    times, has_day, impossible = _parse(plain, _SERIAL_MONTH if kind == "month" else _SERIAL)
    readable = ~np.isnat(times) | impossible
    reading = Reading.plain(pa.array(_shape(times, kind), pa.timestamp("us")))
    zeros = pc.match_substring_regex(plain, _ZEROS)
    reading = reading.blank(pc.or_(zeros, mask_of(_among(times, "placeholders"))), "placeholder")
    reading = reading.blank(mask_of(_among(times, "open_ended")), "open_ended")
    untouched = pc.and_(pc.is_valid(text), pc.is_null(reading.notes))
    reading = reading.refuse(pc.and_(untouched, mask_of(~readable)), "unreadable_date")
    reading = reading.refuse(pc.and_(untouched, mask_of(impossible)), "impossible_date")
    if kind != "month":
        reading = reading.refuse(pc.and_(untouched, mask_of(readable & ~has_day)), "day_missing")
    return reading.refuse(pc.and_(untouched, mask_of(_out_of_range(times))), "date_out_of_range")


def month_end(times: np.ndarray) -> np.ndarray:
    """The last day of each time's month."""
    days = (times.astype("datetime64[M]") + 1).astype("datetime64[D]") - 1
    return days.astype("datetime64[us]")


def _shape(times: np.ndarray, kind: str) -> np.ndarray:
    if kind == "month":
        return month_end(times)
    return times.astype("datetime64[D]").astype("datetime64[us]") if kind == "date" else times


def _parse(text: pa.Array, serials: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times, whether a day was named, and which look like dates but name none."""
    n = len(text)
    times = np.full(n, np.datetime64("NaT"), "datetime64[us]")
    has_day, impossible = np.zeros(n, bool), np.zeros(n, bool)
    for pattern in (load_contract().dates.spelt, _COMPACT):
        found = pc.extract_regex(text, pattern)
        rows = np.flatnonzero(pc.is_valid(found).to_numpy(zero_copy_only=False))
        if len(rows) == 0:
            continue
        parts = {name: _numbers(found, name, rows) for name in "ymdHMS"}
        times[rows], wrong = _assemble(parts)
        times[rows] += _to_china(found, rows, parts["H"] >= 0)
        has_day[rows], impossible[rows] = parts["d"] >= 0, wrong
    serial = pc.match_substring_regex(text, serials)
    rows = np.flatnonzero(pc.fill_null(serial, False).to_numpy(zero_copy_only=False))
    days = pc.cast(text.take(pa.array(rows)), pa.float64()).to_numpy(zero_copy_only=False)
    seconds = np.round(days * 86_400).astype("int64")
    times[rows] = _EXCEL_EPOCH + (seconds * 1_000_000).astype("timedelta64[us]")
    has_day[rows] = True
    return times, has_day, impossible


def _numbers(found: pa.Array, name: str, rows: np.ndarray) -> np.ndarray:
    """One named group as integers, -1 where it is absent."""
    text = pc.struct_field(found, name).take(pa.array(rows))
    digits = pc.if_else(pc.equal(text, ""), "-1", text)
    return pc.cast(digits, pa.int64()).to_numpy(zero_copy_only=False)


def _to_china(found: pa.Array, rows: np.ndarray, has_clock: np.ndarray) -> np.ndarray:
    """What brings times of a named zone to a clock in China, as for times of typed files."""
    if "zone" not in (field.name for field in found.type):
        return np.zeros(len(rows), "timedelta64[us]")
    zones = pc.struct_field(found, "zone").take(pa.array(rows)).dictionary_encode()
    minutes = np.array([_minutes_to_china(zone) for zone in zones.dictionary.to_pylist()], "int64")
    moved = np.where(has_clock, minutes[zones.indices.to_numpy()], 0)
    return (moved * 60_000_000).astype("timedelta64[us]")


def _minutes_to_china(zone: str) -> int:
    if not zone:
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    east = int(digits[:2]) * 60 + int(digits[2:])
    return _CHINA - (-east if zone.startswith("-") else east)


def _assemble(parts: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    year, month = parts["y"], parts["m"]
    day, hour, minute, second = (np.where(parts[p] < 0, p == "d", parts[p]) for p in "dHMS")
    first = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    length = ((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype("int64")
    right = (year > 0) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= length)
    right &= (hour < 24) & (minute < 60) & (second < 60)
    days = first.astype("datetime64[D]") + (day - 1)
    clock = ((hour * 60 + minute) * 60 + second) * 1_000_000
    times = days.astype("datetime64[us]") + clock.astype("timedelta64[us]")
    return np.where(right, times, np.datetime64("NaT", "us")), ~right


def _among(times: np.ndarray, kind: str) -> np.ndarray:
    return np.isin(times.astype("datetime64[D]"), _days(kind))


@functools.cache
def _days(kind: str) -> np.ndarray:
    return np.array(getattr(load_contract().dates, kind), dtype="datetime64[D]")


def _out_of_range(times: np.ndarray) -> np.ndarray:
    dates = load_contract().dates
    years = times.astype("datetime64[Y]").astype("int64") + 1970
    return ~np.isnat(times) & ((years < dates.first_year) | (years > dates.last_year))


def read_times(column: pd.Series, kind: str) -> Reading:
    """Read a column that already holds times; the same placeholders and range count."""
    times = column.to_numpy(dtype="datetime64[us]")
    reading = Reading.plain(pa.array(_shape(times, kind), pa.timestamp("us")))
    reading = reading.blank(mask_of(_among(times, "placeholders")), "placeholder")
    reading = reading.blank(mask_of(_among(times, "open_ended")), "open_ended")
    untouched = pc.is_null(reading.notes)
    return reading.refuse(pc.and_(untouched, mask_of(_out_of_range(times))), "date_out_of_range")
