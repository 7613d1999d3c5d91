"""Ids, names, codes, flags and tags."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from stockcust.tables.cells import fold_word, half_width, is_missing
from stockcust.tables.contract import Column, load_contract
from stockcust.tables.reading import Reading

_SCIENTIFIC = r"^[+-]?\d(?:\.\d+)?[eE]\+\d+$|^[+-]?\d\.\d+[eE]\d+$"
_POINT_ZERO = r"^\d+\.0+$"
_DECIMAL = r"^[+-]?\d*\.\d+$"
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_BAD_ID = r"^[=+@]|[\s\x00-\x1f\x7f]|^.{65,}$"
_MOBILE_SIGNS = r"^(?:\+?86[- ]?)|[- ]"
_MOBILE = r"^1[3-9]\d{9}$"
_MADE_UP_MOBILE = "^13800138000$|" + "|".join(str(digit) * 8 for digit in range(10))


def read_ids(text: pa.Array, is_numeric: bool) -> Reading:
    """Read ids; leading zeros stay, what a spreadsheet has spoilt is refused.

    Parameters
    ----------
    text : clean cells, null where missing.
    is_numeric : the cells were numbers in a typed file: whole ones are taken, with a note.
    """
    plain = half_width(text)
    reading = Reading.plain(plain)
    reading = reading.refuse(pc.match_substring_regex(plain, _SCIENTIFIC), "scientific_notation")
    reading = reading.refuse(pc.match_substring_regex(plain, _POINT_ZERO), "trailing_point_zero")
    bad = pc.or_(
        pc.match_substring_regex(plain, _BAD_ID), pc.match_substring_regex(plain, _DECIMAL)
    )
    reading = reading.refuse(bad, "malformed_id")
    return reading.note(pc.is_valid(reading.values), "numeric_id") if is_numeric else reading


def read_texts(text: pa.Array, column: Column) -> Reading:
    """Read names and free text; addresses and mobile numbers take their form."""
    reading = Reading.plain(pc.replace_substring_regex(text, _CONTROL, ""))
    return _FORMS[column.form](reading) if column.form else reading


def read_codes(text: pa.Array, column: Column) -> Reading:
    """Read an enum by the contract's codes; a spelling that is none is never guessed."""
    known = _codes(column.name, tuple(column.codes.items()))
    reading = _look_up(text, known, pa.string())
    unknown = pc.and_(pc.is_null(reading.values), pc.invert(is_missing(text)))
    return reading.refuse(unknown, "undeclared_code")


def read_flags(text: pa.Array) -> Reading:
    """Read yes and no; an unknown word is never guessed."""
    reading = _look_up(text, _flags(), pa.bool_())
    unknown = pc.and_(pc.is_null(reading.values), pc.invert(is_missing(text)))
    return reading.refuse(unknown, "unknown_flag")


def read_tags(text: pa.Array) -> Reading:
    """Read lists of tags, sorted and joined by ";"."""
    values = [None if cell is None else _tags(cell) for cell in text.to_pylist()]
    return Reading.plain(pa.array(values, pa.string()))


def _look_up(text: pa.Array, known: Mapping[str, object], kind: pa.DataType) -> Reading:
    folded = [None if cell is None else fold_word(cell) for cell in text.to_pylist()]
    return Reading.plain(pa.array([known.get(cell or "") for cell in folded], kind))


@functools.cache
def _codes(name: str, codes: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, str]:
    return {fold_word(word): code for code, words in codes for word in (code, *words)}


@functools.cache
def _flags() -> dict[str, bool]:
    flags = load_contract().flags
    spelt = {fold_word(word): True for word in flags.set}
    return spelt | {fold_word(word): False for word in flags.unset}


def _tags(cell: str) -> str | None:
    tags = {tag.strip() for tag in re.split(load_contract().tag_signs, cell)} - {""}
    return ";".join(sorted(tags)) or None


def _county(reading: Reading) -> Reading:
    cut = pc.replace_substring_regex(reading.values, load_contract().county, r"\1")
    shortened = pc.not_equal(cut, reading.values)
    precise = pc.match_substring_regex(cut, load_contract().precise_address)
    cut_reading = Reading(cut, reading.reasons, reading.notes).note(shortened, "address_cut")
    return cut_reading.blank(precise, "address_without_county")


def _mobile(reading: Reading) -> Reading:
    plain = pc.replace_substring_regex(half_width(reading.values), _MOBILE_SIGNS, "")
    usable = pc.and_(
        pc.match_substring_regex(plain, _MOBILE),
        pc.invert(pc.match_substring_regex(plain, _MADE_UP_MOBILE)),
    )
    unusable = pc.and_(pc.is_valid(plain), pc.invert(usable))
    return Reading(plain, reading.reasons, reading.notes).blank(unusable, "unusable_mobile")


_FORMS: dict[str, Callable[[Reading], Reading]] = {"county": _county, "mobile": _mobile}
