"""Which column of the contract a header means, its unit, and the headers that are never read."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stockcust.tables.contract import Contract, Table, load_contract

_IGNORED = re.compile(r"[\s_\-\u00b7\u200b\ufeff]+")


def fold(text: str) -> str:
    """A header for comparing: without case, spaces, underscores and full-width forms."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).lower()


@dataclass(frozen=True, slots=True)
class Header:
    """What a header turned out to be.

    Attributes
    ----------
    text : as it stands in the file.
    column : the contract's column, or None.
    unit : the unit that the header names, or "".
    never : group of headers that are never read, or None.
    """

    text: str
    column: str | None = None
    unit: str = ""
    never: str | None = None


def read_header(text: str, table: Table) -> Header:
    """Find the column of a table that a header means."""
    columns = _columns_by_alias(table.name)
    folded = fold(text)
    if folded in columns:
        return Header(text, columns[folded])
    never = never_load_group(text)
    if never:
        return Header(text, never=never)
    base, unit = split_unit(text)
    if unit and fold(base) in columns:
        return Header(text, columns[fold(base)], unit)
    return Header(text)


@functools.lru_cache(maxsize=4096)
def split_unit(text: str) -> tuple[str, str]:
    """Split a header into name and unit, in brackets or after a sign; no unit is ""."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for pattern in load_contract().header_units:
        found = re.match(pattern, plain)
        if found and _is_unit(found["unit"]):
            return found["base"].strip(), found["unit"].strip().lower()
    return text, ""


def unit_named(text: str) -> str:
    """The unit that a text is, in brackets or bare; else ""."""
    plain = unicodedata.normalize("NFKC", text).strip().strip("()[]【】<>").strip().lower()
    return plain if _is_unit(plain) else ""


def units_in_title(text: str) -> set[str]:
    """The units that a title names for all columns: 单位：万元, 资产月报(万元)."""
    _, said, after = unicodedata.normalize("NFKC", text).partition("单位")
    words = re.split(r"[\s、,;:/()\[\]【】<>]+", after) if said else [split_unit(text)[1]]
    return {unit for word in words if (unit := unit_named(word))}


@functools.lru_cache(maxsize=4096)
def never_load_group(text: str) -> str | None:
    """The group of never-load headers that a header belongs to."""
    plain = unicodedata.normalize("NFKC", text).strip()
    spellings = {re.sub(r"\s+", joint, plain) for joint in ("", "_")}
    groups = load_contract().never_load.items()
    return next((name for name, group in groups if any(map(group.matches, spellings))), None)


def is_withheld(text: str) -> bool:
    """Whether a name belongs to what is not even named in what is written."""
    group = never_load_group(text)
    return group is not None and load_contract().never_load[group].withheld


@functools.lru_cache(maxsize=4096)
def is_known_header(text: str) -> bool:
    """Whether some table of the contract has such a header."""
    return fold(split_unit(text)[0]) in _known_aliases() or fold(text) in _known_aliases()


def likely_tables(headers: Sequence[str]) -> dict[str, int]:
    """The tables whose required columns all stand in the headers: number of columns, best first."""
    names = {fold(text) for header in headers for text in (header, split_unit(header)[0])}
    scores = {}
    for table in load_contract().tables.values():
        columns = _columns_by_alias(table.name)
        found = {columns[name] for name in names & columns.keys()}
        if found.issuperset(table.required_columns):
            scores[table.name] = len(found)
    return dict(sorted(scores.items(), key=lambda fit: -fit[1]))


def aliases_of(table: Table) -> dict[str, str]:
    """Column by folded header: names, Chinese labels, aliases; an earlier claim stands."""
    found: dict[str, str] = {}
    for pick in (_own_names, _other_names):
        for column in table.columns.values():
            for alias in pick(column.name, column.zh, column.aliases):
                found.setdefault(fold(alias), column.name)
    return found


def _own_names(name: str, zh: str, aliases: Iterable[str]) -> tuple[str, ...]:
    return (name, name.removesuffix("_cny"), zh)


def _other_names(name: str, zh: str, aliases: Iterable[str]) -> tuple[str, ...]:
    return tuple(aliases)


def _is_unit(text: str) -> bool:
    contract: Contract = load_contract()
    return text.strip().lower() in (*contract.units, *contract.foreign_units)


@functools.cache
def _columns_by_alias(table: str) -> dict[str, str]:
    return aliases_of(load_contract().tables[table])


@functools.cache
def _known_aliases() -> frozenset[str]:
    return frozenset(
        alias for table in load_contract().tables for alias in _columns_by_alias(table)
    )
