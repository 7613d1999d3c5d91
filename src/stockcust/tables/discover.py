"""Which files of a folder are which tables."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

import pandas as pd

from stockcust.errors import CallError, InputError, Problem
from stockcust.tables.contract import load_contract
from stockcust.tables.files import name_of, read_file, readable
from stockcust.tables.headers import is_withheld, likely_tables, read_header
from stockcust.tables.sources import Notice, Part, RawTable

_READ = (".csv", ".txt", ".tsv", ".dat", ".xlsx", ".xlsm", ".parquet", ".pq", ".gz")
_NOT_READ = (
    ".xls", ".xlsb", ".et", ".ods", ".mdb", ".accdb", ".dbf", ".sas7bdat", ".sav", ".dta", ".xml",
    ".htm", ".html", ".zip", ".rar", ".7z", ".bz2", ".xz", ".zst", ".orc", ".avro", ".arrow",
    ".feather",
)  # fmt: skip
_NOT_A_LETTER = r"(?<![a-z]){}(?![a-z])"


@dataclass
class Found:
    """The tables of a folder, as far as they could be read.

    Attributes
    ----------
    tables : parts of tables, in the order of their file names.
    notices : files and sheets that belong to no table.
    problems : files that cannot be read.
    paths : every file that was read: what the result depends on.
    failed : tables whose file cannot be read; they are not missing.
    unused : files whose name is no table's.
    """

    tables: list[RawTable] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    unused: list[Path] = field(default_factory=list)


def discover(path: Path) -> Found:
    """Read all tables of a folder, or of one file.

    Parameters
    ----------
    path : a folder with a file, or a folder of files, per table; or one workbook or file.

    Returns
    -------
    Found, with the problems instead of an exception, so that all can be told at once.

    Raises
    ------
    CallError : there is no such folder or file.
    """
    if not path.exists():
        raise CallError(f"there is no folder or file {path}")
    root = path if path.is_dir() else path.parent
    found = Found()
    for file in _files(path):
        if _is_withheld(file, root):
            found.notices.append(Notice("never_load"))
        elif _leads_out(file, root):
            _refuse_link(found, file, root)
        elif file.is_file():
            _read_into(found, file, root)
    found.problems += _guessed(found, root)
    return found


def table_of_name(name: str) -> str | None:
    """The table whose name, Chinese label or other name stands in a file's name; the longest wins.

    Parameters
    ----------
    name : name of a file without its ending, a folder or a sheet, with dates and more around it.
    """
    plain = re.sub(r"[\s\-.]+", "_", unicodedata.normalize("NFKC", name).lower())
    fits = [(len(alias), table) for alias, table in _names() if _stands_in(alias, plain)]
    longest = max((size for size, _ in fits), default=0)
    tables = {table for size, table in fits if size == longest}
    return tables.pop() if len(tables) == 1 else None


@functools.cache
def _names() -> tuple[tuple[str, str], ...]:
    return tuple(
        (alias.lower().replace(" ", "_"), table.name)
        for table in load_contract().tables.values()
        for alias in (table.name, table.zh, table.en, *table.names)
    )


def _stands_in(alias: str, name: str) -> bool:
    if not alias.isascii():
        return alias in name
    return re.search(_NOT_A_LETTER.format(re.escape(alias)), name) is not None


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    hidden = (".", "~", "_")
    return sorted(
        file
        for file in path.rglob("*")
        if (file.suffix.lower() in _READ + _NOT_READ or file.is_symlink())
        and not any(part.startswith(hidden) for part in file.relative_to(path).parts)
    )


def _is_withheld(file: Path, root: Path) -> bool:
    """Whether the file, or a folder that is no partition, is of what is never read."""
    names = map(readable, file.relative_to(root).parts)
    return any(is_withheld(name) for name in names if "=" not in name)


def _leads_out(file: Path, root: Path) -> bool:
    """Whether a link leads out of the folder, to a folder or to nothing."""
    if not file.is_symlink():
        return False
    return not (file.is_file() and file.resolve().is_relative_to(root.resolve()))


def _refuse_link(found: Found, file: Path, root: Path) -> None:
    table = _table_of(file, root)
    if table is not None:
        what = "is a link that leads out of the folder, to a folder or to nothing"
        found.problems.append(Problem(what, name_of(file, root), "copy the file itself there"))
        found.failed.add(table)


def _table_of(file: Path, root: Path) -> str | None:
    """By the file's own name, else by that of the nearest folder above it."""
    own = file.name.removesuffix(".gz").rpartition(".")[0] or file.name
    folders = reversed(file.relative_to(root).parent.parts)
    names = map(readable, (own, *(folder for folder in folders if "=" not in folder)))
    return next((table for name in names if (table := table_of_name(name))), None)


