"""A small good bank, and the shape of a case that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Table = list[list[str]]

CUSTOMERS: Table = [
    ["客户号", "归属机构", "客户名称", "性别", "出生日期", "手机号", "开户日期"],
    ["000001", "0101", "张三", "男", "1980-01-31", "13812345671", "2015-03-04"],
    ["000002", "0101", "李四", "女", "1975-12-01", "13812345672", "2016-03-04"],
    ["000003", "0101", "王五", "男", "1990-07-15", "13812345673", "2017-03-04"],
    ["000004", "0102", "赵六", "女", "1968-02-29", "13812345674", "2018-03-04"],
    ["000005", "0102", "欧阳七", "男", "2001-10-10", "13812345675", "2019-03-04"],
    ["000006", "0102", "钱八", "女", "1955-05-05", "13812345676", "2020-03-04"],
]
AUM: Table = [
    ["客户号", "归属机构", "数据日期", "活期余额", "定期余额", "时点AUM", "AUM月日均"],
    ["000001", "0101", "202605", "1000.00", "50000", "51000.00", "50500.5"],
    ["000002", "0101", "202605", "2000.00", "0", "2000.00", "1900.25"],
    ["000003", "0101", "202605", "300000", "700000", "1000000", "990000"],
    ["000004", "0102", "202605", "10.01", "9.99", "20.00", "19.00"],
    ["000005", "0102", "202605", "80000", "120000", "200000", "199999.99"],
    ["000006", "0102", "202605", "5000000", "1000000", "6000000", "6100000"],
    ["000001", "0101", "202606", "1100.00", "50000", "51100.00", "50600.5"],
    ["000002", "0101", "202606", "2100.00", "0", "2100.00", "2000.25"],
    ["000003", "0101", "202606", "310000", "700000", "1010000", "999000"],
    ["000004", "0102", "202606", "11.01", "9.99", "21.00", "20.00"],
    ["000005", "0102", "202606", "81000", "120000", "201000", "200999.99"],
    ["000006", "0102", "202606", "5100000", "1000000", "6100000", "6110000"],
]
BRANCHES: Table = [["机构号", "机构名称"], ["0101", "城东支行"], ["0102", "城西支行"]]


@dataclass(frozen=True)
class Case:
    """One way in which a bank's files are broken.

    Attributes
    ----------
    name : what is wrong, in words.
    build : changes the folder of a good bank.
    rejects : (file, row, reason) of each rejected row; nothing else may be rejected.
    notices : codes that must be said.
    error : words that the one error must hold, the file first; () if the bank is accepted.
    kept : rows kept by table, where it matters.
    same : tables that must come out as those of the good bank, in the columns that both have.
    cells : (table, column, row from 0, value) that must come out; None is missing.
    """

    name: str
    build: Callable[[Path], None]
    rejects: tuple[tuple[str, int, str], ...] = ()
    notices: tuple[str, ...] = ()
    error: tuple[str, ...] = ()
    kept: tuple[tuple[str, int], ...] = ()
    same: tuple[str, ...] = ()
    cells: tuple[tuple[str, str, int, object], ...] = ()


def text_of(table: Table, delimiter: str = ",") -> str:
    return "".join(delimiter.join(row) + "\r\n" for row in table)


def good_bank(folder: Path) -> None:
    """Write the good bank as three CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in (("customers", CUSTOMERS), ("aum_monthly", AUM), ("branches", BRANCHES)):
        write(folder / f"{name}.csv", text_of(table))


def write(path: Path, text: str, encoding: str = "utf-8") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))


def writes(name: str, table: Table, encoding: str = "utf-8") -> Callable[[Path], None]:
    """A build that replaces one file by another table."""
    return lambda folder: write(folder / name, text_of(table), encoding)


def changed(table: Table, row: int, header: str, value: str) -> Table:
    """The table with one cell changed; row as a person sees it."""
    copy = [list(line) for line in table]
    copy[row - 1][table[0].index(header)] = value
    return copy


def cell(name: str, table: Table, row: int, header: str, value: str) -> Callable[[Path], None]:
    """A build that changes one cell of one file."""
    return writes(name, changed(table, row, header, value))


def column(table: Table, header: str, values: list[str]) -> Table:
    """The table with one more column."""
    return [[*line, value] for line, value in zip(table, [header, *values], strict=True)]


def renamed(table: Table, old: str, new: str) -> Table:
    return [[new if text == old else text for text in table[0]], *table[1:]]


def without(table: Table, header: str) -> Table:
    place = table[0].index(header)
    return [line[:place] + line[place + 1 :] for line in table]
