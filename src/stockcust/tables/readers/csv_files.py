"""Text files: any delimiter that banks use, UTF-8, GB18030 or UTF-16, packed or not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as pacsv

from stockcust.errors import InputError, Problem
from stockcust.tables.details import write_detail
from stockcust.tables.readers.encoding import open_bytes
from stockcust.tables.readers.sniff import Sniffed, sniff
from stockcust.tables.sources import DETECT, BrokenRow, Declared, IsHeader, Part, without_blank_rows

# small blocks stay in the processor's memory; a row longer than a block needs a larger one
_BLOCK, _LARGEST_ROW = 1 << 22, 1 << 26


def read_csv(path: Path, name: str, is_header: IsHeader, declared: Declared = DETECT) -> Part:
    """Read a delimited text file; every cell stays text.

    Parameters
    ----------
    path : the file; a gzip is unpacked.
    name : what people call the file.
    is_header : tells the header from title rows.
    declared : what need not be detected.

    Returns
    -------
    Part whose broken rows have too many or too few cells.

    Raises
    ------
    InputError : the file is empty, has no known encoding or no header, or a quotation mark is never
        closed.
    """
    sniffed = sniff(path, name, is_header, declared)
    broken: list[BrokenRow] = []
    table = _parse(path, name, sniffed, broken) if sniffed.has_data else _no_rows(sniffed)
    _refuse_swallowed_rows(table, name, sniffed)
    frame = table.to_pandas()
    frame.columns = pd.Index(sniffed.layout.headers, dtype="str")
    frame.index = _row_numbers(len(frame), sniffed.layout.n_rows, broken)
    return Part(name, without_blank_rows(frame), tuple(broken), unit=sniffed.layout.unit)


def _no_rows(sniffed: Sniffed) -> pa.Table:
    return pa.table({str(i): pa.array([], pa.string()) for i in range(len(sniffed.layout.headers))})


def _parse(
    path: Path,
    name: str,
    sniffed: Sniffed,
    broken: list[BrokenRow],
    block: int = _BLOCK,
) -> pa.Table:
    swallowed: list[int] = []

    def keep_apart(row: Any) -> str:
        if row.number is not None and row.number > sniffed.layout.n_rows:
            broken.append(_broken(row))
            if _is_swallowed(row, sniffed):
                swallowed.append(int(row.number))
        return "skip"

    options = _options(sniffed, keep_apart, block)
    with open_bytes(path) as file:
        try:
            table = pacsv.read_csv(file, **options)
        except pa.ArrowInvalid as error:
            if "straddles" in str(error):
                if block < _LARGEST_ROW:
                    broken.clear()
                    return _parse(path, name, sniffed, broken, _LARGEST_ROW)
                raise _open_quote(name, "") from None
            if not swallowed:
                raise InputError(Problem(f"cannot be split into columns: {error}", name)) from None
    if swallowed:
        raise _open_quote(name, f" in row {swallowed[0]}")
    return table


def _options(sniffed: Sniffed, keep_apart: Callable[[Any], str], block: int) -> dict[str, Any]:
    columns = [str(i) for i in range(len(sniffed.layout.headers))]
    return {
        "read_options": pacsv.ReadOptions(
            column_names=columns,
            skip_rows_after_names=sniffed.layout.n_rows,
            use_threads=False,  # only a single thread tells row numbers
            block_size=block,
            encoding="utf8" if sniffed.encoding.startswith("utf-8") else sniffed.encoding,
        ),
        "parse_options": pacsv.ParseOptions(
            delimiter=sniffed.delimiter,
            quote_char=sniffed.quote,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=keep_apart,
        ),
        "convert_options": pacsv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False
        ),
    }


def _broken(row: Any) -> BrokenRow:
    found = write_detail("cells", n=row.actual_columns, n_wanted=row.expected_columns)
    return BrokenRow(int(row.number), row.text.strip("\r\n"), "ragged_row", found)


def _is_swallowed(row: Any, sniffed: Sniffed) -> bool:
    """Whether a stray quotation mark made one row of several."""
    first, *further = row.text.strip("\r\n").splitlines()
    n_delimiters = row.expected_columns - 1
    whole = any(line.count(sniffed.delimiter) >= n_delimiters for line in further)
    return bool(further) and (whole or row.text.count(sniffed.quote) % 2 == 1)


def _refuse_swallowed_rows(table: pa.Table, name: str, sniffed: Sniffed) -> None:
    """Two stray quotation marks make one cell of the rows between them."""
    n_delimiters = table.num_columns - 1
    if n_delimiters < 2:
        return
    line = rf"\n([^\n]*{re.escape(sniffed.delimiter)}){{{n_delimiters}}}"
    for column in table.columns:
        broken_lines = pc.match_substring(column, "\n")
        if not pc.any(broken_lines).as_py():
            continue
        swallowed = pc.match_substring_regex(column, line)
        if pc.any(swallowed).as_py():
            row = sniffed.layout.n_rows + 1 + int(np.flatnonzero(swallowed)[0])
            raise _open_quote(name, f" near row {row}")


def _open_quote(name: str, where: str) -> InputError:
    return InputError(
        Problem(f"a quotation mark{where} is never closed", name, "double it or remove it")
    )


def _row_numbers(n_rows: int, n_above: int, broken: list[BrokenRow]) -> pd.Index:
    if not broken:
        return pd.RangeIndex(n_above + 1, n_above + 1 + n_rows)
    every = np.arange(n_above + 1, n_above + 1 + n_rows + len(broken))
    return pd.Index(np.setdiff1d(every, [row.row for row in broken]))