def _read_into(found: Found, file: Path, root: Path) -> None:
    name, table = name_of(file, root), _table_of(file, root)
    is_workbook = file.suffix.lower() in (".xlsx", ".xlsm")
    if table is None and not is_workbook:
        found.unused.append(file)
        found.notices.append(Notice("file_not_used", file=name))
        return
    if file.suffix.lower() in _NOT_READ:
        remedy = "save it as .csv, .xlsx or .parquet"
        found.problems.append(Problem(f"{file.suffix} files are not read", name, remedy))
        found.failed.add(table or "")
        return
    try:
        parts = [_partitioned(part, file, root) for part in read_file(file, name)]
    except InputError as error:
        found.problems += error.problems
        found.failed.add(table or "")
        return
    found.paths.append(file)
    _assign(found, parts, table)
    if table is None and not any(raw.part in parts for raw in found.tables):
        found.unused.append(file)


def _assign(found: Found, parts: Sequence[Part], table: str | None) -> None:
    """Give each sheet to the table of its name, else to the file's table if it fits."""
    named = [table_of_name(part.sheet) if part.sheet else None for part in parts]
    fits = [table is not None and _fits(part, table) for part in parts]
    for part, own, fit in zip(parts, named, fits):
        if is_withheld(part.sheet):
            found.notices.append(Notice("never_load"))
        elif own:
            found.tables.append(RawTable(own, part))
        elif table and (fit or not (any(fits) or any(named))):
            found.tables.append(RawTable(table, part))
        else:
            found.notices.append(Notice("sheet_not_used", file=part.file))


def _fits(part: Part, table: str) -> bool:
    contract = load_contract().tables[table]
    columns = {read_header(str(header), contract).column for header in part.frame.columns}
    return bool(columns & set(contract.required_columns))


def _partitioned(part: Part, file: Path, root: Path) -> Part:
    """Add the columns that folders such as ``branch_id=0101`` name."""
    folders = [folder for folder in file.relative_to(root).parent.parts if "=" in folder]
    frame = part.frame
    for folder in folders:
        header, _, value = readable(folder).partition("=")
        if header not in frame.columns:
            constant = pd.Series(unquote(value), index=frame.index, dtype="str")
            frame = frame.assign(**{header: constant})
    return replace(part, frame=frame)


def _guessed(found: Found, root: Path) -> Iterator[Problem]:
    """Files without a table's name that hold a table that is missing."""
    there = {raw.table for raw in found.tables} | found.failed
    missing = [name for name in load_contract().required_tables if name not in there]
    for file in found.unused if missing else ():
        try:
            parts = read_file(file, name_of(file, root))
        except InputError:
            continue
        for part in parts:
            likely = [
                t for t in likely_tables([str(c) for c in part.frame.columns]) if t in missing
            ]
            if likely:
                zh = load_contract().tables[likely[0]].zh
                what = f"has the headers of {likely[0]} ({zh}), but not its name"
                yield Problem(what, part.file, f"rename it to {likely[0]} or {zh}")
