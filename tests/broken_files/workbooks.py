"""Excel workbooks."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import openpyxl.chart
import openpyxl.utils.datetime

from broken_files.case import AUM, BRANCHES, CUSTOMERS, Case, Table

Sheet = openpyxl.worksheet.worksheet.Worksheet


def book(name: str, fill: Callable[[openpyxl.Workbook], None]) -> Callable[[Path], None]:
    """A build that replaces a CSV file by a workbook."""

    def build(folder: Path) -> None:
        (folder / f"{name.partition('.')[0]}.csv").unlink()
        workbook = openpyxl.Workbook()
        fill(workbook)
        workbook.save(folder / name)

    return build


def sheet_of(table: Table, change: Callable[[Sheet], None] = lambda sheet: None) -> object:
    def fill(workbook: openpyxl.Workbook) -> None:
        for row in table:
            workbook.active.append(row)
        change(workbook.active)

    return fill


def put(place: str, value: object, number_format: str = "General") -> Callable[[Sheet], None]:
    def change(sheet: Sheet) -> None:
        sheet[place] = value
        sheet[place].number_format = number_format

    return change


def _numbers(sheet: Sheet) -> None:
    """Amounts and months are numbers, as Excel makes them."""
    for row in sheet.iter_rows(min_row=2, min_col=4):
        for cell in row:
            cell.value = float(cell.value)


def _merged_header(workbook: openpyxl.Workbook) -> None:
    sheet = workbook.active
    sheet.append(["资产月快照"])
    sheet.append(
        ["客户号", "归属机构", "数据日期", "存款余额(万元)", "", "时点AUM(元)", "AUM月日均(元)"]
    )
    sheet.append(["", "", "", "活期余额", "定期余额", "", ""])
    for row in AUM[1:]:
        sheet.append([*row[:3], *(float(amount) / 10_000 for amount in row[3:5]), *row[5:]])
    sheet.merge_cells("A1:G1")
    sheet.merge_cells("D2:E2")
    for letter in "ABCFG":
        sheet.merge_cells(f"{letter}2:{letter}3")


def _whole_bank(folder: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["说明"])
    for title, table in (("客户主档", CUSTOMERS), ("资产月快照", AUM), ("机构", BRANCHES)):
        sheet = workbook.create_sheet(title)
        for row in table:
            sheet.append(row)
    for file in folder.glob("*.csv"):
        file.unlink()
    workbook.save(folder / "全行数据.xlsx")


def _two_sheets(workbook: openpyxl.Workbook) -> None:
    sheet_of(AUM)(workbook)
    notes = workbook.create_sheet("填表说明")
    notes.append(["项目", "说明"])
    notes.append(["单位", "元"])


def _serial_dates(sheet: Sheet) -> None:
    epoch = dt.date(1899, 12, 30)
    for row in range(2, 8):
        day = dt.date.fromisoformat(sheet.cell(row, 5).value)
        sheet.cell(row, 5).value = (day - epoch).days
        sheet.cell(row, 7).value = dt.datetime.fromisoformat(sheet.cell(row, 7).value)


def _zero_padded(sheet: Sheet) -> None:
    for row in range(2, 8):
        sheet.cell(row, 1).value = int(sheet.cell(row, 1).value)
        sheet.cell(row, 1).number_format = "000000"


def _bare_numbers(sheet: Sheet) -> None:
    for row in range(2, 8):
        sheet.cell(row, 1).value = int(sheet.cell(row, 1).value)


def _word_file(folder: Path) -> None:
    (folder / "branches.csv").unlink()
    with zipfile.ZipFile(folder / "branches.xlsx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")


def _truncated(folder: Path) -> None:
    book("branches.xlsx", sheet_of(BRANCHES))(folder)
    data = (folder / "branches.xlsx").read_bytes()
    (folder / "branches.xlsx").write_bytes(data[: len(data) // 2])


def _hidden_sheet(workbook: openpyxl.Workbook) -> None:
    sheet_of(AUM)(workbook)
    hidden = workbook.create_sheet("资产月快照_旧")
    hidden.sheet_state = "hidden"
    for row in [AUM[0], *([*row[:2], "202604", *row[3:]] for row in AUM[1:7])]:
        hidden.append(row)


def _only_hidden(workbook: openpyxl.Workbook) -> None:
    _hidden_sheet(workbook)
    workbook.active.delete_rows(1, 20)


def _charts(workbook: openpyxl.Workbook) -> None:
    sheet_of(CUSTOMERS)(workbook)
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(workbook.active, min_col=1, min_row=1, max_row=3))
    workbook.create_chartsheet("图").add_chart(chart)


def _from_1904(workbook: openpyxl.Workbook) -> None:
    workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet_of(CUSTOMERS)(workbook)


def _padded_floats(sheet: Sheet) -> None:
    _zero_padded(sheet)
    for row in range(2, 8):
        sheet.cell(row, 1).value = float(sheet.cell(row, 1).value)


def _entities(folder: Path) -> None:
    book("customers.xlsx", sheet_of(CUSTOMERS))(folder)
    with zipfile.ZipFile(folder / "customers.xlsx") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    entities = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    book_xml = (
        files["xl/workbook.xml"].decode().partition("?>")[2] or files["xl/workbook.xml"].decode()
    )
    files["xl/workbook.xml"] = (
        f'<?xml version="1.0"?><!DOCTYPE l [{entities}]>'
        + book_xml.replace('name="Sheet"', 'name="&i;"')
    ).encode()
    with zipfile.ZipFile(folder / "customers.xlsx", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)


BOTH = ("customers", "aum_monthly")
CASES = (
    Case("a workbook with typed amounts", book("aum_monthly.xlsx", sheet_of(AUM, _numbers)),
         kept=(("aum_monthly", 12),)),
    Case("all tables as sheets of one workbook", _whole_bank, notices=("sheet_not_used",),
         kept=(("customers", 6), ("aum_monthly", 12))),
    Case("a sheet of explanations beside the table", book("aum_monthly.xlsx", _two_sheets),
         notices=("sheet_not_used",), kept=(("aum_monthly", 12),)),
    Case("merged header cells, the unit above", book("aum_monthly.xlsx", _merged_header),
         notices=("unit_converted",), kept=(("aum_monthly", 12),)),
    Case("an empty workbook", book("branches.xlsx", lambda workbook: None),
         error=("branches.xlsx", "is empty")),
    Case("a damaged workbook", _truncated, error=("branches.xlsx", "cannot be opened")),
    Case("a formula without a saved value",
         book("aum_monthly.xlsx", sheet_of(AUM, put("F3", "=D3+E3"))),
         rejects=(("aum_monthly.xlsx", 3, "formula_without_value"),)),
    Case("a formula in a column nobody reads",
         book("branches.xlsx", sheet_of([[*row, "x"] for row in BRANCHES], put("C2", "=1+1"))),
         kept=(("branches", 2),)),
    Case("an error of Excel in an amount", book("aum_monthly.xlsx", sheet_of(AUM, put("F3", "#REF!"))),
         rejects=(("aum_monthly.xlsx", 3, "excel_error"),)),
    Case("a failed look-up is an empty cell",
         book("customers.xlsx", sheet_of(CUSTOMERS, put("D3", "#N/A"))), kept=(("customers", 6),)),
    Case("an id that Excel made scientific",
         book("customers.xlsx", sheet_of(CUSTOMERS, put("A2", 1.23456789012345e15))),
         rejects=(("customers.xlsx", 2, "scientific_notation"),
                  ("aum_monthly.csv", 2, "unknown_customer"),
                  ("aum_monthly.csv", 8, "unknown_customer"))),
    Case("dates as serial numbers and as dates",
         book("customers.xlsx", sheet_of(CUSTOMERS, _serial_dates)), kept=(("customers", 6),)),
    Case("ids as numbers that show their zeros",
         book("customers.xlsx", sheet_of(CUSTOMERS, _zero_padded)),
         kept=(("customers", 6), ("aum_monthly", 12))),
    Case("ids as numbers without their zeros",
         book("customers.xlsx", sheet_of(CUSTOMERS, _bare_numbers)),
         error=("aum_monthly.csv", "unknown_customer", "leading zeros")),
    Case("branches merged over several rows",
         book("customers.xlsx", sheet_of(CUSTOMERS, lambda sheet: sheet.merge_cells("B2:B4"))),
         rejects=(*(("customers.xlsx", row, "missing_value") for row in (3, 4)),
                  *(("aum_monthly.csv", row, "customer_rejected") for row in (3, 4, 9, 10)))),
    Case("a Word file called .xlsx", _word_file, error=("branches.xlsx", "cannot be opened")),
    Case("a note far to the right", book("branches.xlsx", sheet_of(BRANCHES, put("H2", "待核实"))),
         notices=("unnamed_column",), kept=(("branches", 2),)),
    Case("a cell at the far end of the sheet",
         book("customers.xlsx", sheet_of(CUSTOMERS, put("XFD200000", "x"))),
         notices=("unnamed_column",), same=BOTH),
    Case("cells that are formatted and empty, far down and far right",
         book("customers.xlsx", sheet_of(CUSTOMERS, lambda sheet: (
             put("A50000", None, "0")(sheet), put("XFC3", None, "0")(sheet)))), same=BOTH),
    Case("cells of spaces", book("customers.xlsx", sheet_of([*CUSTOMERS, [" ", "\u3000", "", "", "", "", ""]])),
         same=BOTH),
    Case("a hidden sheet with older rows", book("aum_monthly.xlsx", _hidden_sheet),
         notices=("hidden_sheet",), same=BOTH),
    Case("nothing but a hidden sheet", book("aum_monthly.xlsx", _only_hidden),
         error=("aum_monthly.xlsx", "hidden")),
    Case("a sheet of charts", book("customers.xlsx", _charts), same=BOTH),
    Case("days counted from 1904", book("customers.xlsx", _from_1904), error=("customers.xlsx", "1904")),
    Case("a time and a duration where a day belongs",
         book("customers.xlsx", sheet_of(CUSTOMERS, lambda sheet: (
             put("G2", dt.time(1, 2))(sheet), put("G3", dt.timedelta(days=3))(sheet)))),
         rejects=tuple(("customers.xlsx", row, "unreadable_date") for row in (2, 3)) + tuple(
             ("aum_monthly.csv", row, "customer_rejected") for row in (2, 3, 8, 9))),
    Case("a moment where a day belongs",
         book("customers.xlsx", sheet_of(CUSTOMERS, put("G2", dt.datetime(2015, 3, 4, 23, 59)))), same=BOTH),
    Case("a tick where an amount belongs", book("aum_monthly.xlsx", sheet_of(AUM, put("E3", True))),
         rejects=(("aum_monthly.xlsx", 3, "unreadable_number"),)),
    Case("ticks and words in one column", book("customers.xlsx", sheet_of(
        [[*row, value] for row, value in zip(CUSTOMERS, ["代发标志", "是", "否", "√", "×", True, False], strict=True)])),
        same=BOTH, cells=tuple(("customers", "is_payroll", i, i % 2 == 0) for i in range(6))),
    Case("a number of nineteen digits", book("customers.xlsx", sheet_of(CUSTOMERS, put("A2", 6222021234567890123))),
         rejects=(("customers.xlsx", 2, "scientific_notation"),
                  *(("aum_monthly.csv", row, "unknown_customer") for row in (2, 8)))),
    Case("ids as decimals that show their zeros", book("customers.xlsx", sheet_of(CUSTOMERS, _padded_floats)),
         same=BOTH),
    Case("a formula in an id", book("customers.xlsx", sheet_of(CUSTOMERS, put("A2", "=B2&C2"))),
         rejects=(("customers.xlsx", 2, "formula_without_value"),
                  *(("aum_monthly.csv", row, "unknown_customer") for row in (2, 8)))),
    Case("a formula to another workbook", book("aum_monthly.xlsx", sheet_of(AUM, put("F3", "=[1]Sheet1!A1"))),
         rejects=(("aum_monthly.xlsx", 3, "formula_without_value"),)),
    Case("who made the table, below it, and a total in the second column", book("aum_monthly.xlsx", sheet_of(
        [*AUM, ["", "合计", "", 1, 2, 3, 4], [], ["制表人：张三", "", "审核人：李四"]])),
        rejects=(("aum_monthly.xlsx", 16, "unreadable_date"),), notices=("total_rows",), same=BOTH),
    Case("entities that grow without end", _entities, error=("customers.xlsx", "cannot be opened")),
    Case("a total row in a workbook", book("aum_monthly.xlsx", sheet_of([*AUM, ["合  计", "", "", 1, 2, 3, 4]])),
         notices=("total_rows",), kept=(("aum_monthly", 12),)),
)  # fmt: skip
