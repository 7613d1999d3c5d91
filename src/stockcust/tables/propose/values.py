"""What has to be declared about the values of a column: codes, dates, units, decimal commas."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from stockcust.tables.contract import Column, load_contract
from stockcust.tables.headers import split_unit
from stockcust.tables.mapping.cells import plain_decimals, texts
from stockcust.tables.mapping.dates import iso_dates
from stockcust.tables.mapping.parts import DateFormat
from stockcust.tables.values import read_values

_MOST_CODES = 40
_FORMATS = (
    "YYMMDD", "YYMMDD hh:mm:ss", "DD.MM.YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY",
    "MM-DD-YYYY", "DDMMYYYY", "DD.MM.YYYY hh:mm:ss", "DD/MM/YYYY hh:mm:ss", "MM/YYYY",
)  # fmt: skip
_ANY_PIVOT = 50
_READABLE = 0.95
# below it the typical balance of a customer is hardly in yuan
_SMALL_BALANCE = 300
_BALANCES = ("aum_monthly", "holdings", "purchases")


@dataclass(frozen=True)
class Code:
    """A spelling that the contract does not know."""

    written: str
    n: int
    likely: str | None = None


def unknown_codes(values: pd.Series, column: Column) -> list[Code]:
    """Spellings of an enum or a flag that the contract does not know, most frequent first."""
    known = texts(values).dropna()
    counts = known.value_counts()
    if column.type not in ("enum", "flag") or len(counts) > _MOST_CODES:
        return []
    spellings = pd.Series(counts.index, dtype="str")
    unread = read_values(spellings, column).values.is_null().to_pylist()
    return [
        Code(word, int(counts[word]), _likely_code(word, column))
        for word, is_unread in zip(spellings, unread)
        if is_unread
    ]


def _likely_code(word: str, column: Column) -> str | None:
    """The one code of which a spelling stands in the word; digits and letters are never guessed."""
    if word.isascii():
        return None
    longest: dict[str, int] = {}
    for code, spellings in column.codes.items():
        inside = [len(s) for s in spellings if not s.isascii() and (s in word or word in s)]
        if inside:
            longest[code] = max(inside)
    best = [code for code, n in longest.items() if n == max(longest.values())]
    return best[0] if len(best) == 1 else None


def date_formats(values: pd.Series, column: Column) -> list[str]:
    """Formats that fit all dates which the contract cannot read; none if it reads them."""
    known = texts(values).dropna()
    if known.empty or column.type not in ("date", "datetime", "month"):
        return []
    if 1 - read_values(known, column).reasons.null_count / len(known) < 1 - _READABLE:
        return []
    return [form for form in _FORMATS if _fits(known, form)]


def _fits(known: pd.Series, form: str) -> bool:
    pivot = None if "YYYY" in form else _ANY_PIVOT
    return bool(iso_dates(known, DateFormat(format=form, pivot=pivot)).notna().mean() >= _READABLE)


def has_decimal_commas(columns: list[pd.Series]) -> bool:
    """Whether amounts are no numbers as they stand, but are with a decimal comma."""
    number = Column(name="", type="number", zh="")
    return any(
        _share_read(column, number) < _READABLE <= _share_read(plain_decimals(column), number)
        for column in columns
        if isinstance(column.dtype, pd.StringDtype) and column.notna().any()
    )


def _share_read(column: pd.Series, number: Column) -> float:
    known = texts(column).dropna()
    if known.empty:
        return 0.0
    return read_values(known, number).reasons.null_count / len(known)


def suspicious_median(table: str, amounts: list[pd.Series]) -> float | None:
    """The typical balance, if the balances are so small that they may be in 万元."""
    if table not in _BALANCES:
        return None
    number = Column(name="", type="number", zh="")
    medians = []
    for column in amounts:
        values = read_values(texts(column), number).values.to_pandas()
        positive = values[values > 0]
        if len(positive):
            medians.append(float(positive.median()))
    return max(medians) if medians and max(medians) < _SMALL_BALANCE else None


def header_unit(header: str) -> str:
    """The unit in a header, if it is one that the contract converts."""
    unit = split_unit(header)[1]
    return unit if unit in load_contract().units else ""
