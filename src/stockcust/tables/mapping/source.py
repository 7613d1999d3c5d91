"""One source of a mapping: its files read, selected, joined, and made into contract tables."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from stockcust.errors import InputError, Problem
from stockcust.rulebook.places import did_you_mean
from stockcust.tables.contract import Table
from stockcust.tables.details import write_detail
from stockcust.tables.headers import never_load_group
from stockcust.tables.mapping.balances import balance_parts
from stockcust.tables.mapping.columns import contract_columns, pseudo_branches
from stockcust.tables.mapping.files import DataFolder, named_columns
from stockcust.tables.mapping.lookup import fan_out, joined, partners, selected
from stockcust.tables.mapping.model import Lookup, MonthlyBalance, Source, source_headers
from stockcust.tables.mapping.parts import Format
from stockcust.tables.mapping.tree import Place, Tree
from stockcust.tables.mapping.units import declared_units
from stockcust.tables.sources import Notice, Part, RawTable


@dataclass
class Run:
    """What all sources of a mapping share: the folder, and the problems found so far."""

    folder: DataFolder
    tree: Tree
    form: Format
    problems: list[Problem] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)
    used: dict[str, set[str]] = field(default_factory=dict)

    def unused(self) -> list[Notice]:
        """Columns of the files that no source names."""
        notices = []
        for file, columns in self.columns.items():
            left = [column for column in columns if column not in self.used.get(file, ())]
            detail = write_detail("columns", columns=left)
            notices += [Notice("not_mapped", file=file, detail=detail, n=len(left))] if left else []
        return notices

    def problem(self, place: Place, what: str, remedy: str) -> None:
        """Note a problem at a place of the mapping."""
        found = self.tree.problem(place, what, remedy)
        if found not in self.problems:
            self.problems.append(found)


class SourceReader:
    """Turns one source into raw tables; what is wrong goes to the run's problems."""

    def __init__(self, run: Run, place: Place, source: Source, table: Table) -> None:
        self.run, self.place, self.source, self.table = run, place, source, table

    def raw_tables(self) -> list[RawTable]:
        """The contract's rows of the source; nothing if the mapping does not fit the files."""
        if self.source.pseudo_branches:
            return [self._pseudo_branches()]
        n_problems = len(self.run.problems)
        parts = self._parts()
        if len(self.run.problems) > n_problems:
            return []
        units, conflicts = declared_units(self.source, self.table)
        for place, what, remedy in conflicts:
            self._problem(place, what, remedy)
        made = [self._contract_part(part) for part in parts]
        made = _distinct(made) if self.source.distinct else made
        return [RawTable(self.table.name, part, units) for part in made]

    def _pseudo_branches(self) -> RawTable:
        rule = self.source.pseudo_branches
        assert rule is not None
        frame = pseudo_branches(rule)
        frame.index = pd.RangeIndex(1, len(frame) + 1)
        how = write_detail("hash_of", column=rule.column)
        notice = Notice("pseudo_branches", detail=how, n=rule.buckets)
        part = Part(f"{self.run.tree.path.name}#pseudo_branches", frame, (), (notice,))
        return RawTable(self.table.name, part)

    def _parts(self) -> list[Part]:
        form = self.source.format or self.run.form
        parts = self._read(self.source.files or (), form, ())
        parts = [named for part in parts if (named := self._named(part)) is not None]
        parts = self._selected(parts)
        for i, lookup in enumerate(self.source.lookup):
            parts = self._looked_up(parts, lookup, ("lookup", i))
        if self.source.monthly_balance:
            parts = self._balances(parts, self.source.monthly_balance, comma=form.decimal == ",")
        self._has(parts, ("columns", "derive"))
        return parts

    def _balances(self, parts: list[Part], rule: MonthlyBalance, *, comma: bool) -> list[Part]:
        if not parts or not self._has(parts, ("monthly_balance",)):
            return []
        made = balance_parts(parts, rule, comma=comma)
        if not made:
            remedy = "look at date, balance and ends"
            self._problem(("monthly_balance",), "no posting can be read", remedy)
        return made

    def _read(self, patterns: Iterable[str], form: Format, place: Place) -> list[Part]:
        names: dict[str, None] = {}
        for pattern in patterns:
            found = self.run.folder.matching(pattern)
            names |= dict.fromkeys(found)
            if not found:
                remedy = did_you_mean(pattern, self.run.folder.paths)
                self._problem((*place, "files"), f"no file is named {pattern}", remedy)
        return [part for name in names for part in self._read_file(name, form)]

    def _read_file(self, name: str, form: Format) -> Sequence[Part]:
        try:
            parts = [_without_never_load(part) for part in self.run.folder.read(name, form)]
        except InputError as error:
            self.run.problems += [p for p in error.problems if p not in self.run.problems]
            return []
        self.run.columns |= {part.file: [str(c) for c in part.frame.columns] for part in parts}
        return parts

    def _named(self, part: Part) -> Part | None:
        rule = self.source.from_file_name
        if rule is None:
            return part
        self._refuse_overwriting([part], rule.headers, ("from_file_name",))
        frame = named_columns(part, rule)
        if frame is None:
            what = f"the name {part.file} does not fit {rule.pattern}"
            self._problem(("from_file_name",), what, "change the pattern, or name other files")
            return None
        return dataclasses.replace(part, frame=frame)

    def _selected(self, parts: list[Part]) -> list[Part]:
        if not self.source.where or not self._has(parts, ("where",)):
            return parts
        return [_kept(part, selected(part.frame, self.source.where)) for part in parts]

    def _looked_up(self, parts: list[Part], lookup: Lookup, place: Place) -> list[Part]:
        others = self._read(lookup.files, lookup.format or self.run.form, place)
        self._refuse_overwriting(parts, lookup.take, (*place, "take"))
        there = [*lookup.on.values(), *lookup.where, *lookup.take.values()]
        here_ok = self._require(parts, lookup.on, (*place, "on"))
        there_ok = [self._require([other], there, place) for other in others]
        if not (others and here_ok and all(there_ok)):
            return _unfilled(parts, lookup)
        found = pd.concat([partners(other.frame, lookup) for other in others]).drop_duplicates()
        several = fan_out(found, lookup, [part.frame for part in parts])
        if several:
            names = ", ".join(other.file for other in others)
            self._problem(place, f"{names}: {several}", "choose one of them by where")
            return _unfilled(parts, lookup)
        broken = tuple(_broken_partner(other) for other in others if other.broken)
        return [_with_partners(part, found, lookup, broken) for part in parts]

    def _has(self, parts: list[Part], sections: tuple[str, ...]) -> bool:
        wanted = [(p, h) for p, h in source_headers(self.source) if p[0] in sections]
        found = [self._require(parts, [header], place) for place, header in wanted]
        return all(found)

    def _require(self, parts: Iterable[Part], headers: Collection[str], place: Place) -> bool:
        is_fine = True
        for part in parts:
            columns = [str(column) for column in part.frame.columns]
            self.run.used.setdefault(part.file, set()).update(headers)
            for header in headers:
                if columns.count(header) == 1:
                    continue
                is_fine = False
                if header in columns:
                    what = f"{part.file} has several columns {header}"
                    self._problem(place, what, "rename them in the file")
                else:
                    what = f"{part.file} has no column {header}"
                    self._problem(place, what, did_you_mean(header, columns))
        return is_fine

    def _refuse_overwriting(self, parts: Iterable[Part], made: Iterable[str], place: Place) -> None:
        for part in parts:
            for header in made:
                if header in part.frame.columns:
                    what = f"{part.file} has a column {header} already"
                    self._problem(place, what, "take another name")

    def _problem(self, place: Place, what: str, remedy: str) -> None:
        self.run.problem((*self.place, *place), what, remedy)

    def _contract_part(self, part: Part) -> Part:
        form = self.source.format or self.run.form
        comma = form.decimal == "," and not self.source.monthly_balance
        frame = contract_columns(part.frame, self.source, self.table, comma=comma)
        return dataclasses.replace(part, frame=frame, notices=(*part.notices, *self._pseudo()))

    def _pseudo(self) -> list[Notice]:
        return [
            Notice("pseudo_branches", "", "", column, write_detail("hash_of", column=rule.column))
            for column, derivation in self.source.derive.items()
            if (rule := derivation.hash_bucket)
        ]


