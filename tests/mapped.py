"""A folder of small files and a mapping, turned into contract tables."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pandas as pd
import pytest

from stockcust.errors import MappingError
from stockcust.tables.mapping import MappedFiles, map_files


def write(folder: Path, mapping: str, **files: str | bytes | pd.DataFrame) -> Path:
    """Write files (``aum_csv`` becomes aum.csv) and the mapping beside the folder; its path."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_csv", ".csv").replace("_xlsx", ".xlsx")
        path.parent.mkdir(exist_ok=True)
        if isinstance(content, pd.DataFrame):
            content.to_excel(path, index=False)
        elif isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(textwrap.dedent(content).lstrip("\n"), encoding="utf-8")
    path = folder.parent / "mapping.yaml"
    path.write_text(textwrap.dedent(mapping), encoding="utf-8")
    return path


def mapped(folder: Path, mapping: str, **files: str | bytes | pd.DataFrame) -> MappedFiles:
    """What the mapping makes of the files."""
    return map_files(folder, write(folder, mapping, **files))


def frame(folder: Path, mapping: str, **files: str | bytes | pd.DataFrame) -> pd.DataFrame:
    """The frame of the only table that the mapping makes."""
    (raw,) = mapped(folder, mapping, **files).tables
    return raw.part.frame


def refused(folder: Path, mapping: str, **files: str | bytes | pd.DataFrame) -> list[str]:
    """All problems, each as the user reads it."""
    with pytest.raises(MappingError) as caught:
        mapped(folder, mapping, **files)
    return [str(problem) for problem in caught.value.problems]
