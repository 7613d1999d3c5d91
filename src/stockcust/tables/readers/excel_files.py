"""Excel workbooks: several sheets, titles above the header, merged header cells, formulas."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from stockcust.errors import InputError, Problem
from stockcust.tables.cells import FORMULA
from stockcust.tables.readers.layout import PREVIEW_ROWS, find_layout
from stockcust.tables.sources import DETECT, Declared, IsHeader, Part, without_blank_rows

_ZERO_PADDED = re.compile(r"0{2,}")
# Excel keeps 15 digits; a longer number has lost its last ones
_LARGEST_EXACT = 10**15


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
    sheets = _cells(path, name, formulas=True)
    if declared.sheet:
        if declared.sheet not in sheets:
            there = ", ".join(sheets)
            raise InputError(Problem(f"has no sheet {declared.sheet!r}", name, f"it has: {there}"))
        sheets = {declared.sheet: sheets[declared.sheet]}
    if any(_is_formula(value) for rows in sheets.values() for row in rows for value in row):
        values = _cells(path, name, formulas=False)
        sheets = {title: _merge(rows, values[title]) for title, rows in sheets.items()}
    filled = {title: rows for title, rows in sheets.items() if any(map(_filled, rows))}
    if not filled:
        raise InputError(Problem("is empty", name, "export the file again"))
    many = len(filled) > 1
    parts = []
    for title, rows in filled.items():
        part = _part(rows, f"{name}#{title}" if many else name, is_header, declared)
        parts.append(dataclasses.replace(part, sheet=title))
    return parts


def _cells(path: Path, name: str, *, formulas: bool) -> dict[str, list[list[Any]]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl does not know is not needed
            return _read_cells(path, formulas=formulas)
    except Exception as error:  # a damaged workbook fails anywhere in a foreign parser
        raise InputError(
            Problem("cannot be opened as an Excel workbook", name, "save it again as .xlsx")
        ) from error


def _read_cells(path: Path, *, formulas: bool) -> dict[str, list[list[Any]]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=not formulas)
    sheets = {}
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # some exporters write a wrong size
        sheets[sheet.title] = [[_value(cell) for cell in row] for row in sheet.iter_rows()]
    book.close()
    return sheets


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


def _filled(row: Sequence[Any]) -> bool:
    return any(value is not None and value != "" for value in row)


def _part(rows: list[list[Any]], name: str, is_header: IsHeader, declared: Declared) -> Part:
    preview = [[_header_text(value) for value in row] for row in rows[:PREVIEW_ROWS]]
    layout = find_layout(preview, is_header, declared)
    width = max(len(layout.headers), *map(len, rows))
    headers = [*layout.headers, *[""] * (width - len(layout.headers))]
    cells = [[*row, *[None] * (width - len(row))] for row in rows[layout.n_rows :]]
    numbers = pd.RangeIndex(layout.n_rows + 1, len(rows) + 1)
    frame = pd.DataFrame(cells, index=numbers, columns=range(width), dtype=object)
    typed = pd.DataFrame(dict(_typed(frame)), index=frame.index)
    typed.columns = pd.Index(headers, dtype="str")
    return Part(name, without_blank_rows(typed))


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
