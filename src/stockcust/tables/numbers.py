"""Amounts, numbers, shares and counts as people and programs write them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from stockcust.tables.cells import half_width, is_missing, without_errors
from stockcust.tables.contract import Column, load_contract
from stockcust.tables.reading import Reading, mask_of

_NUMBER = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$"
_BRACKETS = r"^\((.+)\)$"
_TRAILING_MINUS = r"^(\d.*)-$"
_GROUPED = r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$"
# beyond it a float no longer tells one fen from the next
_LARGEST_CNY = 1e12


def read_numbers(text: pa.Array, column: Column, unit: str) -> Reading:
    """Read the cells of a money, number, share or integer column.

    Parameters
    ----------
    text : clean cells; words for "nothing" count as missing.
    column : the contract's column.
    unit : unit that the header or the mapping declares, or "".

    Returns
    -------
    Reading in yuan, shares 0-1 or plain numbers.
    """
    plain = half_width(text)
    values = plain_floats(plain)
    if values is not None:
        return judge_numbers(Reading.plain(values), column, unit)
    cells, errors = without_errors(plain)
    present = pc.if_else(is_missing(cells), pa.scalar(None, pa.string()), cells)
    reading = _read_written(present, column, unit)
    return Reading(reading.values, pc.coalesce(errors, reading.reasons), reading.notes)


def plain_floats(text: pa.Array) -> pa.Array | None:
    """The numbers of cells as a program writes them or leaves them empty; None if one is not so."""
    present = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    try:
        values = pc.cast(present, pa.float64())
    except pa.ArrowInvalid:
        return None
    return values if pc.all(pc.is_finite(values)).as_py() is not False else None


def _read_written(plain: pa.Array, column: Column, unit: str) -> Reading:
    """Cells of which some have signs that a program would not write."""
    bare = _bare(plain)
    scaled = pc.extract_regex(bare, load_contract().numbers.scaled)
    digits = pc.if_else(pc.is_valid(scaled), pc.struct_field(scaled, "number"), bare)
    numeric = pc.match_substring_regex(digits, _NUMBER)
    number = pc.cast(pc.if_else(numeric, digits, pa.scalar(None, pa.string())), pa.float64())
    factor = _factors(pc.struct_field(scaled, "scale"))
    reading = Reading.plain(pc.multiply(number, factor))
    reading = reading.refuse(pc.and_(pc.is_valid(plain), pc.invert(numeric)), "unreadable_number")
    written = pc.and_(pc.is_valid(scaled), numeric)
    if column.type == "money":
        percent = pc.equal(pc.struct_field(scaled, "scale"), "%")
        reading = reading.refuse(percent, "unreadable_number")
    if unit and column.type == "money":
        # a unit at the value and one at the header: either could be meant
        yuan = _names_yuan(plain) if load_contract().units[unit] != 1 else written
        reading = reading.refuse(pc.or_(written, yuan), "two_units")
    done = pc.fill_null(written, False).to_numpy(zero_copy_only=False)
    return judge_numbers(reading.note(written, "unit_in_value"), column, unit, done)


def _bare(plain: pa.Array) -> pa.Array:
    bare = pc.replace_substring_regex(plain, _BRACKETS, r"-\1")
    bare = pc.replace_substring_regex(bare, load_contract().numbers.currency, r"\1")
    bare = pc.replace_substring_regex(bare, _TRAILING_MINUS, r"-\1")
    grouped = pc.match_substring_regex(bare, _GROUPED)
    return pc.if_else(grouped, pc.replace_substring(bare, ",", ""), bare)


def _names_yuan(plain: pa.Array) -> pa.Array:
    return pc.match_substring_regex(plain, load_contract().numbers.yuan)


def _factors(scale: pa.Array) -> pa.Array:
    scales = load_contract().numbers.scales
    place = pc.index_in(scale, pa.array(list(scales)))
    return pc.fill_null(pa.array(list(scales.values())).take(place), 1.0)


def judge_numbers(
    reading: Reading, column: Column, unit: str, scaled: np.ndarray | None = None
) -> Reading:
    """Apply the unit, round and refuse what cannot be.

    Parameters
    ----------
    reading : numbers as they stand.
    column : the contract's column.
    unit : declared unit, or "".
    scaled : rows whose own sign, such as %, was already applied; the unit does not count again.
    """
    values = reading.values.to_numpy(zero_copy_only=False).astype("float64")
    factor = load_contract().units[unit] if unit else 1
    values = values * (factor if scaled is None else np.where(scaled, 1, factor))
    infinite = np.isinf(values)
    judged = Reading(_shape(values, column), reading.reasons, reading.notes)
    judged = judged.refuse(mask_of(infinite), "unreadable_number")
    for reason, wrong in _limits(values, column):
        judged = judged.refuse(mask_of(wrong), reason)
    return judged


def _shape(values: np.ndarray, column: Column) -> pa.Array:
    if column.type == "money":
        values = np.round(values, 2) + 0.0  # no negative zero
    if column.type != "integer":
        return pa.array(values, pa.float64(), from_pandas=True)
    whole = np.where(_fits_integer(values), values, np.nan)
    return pc.cast(pa.array(whole, from_pandas=True), pa.int64())


def _fits_integer(values: np.ndarray) -> np.ndarray:
    return (np.abs(values) < 2**53) & (values == np.floor(values))


def _limits(values: np.ndarray, column: Column) -> list[tuple[str, np.ndarray]]:
    known = ~np.isnan(values)
    limits = []
    if column.type == "integer":
        limits.append(("not_a_whole_number", known & ~_fits_integer(values)))
    if column.type == "share":
        limits.append(("share_out_of_range", known & ((values < 0) | (values > 1))))
    if column.type == "money":
        limits.append(("implausible_amount", known & (np.abs(values) > _LARGEST_CNY)))
    if column.min is not None:
        limits.append((_below(column), known & (values < column.min)))
    return limits


def _below(column: Column) -> str:
    return "negative_amount" if column.type == "money" else "negative_number"


def read_numeric(column: pd.Series, contract: Column, unit: str) -> Reading:
    """Read a column that already holds numbers."""
    values = column.to_numpy(dtype="float64", na_value=np.nan)
    return judge_numbers(Reading.plain(pa.array(values, from_pandas=True)), contract, unit)
