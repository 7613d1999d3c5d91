"""All parts of one table, read and stacked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from stockcust.tables.columns import Chosen
from stockcust.tables.contract import Column, Table, load_contract
from stockcust.tables.details import write_detail
from stockcust.tables.engines import arrow_type, to_pandas
from stockcust.tables.reading import Reading
from stockcust.tables.rejects import reject_lines
from stockcust.tables.rows import Rows
from stockcust.tables.sources import Notice, RawTable
from stockcust.tables.values import read_values

# a byte order mark stands before each part of files that were put together
_AROUND = "\ufeff \t\r\n"


def gather(table: Table, parts: Sequence[tuple[RawTable, Chosen]]) -> Rows:
    """Read the parts of a table into one typed frame.

    Parameters
    ----------
    table : the contract's table.
    parts : each part with the columns that were chosen from it.

    Returns
    -------
    Rows in which unreadable rows are rejected and total rows are gone.
    """
    rows = _no_rows(table)
    names = [name for name in table.columns if any(name in c.positions for _, c in parts)]
    arrays: dict[str, list[pa.Array]] = {name: [] for name in names}
    n_before, numbers = 0, []
    for raw, chosen in parts:
        frame = _without_totals(raw.part.frame, table, chosen, rows, raw.part.file)
        rows.files.append(raw.part.file)
        rows.broken.append(raw.part.broken)
        rows.notices += chosen.notices
        rows.declared_units.append(bool(chosen.units))
        numbers.append(frame.index.to_numpy(dtype="int64"))
        _read_part(frame, chosen, rows, arrays, n_before)
        n_before += len(frame)
    return _stacked(rows, arrays, numbers)


def _no_rows(table: Table) -> Rows:
    nothing = np.array([], dtype="int64")
    return Rows(table, pd.DataFrame(), [], nothing, nothing, nothing, nothing)


def _read_part(
    frame: pd.DataFrame,
    chosen: Chosen,
    rows: Rows,
    arrays: dict[str, list[pa.Array]],
    n_before: int,
) -> None:
    headers = _repeated_headers(frame, chosen)
    rows.lines.append(
        reject_lines(headers + n_before, None, [""] * len(headers), "repeated_header")
    )
    for name, done in arrays.items():
        column = rows.table.columns[name]
        if name not in chosen.positions:
            done.append(pa.nulls(len(frame), arrow_type(column)))
            continue
        cells = frame.iloc[:, chosen.positions[name]]
        reading = read_values(cells, column, chosen.units.get(name, ""))
        done.append(reading.values.cast(arrow_type(column)))
        rows.lines.append(_refused(reading, cells, column, n_before))
        rows.notices += _noted(reading, rows, chosen.headers[name])


def _refused(reading: Reading, cells: pd.Series, column: Column, n_before: int) -> pd.DataFrame:
    bad = np.flatnonzero(pc.is_valid(reading.reasons).to_numpy(zero_copy_only=False))
    reasons = reading.reasons.take(pa.array(bad)).to_pylist()
    return reject_lines(bad + n_before, column, cells.iloc[bad].tolist(), reasons)


def _noted(reading: Reading, rows: Rows, header: str) -> list[Notice]:
    counted = pc.value_counts(reading.notes.drop_null()).to_pylist()
    return [
        Notice(c["values"], rows.table.name, rows.files[-1], header, n=c["counts"]) for c in counted
    ]


def _without_totals(
    frame: pd.DataFrame, table: Table, chosen: Chosen, rows: Rows, file: str
) -> pd.DataFrame:
    """Drop totals: a column that tells rows apart, or the first one, calls the row one."""
    places = {0} | {chosen.positions[name] for name in table.key if name in chosen.positions}
    totals = np.zeros(len(frame), bool)
    for place in places:
        cells = frame.iloc[:, place]
        if isinstance(cells.dtype, pd.StringDtype):
            text = pa.array(cells, pa.large_string())
            found = pc.match_substring_regex(text, load_contract().total_rows, ignore_case=True)
            totals |= pc.fill_null(found, False).to_numpy(zero_copy_only=False)
    rows.n_total_rows.append(int(totals.sum()))
    if totals.any():
        detail = write_detail("rows", file=file, rows=frame.index[totals][:5].tolist())
        rows.notices.append(Notice("total_rows", table.name, file, "", detail, int(totals.sum())))
    return frame[~totals] if totals.any() else frame


def _repeated_headers(frame: pd.DataFrame, chosen: Chosen) -> np.ndarray:
    same = np.ones(len(frame), bool)
    for name, place in chosen.positions.items():
        cells = frame.iloc[:, place]
        if not isinstance(cells.dtype, pd.StringDtype):
            return np.array([], dtype="int64")
        same &= (cells.str.strip(_AROUND) == chosen.headers[name].strip(_AROUND)).to_numpy(
            dtype=bool
        )
        if not same.any():
            break
    return np.flatnonzero(same)


def _stacked(rows: Rows, arrays: dict[str, list[pa.Array]], numbers: list[np.ndarray]) -> Rows:
    columns = {name: pa.chunked_array(parts) for name, parts in arrays.items()}
    rows.frame = to_pandas(pa.table(columns))
    rows.number = np.concatenate(numbers)
    rows.part = np.repeat(np.arange(len(numbers)), [len(part) for part in numbers])
    rows.alive = np.ones(len(rows.frame), bool)
    rows.merged = np.zeros(len(rows.frame), bool)
    for lines in rows.lines:
        rows.alive[lines["position"].to_numpy(dtype="int64")] = False
    return rows
