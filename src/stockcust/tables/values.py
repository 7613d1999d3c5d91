"""The cells of a file's column as values of the contract's column."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from stockcust.tables.cells import (
    clean,
    is_compound,
    is_missing,
    raw_text,
    wall_time,
    without_errors,
)
from stockcust.tables.contract import Column
from stockcust.tables.dates import read_dates, read_times
from stockcust.tables.numbers import judge_numbers, plain_floats, read_numbers, read_numeric
from stockcust.tables.reading import Reading, mask_of
from stockcust.tables.words import read_codes, read_flags, read_ids, read_tags, read_texts

_NUMERIC = ("money", "number", "integer", "share")
_TIMES = ("date", "datetime", "month")


def read_values(cells: pd.Series, column: Column, unit: str = "") -> Reading:
    """Read one column.

    Parameters
    ----------
    cells : as a reader left them: text, numbers, times, flags or a mixture.
    column : the contract's column.
    unit : declared unit of the numbers, or "".

    Returns
    -------
    Reading, one value per cell; a cell that must not be empty has the reason missing_value.
    """
    reading = _read_typed(cells, column, unit)
    if not column.not_null:
        return reading
    return reading.refuse(pc.is_null(reading.values), "missing_value")


def _read_typed(cells: pd.Series, column: Column, unit: str) -> Reading:
    compound = is_compound(cells)
    if compound.any():
        if column.type == "tags":
            cells = cells.map(_joined_tags)
            compound = is_compound(cells)
        plain = cells.where(~compound, None)
        reading = _read_single(plain.astype("str"), column, unit)
        return reading.refuse(mask_of(compound), "unreadable_cell")
    return _read_single(cells, column, unit)


def _joined_tags(cell: object) -> object:
    """A list of tags as a bank without lists would write it."""
    tags = list(cell) if isinstance(cell, (list, np.ndarray)) else [cell]
    return ";".join(map(str, tags)) if all(isinstance(tag, str) for tag in tags) else cell


def _read_single(cells: pd.Series, column: Column, unit: str) -> Reading:
    dtype = cells.dtype
    is_number = pd.api.types.is_numeric_dtype(dtype) and not (
        pd.api.types.is_bool_dtype(dtype) or pd.api.types.is_complex_dtype(dtype)
    )
    if is_number and column.type in _NUMERIC:
        return read_numeric(cells, column, unit)
    if pd.api.types.is_datetime64_any_dtype(dtype) and column.type in _TIMES:
        return read_times(wall_time(cells), column.type)
    if pd.api.types.is_bool_dtype(dtype) and column.type == "flag":
        return Reading.plain(pa.array(cells.astype("boolean"), pa.bool_()))
    text = raw_text(cells)
    if column.type in ("money", "number"):
        plain = plain_floats(text)
        if plain is not None:
            return judge_numbers(Reading.plain(plain), column, unit)
        return read_numbers(clean(text), column, unit)
    different = text.dictionary_encode()
    cells, errors = without_errors(clean(different.dictionary))
    reading = _read_text(cells, column, unit, bool(is_number))
    judged = Reading(reading.values, pc.coalesce(errors, reading.reasons), reading.notes)
    return judged.take(different.indices)


def _read_text(text: pa.Array, column: Column, unit: str, is_number: bool) -> Reading:
    # codes and flags first: a word for "nothing" may be a code
    if column.type == "enum":
        return read_codes(text, column)
    if column.type == "flag":
        return read_flags(text)
    present = _without_missing(text)
    if column.type == "id":
        return read_ids(present, is_number)
    if column.type in _TIMES:
        return read_dates(present, column.type)
    if column.type in _NUMERIC:
        return read_numbers(present, column, unit)
    return read_tags(present) if column.type == "tags" else read_texts(present, column)


def _without_missing(text: pa.Array) -> pa.Array:
    return pc.if_else(is_missing(text), pa.scalar(None, pa.string()), text)
