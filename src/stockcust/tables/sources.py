"""The seam between files and the contract: a part as it stands, and the table it is meant to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

IsHeader = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was dropped, converted, derived, flagged or is absent; no reject."""

    code: str
    table: str = ""
    file: str = ""
    column: str = ""
    detail: str = ""
    n: int = 1


@dataclass(frozen=True, slots=True)
class Declared:
    """How a file is written, where somebody says so; what is left out is detected.

    Attributes
    ----------
    delimiter, encoding, quote : of a text file.
    sheet : the one sheet of a workbook to read.
    header : row of the header, the first is 1; 0 is no header, then ``names`` are the headers.
    """

    delimiter: str = ""
    encoding: str = ""
    quote: str = '"'
    sheet: str = ""
    header: int | None = None
    names: tuple[str, ...] = ()


DETECT = Declared()


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that could not be split into its columns."""

    row: int
    text: str
    reason: str
    detail: str = ""


@dataclass(frozen=True)
class Part:
    """One file, or one sheet of a workbook, as it stands.

    Attributes
    ----------
    file : name that a person finds it by, relative to the folder, a sheet after ``#``.
    frame : columns are the headers as they stand (they may repeat), **the index is the row number
        that a person sees** (header = 1 when it is in the first row). Text files give text
        columns; Excel and Parquet give typed columns, Excel also mixed ones (object).
    broken : rows that could not be split; they are counted and rejected, whatever the table.
    sheet : name of the sheet, "" if the file is no workbook.
    notices : what the reader saw, without a table.
    unit : unit that a title names for all amounts, "" if none does.
    """

    file: str
    frame: pd.DataFrame
    broken: tuple[BrokenRow, ...] = ()
    notices: tuple[Notice, ...] = ()
    sheet: str = ""
    unit: str = ""


@dataclass(frozen=True)
class RawTable:
    """A part that is meant to be a table of the contract, or a piece of one.

    Attributes
    ----------
    table : the contract's name of the table.
    part : headers are the contract's names or aliases, codes and formats any that the contract
        reads.
    units : unit of a money column, by header, where the header itself does not say, in
        the words of the contract.
    """

    table: str
    part: Part
    units: Mapping[str, str] = field(default_factory=dict)


def without_blank_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """A part's frame without rows that hold nothing."""
    if not frame.shape[1]:
        return frame
    candidates = frame[_is_blank(frame.iloc[:, 0])]
    if candidates.empty:
        return frame
    blank = pd.concat([_is_blank(candidates.iloc[:, i]) for i in range(frame.shape[1])], axis=1)
    rows = candidates.index[blank.all(axis=1)]
    return frame.drop(index=rows) if len(rows) else frame


def _is_blank(column: pd.Series) -> pd.Series:
    if pd.api.types.is_string_dtype(column.dtype):
        return column.isna() | column.str.isspace() | column.eq("")
    return column.isna()
