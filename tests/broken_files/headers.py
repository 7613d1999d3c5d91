"""Where the header stands, on how many rows, and where the unit is said."""

from __future__ import annotations

from broken_files.case import AUM, CUSTOMERS, Case, Table, column, renamed, text_of, writes
from broken_files.units import MONEY, scaled
from broken_files.workbooks import book, sheet_of

WAN = scaled(AUM, MONEY, 1e-4)
KEYS = ["客户号", "归属机构", "数据日期"]
SAME = ("aum_monthly",)


def two_rows(above: list[str], below: list[str], rows: Table) -> Table:
    """A header on two rows; the columns before the amounts have theirs in the upper one."""
    return [[*KEYS, *above], ["", "", "", *below], *rows]


def pairs(first: int, second: int) -> Table:
    """Two columns under one heading: of the balance itself, and of another figure."""
    return [
        [*row[:3], *("7" if place == 0 else row[place] for place in (first, second)), *row[5:]]
        for row in AUM[1:]
    ]


GROUPED = two_rows(["存款", "", *AUM[0][5:]], ["活期余额", "定期余额", "", ""], AUM[1:])
CASES = (
    Case("a heading above two columns", book("aum_monthly.xlsx", sheet_of(GROUPED)), same=SAME),
    Case("a heading above two columns in text", writes("aum_monthly.csv", GROUPED), same=SAME),
    Case("heading and column make the name together, the other figure first",
         writes("aum_monthly.csv", two_rows(["活期", "", "时点AUM", "AUM月日均"], ["日均", "余额", "", ""],
                                            pairs(0, 3))),
         notices=("unknown_column",), same=SAME),
    Case("heading and column make the name together, the other figure last",
         writes("aum_monthly.csv", two_rows(["活期", "", "时点AUM", "AUM月日均"], ["余额", "日均", "", ""],
                                            pairs(3, 0))),
         notices=("unknown_column",), same=SAME),
    Case("two figures under one known heading, neither is meant for sure",
         writes("aum_monthly.csv", two_rows(["活期余额", "", "时点AUM", "AUM月日均"], ["上月", "本月", "", ""],
                                            pairs(0, 3))),
         notices=("unknown_column",), same=SAME),
    Case("units on a row of their own below the header",
         writes("aum_monthly.csv", [WAN[0], ["", "", "", *["万元"] * 4], *WAN[1:]]),
         notices=("unit_converted",), same=SAME),
    Case("units in brackets below the header, one of them yuan",
         writes("aum_monthly.csv", [
             AUM[0], ["", "", "", "（元）", "（元）", "（元）", "（万元）"],
             *scaled(AUM, ("AUM月日均",), 1e-4)[1:]]),
         notices=("unit_converted",), same=SAME),
    Case("the unit in a cell of the title", writes("aum_monthly.csv", [
        ["资产月报", "", "", "", "", "", "单位：万元"], *WAN]), notices=("unit_converted",), same=SAME),
    Case("the unit in the title itself", writes("aum_monthly.csv", [["资产月报（单位：万元）"], *WAN]),
         notices=("unit_converted",), same=SAME),
    Case("the unit among others in the title", writes("aum_monthly.csv", [
        ["资产月报"], ["", "", "", "", "", "", "金额单位：万元、户"], *WAN]), notices=("unit_converted",), same=SAME),
    Case("the unit in a cell above a worksheet", book("aum_monthly.xlsx", sheet_of([
        ["资产月报"], ["", "", "", "", "", "", "单位:万元"], *WAN])), notices=("unit_converted",), same=SAME),
    Case("the title says yuan", writes("aum_monthly.csv", [["资产月报 单位：元"], *AUM]), same=SAME),
    Case("the title says dollars", writes("aum_monthly.csv", [["资产月报 单位：美元"], *AUM]),
         error=("aum_monthly.csv", "unit conflict", "美元")),
    Case("the title says one unit and a header another",
         writes("aum_monthly.csv", [["单位：万元"], *renamed(WAN, "时点AUM", "时点AUM(元)")]),
         error=("aum_monthly.csv", "unit conflict")),
    Case("a title of several cells", writes("aum_monthly.csv", [
        ["某银行", "资产", "月报", "2026年6月", "", "", ""], *AUM]), same=SAME),
    Case("the header in row 12", writes("aum_monthly.csv", [*[["注：内部资料"]] * 11, *AUM]), same=SAME),
    Case("the header below everything that is looked at",
         writes("aum_monthly.csv", [*[["注：内部资料"]] * 40, *AUM]),
         error=("aum_monthly.csv", "one column", "row of the header")),
    Case("a second header in English below the Chinese one", writes("customers.csv", [
        CUSTOMERS[0], ["CUST_ID", "BRANCH_NO", "CUST_NAME", "GENDER", "BIRTHDAY", "MOBILE", "OPEN_DATE"],
        *CUSTOMERS[1:]]), rejects=(("customers.csv", 2, "undeclared_code"),), same=("customers",)),
    Case("a row of types below the header", writes("customers.csv", [
        CUSTOMERS[0], ["varchar", "varchar", "varchar", "char", "date", "varchar", "date"], *CUSTOMERS[1:]]),
        rejects=(("customers.csv", 2, "undeclared_code"),), same=("customers",)),
    Case("a column of row numbers before the ids", writes("aum_monthly.csv", [
        ["序号", *AUM[0]], *([str(i), *row] for i, row in enumerate(AUM[1:], 1)),
        ["合计", "", "", "", "1", "2", "3", "4"]]), notices=("unknown_column", "total_rows"), same=SAME),
    Case("headers broken over two lines", book("customers.xlsx", sheet_of([
        ["客户号\n", "归属\n机构", *CUSTOMERS[0][2:]], *CUSTOMERS[1:]])), same=("customers",)),
    Case("headers with remarks", book("customers.xlsx", sheet_of([
        ["客户号(必填)", "*归属机构", *CUSTOMERS[0][2:]], *CUSTOMERS[1:]])),
        error=("customers.xlsx", "lacks customer_id", "客户号(必填)", "mapping")),
    Case("a header that another program made unique",
         writes("customers.csv", column(CUSTOMERS, "性别.1", ["女"] * 6)),
         notices=("unknown_column",), same=("customers",)),
    Case("two headers that differ in spaces only",
         writes("customers.csv", column(CUSTOMERS, "客 户 号", ["x"] * 6)),
         error=("customers.csv", "both mean customer_id")),
    Case("a title above text with another delimiter", lambda folder: writes(
        "aum_monthly.csv", [["资产月报，单位：元；2026年6月"]])(folder) or (folder / "aum_monthly.csv").write_text(
            "资产月报，单位：元；2026年6月\n" + text_of(AUM, ";"), encoding="utf-8"), same=SAME),
)  # fmt: skip