def _without_never_load(part: Part) -> Part:
    columns = part.frame.columns
    keep = [not never_load_group(str(column)) for column in columns]
    n = len(columns) - sum(keep)
    if n == 0:
        return part
    notice = Notice("never_load", n=n)
    return dataclasses.replace(part, frame=part.frame.loc[:, keep], notices=(*part.notices, notice))


def _kept(part: Part, frame: pd.DataFrame) -> Part:
    n_left = len(part.frame) - len(frame)
    notice = Notice("rows_not_selected", n=n_left)
    return dataclasses.replace(
        part, frame=frame, notices=(*part.notices, *([notice] * bool(n_left)))
    )


def _unfilled(parts: list[Part], lookup: Lookup) -> list[Part]:
    # the columns are there, so that one problem is not told twice
    return [
        dataclasses.replace(part, frame=part.frame.assign(**dict.fromkeys(lookup.take)))
        for part in parts
    ]


def _with_partners(
    part: Part, found: pd.DataFrame, lookup: Lookup, broken: tuple[Notice, ...]
) -> Part:
    frame = joined(part.frame, found, lookup)
    n_alone = int(frame[list(lookup.take)].isna().all(axis=1).sum())
    where = write_detail("partner", files=lookup.files, columns=list(lookup.on))
    alone = [Notice("lookup_unmatched", detail=where, n=n_alone)] if n_alone else []
    return dataclasses.replace(part, frame=frame, notices=(*part.notices, *broken, *alone))


def _broken_partner(other: Part) -> Notice:
    rows = [row.row for row in other.broken[:5]]
    where = write_detail("rows", file=other.file, rows=rows)
    return Notice("lookup_row_unreadable", detail=where, n=len(other.broken))


def _distinct(parts: list[Part]) -> list[Part]:
    """The parts without rows that equal an earlier one, in this or another file."""
    keys = [pd.util.hash_pandas_object(part.frame.astype("str"), index=False) for part in parts]
    repeated = pd.concat(keys, ignore_index=True).duplicated().to_numpy()
    made, start = [], 0
    for part in parts:
        mask = repeated[start : start + len(part.frame)]
        start += len(part.frame)
        notice = Notice("distinct", n=int(mask.sum()))
        said = (*part.notices, notice) if mask.any() else part.notices
        made.append(dataclasses.replace(part, frame=part.frame[~mask], notices=said))
    return made
