"""How a text file is written: its encoding, its delimiter, and where its header stands."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stockcust.errors import InputError, Problem
from stockcust.tables.readers.encoding import detect_encoding, open_bytes
from stockcust.tables.readers.layout import PREVIEW_ROWS, Layout, find_layout
from stockcust.tables.sources import DETECT, Declared, IsHeader

DELIMITERS = (",", ";", "\t", "|")
_PREVIEW_BYTES = 1 << 18
_SPREADSHEET_HINT = "sep="


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What is known of a text file before it is read.

    Attributes
    ----------
    encoding, delimiter, quote : declared or detected.
    layout : its header.
    has_data : whether anything stands below the header.
    evenness : how many of the first rows have equally many cells; more cells count for more.
    """

    encoding: str
    delimiter: str
    quote: str
    layout: Layout
    has_data: bool
    evenness: float


def sniff(
    path: Path,
    name: str,
    is_header: IsHeader,
    declared: Declared = DETECT,
    delimiters: Sequence[str] = DELIMITERS,
) -> Sniffed:
    """Find the delimiter that shows the most known headers, else the most even rows.

    Parameters
    ----------
    path : the file; a gzip is unpacked.
    name : what people call the file.
    is_header : tells the header from title rows.
    declared : what need not be detected.
    delimiters : those that may be.

    Raises
    ------
    InputError : the file is empty, has no known encoding or no header.
    """
    encoding = _known(declared.encoding, name) or detect_encoding(path, name)
    with open_bytes(path) as file:
        head = file.read(_PREVIEW_BYTES).decode(encoding, errors="replace")
    if not head.strip("\ufeff\r\n\t ,;|"):
        raise InputError(Problem("is empty", name, "export the file again"))
    possible = (declared.delimiter,) if declared.delimiter else delimiters
    found = [_sniffed(head, encoding, sign, is_header, declared) for sign in possible]
    best = max(found, key=lambda sniffed: (sniffed.layout.n_known, sniffed.evenness))
    if not best.layout.headers:
        what = "has no header in its first rows, or a header too long to be one"
        raise InputError(Problem(what, name, "look at its first row"))
    return best


def _known(encoding: str, name: str) -> str:
    try:
        return codecs.lookup(encoding).name if encoding else ""
    except LookupError:
        raise InputError(Problem(f"{encoding} is no encoding", name, "try gb18030")) from None


def _sniffed(
    head: str, encoding: str, delimiter: str, is_header: IsHeader, declared: Declared
) -> Sniffed:
    rows, is_all = _preview(head, delimiter, declared.quote)
    cells = [[cell.strip() for cell in row] for row in rows]
    layout = find_layout(cells, is_header, declared)
    has_data = len(rows) > layout.n_rows or not is_all
    return Sniffed(encoding, delimiter, declared.quote, layout, has_data, _evenness(rows))


def _preview(head: str, delimiter: str, quote: str) -> tuple[list[list[str]], bool]:
    """The first rows, and whether there are no others."""
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, quotechar=quote)
    rows, is_all = [], True
    try:
        for row in itertools.islice(reader, PREVIEW_ROWS):
            rows.append([cell.removeprefix("\ufeff") for cell in row])
    except csv.Error:  # a cell too long for this reader
        is_all = False
    if rows and "".join(rows[0]).lower().startswith(_SPREADSHEET_HINT):
        rows[0] = [""]
    return rows, is_all


def _evenness(rows: list[list[str]]) -> float:
    widths = Counter(len(row) for row in rows if any(row))
    width, n = widths.most_common(1)[0] if widths else (1, 0)
    return 0.0 if width == 1 else n / widths.total() + width / 1000
