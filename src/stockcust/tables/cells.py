"""Cells of any kind as clean text: what files wrap around a value is gone."""

from __future__ import annotations

import functools
import unicodedata

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from stockcust.tables.contract import load_contract

# what the reader puts in the place of a formula whose value Excel did not save
FORMULA = "#FORMULA!"
_FAILED = r"^#(?:FORMULA!|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)$"
_EXCEL_TEXT = r'^="(.*)"$'
_APOSTROPHE = r"^'(\S.*)$"
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060\u00ad"
# a float has 15 digits that are surely right
_LARGEST_EXACT = 10**15


def cell_text(column: pd.Series) -> pa.Array:
    """Clean text of a column, null where a cell is empty; spelt-out missing values stay.

    Parameters
    ----------
    column : text, numbers, flags, times or a mixture, as a reader left it.

    Returns
    -------
    Arrow strings: whole numbers without a point, too long ones as 1.2E+18, times as ISO text.
    """
    return clean(raw_text(column))


def raw_text(column: pd.Series) -> pa.Array:
    """A column as text, with all that files wrap around a value."""
    return one_array(pa.array(_as_text(column), pa.large_string())).cast(pa.string())


def clean(text: pa.Array) -> pa.Array:
    """Text without what files wrap around a value, null where nothing is left."""
    text = pc.utf8_trim_whitespace(text)
    if pc.any(pc.match_substring_regex(text, f"[{_INVISIBLE}]|^[='].")).as_py():
        text = pc.replace_substring_regex(text, f"[{_INVISIBLE}]", "")
        text = pc.replace_substring_regex(text, _EXCEL_TEXT, r"\1")
        text = pc.utf8_trim_whitespace(pc.replace_substring_regex(text, _APOSTROPHE, r"\1"))
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def one_array(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    """An array in one piece; pandas keeps text in several."""
    if not isinstance(array, pa.ChunkedArray):
        return array
    return pa.concat_arrays(array.chunks) if array.chunks else pa.array([], array.type)


def half_width(text: pa.Array) -> pa.Array:
    """Text with full-width letters, digits and signs replaced by the plain ones."""
    if pc.all(pc.string_is_ascii(text)).as_py() is not False:
        return text
    return pc.utf8_trim_whitespace(pc.utf8_normalize(text, "NFKC"))


def is_missing(text: pa.Array) -> pa.Array:
    """Whether cells say that nothing is there: empty, "-", "NULL", ..."""
    folded = pc.utf8_lower(half_width(text))
    return pc.or_(pc.is_null(text), pc.fill_null(pc.is_in(folded, _missing()), True))


def without_errors(text: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Text without the cells in which Excel failed, and the reason against each of these."""
    failed = pc.match_substring_regex(text, _FAILED)
    if pc.any(failed).as_py() is not True:
        return text, pa.nulls(len(text), pa.string())
    no_value = pc.if_else(pc.equal(text, FORMULA), "formula_without_value", "excel_error")
    nothing = pa.scalar(None, pa.string())
    return pc.if_else(failed, nothing, text), pc.if_else(failed, no_value, nothing)


@functools.cache
def _missing() -> pa.Array:
    words = {fold_word(word) for word in load_contract().missing}
    return pa.array(sorted(words), pa.string())


def fold_word(word: str) -> str:
    """A word for comparing: without case, outer spaces and full-width forms."""
    return unicodedata.normalize("NFKC", word).strip().lower()


def _as_text(column: pd.Series) -> pd.Series:
    dtype = column.dtype
    if isinstance(dtype, pd.StringDtype):
        return column
    if pd.api.types.is_bool_dtype(dtype):
        return column.astype("boolean").map({True: "true", False: "false"}).astype("str")
    if pd.api.types.is_integer_dtype(dtype):
        is_unsigned = pd.api.types.is_unsigned_integer_dtype(dtype)
        whole = column.astype(pd.UInt64Dtype() if is_unsigned else pd.Int64Dtype())
        return whole.astype("str").where(column.notna())
    if pd.api.types.is_float_dtype(dtype):
        return _float_text(column)
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return wall_time(column).dt.strftime("%Y-%m-%d %H:%M:%S").astype("str")
    return column.map(str, na_action="ignore").astype("str")


def _float_text(column: pd.Series) -> pd.Series:
    numbers = column.to_numpy(dtype="float64", na_value=np.nan)
    whole = (np.abs(numbers) < _LARGEST_EXACT) & (numbers == np.floor(numbers))
    text = pd.Series(pd.NA, index=column.index, dtype="str")
    text[whole] = pd.Series(numbers[whole].astype("int64")).astype("str").to_numpy()
    other = ~whole & ~np.isnan(numbers)
    text[other] = [_long(number) for number in numbers[other]]
    return text


def _long(number: float) -> str:
    return repr(float(number)) if abs(number) < _LARGEST_EXACT else f"{number:.14E}"


def is_compound(column: pd.Series) -> np.ndarray:
    """Which cells hold no single value but a list, a structure or bytes."""
    if column.dtype != object:
        return np.zeros(len(column), bool)
    kinds = (list, tuple, set, dict, np.ndarray, bytes)
    return np.array([isinstance(cell, kinds) for cell in column], bool)


def wall_time(column: pd.Series) -> pd.Series:
    """Times as a clock in China showed them; times without a zone already are."""
    if getattr(column.dtype, "tz", None) is None:
        return column.astype("datetime64[us]")
    return column.dt.tz_convert("Asia/Shanghai").dt.tz_localize(None).astype("datetime64[us]")
