"""Single cells that cannot be read, or only in one way."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from broken_files.case import (
    AUM,
    BRANCHES,
    CUSTOMERS,
    Case,
    cell,
    column,
    renamed,
    text_of,
    write,
    writes,
)
from stockcust.tables.codes import REASONS
from stockcust.tables.contract import load_contract

LOST = (("aum_monthly.csv", 2, "customer_rejected"), ("aum_monthly.csv", 8, "customer_rejected"))
GONE = (("aum_monthly.csv", 2, "unknown_customer"), ("aum_monthly.csv", 8, "unknown_customer"))


def customer(header: str, value: str, *, reason: str = "", notice: str = "", name: str) -> Case:
    """The first customer's cell is broken; with the customer go his assets."""
    lost = GONE if header == "客户号" else LOST
    rejects = (("customers.csv", 2, reason), *lost) if reason else ()
    build = cell("customers.csv", CUSTOMERS, 2, header, value)
    return Case(name, build, rejects, (notice,) if notice else ())


def amount(value: str, *, reason: str = "", notice: str = "", name: str) -> Case:
    """The fixed deposit of the second customer, who has none, is broken."""
    rejects = (("aum_monthly.csv", 3, reason),) if reason else ()
    build = cell("aum_monthly.csv", AUM, 3, "定期余额", value)
    return Case(name, build, rejects, (notice,) if notice else ())


def many(
    table: str, header: str, spellings: Mapping[str, object], name: str, *notices: str
) -> Case:
    """One row per spelling of a cell; what it means is a reason, or the value that must come out."""
    file, columns = f"{table}.csv", load_contract().tables[table].columns
    found = next(c for c in columns.values() if header in (c.zh, *c.aliases))
    meant = dict(enumerate(spellings.values(), 2))
    rejects = tuple((file, row, why) for row, why in meant.items() if why in REASONS)
    kept = [value for value in meant.values() if value not in REASONS]
    cells = tuple((table, found.name, place, value) for place, value in enumerate(kept))
    build = functools.partial(_write_many, table=table, header=header, spellings=tuple(spellings))
    return Case(name, build, rejects, notices, cells=cells)


def _write_many(folder: Path, table: str, header: str, spellings: tuple[str, ...]) -> None:
    """As many customers as there are spellings, and one more with everything in order."""
    ids = [f"{i:06d}" for i in range(len(spellings))]
    rows = {
        "customers": [["客户号", "归属机构"], *([i, "0101"] for i in ids), ["999999", "0101"]],
        "aum_monthly": [["客户号", "数据日期", "时点AUM"], ["999999", "202605", "1"]],
    }
    if table == "aum_monthly":
        rows[table][1:1] = [[i, "202605", "1000"] for i in ids]
    places = {name: i for i, name in enumerate(rows[table][0])}
    if header not in places:
        rows[table] = column(rows[table], header, [""] * (len(rows[table]) - 1))
    for row, spelling in zip(rows[table][1:], spellings, strict=False):
        row[places.get(header, -1)] = '"' + spelling.replace('"', '""') + '"'
    for name, lines in rows.items():
        write(folder / f"{name}.csv", text_of(lines))


def everywhere(value: str, kept: str, name: str) -> Case:
    """The first customer's id, in all tables."""

    def build(folder: Path) -> None:
        for file, table in (("customers.csv", CUSTOMERS), ("aum_monthly.csv", AUM)):
            rows = [[value, *row[1:]] if row[0] == "000001" else row for row in table]
            write(folder / file, text_of(rows))

    return Case(
        name, build, kept=(("aum_monthly", 12),), cells=(("customers", "customer_id", 0, kept),)
    )


def all_customers(header: str, values: list[str]) -> object:
    return writes("customers.csv", column(CUSTOMERS, header, values))


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def each(spellings: str, meaning: object) -> dict[str, object]:
    """All spellings, given with a space between them, mean the same."""
    return dict.fromkeys(spellings.split(" "), meaning)


