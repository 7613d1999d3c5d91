"""Folders, links, names and packed files."""

from __future__ import annotations

import gzip
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

from broken_files.case import AUM, CUSTOMERS, Case, Table, text_of, without, write

TEXT = text_of(CUSTOMERS)
BOTH = ("customers", "aum_monthly")


def partition(*parts: tuple[str, Table]) -> Callable[[Path], None]:
    """A build that replaces the assets by folders such as ``month=202605``."""

    def build(folder: Path) -> None:
        (folder / "aum_monthly.csv").unlink()
        for name, table in parts:
            write(folder / "aum_monthly" / name / "part-0.csv", text_of(table))

    return build


def of(column: str, value: str, table: Table = AUM) -> Table:
    place = table[0].index(column)
    return [table[0], *(row for row in table[1:] if row[place] == value)]


def instead(name: str, data: bytes) -> Callable[[Path], None]:
    """A build that replaces the customers by another file."""

    def build(folder: Path) -> None:
        (folder / "customers.csv").unlink()
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)

    return build


def linked(name: str, target: str, *, is_folder: bool = False) -> Callable[[Path], None]:
    """A build whose customers are a link to what lies outside of the folder."""

    def build(folder: Path) -> None:
        outside = folder.parent / f"{folder.name}-outside"
        write(outside / "customers.csv", TEXT)
        (folder / "customers.csv").unlink()
        (folder / name).symlink_to(outside / target if not is_folder else outside)

    return build


def _hidden(folder: Path) -> None:
    for name in ("~$customers.xlsx", ".customers.csv", "Thumbs.db", "__MACOSX/customers.csv"):
        write(folder / name, "x")


def _loop(folder: Path) -> None:
    (folder / "loop").symlink_to(folder)
    (folder / "contacts").mkdir()
    os.mkfifo(folder / "assignments.csv")


def _inside(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "customers.csv").rename(folder / "data" / "x1.csv")
    (folder / "customers.csv").symlink_to(folder / "data" / "x1.csv")


def _gbk_name(folder: Path) -> None:
    name = os.path.join(os.fsencode(folder), "客户主档.csv".encode("gbk"))
    os.rename(os.fsencode(folder / "customers.csv"), name)


def _odd_name(folder: Path) -> None:
    name = os.path.join(os.fsencode(folder), b"customers_\xff.csv")
    os.rename(os.fsencode(folder / "customers.csv"), name)


def _spark(folder: Path) -> None:
    write(folder / "customers" / "part-00000.csv", TEXT)
    write(folder / "customers" / "_SUCCESS", "")
    write(folder / "customers" / ".part-00000.csv.crc", "x")
    (folder / "customers.csv").unlink()


def _zip_called_csv(folder: Path) -> None:
    with zipfile.ZipFile(folder / "customers.csv", "w") as archive:
        archive.writestr("customers.csv", TEXT)


MEMBERS = [gzip.compress(text_of(rows).encode()) for rows in (CUSTOMERS[:4], CUSTOMERS[4:])]
CASES = (
    Case("a partition that contradicts its column", partition(
        ("branch_id=0101", of("归属机构", "0101")), ("branch_id=0102", of("归属机构", "0101"))),
        error=("aum_monthly/branch_id=0102/part-0.csv", "both mean branch_id")),
    Case("a partition that says the same as its column", partition(
        *((f"branch_id={b}", of("归属机构", b)) for b in ("0101", "0102"))),
        notices=("repeated_column",), same=BOTH),
    Case("a folder partitioned by month", partition(
        *((f"month={m}", without(of("数据日期", m), "数据日期")) for m in ("202605", "202606"))), same=BOTH),
    Case("a partition of nothing", partition(
        ("branch_id=0101", without(of("归属机构", "0101"), "归属机构")),
        ("branch_id=__HIVE_DEFAULT_PARTITION__", without(of("归属机构", "0102"), "归属机构"))),
        notices=("branch_from_customers",), same=BOTH),
    Case("a sign of equality inside a partition", partition(
        ("branch_id=0101/kind=a=b", without(of("归属机构", "0101"), "归属机构"))),
        notices=("unknown_column",), kept=(("aum_monthly", 6),)),
    Case("a folder called customers.csv", lambda folder: (
        (folder / "customers.csv").unlink(), write(folder / "customers.csv" / "part-0.csv", TEXT))[0], same=BOTH),
    Case("a folder that Spark wrote", _spark, same=BOTH),
    Case("files that programs leave behind", _hidden, same=BOTH),
    Case("a folder that holds itself, an empty one and a pipe", _loop, same=BOTH),
    Case("a link inside the folder", _inside, notices=("file_not_used",), same=BOTH),
    Case("a link out of the folder", linked("customers.csv", "customers.csv"),
         error=("customers.csv", "is a link", "copy")),
    Case("a link to another folder", linked("customers", "", is_folder=True),
         error=("customers", "is a link", "copy")),
    Case("a link to nothing", linked("customers.csv", "nowhere.csv"), error=("customers.csv", "is a link")),
    Case("a name in GBK", _gbk_name, same=BOTH),
    Case("a name that is no text", _odd_name, same=BOTH),
    Case("a name with a line break", lambda folder: (folder / "customers.csv").rename(folder / "客户\n主档.csv") and None,
         error=("the table customers",)),
    Case("several packed pieces in one file", instead("customers.csv.gz", b"".join(MEMBERS)), same=BOTH),
    Case("packed twice", instead("customers.csv.gz", gzip.compress(gzip.compress(TEXT.encode()))),
         error=("customers.csv.gz", "another packed file", "unpack")),
    Case("a packed workbook", instead("customers.xlsx.gz", gzip.compress(b"PK\x03\x04" + bytes(99))),
         error=("customers.xlsx.gz", "another packed file", "unpack")),
    Case("an archive called .csv", _zip_called_csv, error=("customers.csv", "cannot be opened as an Excel workbook")),
    Case("a 7-Zip archive called .csv", instead("customers.csv", b"7z\xbc\xaf\x27\x1c" + b"\0\1" * 50),
         error=("customers.csv", "7-Zip archive")),
    Case("a PDF called .xlsx", instead("customers.xlsx", b"%PDF-1.7\n" + b"x" * 99),
         error=("customers.xlsx", "PDF")),
    Case("bzip2", instead("customers.csv.bz2", b"BZh91AY&SY" + b"x" * 99), error=("customers.csv.bz2", "not read")),
    Case("an ORC file", instead("customers.orc", b"ORC" + bytes(99)), error=("customers.orc", "not read")),
    Case("a workbook locked by a password", instead("customers.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 64),
         error=("customers.xlsx", "locked", "password")),
    Case("text called .xls", instead("customers.xls", text_of(CUSTOMERS, "\t").encode("gbk")),
         error=("customers.xls", "not read")),
)  # fmt: skip
