"""Which header is which column of a table, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Literal

import pandas as pd

from stockcust.tables.contract import Column, Table
from stockcust.tables.headers import aliases_of, fold, never_load_group, read_header, split_unit
from stockcust.tables.mapping.cells import texts
from stockcust.tables.propose.heads import Head
from stockcust.tables.propose.words import say
from stockcust.tables.values import read_values

Certainty = Literal["alias", "similar", "values"]

_ACTIVE = 0.8
_CANDIDATE = 0.55
_FEWEST_VALUES = 3
_ROWS_JUDGED = 500
_ID = r"(?=.*\d)[0-9A-Za-z_-]{3,40}"
_OFTEN, _HARDLY = 0.05, 0.9
_MOSTLY, _MORE_CODES = 0.9, 1
_YES_OR_NO = Column(name="", type="flag", zh="")
_WORTH: dict[Certainty, float] = {"alias": 1.0, "similar": 0.7, "values": 0.3}


@dataclass(frozen=True)
class Guess:
    """One header taken for one column."""

    column: str
    header: str
    certainty: Certainty
    score: float = 1.0


@dataclass
class Guesses:
    """What a head's headers are in one table.

    Attributes
    ----------
    table : the contract's table.
    found : guesses by column.
    candidates : weaker guesses, to be shown only.
    left : headers that are none of it.
    n_never : headers that are never read, not even named.
    """

    table: Table
    found: dict[str, Guess] = field(default_factory=dict)
    candidates: list[Guess] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    n_never: int = 0

    @property
    def missing(self) -> list[Column]:
        """Required columns without a header."""
        columns = (self.table.columns[name] for name in self.table.required_columns)
        return [column for column in columns if column.name not in self.found]

    @property
    def evidence(self) -> float:
        """How much speaks for the columns that were found."""
        return sum(_WORTH[guess.certainty] for guess in self.found.values())

    @property
    def worth(self) -> float:
        """How well the headers fit the table."""
        share_missing = len(self.missing) / len(self.table.required_columns)
        return self.evidence - len(self.left) / 4 + 2 - 4 * share_missing


def by_alias(head: Head, table: Table) -> Guesses:
    """Find the columns of a table that a head's headers certainly are."""
    guesses = Guesses(table)
    guesses.left = _by_alias(_readable(head, guesses), guesses)
    return guesses


def guess_columns(head: Head, table: Table) -> Guesses:
    """Find the columns of a table among a head's headers: aliases, then likeness, then values."""
    guesses = by_alias(head, table)
    frame = head.part.frame.head(_ROWS_JUDGED)
    headers = _by_likeness(guesses.left, frame, guesses)
    guesses.left = _by_values(headers, frame, guesses)
    return guesses


def _readable(head: Head, guesses: Guesses) -> list[str]:
    """Headers that may be read and stand there once."""
    headers = [header for header in head.headers if header.strip()]
    never = [header for header in headers if never_load_group(header)]
    guesses.n_never = len(never)
    return [h for h in headers if h not in never and headers.count(h) == 1]


def _by_alias(headers: list[str], guesses: Guesses) -> list[str]:
    left = []
    for header in headers:
        column = read_header(header, guesses.table).column
        if column is None or column in guesses.found:
            left.append(header)
        else:
            guesses.found[column] = Guess(column, header, "alias")
    return left


def _by_likeness(headers: list[str], frame: pd.DataFrame, guesses: Guesses) -> list[str]:
    likely = sorted(_likenesses(headers, guesses), key=lambda guess: -guess.score)
    taken: set[str] = set()
    for guess in likely:
        if guess.column in guesses.found or guess.header in taken:
            continue
        taken.add(guess.header)
        values = texts(frame[guess.header]).dropna()
        if guess.score >= _ACTIVE and _could_be(values, guesses.table.columns[guess.column]):
            guesses.found[guess.column] = guess
        else:
            guesses.candidates.append(guess)
    active = {guess.header for guess in guesses.found.values()}
    return [header for header in headers if header not in active]


def _likenesses(headers: list[str], guesses: Guesses) -> Iterator[Guess]:
    folded = {header: fold(split_unit(header)[0]) for header in headers}
    for alias, column in aliases_of(guesses.table).items():
        if column in guesses.found:
            continue
        matcher = SequenceMatcher(None, "", alias, autojunk=False)
        for header, plain in folded.items():
            matcher.set_seq1(plain)
            if matcher.quick_ratio() >= _CANDIDATE and matcher.ratio() >= _CANDIDATE:
                yield Guess(column, header, "similar", _likeness(matcher.ratio(), plain, alias))


def _likeness(score: float, header: str, alias: str) -> float:
    """Another period (month, year) is another measure, however alike the words."""
    other_period = (set(header) ^ set(alias)) & set(say("period_signs"))
    return min(score, _ACTIVE - 0.01) if other_period else score


def _could_be(known: pd.Series, column: Column) -> bool:
    """Whether the values do not speak against a likely header."""
    if column.type == "enum":
        return _reads(known, column) or known.nunique() <= len(column.codes) + _MORE_CODES
    return column.type not in ("money", "number", "share") or bool(
        known.str.contains(r"\d").mean() > _MOSTLY or known.empty
    )


def _by_values(headers: list[str], frame: pd.DataFrame, guesses: Guesses) -> list[str]:
    """Headers whose values can be one column only, and that no other such header can be."""
    fits = {header: _fitting(texts(frame[header]), guesses) for header in headers}
    similar = {(guess.column, guess.header): guess for guess in guesses.candidates}
    while certain := _certain(fits, guesses):
        for column, header in certain.items():
            guess = Guess(column, header, "values")
            guesses.found[column] = similar.get((column, header), guess)
    active = {guess.header for guess in guesses.found.values()}
    return [header for header in headers if header not in active]


def _certain(fits: dict[str, list[str]], guesses: Guesses) -> dict[str, str]:
    """Header by column, where one header alone fits nothing but the column."""
    taken = {guess.header for guess in guesses.found.values()}
    left = {
        header: [column for column in columns if column not in guesses.found]
        for header, columns in fits.items()
        if header not in taken
    }
    only = [columns[0] for columns in left.values() if len(columns) == 1]
    return {
        columns[0]: header
        for header, columns in left.items()
        if len(columns) == 1 and only.count(columns[0]) == 1
    }


def _fitting(values: pd.Series, guesses: Guesses) -> list[str]:
    known = values.dropna()
    if len(known) < _FEWEST_VALUES:
        return []
    open_columns = [c for c in guesses.table.columns.values() if c.name not in guesses.found]
    return [column.name for column in open_columns if _fits(known, column)]


def _fits(known: pd.Series, column: Column) -> bool:
    if column.type == "enum":
        # yes and no say nothing about the question
        return not _reads(known, _YES_OR_NO) and _reads(known, column)
    if column.form == "mobile":
        return _reads(known, column)
    if not column.required:
        return False
    if column.type == "id":
        return bool(known.str.fullmatch(_ID).all()) and _is_spread(known, column)
    return column.type in ("date", "datetime", "month") and _reads(known, column)


def _is_spread(known: pd.Series, column: Column) -> bool:
    """Branches repeat often, other ids hardly."""
    different = known.nunique() / len(known)
    return different <= _OFTEN if column.name == "branch_id" else different >= _HARDLY


def _reads(known: pd.Series, column: Column) -> bool:
    reading = read_values(known.drop_duplicates(), column)
    return reading.values.null_count == 0