CASES = (
    customer("客户号", "1.23E+15", reason="scientific_notation", name="an id in scientific notation"),
    customer("客户号", "1.0", reason="trailing_point_zero", name="an id with .0"),
    customer("客户号", "12 34", reason="malformed_id", name="an id with a space"),
    customer("客户号", "", reason="missing_value", name="no id"),
    customer("客户号", "NULL", reason="missing_value", name="an id spelt NULL"),
    customer("出生日期", "1980-02-30", reason="impossible_date", name="a day that does not exist"),
    customer("出生日期", "31/01/1980", reason="unreadable_date", name="a date with the day first"),
    customer("出生日期", "80-1-31", reason="unreadable_date", name="a year of two digits"),
    customer("出生日期", "1980年1月", reason="day_missing", name="a birthday without a day"),
    customer("出生日期", "1755-01-01", reason="date_out_of_range", name="born in 1755"),
    customer("出生日期", "1900-01-01", notice="placeholder", name="a placeholder for a birthday"),
    customer("出生日期", "00000000", notice="placeholder", name="a date of zeros"),
    customer("开户日期", "9999-12-31", notice="open_ended", name="a date without end"),
    customer("性别", "1", reason="undeclared_code", name="a gender that is a number"),
    customer("性别", "不男不女", reason="undeclared_code", name="a gender nobody knows"),
    customer("手机号", "13800000000", notice="unusable_mobile", name="a made-up mobile number"),
    customer("归属机构", "0999", reason="unknown_branch", name="a branch nobody knows"),
    amount("-0.01", reason="negative_amount", name="a negative balance"),
    amount("(500.00)", reason="negative_amount", name="a negative balance in brackets"),
    amount("约五万", reason="unreadable_number", name="an amount in words"),
    amount('"1,23"', reason="unreadable_number", name="a decimal comma"),
    amount("1.2.3", reason="unreadable_number", name="two decimal points"),
    amount("99999999999999", reason="implausible_amount", name="an amount beyond all banks"),
    amount("$100", reason="unreadable_number", name="dollars"),
    amount("inf", reason="unreadable_number", name="infinity"),
    amount("-", name="a dash for nothing"),
    amount("￥０.００", name="full-width digits and a yuan sign"),
    amount("0万", notice="unit_in_value", name="a unit in the cell"),
    many("aum_monthly", "定期余额", {
        "1,234.50": 1234.5, "1，234": 1234, " 1234 ": 1234, "１２３": 123, "1,234.50 元": 1234.5, "人民币12元": 12,
        "￥12": 12, "1E+3": 1000, "0.00-": 0, ".5": 0.5, "5.": 5, "+5": 5, "0012": 12, "1234.567": 1234.57},
        "amounts in unusual spellings of one meaning"),
    many("aum_monthly", "定期余额", {
        "1.2万": 12_000, "12 万元": 120_000, "0.5亿": 5e7, "3千": 3000, "１万": 10_000},
        "amounts with a unit of their own", "unit_in_value"),
    many("aum_monthly", "定期余额", {**each("NULL \\N #N/A n/a -- — (null) None 空 / NaN", None), " ": None, "": None},
         "spellings of nothing"),
    many("aum_monthly", "定期余额", {
        **each("1'234.50 1,23,456 1,2345 1.234,50 1,234, 5, --5 5% $5 HK$5 12.5CR 5D 1/2 1-2 0x10 1_000 壹万 1百万 无 "
               "暂无 TRUE 是 2024-01-01 −5 ١٢ 1e400 -inf", "unreadable_number"), "1 234.50": "unreadable_number",
        **each("(1,234.50) （1,234.50） 1234.50- -1 －１", "negative_amount"), "1e13": "implausible_amount"},
        "amounts that could be anything, or are below zero"),
    many("aum_monthly", "数据日期", each(
        "2026M05 2026m5 2026年5月份 2026年05月 2026-5 2026.05 202605.0 ２０２６０５ 20260531000000 2026-05-15 46173",
        day("2026-05-31")), "months in unusual spellings"),
    many("aum_monthly", "数据日期", {
        **each("202613 202600 2026/13/45 20260532 260531 1779984000 2026-02-30", "impossible_date"),
        **each("20265 2026Q2 2026 May-26 05/2026 二〇二六年五月 26年5月 99999 -1 2026-W05 民国115年5月", "unreadable_date"),
        "2099-12": "date_out_of_range", "0": "missing_value", "9999-12-31": "missing_value"}, "months that are none"),
    many("customers", "开户日期", {
        "2015-03-03T16:00:00Z": day("2015-03-04"), "2015-03-04T00:00:00+08:00": day("2015-03-04"),
        "2015-03-04T00:00:00Z": day("2015-03-04"), "2015-03-04 23:30:00+09:00": day("2015-03-04"),
        "2015-03-04 23:30:00-0500": day("2015-03-05"), "42067": day("2015-03-04"), "42067.99": day("2015-03-04"),
        "2015年3月4日": day("2015-03-04"), "2015/3/4 0:00": day("2015-03-04"), "20241": day("1955-06-01")},
        "days with a zone, a clock or a serial number"),
    many("customers", "代发标志", {
        **each("是 √ ✓ Y Ｙ y yes T TRUE 1 有 已签约", True), **each("否 × ✗ N no F FALSE 0 无 未开通", False),
        **each("N/A - NULL", None), "": None, **each("✔ 对 2 -1 01 是的 有效 未知 on √√ 1.0 ☑", "unknown_flag")},
        "yes, no and neither"),
    everywhere("000001 ", "000001", "a space behind an id"),
    everywhere("000001　", "000001", "a wide space behind an id"),
    everywhere("'000001", "000001", "an apostrophe before an id"),
    everywhere("000001\u200b", "000001", "an invisible sign behind an id"),
    everywhere("1E5", "1E5", "an id with a letter that could be an exponent"),
    customer("客户号", "1.00E+05", reason="scientific_notation", name="an id in short scientific notation"),
    customer("客户号", "123.45", reason="malformed_id", name="an id with decimals"),
    customer("客户号", "=1+1", reason="malformed_id", name="an id that is a formula"),
    customer("客户号", "1" * 65, reason="malformed_id", name="an id of 65 digits"),
    Case("thousands separators", writes("aum_monthly.csv", [
        AUM[0], *([*row[:5], f'"{float(row[5]):,.2f}"', row[6]] for row in AUM[1:])]),
        kept=(("aum_monthly", 12),)),
    Case("a unit in the cell and in the header",
         writes("aum_monthly.csv", renamed(
             [AUM[0], *([*r[:4], f"{float(r[4]) / 1e4}", *r[5:]] for r in AUM[1:2]),
              *([*r[:4], "0.2万", *r[5:]] for r in AUM[2:3]),
              *([*r[:4], f"{float(r[4]) / 1e4}", *r[5:]] for r in AUM[3:])],
             "定期余额", "定期余额(万元)")),
         rejects=(("aum_monthly.csv", 3, "two_units"),)),
    Case("a flag nobody knows", all_customers("代发标志", ["是", "否", "也许", "Y", "0", ""]),
         rejects=(("customers.csv", 4, "unknown_flag"), ("aum_monthly.csv", 4, "customer_rejected"),
                  ("aum_monthly.csv", 10, "customer_rejected"))),
    Case("a whole column of codes that nobody declared",
         all_customers("营销授权", ["1", "2", "1", "2", "1", "2"]),
         error=("customers.csv", "undeclared_code", "mapping")),
    Case("closed before opened", all_customers("销户日期", ["", "2010-01-01", "", "", "", ""]),
         rejects=(("customers.csv", 3, "contradicting_dates"), ("aum_monthly.csv", 3, "customer_rejected"),
                  ("aum_monthly.csv", 9, "customer_rejected"))),
    Case("half a person on the staff", writes("branches.csv", column(BRANCHES, "员工数", ["3.5", "8"])),
         rejects=(("branches.csv", 2, "not_a_whole_number"),
                  *(("customers.csv", row, "branch_rejected") for row in (2, 3, 4)),
                  *(("aum_monthly.csv", row, "branch_rejected") for row in (2, 3, 4, 8, 9, 10)))),
    Case("a share above one", writes("branch_service.csv", [
        ["机构号", "月份", "一次办结率"], ["0101", "2026-06", "85%"], ["0102", "2026-06", "85"]]),
        rejects=(("branch_service.csv", 3, "share_out_of_range"),)),
    Case("months in four spellings", writes("aum_monthly.csv", [AUM[0], *(
        [*row[:2], month, *row[3:]] for row, month in zip(
            AUM[1:7], ("202605", "2026年5月", "2026-05-31", "20260531", "46173", "2026/5"), strict=True))]),
        kept=(("aum_monthly", 6),)),
)  # fmt: skip
