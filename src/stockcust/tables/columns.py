"""Which columns of a part are read, under which name and unit, and which are left at the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from stockcust.errors import Problem
from stockcust.tables.contract import Table, load_contract
from stockcust.tables.headers import Header, likely_tables, read_header
from stockcust.tables.sources import Notice, RawTable

_HEADERS_SHOWN = 12


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
    fits = likely_tables([str(column) for column in frame.columns])
    others = {name: n for name, n in fits.items() if name != table.name}
    best = max(others, key=lambda name: others[name], default="")
    if best and (missing or others[best] >= max(2 * len(positions), len(positions) + 3)):
        likely = load_contract().tables[best]
        return [
            Problem(
                f"is not {table.name} ({table.zh}): its headers are those of {likely.name}",
                file,
                f"rename it to {likely.name} or {likely.zh}",
            )
        ]
    if not missing:
        return []
    wanted = ", ".join(f"{name} ({table.columns[name].zh})" for name in missing)
    headers = ", ".join(str(header) for header in frame.columns[:_HEADERS_SHOWN])
    return [
        Problem(
            f"{table.name} lacks {wanted}; its headers are: {headers}",
            file,
            "add the column, or name its header in a mapping",
        )
    ]


def _units(raw: RawTable, chosen: Mapping[str, Header]) -> tuple[dict[str, str], list[Problem]]:
    known, units, problems = load_contract().units, {}, []
    for column, header in chosen.items():
        declared = raw.units.get(header.text, raw.units.get(column, "")).lower()
        unit = declared or header.unit
        if declared and header.unit and known.get(declared) != known.get(header.unit):
            problems.append(_unit_problem(raw, header, f"the mapping says {declared}"))
        elif unit and unit not in known:
            problems.append(_unit_problem(raw, header, f"{unit} is no unit stockcust converts"))
        elif unit:
            units[column] = unit
    return units, problems


def _unit_problem(raw: RawTable, header: Header, what: str) -> Problem:
    where = f"{raw.part.file}, column {header.text!r}"
    return Problem(f"unit conflict: {what}", where, "declare one unit of those in the contract")


def _left_at_door(found: list[Header], frame: pd.DataFrame) -> list[Notice]:
    groups = load_contract().never_load
    notices = []
    for place, header in enumerate(found):
        if header.column is not None:
            continue
        if header.never is not None:
            shown = "" if groups[header.never].withheld else header.text
            notices.append(Notice("never_load", column=shown, detail=_why(header.never)))
        elif header.text.strip():
            notices.append(Notice("unknown_column", column=header.text, detail="not read"))
        elif frame.iloc[:, place].replace("", None).notna().any():
            notices.append(Notice("unnamed_column", detail=f"column {place + 1} has no header"))
    return notices


def _why(group: str) -> str:
    if load_contract().never_load[group].withheld:
        return "a column that is never read"
    return f"never read: {group}"


def _repeated(found: list[Header], positions: Mapping[str, int]) -> list[Notice]:
    return [
        Notice("repeated_column", column=header.text, detail="the same values stand there twice")
        for place, header in enumerate(found)
        if header.column is not None and positions[header.column] != place
    ]


def _converted(units: Mapping[str, str], headers: Mapping[str, str]) -> list[Notice]:
    factors = load_contract().units
    return [
        Notice("unit_converted", column=headers[column], detail=f"{unit} x {factors[unit]:,.10g}")
        for column, unit in units.items()
        if factors[unit] != 1
    ]
