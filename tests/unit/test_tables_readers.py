"""Readers: row numbers, delimiters, types."""

from __future__ import annotations

import datetime as dt
import decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stockcust.errors import InputError
from stockcust.tables.files import read_file
from stockcust.tables.headers import unit_named
from stockcust.tables.readers import csv_files
from stockcust.tables.sources import Declared


def _rows(n: int) -> list[str]:
    return [f"{i:06d},0101,{'王' * (i % 7)}" for i in range(n)]


def test_row_numbers_are_right_across_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_files, "_BLOCK", 4096)
    lines = _rows(2000)
    for place in (10, 700, 1999):
        lines[place] = "broken"
    lines[500] = ""
    path = tmp_path / "x.csv"
    path.write_text("\n".join(["客户号,机构号,姓名", *lines]), encoding="utf-8")
    (part,) = read_file(path)
    assert [row.row for row in part.broken] == [12, 702, 2001]
    assert list(part.frame.index) == [i + 2 for i in range(2000) if i not in (10, 500, 700, 1999)]
    assert part.frame["客户号"].loc[2000] == "001998"


@settings(max_examples=40)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
def test_what_was_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]], delimiter: str, encoding: str
) -> None:
    # a first row such as ",,%" names the units of the columns above it
    assume(not any(unit_named(cell) for cell in cells[0]))
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    frame = pd.DataFrame(cells, columns=["客户号", "机构号", "姓名"])
    frame.to_csv(path, index=False, sep=delimiter, encoding=encoding, quoting=1)
    (part,) = read_file(path)
    filled = frame[(frame != "").any(axis=1)]
    assert part.frame.to_numpy().tolist() == filled.to_numpy().tolist()


def test_declared_header_and_delimiter_are_obeyed(tmp_path: Path) -> None:
    path = tmp_path / "ledger.asc"
    path.write_text("1~2\n3~4\n", encoding="utf-8")
    (part,) = read_file(path, declared=Declared(delimiter="~", header=0, names=("a", "b")))
    assert part.frame.to_dict("list") == {"a": ["1", "3"], "b": ["2", "4"]}
    assert list(part.frame.index) == [1, 2]


def test_parquet_types_become_readable_ones(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "客户号": pd.Categorical(["001", "002"]),
            "余额": [decimal.Decimal("1.50"), decimal.Decimal("2.25")],
            "开户日期": [dt.date(2020, 1, 2), None],
            "次数": pd.array([1, None], dtype="Int32"),
        }
    )
    frame.to_parquet(tmp_path / "x.parquet")
    (part,) = read_file(tmp_path / "x.parquet")
    assert list(part.frame.index) == [2, 3]
    assert part.frame["余额"].tolist() == [1.5, 2.25]
    assert part.frame["开户日期"].iloc[0] == pd.Timestamp("2020-01-02")
    assert part.frame["次数"].isna().tolist() == [False, True]


def test_sheets_are_parts_and_a_declared_sheet_is_the_only_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["客户号"])
    book.create_sheet("二").append(["机构号"])
    book.save(tmp_path / "x.xlsx")
    parts = read_file(tmp_path / "x.xlsx")
    assert [(part.file, part.sheet) for part in parts] == [
        ("x.xlsx#Sheet", "Sheet"),
        ("x.xlsx#二", "二"),
    ]
    (only,) = read_file(tmp_path / "x.xlsx", declared=Declared(sheet="二"))
    assert only.sheet == "二"
    with pytest.raises(InputError, match="no sheet"):
        read_file(tmp_path / "x.xlsx", declared=Declared(sheet="三"))


def test_excel_columns_keep_their_types(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["客户号", "余额", "开户日期", "状态"],
        ["001", 1.5, dt.datetime(2020, 1, 2), "正常"],
        ["002", 2, dt.datetime(2021, 1, 2), 1],
    ):
        book.active.append(row)
    book.save(tmp_path / "x.xlsx")
    (part,) = read_file(tmp_path / "x.xlsx")
    assert [str(dtype) for dtype in part.frame.dtypes] == [
        "str",
        "float64",
        "datetime64[us]",
        "str",
    ]


@pytest.mark.parametrize(
    "data", [b"", b"\xd0\xcf\x11\xe0rest", b"PK\x03\x04rest", b"PAR1rest", b"\x1f\x8brest"]
)
def test_damaged_files_are_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    with pytest.raises(InputError, match="x.csv"):
        read_file(path)
