"""Dates as banks write them, brought to ISO texts without a guess."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from stockcust.tables.mapping.parts import DateFormat

DATE_TOKENS = re.compile(r"YYYY|YY|MM|DD|hh|mm|ss")
_WIDTHS = {"YYYY": r"\d{4}", "YY": r"\d{2}"}
PERIODS = {
    "month": re.compile(r"(?P<year>\d{4})[-_.年mM]?(?P<month>\d{1,2})月?"),
    "quarter": re.compile(r"(?P<year>\d{4})[-_.年]?(?:[qQ]|第)?(?P<quarter>[1-4])(?:季度)?"),
    "date": re.compile(r"(?P<year>\d{4})[-_.年]?(?P<month>\d{1,2})[-_.月]?(?P<day>\d{1,2})日?"),
}
WOMEN_ADD = 50


def iso_dates(texts: pd.Series, form: DateFormat) -> pd.Series:
    """Texts of one format as ISO dates or datetimes; what does not fit is missing.

    Parameters
    ----------
    texts : dates as written.
    form : their format; without DD the day is the month's last.

    Returns
    -------
    ISO texts, aligned with the input.
    """
    parts = texts.str.strip().str.extract(_pattern(form.format))
    if "YY" in parts:
        assert form.pivot is not None
        short = pd.to_numeric(parts.pop("YY"))
        parts["YYYY"] = short.where(short >= form.pivot, short + 100) + 1900
    numbers = parts.apply(pd.to_numeric)
    days = _timestamps(numbers)
    if "DD" not in numbers:
        days = days + pd.offsets.MonthEnd(0)
    return days.dt.strftime("%Y-%m-%dT%H:%M:%S" if "hh" in numbers else "%Y-%m-%d")


def _pattern(form: str) -> str:
    """The regular expression of a format; everything but the tokens stands for itself."""
    pattern, end = "", 0
    for match in DATE_TOKENS.finditer(form):
        token = match.group()
        pattern += re.escape(form[end : match.start()])
        pattern += f"(?P<{token}>{_WIDTHS.get(token, _digits(form, match))})"
        end = match.end()
    return f"^{pattern}{re.escape(form[end:])}$"


def _digits(form: str, match: re.Match[str]) -> str:
    # 1/2/2024 is DD/MM/YYYY too, but YYMMDD has no room for a one-digit day
    neighbours = (
        form[max(match.start() - 1, 0) : match.start()] + form[match.end() : match.end() + 1]
    )
    return r"\d{2}" if any(c.isalpha() for c in neighbours) else r"\d{1,2}"


def _timestamps(numbers: pd.DataFrame) -> pd.Series:
    names = {
        "YYYY": "year",
        "MM": "month",
        "DD": "day",
        "hh": "hour",
        "mm": "minute",
        "ss": "second",
    }
    parts = numbers.rename(columns=names)
    parts["day"] = parts.get("day", 1)
    return pd.to_datetime(parts, errors="coerce")


def period_end(kind: str, text: str) -> str | None:
    """The last day of a month or quarter, or the date itself, as an ISO date.

    Parameters
    ----------
    kind : month, quarter or date.
    text : such as 2019q3, 201909, 2019m09, 2019年3季度 or 20190930.

    Returns
    -------
    None if the text is no such period.
    """
    found = PERIODS[kind].fullmatch(text)
    if not found:
        return None
    year = int(found["year"])
    month = int(found["quarter"]) * 3 if kind == "quarter" else int(found["month"])
    try:
        day = dt.date(year, month, int(found["day"]) if kind == "date" else 1)
    except ValueError:
        return None
    return str(day if kind == "date" else (pd.Timestamp(day) + pd.offsets.MonthEnd(0)).date())


def czech_birth(texts: pd.Series) -> pd.DataFrame:
    """Birth date and gender of Czech birth numbers; what is no such number is missing.

    Numbers of six or nine digits were given to people born before 1954; of ten digits since.

    Returns
    -------
    columns birth_date (ISO text) and gender (F or M), aligned with the input.
    """
    number = texts.str.strip().str.replace("/", "", regex=False)
    parts = number.str.extract(r"^(?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2})(?P<rest>\d{0,4})$")
    year, month, day = (pd.to_numeric(parts[name]) for name in ("year", "month", "day"))
    is_woman = month > WOMEN_ADD
    is_later = (parts["rest"].str.len() == 4) & (year < 54)
    dates = pd.to_datetime(
        pd.DataFrame(
            {
                "year": 1900 + year + 100 * is_later.astype(int),
                "month": month - WOMEN_ADD * is_woman.astype(int),
                "day": day,
            }
        ),
        errors="coerce",
    )
    gender = pd.Series(np.where(is_woman, "F", "M"), index=texts.index).where(dates.notna())
    return pd.DataFrame({"birth_date": dates.dt.strftime("%Y-%m-%d"), "gender": gender})


def plus_months(dates: pd.Series, months: pd.Series) -> pd.Series:
    """ISO dates some whole months later; the 31st becomes the last day of a shorter month."""
    days = pd.to_datetime(dates, format="ISO8601", errors="coerce")
    count = pd.to_numeric(months, errors="coerce")
    month_start = days.to_numpy().astype("datetime64[M]") + count.to_numpy(na_value=0).astype(
        "timedelta64[M]"
    )
    last_day = pd.Series(month_start, index=dates.index).astype("datetime64[us]").dt.days_in_month
    day = np.minimum(days.dt.day, last_day)
    later = pd.Series(month_start, index=dates.index).astype("datetime64[us]")
    moved = later + pd.to_timedelta(day - 1, unit="D")
    return moved.where(count.notna() & days.notna()).dt.strftime("%Y-%m-%d")
