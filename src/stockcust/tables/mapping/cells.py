"""The columns of a bank's file as clean texts and numbers, with their row numbers kept."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from stockcust.tables.cells import cell_text, is_missing
from stockcust.tables.contract import Column
from stockcust.tables.numbers import read_numbers

_PLAIN_NUMBER = Column(name="", type="number", zh="")


def texts(column: pd.Series) -> pd.Series:
    """Clean text, missing where the cell says that nothing is there."""
    clean = cell_text(column)
    known = pc.if_else(is_missing(clean), pa.scalar(None, pa.string()), clean)
    return pd.Series(known.to_pandas().to_numpy(), index=column.index, dtype="str")


def plain_decimals(column: pd.Series) -> pd.Series:
    """Texts such as 1.234,56 as 1234.56; other columns as they are."""
    if not isinstance(column.dtype, pd.StringDtype):
        return column
    return column.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)


def numbers(column: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The numbers of a column, and the texts of those cells that hold something else."""
    text = texts(column)
    reading = read_numbers(pa.array(text, pa.string(), from_pandas=True), _PLAIN_NUMBER, "")
    values = pd.Series(reading.values.to_numpy(zero_copy_only=False), index=column.index)
    return values, text[values.isna() & text.notna()]
