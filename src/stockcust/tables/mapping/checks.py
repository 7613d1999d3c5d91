"""What the contract says to a mapping: its tables, columns, codes, and what is never read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stockcust.errors import Problem
from stockcust.rulebook.places import did_you_mean
from stockcust.tables.contract import Column, Table, load_contract
from stockcust.tables.headers import never_load_group
from stockcust.tables.mapping.derivations import HashBucket
from stockcust.tables.mapping.model import BankMapping, Source, source_headers
from stockcust.tables.mapping.tree import OPEN, Place, Tree

_TIMES = ("date", "datetime", "month")
_CODED = ("enum", "flag", "text", "id")


def contract_problems(mapping: BankMapping, tree: Tree) -> Iterator[Problem]:
    """What a well-formed mapping says that the contract does not know or does not allow."""
    tables = load_contract().tables
    for name, sources in mapping.tables.items():
        if name == OPEN:
            continue
        if name not in tables:
            place = ("tables", name)
            yield tree.problem(place, "is no table of the contract", did_you_mean(name, tables))
            continue
        for i, source in enumerate(sources):
            check = _Check(tree, ("tables", name, i), source, tables[name])
            yield from check.problems()
    yield from _unequal_buckets(mapping, tree)


class _Check:
    """One source against its table."""

    def __init__(self, tree: Tree, place: Place, source: Source, table: Table) -> None:
        self.tree, self.place, self.source, self.table = tree, place, source, table

    def problems(self) -> Iterator[Problem]:
        yield from self._never_loaded()
        if self.source.pseudo_branches:
            if self.table.name != "branches":
                yield self._problem((), "pseudo_branches belongs to branches", "move it there")
            return
        yield from self._unknown_columns()
        yield from self._repeated()
        yield from self._required()
        yield from self._settings("codes", self.source.codes, _CODED)
        yield from self._settings("units", self.source.units, ("money",))
        yield from self._settings("date_format", self.source.date_format, _TIMES)
        yield from self._code_words()

    def _problem(self, place: Place, what: str, remedy: str) -> Problem:
        return self.tree.problem((*self.place, *place), what, remedy)

    def _never_loaded(self) -> Iterator[Problem]:
        for place, header in source_headers(self.source):
            if never_load_group(header):
                yield self._problem(place, f"{header} is never read", "take it out of the mapping")

    def _unknown_columns(self) -> Iterator[Problem]:
        for section in ("columns", "constants", "derive"):
            for name in getattr(self.source, section):
                if name not in self.table.columns:
                    what = f"{self.table.name} has no such column"
                    yield self._problem(
                        (section, name), what, did_you_mean(name, self.table.columns)
                    )

    def _repeated(self) -> Iterator[Problem]:
        targets = self.source.targets
        for name in sorted({name for name in targets if targets.count(name) > 1}):
            yield self._problem(
                (), f"{name} is filled twice", "keep one of columns, constants, derive"
            )

    def _required(self) -> Iterator[Problem]:
        for name in self.table.required_columns:
            if name not in self.source.targets:
                zh = self.table.columns[name].zh
                what = f"{self.table.name} needs {name} ({zh})"
                yield self._problem(("columns",), what, "name its header")

    def _settings(
        self, section: str, given: Mapping[str, Any], types: tuple[str, ...]
    ) -> Iterator[Problem]:
        for name in given:
            if name not in self.source.targets:
                remedy = did_you_mean(name, self.source.targets)
                yield self._problem((section, name), "no such column is filled here", remedy)
            elif name in self.table.columns and self.table.columns[name].type not in types:
                what = f"is {self.table.columns[name].type}, not {' or '.join(types)}"
                yield self._problem((section, name), what, "remove it")

    def _code_words(self) -> Iterator[Problem]:
        for name, codes in self.source.codes.items():
            for written, code in codes.items():
                yield from self._no_code(("codes", name, written), name, code)
        for name, constant in self.source.constants.items():
            yield from self._no_code(("constants", name), name, constant)

    def _no_code(self, place: Place, name: str, word: str | None) -> Iterator[Problem]:
        column = self.table.columns.get(name)
        if column is None or word in (None, OPEN) or _is_code(column, word):
            return
        remedy = did_you_mean(word, column.codes or ("true", "false"))
        yield self._problem(place, f"{word} is no code of {name}", remedy)


def _is_code(column: Column, word: str) -> bool:
    if column.type == "flag":
        return word.lower() in ("true", "false")
    return column.type != "enum" or word in column.codes


def _unequal_buckets(mapping: BankMapping, tree: Tree) -> Iterator[Problem]:
    """Customers must fall into the pseudo-branches that the branches table has."""
    branches = mapping.tables.get("branches", ())
    declared = [_numbering(s.pseudo_branches) for s in branches if s.pseudo_branches]
    for place, rule in _hash_buckets(mapping):
        if declared and _numbering(rule) not in declared:
            what = "makes other ids than the pseudo-branches have"
            remedy = "give buckets and prefix as in branches.pseudo_branches"
            yield tree.problem(place, what, remedy)


def _hash_buckets(mapping: BankMapping) -> Iterator[tuple[Place, HashBucket]]:
    for name, sources in mapping.tables.items():
        for i, source in enumerate(sources):
            for column, derivation in source.derive.items():
                if derivation.hash_bucket:
                    yield ("tables", name, i, "derive", column), derivation.hash_bucket


def _numbering(rule: HashBucket) -> tuple[int, str]:
    return rule.buckets, rule.prefix
