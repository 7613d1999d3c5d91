"""A bank's own files as tables of the contract, by what its mapping file says."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from stockcust.errors import CallError, MappingError
from stockcust.tables.contract import load_contract
from stockcust.tables.details import write_detail
from stockcust.tables.mapping.files import DataFolder
from stockcust.tables.mapping.load import load_mapping
from stockcust.tables.mapping.model import BankMapping, source_headers
from stockcust.tables.mapping.parts import Format
from stockcust.tables.mapping.source import Run, SourceReader
from stockcust.tables.sources import Notice, RawTable


@dataclass(frozen=True)
class MappedFiles:
    """What a mapping makes of a folder.

    Attributes
    ----------
    tables : pieces of contract tables, one or more per file.
    notices : what the mapping says about itself.
    paths : every file that was read, and the mapping: what the result depends on.
    """

    tables: tuple[RawTable, ...]
    notices: tuple[Notice, ...]
    paths: tuple[Path, ...]


def map_files(folder: Path, mapping_path: Path) -> MappedFiles:
    """Read a bank's files as its mapping says.

    Parameters
    ----------
    folder : the data folder, or one file; nothing outside it is read.
    mapping_path : the mapping, a YAML file.

    Returns
    -------
    MappedFiles whose columns have the contract's names, still to be validated.

    Raises
    ------
    MappingError : with all problems, each with its place and the nearest valid word.
    CallError : there is no such folder.
    """
    if not folder.exists():
        raise CallError(f"there is no folder or file {folder}")
    mapping, tree = load_mapping(mapping_path)
    data = DataFolder(folder, _known_headers(mapping))
    run = Run(data, tree, mapping.format)
    contract = load_contract().tables
    readers = [
        SourceReader(run, ("tables", name, i), source, contract[name])
        for name, sources in mapping.tables.items()
        for i, source in enumerate(sources)
    ]
    made = _broken_rows_once(raw for reader in readers for raw in reader.raw_tables())
    if run.problems:
        raise MappingError(*run.problems)
    name = mapping_path.name
    notes = [
        Notice("mapping_note", file=name, detail=write_detail("text", text=note))
        for note in mapping.notes
    ]
    return MappedFiles(tuple(made), (*notes, *run.unused()), (*data.used, mapping_path))


def _broken_rows_once(tables: Iterable[RawTable]) -> list[RawTable]:
    """Two sources of a table may read one file; its broken rows count once."""
    seen: set[tuple[str, str]] = set()
    made = []
    for raw in tables:
        key = (raw.table, raw.part.file)
        part = dataclasses.replace(raw.part, broken=()) if key in seen else raw.part
        seen.add(key)
        made.append(dataclasses.replace(raw, part=part))
    return made


def _known_headers(mapping: BankMapping) -> frozenset[str]:
    """Every header that the mapping names: they tell a header row from titles and data."""
    sources = [source for several in mapping.tables.values() for source in several]
    forms: list[Format | None] = [mapping.format, *(source.format for source in sources)]
    names = {name for form in forms if form for name in form.names}
    return frozenset({header for s in sources for _, header in source_headers(s)} | names)
