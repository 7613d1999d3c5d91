"""Any one file that a bank may send, whatever its ending says it is."""

from __future__ import annotations

import contextlib
import gzip
import os
import zlib
from pathlib import Path

from stockcust.errors import InputError, Problem
from stockcust.privacy import redact
from stockcust.tables.headers import is_known_header, is_withheld, never_load_group
from stockcust.tables.readers.csv_files import read_csv
from stockcust.tables.readers.encoding import open_bytes
from stockcust.tables.readers.excel_files import read_excel
from stockcust.tables.readers.parquet_files import read_parquet
from stockcust.tables.sources import DETECT, Declared, IsHeader, Part

_OLD_EXCEL, _ZIP, _GZIP, _PARQUET = b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"\x1f\x8b", b"PAR1"
_NO_TABLES = {
    b"PARE": "an encrypted Parquet file",
    b"ARRO": "an Arrow file",
    b"FEA1": "a Feather file",
    b"ORC": "an ORC file",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"BZh": "packed by bzip2",
    b"\xfd7zX": "packed by xz",
    b"\x28\xb5\x2f\xfd": "packed by Zstandard",
    b"%PDF": "a PDF",
    b"SQLi": "a SQLite database",
}


def name_of(path: Path, root: Path) -> str:
    """How people call a file of a folder in what is written: nothing in it that is never read."""
    return redact("/".join(map(_shown, path.relative_to(root).parts)))


def readable(part: str) -> str:
    """A part of a path as text; other systems write Chinese names in GB18030."""
    data = os.fsencode(part)
    for encoding in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode(encoding)
    return data.decode("utf-8", errors="replace")


def _shown(part: str) -> str:
    text = readable(part)
    header, is_partition, _ = text.partition("=")
    if is_withheld(header):
        return "*"
    return f"{header}=*" if is_partition and never_load_group(header) else text


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
        if mark.startswith(_GZIP):
            with open_bytes(path) as file:
                _refuse_packed(file.read(4), name)
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
    kind = next((said for start, said in _NO_TABLES.items() if mark.startswith(start)), "")
    if kind:
        raise InputError(Problem(f"is {kind}", name, "export it as .csv, .xlsx or .parquet"))
    if mark == _ZIP:
        return read_excel(path, name, is_header, declared)
    if mark == _PARQUET:
        return [read_parquet(path, name)]
    return [read_csv(path, name, is_header, declared)]


def _refuse_packed(mark: bytes, name: str) -> None:
    """Only text is read from within a gzip."""
    if mark.startswith((_ZIP, _PARQUET, _GZIP, _OLD_EXCEL, *_NO_TABLES)):
        raise InputError(Problem("holds another packed file", name, "unpack it"))
