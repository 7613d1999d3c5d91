"""Parquet files, with their own types."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from stockcust.errors import InputError, Problem
from stockcust.tables.sources import Part, without_blank_rows

_EXACT = {
    pa.int8(): pd.Int64Dtype(), pa.int16(): pd.Int64Dtype(), pa.int32(): pd.Int64Dtype(),
    pa.int64(): pd.Int64Dtype(), pa.uint8(): pd.Int64Dtype(), pa.uint16(): pd.Int64Dtype(),
    pa.uint32(): pd.Int64Dtype(), pa.uint64(): pd.UInt64Dtype(), pa.bool_(): pd.BooleanDtype(),
}  # fmt: skip


def read_parquet(path: Path, name: str) -> Part:
    """Read a Parquet file.

    Parameters
    ----------
    path : the file.
    name : what people call the file.

    Returns
    -------
    Part with typed columns; row 1 is the header, as if it were a sheet.

    Raises
    ------
    InputError : the file is damaged.
    """
    try:
        with pq.ParquetFile(path) as file:
            table = file.read()
        columns = [_plain(column) for column in table.columns]
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            Problem("cannot be opened as Parquet", name, "export the file again")
        ) from error
    plain = pa.Table.from_arrays(columns, names=[str(i) for i in range(len(columns))])
    frame = plain.to_pandas(types_mapper=_EXACT.get, ignore_metadata=True)
    frame.columns = pd.Index(table.column_names, dtype="str")
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    return Part(name, without_blank_rows(frame))


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Dictionaries become their values, decimals floats, days times, bytes text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _plain(column.cast(kind.value_type))
    if pa.types.is_decimal(kind):
        return column.cast(pa.float64() if kind.scale > 0 else pa.string())
    if pa.types.is_date(kind):
        return column.cast(pa.timestamp("us"))
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return _decoded(column)
    return column


def _decoded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Old writers do not say that bytes are text, of whichever encoding; others mean bytes."""
    cells = column.to_pylist()
    for encoding in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            texts = [None if cell is None else cell.decode(encoding) for cell in cells]
            return pa.chunked_array([pa.array(texts, pa.string())])
    return column
