"""Single cells that cannot be read, or only in one way."""

from __future__ import annotations

from broken_files.case import AUM, BRANCHES, CUSTOMERS, Case, cell, column, renamed, writes

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


def all_customers(header: str, values: list[str]) -> object:
    return writes("customers.csv", column(CUSTOMERS, header, values))


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
