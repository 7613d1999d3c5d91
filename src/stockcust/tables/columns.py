"""Which columns of a part are read, under which name and unit, and which are left at the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from stockcust.errors import Problem
from stockcust.tables.contract import Table, load_contract
from stockcust.tables.details import write_detail
from stockcust.tables.headers import Header, is_withheld, likely_tables, read_header
from stockcust.tables.sources import Notice, RawTable

_HEADERS_SHOWN, _LONGEST = 12, 60


@dataclass(frozen=True)
class Chosen:
    """The columns of a part that the contract knows.

    Attributes
    ----------
    positions : place in the part's frame, by the contract's column.
    headers : header as it stands, by the contract's column.
    units : declared unit, by the contract's column.
    notices : what was left at the door.
    problems : what stops the run.
    """

    positions: Mapping[str, int]
    headers: Mapping[str, str]
    units: Mapping[str, str]
    notices: tuple[Notice, ...]
    problems: tuple[Problem, ...]


def choose_columns(raw: RawTable) -> Chosen:
    """Match the headers of a part with the columns of its table."""
    table = load_contract().tables[raw.table]
    frame = raw.part.frame
    found = [read_header(str(text), table) for text in frame.columns]
    positions, problems = _positions(found, frame, raw.part.file)
    headers = {column: found[place].text for column, place in positions.items()}
    units, unit_problems = _units(raw, {column: found[i] for column, i in positions.items()})
    problems += [*_missing(table, positions, frame, raw.part.file), *unit_problems]
    notices = [
        *_left_at_door(found, frame),
        *_repeated(found, positions),
        *_converted(units, headers),
    ]
    placed = (_placed(notice, raw) for notice in (*raw.part.notices, *notices))
    return Chosen(positions, headers, units, tuple(placed), tuple(problems))


def _placed(notice: Notice, raw: RawTable) -> Notice:
    return Notice(notice.code, raw.table, raw.part.file, notice.column, notice.detail, notice.n)


def _positions(
    found: list[Header], frame: pd.DataFrame, file: str
) -> tuple[dict[str, int], list[Problem]]:
    positions: dict[str, int] = {}
    problems = []
    for place, header in enumerate(found):
        if header.column is None:
            continue
        first = positions.setdefault(header.column, place)
        if first != place and not frame.iloc[:, first].equals(frame.iloc[:, place]):
            texts = f"{found[first].text!r} and {header.text!r}"
            problems.append(Problem(f"{texts} both mean {header.column}", file, "keep one of them"))
    return positions, problems


def _missing(
    table: Table, positions: Mapping[str, int], frame: pd.DataFrame, file: str
) -> list[Problem]:
    missing = [name for name in table.required_columns if name not in positions]
    likely = _likely_other(table, positions, frame, is_lacking=bool(missing))
    if likely:
        what = f"is not {table.name} ({table.zh}): its headers are those of {likely.name}"
        return [Problem(what, file, f"rename it to {likely.name} or {likely.zh}")]
    if missing and frame.shape[1] == 1:
        what = f"has one column only, {str(frame.columns[0])[:_LONGEST]!r}"
        remedy = "declare the delimiter or the row of the header in a mapping (format)"
        return [Problem(what, file, remedy)]
    if not missing:
        return []
    wanted = ", ".join(f"{name} ({table.columns[name].zh})" for name in missing)
    headers = ", ".join(str(header)[:_LONGEST] for header in frame.columns[:_HEADERS_SHOWN])
    what = f"{table.name} lacks {wanted}; its headers are: {headers}"
    return [Problem(what, file, "add the column, or name its header in a mapping")]


def _likely_other(
    table: Table, positions: Mapping[str, int], frame: pd.DataFrame, *, is_lacking: bool
) -> Table | None:
    """The table that the headers are of, if it is another one."""
    fits = likely_tables([str(column) for column in frame.columns])
    others = {name: n for name, n in fits.items() if name != table.name}
    best = max(others, key=lambda name: others[name], default="")
    enough = 0 if is_lacking else max(2 * len(positions), len(positions) + 3)
    return load_contract().tables[best] if best and others[best] >= enough else None


def _units(raw: RawTable, chosen: Mapping[str, Header]) -> tuple[dict[str, str], list[Problem]]:
    known, units, problems = load_contract().units, {}, []
    columns = load_contract().tables[raw.table].columns
    for column, header in chosen.items():
        declared = raw.units.get(header.text, raw.units.get(column, "")).lower()
        written = header.unit or (raw.part.unit if columns[column].type == "money" else "")
        unit = declared or written
        if declared and written and known.get(declared) != known.get(written):
            what = f"the mapping says {declared}, the file {written}"
            problems.append(_unit_problem(raw, header, what))
        elif unit and unit not in known:
            problems.append(_unit_problem(raw, header, f"{unit} is no unit stockcust converts"))
        elif unit:
            units[column] = unit
    return units, problems


def _unit_problem(raw: RawTable, header: Header, what: str) -> Problem:
    where = f"{raw.part.file}, column {header.text!r}"
    return Problem(f"unit conflict: {what}", where, "declare one unit of those in the contract")


def _left_at_door(found: list[Header], frame: pd.DataFrame) -> list[Notice]:
    notices, unknown = [], []
    for place, header in enumerate(found):
        if header.column is not None:
            continue
        if header.never is not None:
            notices.append(_never_loaded(header))
        elif header.text.strip():
            unknown.append(header.text)
        elif frame.iloc[:, place].replace("", None).notna().any():
            detail = write_detail("column_number", number=place + 1)
            notices.append(Notice("unnamed_column", detail=detail))
    if unknown:
        detail = write_detail("columns", columns=unknown)
        notices.append(Notice("unknown_column", detail=detail, n=len(unknown)))
    return notices


def _never_loaded(header: Header) -> Notice:
    if header.never is None or is_withheld(header.text):
        return Notice("never_load")
    return Notice("never_load", column=header.text, detail=write_detail(header.never))


def _repeated(found: list[Header], positions: Mapping[str, int]) -> list[Notice]:
    return [
        Notice("repeated_column", column=header.text)
        for place, header in enumerate(found)
        if header.column is not None and positions[header.column] != place
    ]


def _converted(units: Mapping[str, str], headers: Mapping[str, str]) -> list[Notice]:
    factors = {unit: load_contract().units[unit] for unit in units.values()}
    how = {u: write_detail("unit", unit=u, factor=f"{f:,.10g}") for u, f in factors.items()}
    return [
        Notice("unit_converted", column=headers[column], detail=how[unit])
        for column, unit in units.items()
        if factors[unit] != 1
    ]
