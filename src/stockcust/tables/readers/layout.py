"""Where the header of a sheet stands: below titles, and perhaps on several rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stockcust.tables.headers import split_unit, unit_named, units_in_title
from stockcust.tables.sources import DETECT, Declared, IsHeader

PREVIEW_ROWS = 30
_DEEPEST = 3

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Layout:
    """The header of a sheet, the number of rows down to its last one, the unit in the title."""

    headers: tuple[str, ...]
    n_rows: int
    n_known: int
    unit: str = ""


def find_layout(rows: Sequence[Row], is_header: IsHeader, declared: Declared = DETECT) -> Layout:
    """Find the header in the first rows of a sheet.

    Parameters
    ----------
    rows : text of the first cells, row by row; an empty or merged-away cell is "".
    is_header : tells headers from data.
    declared : the header's row, if somebody says where it is.

    Returns
    -------
    Layout with the most known headers on the fewest rows; without any the first row of more than
    one cell.
    """
    if declared.header == 0:
        return Layout(declared.names, 0, 0)
    if declared.header is not None and declared.header <= len(rows):
        start, end = declared.header - 1, declared.header
        best = Layout(_header(rows[start:end], is_header), end, 0)
    else:
        start, best = _best(rows, is_header)
    units = {unit for row in rows[:start] for cell in row for unit in units_in_title(cell)}
    named = replace(best, unit=units.pop() if len(units) == 1 else "")
    return _with_units_below(named, rows[best.n_rows :])


def _best(rows: Sequence[Row], is_header: IsHeader) -> tuple[int, Layout]:
    """The first row of the header, and the layout."""
    start, best, depth = 0, _fallback(rows), 1
    for first in range(len(rows)):
        for n in range(1, min(_DEEPEST, len(rows) - first) + 1):
            found = _layout(rows, first, first + n, is_header)
            if (found.n_known, -n) > (best.n_known, -depth) and found.n_known:
                start, best, depth = first, found, n
    if best.n_known and _continues(best.headers, rows[best.n_rows : best.n_rows + 1]):
        best = _layout(rows, start, best.n_rows + 1, is_header)
    return start, best


def _layout(rows: Sequence[Row], start: int, end: int, is_header: IsHeader) -> Layout:
    headers = _header(rows[start:end], is_header)
    return Layout(headers, end, len({h for h in headers if h and is_header(h)}))


def _fallback(rows: Sequence[Row]) -> Layout:
    wide = (i for i, row in enumerate(rows) if sum(bool(cell) for cell in row) > 1)
    filled = (i for i, row in enumerate(rows) if any(row))
    start = next(wide, next(filled, 0))
    return Layout(tuple(rows[start]) if rows else (), start + 1, 0)


def _continues(headers: Row, below: Sequence[Row]) -> bool:
    """Whether a row names the columns under headings that are merged over several of them."""
    if not below:
        return False
    cells = [*below[0][: len(headers)], *[""] * (len(headers) - len(below[0]))]
    is_heading = [not own or not right for own, right in zip(headers, [*headers[1:], "x"])]
    filled = [bool(cell.strip()) for cell in cells]
    return (
        any(not own and full for own, full in zip(headers, filled))
        and not any(full and not heading for full, heading in zip(filled, is_heading))
        and not all(is_heading)
        and not any(map(_has_digit, cells))
    )


def _has_digit(cell: str) -> bool:
    return re.search(r"\d", cell) is not None


def _header(rows: Sequence[Row], is_header: IsHeader) -> tuple[str, ...]:
    """One header row of several: what stands lowest, with the heading above it where that helps."""
    headers = tuple(cell.strip() for cell in rows[0])
    for row in rows[1:]:
        cells = [cell.strip() for cell in row]
        width = max(len(headers), len(cells))
        above = (*headers, *[""] * (width - len(headers)))
        cells += [""] * (width - len(cells))
        headers = tuple(
            _named(cell, heading, is_header) if cell else own
            for cell, own, heading in zip(cells, above, _spread_right(above))
        )
    return headers


def _spread_right(cells: Row) -> Iterator[str]:
    last = ""
    for cell in cells:
        last = cell or last
        yield last


def _named(cell: str, heading: str, is_header: IsHeader) -> str:
    """The name of a column under a heading: 余额 under 活期 is 活期余额, 本月 is 活期本月."""
    above, unit = split_unit(heading)
    together = f"{above}{cell}"
    name = cell if is_header(cell) and not is_header(together) else together
    return f"{name}({unit})" if unit and not split_unit(name)[1] else name


def _with_units_below(layout: Layout, rows: Sequence[Row]) -> Layout:
    """Take in a row that only names units, between the header and the data."""
    cells = rows[0] if rows else ()
    units = [unit_named(cell) for cell in cells]
    if not any(units) or any(map(_has_digit, cells)):
        return layout
    headers = [
        f"{header}({unit})" if header and unit else header
        for header, unit in zip(layout.headers, [*units, *[""] * len(layout.headers)])
    ]
    return replace(layout, headers=tuple(headers), n_rows=layout.n_rows + 1)
