"""Excel workbooks: several sheets, titles above the header, merged header cells, formulas."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.utils.datetime import WINDOWS_EPOCH

from stockcust.errors import InputError, Problem
from stockcust.tables.cells import FORMULA
from stockcust.tables.readers.layout import PREVIEW_ROWS, find_layout
from stockcust.tables.sources import (
    DETECT,
    Declared,
    IsHeader,
    Notice,
    Part,
    without_blank_rows,
)

_ZERO_PADDED = re.compile(r"0{2,}")
# Excel keeps 15 digits; a longer number has lost its last ones
_LARGEST_EXACT = 10**15
# no table has so many columns; a stray cell at the far end must not blow it up
_WIDEST = 1000


def read_excel(
    path: Path, name: str, is_header: IsHeader, declared: Declared = DETECT
) -> list[Part]:
    """Read each sheet of a workbook that holds anything.

    Parameters
    ----------
    path : an .xlsx or .xlsm file.
    name : what people call the file; a sheet is called ``name#sheet``.
    is_header : tells the header from title rows.
    declared : the sheet and the header's row, if somebody says so.

    Returns
    -------
    list of Part, one per filled sheet; cells keep their types. A formula counts with the value that
    Excel saved; without one the cell says so.

    Raises
    ------
    InputError : the workbook is damaged, locked by a password, or holds nothing.
    """
    book = _open(path, name, formulas=True)
    sheets = _chosen(book, name, declared)
    if any(_is_formula(value) for rows in sheets.values() for row in rows for value in row):
        values = _open(path, name, formulas=False).sheets
        sheets = {title: _merge(rows, values[title]) for title, rows in sheets.items()}
    many = len(sheets) > 1
    parts = []
    for title, rows in sheets.items():
        part = _part(rows, f"{name}#{title}" if many else name, is_header, declared)
        parts.append(dataclasses.replace(part, sheet=title))
    if book.hidden and not declared.sheet:
        said = (*parts[0].notices, Notice("hidden_sheet", n=len(book.hidden)))
        parts[0] = dataclasses.replace(parts[0], notices=said)
    return parts


@dataclass(frozen=True)
class _Book:
    """The rows of all filled sheets, by title, without what is empty at their ends."""

    sheets: dict[str, list[list[Any]]]
    hidden: frozenset[str]
    is_from_1904: bool


def _chosen(book: _Book, name: str, declared: Declared) -> dict[str, list[list[Any]]]:
    """The sheet that somebody named, else those that a person sees."""
    if book.is_from_1904:
        what = "counts its days from 1904, so that unformatted days would be four years off"
        raise InputError(Problem(what, name, "switch that off in Excel and save it again"))
    if declared.sheet:
        if declared.sheet not in book.sheets:
            there = ", ".join(book.sheets)
            raise InputError(Problem(f"has no sheet {declared.sheet!r}", name, f"it has: {there}"))
        return {declared.sheet: book.sheets[declared.sheet]}
    seen = {title: rows for title, rows in book.sheets.items() if title not in book.hidden}
    if not seen:
        what = "has filled sheets, but they are hidden" if book.hidden else "is empty"
        raise InputError(Problem(what, name, "show them" if book.hidden else "export it again"))
    return seen


def _open(path: Path, name: str, *, formulas: bool) -> _Book:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl does not know is not needed
            return _read(path, formulas=formulas)
    except Exception as error:  # a damaged workbook fails anywhere in a foreign parser
        raise InputError(
            Problem("cannot be opened as an Excel workbook", name, "save it again as .xlsx")
        ) from error


def _read(path: Path, *, formulas: bool) -> _Book:
    book = openpyxl.load_workbook(path, read_only=True, data_only=not formulas)
    sheets, hidden = {}, set()
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # some exporters write a wrong size
        rows = _without_end([_row(cells) for cells in sheet.iter_rows()])
        if rows:
            sheets[sheet.title] = rows
            hidden |= set() if sheet.sheet_state == "visible" else {sheet.title}
    book.close()
    return _Book(sheets, frozenset(hidden), book.epoch != WINDOWS_EPOCH)


def _row(cells: Sequence[Any]) -> list[Any]:
    return _without_end([_value(cell) for cell in cells])


def _without_end(items: list[Any]) -> list[Any]:
    """Without the empty cells or rows that were only formatted."""
    while items and (items[-1] is None or items[-1] == "" or items[-1] == []):
        items.pop()
    return items


class _Formula(str):
    """A formula whose value is not known yet."""


def _value(cell: Any) -> Any:
    value = cell.value
    if isinstance(value, str):
        return _Formula(value) if cell.data_type == "f" else value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    if isinstance(value, int) and _ZERO_PADDED.fullmatch(cell.number_format or ""):
        return str(value).zfill(len(cell.number_format))
    return value if abs(value) < _LARGEST_EXACT else f"{value:.14E}"


def _is_formula(value: Any) -> bool:
    return isinstance(value, _Formula)


def _merge(rows: list[list[Any]], values: list[list[Any]]) -> list[list[Any]]:
    """Put saved values in the place of formulas; a formula without one stays."""
    return [
        [old if _is_formula(old) and new is None else new for old, new in zip(row, saved)]
        for row, saved in zip(rows, values)
    ]


def _part(rows: list[list[Any]], name: str, is_header: IsHeader, declared: Declared) -> Part:
    preview = [[_header_text(value) for value in row] for row in rows[:PREVIEW_ROWS]]
    layout = find_layout(preview, is_header, declared)
    widest = max(len(layout.headers), _WIDEST)
    width = min(widest, max(len(layout.headers), *map(len, rows)))
    headers = [*layout.headers, *[""] * (width - len(layout.headers))]
    filled = {i: row for i, row in enumerate(rows, 1) if row and i > layout.n_rows}
    cells = [[*row[:width], *[None] * (width - len(row))] for row in filled.values()]
    frame = pd.DataFrame(cells, index=list(filled), columns=range(width), dtype=object)
    typed = pd.DataFrame(dict(_typed(frame)), index=frame.index)
    typed.columns = pd.Index(headers, dtype="str")
    beyond = {i for row in filled.values() for i, v in enumerate(row[widest:]) if v is not None}
    notices = (Notice("unnamed_column", n=len(beyond)),) if beyond else ()
    return Part(name, without_blank_rows(typed), notices=notices, unit=layout.unit)


def _header_text(value: Any) -> str:
    if value is None:
        return ""
    return value.date().isoformat() if isinstance(value, dt.datetime) else str(value).strip()


def _typed(frame: pd.DataFrame) -> Iterator[tuple[Any, pd.Series]]:
    """Columns of one type get it; mixed ones become text."""
    for name in frame.columns:
        column = frame[name]
        kinds = {type(value) for value in column if value is not None}
        if kinds <= {int, float} and kinds:
            yield name, column.astype("float64")
        elif kinds == {dt.datetime}:
            yield name, pd.to_datetime(column).astype("datetime64[us]")
        else:
            yield name, column.map(_text, na_action="ignore").astype("str")


def _text(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return FORMULA if _is_formula(value) else str(value)
