"""The first rows of a bank's files, and how the files are written."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.parquet as pq

from stockcust.errors import CallError
from stockcust.tables.files import read_file
from stockcust.tables.headers import is_known_header
from stockcust.tables.readers.encoding import open_bytes
from stockcust.tables.readers.sniff import sniff
from stockcust.tables.sources import Declared, Part

_HEAD_BYTES = 4 << 20
_HEAD_ROWS = 20_000
# delimiters that the readers know only if they are declared
_UNUSUAL = ("^", "~", "\x01", "\x1b", "\x1f", "#", "!")
_PLAIN = ("utf-8", "utf-8-sig")


@dataclass(frozen=True)
class Head:
    """The first rows of one file or sheet.

    Attributes
    ----------
    name : relative to the folder of all files.
    part : the rows; broken ones apart.
    declared : what a mapping has to declare, because it is not what everybody expects.
    """

    name: str
    part: Part
    declared: Declared

    @property
    def headers(self) -> tuple[str, ...]:
        """Headers as they stand."""
        return tuple(str(header) for header in self.part.frame.columns)


def read_heads(paths: Sequence[Path]) -> tuple[Path, list[Head]]:
    """The heads of files, and the folder that their names are relative to.

    Raises
    ------
    CallError : a file is not there.
    InputError : a file cannot be read.
    """
    absent = [str(path) for path in paths if not path.is_file()]
    if absent or not paths:
        raise CallError(f"no such file: {', '.join(absent)}" if absent else "name a bank's files")
    folder = Path(os.path.commonpath([path.resolve().parent for path in paths]))
    heads = [head for path in paths for head in _heads(path.resolve(), folder)]
    return folder, heads


def _heads(path: Path, folder: Path) -> Iterator[Head]:
    name = path.relative_to(folder).as_posix()
    with _beginning(path) as beginning:
        declared = _unexpected(beginning, name) if _is_text(beginning) else Declared()
        parts = read_file(beginning, name, is_known_header, declared)
    for part in parts:
        sheet = part.sheet if len(parts) > 1 else ""
        yield Head(name, part, replace(declared, sheet=sheet))


def _unexpected(path: Path, name: str) -> Declared:
    """The encoding and the delimiter of a text file, where they are not the usual ones."""
    usual = sniff(path, name, is_known_header)
    unusual = sniff(path, name, is_known_header, delimiters=_UNUSUAL)
    best = max(usual, unusual, key=lambda sniffed: sniffed.layout.n_known)
    return Declared(
        delimiter="" if best.delimiter == "," else best.delimiter,
        encoding="" if best.encoding in _PLAIN else best.encoding,
    )


def _is_text(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) not in (b"PK\x03\x04", b"PAR1")


@contextmanager
def _beginning(path: Path) -> Iterator[Path]:
    """The file itself, or a temporary one with its first rows if it is long."""
    is_short = path.stat().st_size <= _HEAD_BYTES and path.suffix.lower() != ".gz"
    if is_short or re.fullmatch(r"\.xls[xm]", path.suffix.lower()):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        beginning = Path(folder) / path.name
        _cut_text(path, beginning) if _is_text(path) else _cut_parquet(path, beginning)
        yield beginning


def _cut_text(path: Path, beginning: Path) -> None:
    with open_bytes(path) as file:
        content = file.read(_HEAD_BYTES)
        is_whole = not file.read(1)
    end = len(content) if is_whole else content.rfind(b"\n") + 1
    beginning.write_bytes(content[:end])


def _cut_parquet(path: Path, beginning: Path) -> None:
    with pq.ParquetFile(path) as file, pq.ParquetWriter(beginning, file.schema_arrow) as writer:
        for batch in file.iter_batches(batch_size=_HEAD_ROWS):
            writer.write_batch(batch)
            break
