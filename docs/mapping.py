"""Run the examples of docs/mapping.md and write below each what comes out.

An example is: blocks ``csv NAME`` (a file, or a sheet ``BOOK.xlsx#SHEET``), a block ``yaml`` (the
mapping) and a block ``text`` (what comes out).

Usage: python docs/mapping.py
"""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pandas as pd

from stockcust.errors import MappingError
from stockcust.present.tables.quality import in_words
from stockcust.tables.columns import choose_columns
from stockcust.tables.contract import load_contract
from stockcust.tables.gather import gather
from stockcust.tables.mapping import MappedFiles, map_files
from stockcust.tables.rows import Rows

PAGE = Path(__file__).parent / "mapping.md"
_BLOCK = re.compile(
    r"^```(?P<kind>csv|yaml|text)(?: (?P<name>\S+))?\n(?P<text>.*?)^```$", re.M | re.S
)


def fresh(page: str) -> str:
    """The page with what its examples give now."""
    files: dict[str, str] = {}
    mapping = ""

    def refreshed(block: re.Match[str]) -> str:
        nonlocal mapping
        if block["kind"] == "csv":
            files[block["name"]] = block["text"]
        elif block["kind"] == "yaml":
            mapping = block["text"]
        else:
            said = result(mapping, files)
            files.clear()
            return f"```text\n{said}```"
        return block[0]

    return _BLOCK.sub(refreshed, page)


def result(mapping: str, files: Mapping[str, str]) -> str:
    """What a mapping makes of files: each table as text, then what is rejected; or its problems."""
    with tempfile.TemporaryDirectory() as folder:
        data, path = Path(folder, "data"), Path(folder, "mapping.yaml")
        data.mkdir()
        path.write_text(mapping, encoding="utf-8")
        for name, text in files.items():
            _write(data, name, text)
        try:
            made = map_files(data, path)
        except MappingError as error:
            return f"{error}\n"
    return "\n".join(_tables(made))


def _write(folder: Path, name: str, text: str) -> None:
    file, is_sheet, sheet = name.partition("#")
    if not is_sheet:
        (folder / file).write_text(text, encoding="utf-8")
        return
    book = openpyxl.Workbook()
    book.active.append(["说明"])
    filled = book.create_sheet(sheet)
    for row in csv.reader(text.splitlines()):
        filled.append(row)
    book.save(folder / file)


def _tables(made: MappedFiles) -> list[str]:
    parts = {}
    for raw in made.tables:
        parts.setdefault(raw.table, []).append((raw, choose_columns(raw)))
    return [_said(gather(load_contract().tables[name], pieces)) for name, pieces in parts.items()]


def _said(rows: Rows) -> str:
    table = (
        f"{rows.table.name}\n{rows.kept().map(_shown).to_csv(index=False, lineterminator=chr(10))}"
    )
    rejects = in_words(rows.rejects())
    lost = (
        f"拒收：{r.file} 第{r.row}行 {r.column} {r.value} {r.said}\n" for r in rejects.itertuples()
    )
    return table + "".join(lost)


def _shown(value: object) -> str:
    if pd.isna(value):
        return ""
    text = f"{value:.2f}" if isinstance(value, float) else str(value)
    return text.removesuffix(" 00:00:00")


if __name__ == "__main__":
    PAGE.write_text(fresh(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
