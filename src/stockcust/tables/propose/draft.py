"""One source of a proposed mapping: the files, the table they seem to be, what must be declared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from stockcust.tables.contract import load_contract
from stockcust.tables.discover import table_of_name
from stockcust.tables.mapping.dates import period_end
from stockcust.tables.propose.columns import Guesses, by_alias, guess_columns
from stockcust.tables.propose.heads import Head

_NAME_BONUS = 3.0
_ENOUGH = 2.0
_PERIODS = {
    "quarter": r"(?P<quarter>(?:19|20)\d{2}[-_]?q[1-4])",
    "date": r"(?P<date>(?:19|20)\d{2}[-_]?(?:0[1-9]|1[0-2])[-_]?(?:0[1-9]|[12]\d|3[01]))(?!\d)",
    "month": r"(?P<month>(?:19|20)\d{2}[-_m年]?(?:0[1-9]|1[0-2])月?)(?!\d)",
}


@dataclass(frozen=True)
class Draft:
    """A source in the making.

    Attributes
    ----------
    files : names, or one pattern for several.
    head : first rows of the first file.
    guesses : the table and its columns; None where no table fits.
    by_name : the file's name speaks for the table.
    period : the kind of period in the file's name that the rows lack: quarter, month or date.
    n_files : files that the draft stands for.
    """

    files: str
    head: Head
    guesses: Guesses | None
    by_name: bool = False
    period: str = ""
    n_files: int = 1

    @property
    def table(self) -> str:
        """The table's name, "" where no table fits."""
        return self.guesses.table.name if self.guesses else ""

    @property
    def pattern(self) -> str:
        """The expression that reads the period from the file's name."""
        return _PERIODS[self.period]


def draft(head: Head) -> Draft:
    """Take a head for the table that its name and headers speak for most."""
    named = _named_table(head)
    best = max(_guesses(head, named), key=lambda g: g.worth + _NAME_BONUS * (g.table.name == named))
    by_name = best.table.name == named
    n_required = len(best.table.required_columns)
    if by_name or (best.evidence >= _ENOUGH and 2 * len(best.missing) <= n_required):
        return _with_period(Draft(head.name, head, best, by_name))
    return Draft(head.name, head, None)


def _guesses(head: Head, named: str | None) -> list[Guesses]:
    """The table of the file's name if its headers are certain, else every table."""
    tables = load_contract().tables
    if named and not by_alias(head, tables[named]).missing:
        return [guess_columns(head, tables[named])]
    return [guess_columns(head, table) for table in tables.values()]


def _named_table(head: Head) -> str | None:
    stem = head.name.removesuffix(".gz").rpartition(".")[0]
    names = (head.part.sheet, PurePosixPath(stem).name)
    return next((table for name in names if name and (table := table_of_name(name))), None)


def _with_period(source: Draft) -> Draft:
    """Rows without a month or snapshot date get it from the file's name, if it has one."""
    assert source.guesses is not None
    wants = {"aum_monthly": "month", "customers": "snapshot_date"}.get(source.table)
    if wants is None or wants in source.guesses.found:
        return source
    for kind, pattern in _PERIODS.items():
        found = re.search(pattern, source.head.name, re.IGNORECASE)
        if found and period_end(kind, found[kind]):
            return replace(source, period=kind)
    return source


def together(drafts: Iterable[Draft]) -> list[Draft]:
    """Files of one table with equal headers, whose names differ in digits only, are one source."""
    groups: dict[tuple[object, ...], list[Draft]] = {}
    for source in drafts:
        pattern = re.sub(r"\d+", "*", source.head.name)
        sheet = source.head.declared.sheet
        key = (source.table, pattern, sheet, source.head.headers, source.period)
        groups.setdefault(key, []).append(source)
    return [_one(group, str(key[1])) for key, group in groups.items()]


def _one(group: list[Draft], pattern: str) -> Draft:
    if len(group) == 1:
        return group[0]
    return replace(group[0], files=pattern, n_files=len(group))


def in_order(drafts: Iterable[Draft]) -> Iterator[tuple[str, list[Draft]]]:
    """Drafts by table, in the contract's order; those without a table last."""
    found = list(drafts)
    for table in (*load_contract().tables, ""):
        own = [source for source in found if source.table == table]
        if own:
            yield table, own
