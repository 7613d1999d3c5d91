"""Where the header of a sheet stands: below titles, and perhaps on two rows with merged cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stockcust.tables.headers import split_unit
from stockcust.tables.sources import DETECT, Declared, IsHeader

PREVIEW_ROWS = 30
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """The header of a sheet and the number of rows down to its last one."""

    headers: tuple[str, ...]
    n_rows: int
    n_known: int


def find_layout(
    rows: Sequence[Sequence[str]], is_header: IsHeader, declared: Declared = DETECT
) -> Layout:
    """Find the header in the first rows of a sheet.

    Parameters
    ----------
    rows : text of the first cells, row by row; an empty or merged-away cell is "".
    is_header : tells headers from data.
    declared : the header's row, if somebody says where it is.

    Returns
    -------
    Layout with the most known headers; without any the first row of more than one cell.
    """
    if declared.header == 0:
        return Layout(declared.names, 0, 0)
    if declared.header is not None and declared.header <= len(rows):
        return Layout(_merged(rows[declared.header - 1 : declared.header]), declared.header, 0)
    best = _fallback(rows)
    for start in range(len(rows)):
        for depth in range(1, min(_DEEPEST, len(rows) - start) + 1):
            headers = _merged(rows[start : start + depth])
            n_known = len({header for header in headers if header and is_header(header)})
            if n_known > best.n_known:
                best = Layout(headers, start + depth, n_known)
    return best


def _fallback(rows: Sequence[Sequence[str]]) -> Layout:
    wide = (i for i, row in enumerate(rows) if sum(bool(cell) for cell in row) > 1)
    filled = (i for i, row in enumerate(rows) if any(row))
    start = next(wide, next(filled, 0))
    return Layout(tuple(rows[start]) if rows else (), start + 1, 0)


def _merged(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """One header row of several: the lowest text counts, a unit above it is inherited."""
    headers = tuple(cell.strip() for cell in rows[0])
    for row in rows[1:]:
        cells = [cell.strip() for cell in row]
        width = max(len(headers), len(cells))
        above = (*headers, *[""] * (width - len(headers)))
        spread = _spread_right(above)
        cells += [""] * (width - len(cells))
        headers = tuple(
            _with_unit(cell, spread[i]) if cell else above[i] for i, cell in enumerate(cells)
        )
    return headers


def _spread_right(cells: Sequence[str]) -> list[str]:
    spread, last = [], ""
    for cell in cells:
        last = cell or last
        spread.append(last)
    return spread


def _with_unit(header: str, above: str) -> str:
    unit = split_unit(above)[1]
    return f"{header}({unit})" if unit and not split_unit(header)[1] else header
