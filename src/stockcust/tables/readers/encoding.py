"""The encoding of a text file."""

from __future__ import annotations

import codecs
import gzip
import re
from pathlib import Path
from typing import IO

from stockcust.errors import InputError, Problem

_CHUNK = 1 << 22
_CHINESE = re.compile("[\u4e00-\u9fff]")
_SURELY_MEANT = 8
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # it begins like the next one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def open_bytes(path: Path) -> IO[bytes]:
    """Open a file, unpacked if it is a gzip."""
    with path.open("rb") as file:
        is_gzip = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if is_gzip else path.open("rb")  # type: ignore[return-value]


def detect_encoding(path: Path, name: str) -> str:
    """The encoding of a text file: by its mark, else UTF-8 or GB18030, whichever reads all of it.

    Raises
    ------
    InputError : neither does; names the line.
    """
    with open_bytes(path) as file:
        head = file.read(4096)
    marked = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), "")
    marked = marked or _utf16_without_mark(head)
    failures = []
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        failure = _failure(path, encoding, name)
        if failure is None:
            return encoding
        failures.append((failure[0], encoding))
        if failure[1] > _SURELY_MEANT:
            break  # a page of Chinese is no accident: the rest is damaged
    line, encoding = max(failures)
    raise InputError(
        Problem(
            f"line {line} cannot be read as {encoding.upper()} text, nor the file as another",
            name,
            "export the file again in one encoding",
        )
    )


def _utf16_without_mark(head: bytes) -> str:
    """UTF-16 of which each second byte is mostly zero, as in delimiters and digits; else ""."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 4 < len(head) or min(even, odd) * 8 > max(even, odd):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _failure(path: Path, encoding: str, name: str) -> tuple[int, int] | None:
    """The line that does not decode, and how many Chinese characters decoded before it."""
    decoder = codecs.getincrementaldecoder(encoding)()
    n_lines, n_chinese = 1, 0
    with open_bytes(path) as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                good = error.object[: error.start]
                return n_lines + good.count(b"\n"), n_chinese + _n_chinese(good, encoding)
            if not chunk:
                return None
            if "\0" in text:
                line = n_lines + text[: text.index("\0")].count("\n")
                what = f"is not text, or was cut off: line {line} holds a zero byte"
                raise InputError(Problem(what, name, "export it again as CSV"))
            n_lines += chunk.count(b"\n")
            n_chinese += 0 if n_chinese > _SURELY_MEANT else len(_CHINESE.findall(text))


def _n_chinese(data: bytes, encoding: str) -> int:
    return len(_CHINESE.findall(data.decode(encoding, errors="ignore")))
