"""Files and headers: which table, which column, which must never be read."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from broken_files.case import (
    AUM,
    BRANCHES,
    CUSTOMERS,
    Case,
    column,
    renamed,
    text_of,
    without,
    write,
    writes,
)

SIX = ["x"] * 6
CONTACTS = [
    ["日志编号", "客户号", "联系时间", "接触方式"],
    ["L1", "000001", "2026-06-01 09:30", "电话"],
]


def moved(old: str, new: str) -> object:
    def build(folder: Path) -> None:
        (folder / new).parent.mkdir(parents=True, exist_ok=True)
        (folder / old).rename(folder / new)

    return build


def removed(*names: str) -> object:
    def build(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return build


def replaced(name: str, data: bytes) -> object:
    def build(folder: Path) -> None:
        for old in folder.glob(f"{name.partition('.')[0]}.*"):
            old.unlink()
        (folder / name).write_bytes(data)

    return build


def _parts(folder: Path) -> None:
    (folder / "aum_monthly.csv").unlink()
    for month in ("202605", "202606"):
        rows = [AUM[0], *(row for row in AUM[1:] if row[2] == month)]
        write(folder / "aum_monthly" / f"{month}.csv", text_of(rows), "gbk")


def _parts_with_a_wrong_one(folder: Path) -> None:
    _parts(folder)
    write(folder / "aum_monthly" / "202607.csv", text_of(CONTACTS))


def _partitioned(folder: Path) -> None:
    (folder / "aum_monthly.csv").unlink()
    for branch in ("0101", "0102"):
        rows = [row for row in AUM[1:] if row[1] == branch]
        table = without([AUM[0], *rows], "归属机构")
        write(folder / "aum_monthly" / f"branch_id={branch}" / "part-0.csv", text_of(table))


def _swapped(folder: Path) -> None:
    (folder / "branches.csv").rename(folder / "old.csv")
    (folder / "aum_monthly.csv").rename(folder / "branches.csv")
    (folder / "old.csv").rename(folder / "aum_monthly.csv")


def _twice(folder: Path) -> None:
    write(folder / "客户主档_备份.csv", text_of(CUSTOMERS))


def _no_branch_two_homes(folder: Path) -> None:
    write(folder / "customers.csv", text_of([*CUSTOMERS, ["000001", "0102", *CUSTOMERS[1][2:]]]))
    write(folder / "aum_monthly.csv", text_of(without(AUM, "归属机构")))


def _two_wrong_files(folder: Path) -> None:
    write(folder / "customers.csv", text_of(without(CUSTOMERS, "客户号")))
    write(folder / "branches.csv", "")


def _identity_numbers(folder: Path) -> None:
    for name, table in (("customers", CUSTOMERS), ("aum_monthly", AUM)):
        rows = [[f"41152519800101{row[0][-4:]}", *row[1:]] for row in table[1:]]
        write(folder / f"{name}.csv", text_of([table[0], *rows]))


def _bytes_for_text(folder: Path) -> None:
    (folder / "branches.csv").unlink()
    frame = pd.DataFrame(BRANCHES[1:], columns=BRANCHES[0])
    frame["机构号"] = frame["机构号"].str.encode("utf-8")
    frame.to_parquet(folder / "branches.parquet")


def _damaged_parquet(folder: Path) -> None:
    (folder / "branches.csv").unlink()
    pd.DataFrame(BRANCHES[1:], columns=BRANCHES[0]).to_parquet(folder / "branches.parquet")
    data = (folder / "branches.parquet").read_bytes()
    (folder / "branches.parquet").write_bytes(data[: len(data) // 2])


CASES = (
    Case("Chinese file names", moved("customers.csv", "客户主档_20260630.csv"), kept=(("customers", 6),)),
    Case("a folder of monthly parts in GBK", _parts, kept=(("aum_monthly", 12),)),
    Case("a folder partitioned by branch", _partitioned, kept=(("aum_monthly", 12),)),
    Case("a wrong file among the parts", _parts_with_a_wrong_one,
         error=("aum_monthly/202607.csv", "headers are those of contacts")),
    Case("a required table is missing", removed("branches.csv"), error=("branches", "is missing")),
    Case("nothing is there", removed("branches.csv", "customers.csv", "aum_monthly.csv"),
         error=("customers", "aum_monthly", "branches", "3 problems")),
    Case("a file without a table's name", moved("branches.csv", "data1.csv"),
         error=("data1.csv", "headers of branches", "rename it")),
    Case("two files under each other's name", _swapped,
         error=("branches.csv", "is not branches", "aum_monthly")),
    Case("the contact log under the name of the customers", writes("customers.csv", CONTACTS),
         error=("customers.csv", "contacts")),
    Case("a required column is missing", writes("customers.csv", without(CUSTOMERS, "归属机构")),
         error=("customers.csv", "branch_id", "归属机构")),
    Case("several files are wrong at once", _two_wrong_files,
         error=("customers.csv", "branches.csv", "2 problems")),
    Case("no amounts at all",
         writes("aum_monthly.csv", [row[:3] for row in AUM]), error=("aum_monthly.csv", "no amounts")),
    Case("the same file twice", _twice, notices=("duplicates_merged",), kept=(("customers", 6),)),
    Case("an old Excel file", replaced("branches.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 64),
         error=("branches.xls", "save it as")),
    Case("a packed folder", replaced("branches.zip", b"PK\x03\x04" + bytes(64)),
         error=("branches.zip", "not read")),
    Case("bytes for text in Parquet", _bytes_for_text, kept=(("branches", 2), ("customers", 6))),
    Case("a damaged Parquet file", _damaged_parquet, error=("branches.parquet", "Parquet")),
    Case("a web page called .xlsx", replaced("branches.xlsx", b"<html><table><tr><td>1</td></tr>"),
         error=("branches.xlsx", "one column")),
    Case("headers with spaces, other cases and full-width signs",
         writes("aum_monthly.csv", renamed(renamed(AUM, "客户号", " cust_ID "), "时点AUM", "时点ＡＵＭ")),
         kept=(("aum_monthly", 12),)),
    Case("a header twice with the same values",
         writes("customers.csv", column(CUSTOMERS, "性别", ["男", "女", "男", "女", "男", "女"])),
         notices=("repeated_column",), kept=(("customers", 6),)),
    Case("a header twice with different values",
         writes("customers.csv", column(CUSTOMERS, "性别", ["女"] * 6)),
         error=("customers.csv", "both mean gender")),
    Case("two headers for one column",
         writes("aum_monthly.csv", column(AUM, "月末AUM", ["1"] * 12)),
         error=("aum_monthly.csv", "both mean point_aum_cny")),
    Case("a column nobody knows", writes("customers.csv", column(CUSTOMERS, "幸运数字", SIX)),
         notices=("unknown_column",)),
    Case("a column without a header", writes("customers.csv", column(CUSTOMERS, "", SIX)),
         notices=("unnamed_column",)),
    Case("identity numbers", writes("customers.csv", column(CUSTOMERS, "证件号码", SIX)),
         notices=("never_load",)),
    Case("identity numbers under the name of customer numbers", _identity_numbers,
         error=("customers.csv", "holds identity numbers", "customer_id")),
    Case("money-laundering grades", writes("customers.csv", column(CUSTOMERS, "洗钱风险等级", SIX)),
         notices=("never_load",)),
    Case("rows above the header", writes("aum_monthly.csv", [["资产月报"], [], ["2026年6月", ""], *AUM]),
         kept=(("aum_monthly", 12),)),
    Case("no branches in the assets", writes("aum_monthly.csv", without(AUM, "归属机构")),
         notices=("branch_from_customers",), kept=(("aum_monthly", 12),)),
    Case("no branches in the assets, customers with two", _no_branch_two_homes,
         error=("aum_monthly", "no branch_id", "several branches")),
)  # fmt: skip
