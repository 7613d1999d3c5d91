"""Any one file that a bank may send, whatever its ending says it is."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from stockcust.errors import InputError, Problem
from stockcust.tables.headers import is_known_header
from stockcust.tables.readers.csv_files import read_csv
from stockcust.tables.readers.excel_files import read_excel
from stockcust.tables.readers.parquet_files import read_parquet
from stockcust.tables.sources import DETECT, Declared, IsHeader, Part

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def read_file(
    path: Path,
    name: str = "",
    is_header: IsHeader = is_known_header,
    declared: Declared = DETECT,
) -> list[Part]:
    """Read one file: CSV and other delimited text, Excel or Parquet, known by its first bytes.

    Parameters
    ----------
    path : the file.
    name : what people call the file; by default its own name.
    is_header : tells a header from title rows and data; by default the contract's aliases.
    declared : what need not be detected.

    Returns
    -------
    list of Part: one, or one per filled sheet of a workbook.

    Raises
    ------
    InputError : the file is empty, damaged or of another kind.
    """
    name = name or path.name
    try:
        with path.open("rb") as file:
            mark = file.read(4)
        return _read(path, name, mark, is_header, declared)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(Problem("is a damaged gzip", name, "send the file again")) from error
    except OSError as error:
        raise InputError(Problem(f"cannot be opened: {error.strerror}", name)) from error


def _read(
    path: Path, name: str, mark: bytes, is_header: IsHeader, declared: Declared
) -> list[Part]:
    if not mark:
        raise InputError(Problem("is empty", name, "export the file again"))
    if mark == _OLD_EXCEL:
        raise InputError(
            Problem("is an old or locked Excel file", name, "save it as .xlsx without a password")
        )
    if mark == b"PK\x03\x04":
        return read_excel(path, name, is_header, declared)
    if mark == b"PAR1":
        return [read_parquet(path, name)]
    return [read_csv(path, name, is_header, declared)]
