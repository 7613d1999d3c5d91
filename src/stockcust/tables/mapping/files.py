"""The files a mapping names: found inside the data folder only, each read once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from stockcust.tables.files import read_file, readable
from stockcust.tables.mapping.dates import PERIODS, period_end
from stockcust.tables.mapping.parts import FileName, Format
from stockcust.tables.sources import Part


class DataFolder:
    """The data folder: which files there are, and their parts once read."""

    def __init__(self, folder: Path, headers: frozenset[str]) -> None:
        self.root = folder if folder.is_dir() else folder.parent
        self.paths: dict[str, Path] = dict(_files(folder))
        self._headers = headers
        self._read: dict[tuple[str, Format], tuple[Part, ...]] = {}

    def matching(self, pattern: str) -> tuple[str, ...]:
        """The files that a pattern such as ``aum_*.csv`` or ``2024/**/aum.csv`` means."""
        try:
            paths = list(self.root.glob(pattern))
        except (ValueError, IndexError):  # no pattern at all, such as a**b or .
            return ()
        names = {_name(path, self.root) for path in paths}
        return tuple(name for name in self.paths if name in names)

    def read(self, name: str, form: Format) -> tuple[Part, ...]:
        """The parts of a file, as its declared format or its own signs say.

        Raises
        ------
        InputError : the file cannot be read.
        """
        key = (name, form)
        if key not in self._read:
            is_header = self._headers.__contains__
            self._read[key] = tuple(read_file(self.paths[name], name, is_header, form.declared))
        return self._read[key]

    @property
    def used(self) -> tuple[Path, ...]:
        """The files that were read."""
        return tuple(self.paths[name] for name in sorted({name for name, _ in self._read}))


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Names, relative and with /, of what really lies inside the folder; hidden files do not."""
    if folder.is_file():
        yield folder.name, folder
        return
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        hidden = any(part.startswith((".", "~")) for part in relative.parts)
        # a link may lead out of the folder
        if path.is_file() and not hidden and path.resolve().is_relative_to(root):
            yield _name(path, folder), path


def _name(path: Path, folder: Path) -> str:
    return "/".join(map(readable, path.relative_to(folder).parts))


def named_columns(part: Part, rule: FileName) -> pd.DataFrame | None:
    """The part's frame with the columns that its file name gives; None if the name does not fit."""
    found = rule.expression.search(part.file.partition("#")[0])
    if not found:
        return None
    values = {
        name: period_end(name, text) if text and name in PERIODS else text
        for name, text in found.groupdict().items()
    }
    if None in values.values():
        return None
    made = {name: pd.Series(v, index=part.frame.index, dtype="str") for name, v in values.items()}
    return part.frame.assign(**made)
