"""Text files: encodings, delimiters, quotation marks, ragged rows."""

from __future__ import annotations

import gzip
from pathlib import Path

from broken_files.case import AUM, CUSTOMERS, Case, text_of, writes

GOOD = text_of(CUSTOMERS)
LINES = GOOD.splitlines(keepends=True)
AUM_LINES = text_of(AUM).splitlines(keepends=True)


def customers(data: bytes, name: str = "customers.csv") -> object:
    def build(folder: Path) -> None:
        (folder / "customers.csv").unlink()
        (folder / name).write_bytes(data)

    return build


def writes_text(name: str, text: str) -> object:
    return lambda folder: (folder / name).write_bytes(text.encode())


def inserted(row: int, line: str) -> bytes:
    return "".join([*LINES[: row - 1], line, *LINES[row - 1 :]]).encode()


def rows_of(n: int) -> str:
    """The customers, and more of them below: what stands late in a file is not looked at first."""
    return GOOD + text_of([[f"{i:06d}", *CUSTOMERS[1][1:]] for i in range(7, n + 7)])


def _packed_cut_short(folder: Path) -> None:
    (folder / "customers.csv").unlink()
    (folder / "customers.csv.gz").write_bytes(gzip.compress(GOOD.encode())[:-20])


CASES = (
    Case("GBK text", customers(GOOD.encode("gbk")), kept=(("customers", 6),)),
    Case("GB18030 text with a rare character",
         customers(GOOD.replace("赵六", "赵𠮷").encode("gb18030")), kept=(("customers", 6),)),
    Case("UTF-8 with a byte order mark", customers(GOOD.encode("utf-8-sig"))),
    Case("UTF-16 with a mark", customers(GOOD.encode("utf-16")), kept=(("customers", 6),)),
    Case("UTF-16 without a mark", customers(GOOD.encode("utf-16-le")), kept=(("customers", 6),)),
    Case("two encodings in one file",
         customers(LINES[0].encode() + LINES[1].encode("gbk") + b"\xff\xff,0101,,,,,\r\n"),
         error=("customers.csv", "line 2", "cannot be read as UTF-8")),
    Case("one bad byte in UTF-8 that GB18030 would read",
         customers(GOOD.encode().replace("王".encode(), b"\xb2\xe2")),
         error=("customers.csv", "line 4", "UTF-8")),
    Case("UTF-16 cut in the middle of a character", customers(GOOD.encode("utf-16")[:-1]),
         error=("customers.csv", "UTF-16")),
    Case("bytes of an image", customers(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0"),
         error=("customers.csv", "not text")),
    Case("semicolons", customers(text_of(CUSTOMERS, ";").encode()), kept=(("customers", 6),)),
    Case("tabs in a .txt file", customers(text_of(CUSTOMERS, "\t").encode("gbk"), "客户主档.txt"),
         kept=(("customers", 6),)),
    Case("vertical bars in a .dat file", customers(text_of(CUSTOMERS, "|").encode(), "customers.dat"),
         kept=(("customers", 6),)),
    Case("the first line names the delimiter", customers(b"sep=,\r\n" + GOOD.encode()),
         kept=(("customers", 6),)),
    Case("line ends of an old Macintosh", customers(GOOD.replace("\r\n", "\r").encode()),
         kept=(("customers", 6),)),
    Case("no line end after the last row", customers(GOOD.rstrip("\r\n").encode()),
         kept=(("customers", 6),)),
    Case("empty lines between the rows", customers(inserted(4, "\r\n,,,,,,\r\n")),
         kept=(("customers", 6),)),
    Case("a row with too few cells", customers(inserted(4, "000009,0101\r\n")),
         rejects=(("customers.csv", 4, "ragged_row"),), kept=(("customers", 6),)),
    Case("a row with too many cells", customers(inserted(4, "000009,0101,甲,乙,男,1980-01-01,,,,\r\n")),
         rejects=(("customers.csv", 4, "ragged_row"),)),
    Case("the file ends in the middle of a row", customers(GOOD.encode() + b"000009,01"),
         rejects=(("customers.csv", 8, "ragged_row"),)),
    Case("a quotation mark that is never closed", customers(inserted(3, '000009,0101,"甲,男,,,\r\n')),
         error=("customers.csv", "quotation mark", "row 3")),
    Case("two stray quotation marks swallow a row",
         customers("".join([LINES[0], LINES[1].replace("2015-03-04", '"2015-03-04'), LINES[2],
                            LINES[3].replace("000003", '"000003'), *LINES[4:]]).encode()),
         error=("customers.csv", "quotation mark")),
    Case("a line break inside quotation marks", customers(GOOD.replace("王五", '"王\n五"').encode()),
         kept=(("customers", 6),)),
    Case("a delimiter inside quotation marks", customers(GOOD.replace("王五", '"王,五"').encode()),
         kept=(("customers", 6),)),
    Case("an empty file", customers(b""), error=("customers.csv", "is empty")),
    Case("nothing but delimiters", customers(b",,,\r\n,,,\r\n"), error=("customers.csv", "is empty")),
    Case("a header without rows", customers(LINES[0].encode()),
         error=("customers.csv", "has a header but no rows")),
    Case("a header without rows in a table that may be absent",
         writes("contacts.csv", [["日志编号", "客户号", "联系时间", "接触方式"]]),
         notices=("table_absent",)),
    Case("no header", customers("".join(LINES[1:]).encode()), error=("customers.csv", "lacks")),
    Case("a packed file", customers(gzip.compress(GOOD.encode("gbk")), "customers.csv.gz"),
         kept=(("customers", 6),)),
    Case("a packed file cut short", _packed_cut_short, error=("customers.csv.gz", "damaged gzip")),
    Case("ids protected for Excel", customers(GOOD.replace("000001", '"=""000001"""').encode()),
         kept=(("customers", 6), ("aum_monthly", 12))),
    Case("tabs behind ids", customers(GOOD.replace("000001", "000001\t").encode()),
         kept=(("customers", 6), ("aum_monthly", 12))),
    Case("full-width digits in ids", customers(GOOD.replace("000001", "０００００１").encode()),
         kept=(("customers", 6), ("aum_monthly", 12))),
    Case("the header again among the rows", customers(inserted(5, LINES[0])),
         rejects=(("customers.csv", 5, "repeated_header"),)),
    Case("a zero byte inside a cell", customers(GOOD.replace("王五", "王\0五").encode()),
         error=("customers.csv", "line 4", "zero byte")),
    Case("zero bytes after the last row", customers(GOOD.encode() + bytes(5000)),
         error=("customers.csv", "line 8", "zero byte")),
    Case("a zero byte late in a long file",
         customers(rows_of(2000).encode() + "009999,0101,王\0五,男,,,\r\n".encode()),
         error=("customers.csv", "line 2008", "zero byte")),
    Case("UTF-16 the other way round", customers(GOOD.encode("utf-16-be")), same=("customers",)),
    Case("UTF-32", customers(GOOD.encode("utf-32")), same=("customers",)),
    Case("a byte order mark before each part that was put together", customers(
        ("\ufeff" + text_of(CUSTOMERS[:4]) + "\ufeff" + text_of([CUSTOMERS[0], *CUSTOMERS[4:]])).encode()),
        rejects=(("customers.csv", 5, "repeated_header"),), same=("customers",)),
    Case("a byte order mark before a row", customers(
        ("\ufeff" + text_of(CUSTOMERS[:4]) + "\ufeff" + text_of(CUSTOMERS[4:])).encode()), same=("customers",)),
    Case("traditional characters in Big5", customers("客戶編號,機構\r\n000001,0101\r\n".encode("big5")),
         error=("customers.csv", "lacks customer_id")),
    Case("one Latin letter in UTF-8", customers(GOOD.encode().replace("张三".encode(), b"Jos\xe9")),
         error=("customers.csv", "line 2", "UTF-8")),
    Case("a delimiter nobody expects", customers(text_of(CUSTOMERS, "~").encode()),
         error=("customers.csv", "one column", "delimiter")),
    Case("a full-width comma for a delimiter", customers(text_of(CUSTOMERS, "，").encode()),
         error=("customers.csv", "one column", "delimiter")),
    Case("spaces for a delimiter", customers(text_of(CUSTOMERS, " ").encode()),
         error=("customers.csv", "one column", "delimiter")),
    Case("two bars for a delimiter", customers(text_of(CUSTOMERS, "||").encode()), same=("customers",)),
    Case("semicolons, and commas in amounts", writes_text("aum_monthly.csv", text_of([
        AUM[0], *([*row[:5], f"{float(row[5]):,.2f}", row[6]] for row in AUM[1:])], ";")), same=("aum_monthly",)),
    Case("every cell in quotation marks", customers("".join(
        ",".join(f'"{cell}"' for cell in row) + "\n" for row in CUSTOMERS).encode()), same=("customers",)),
    Case("single quotation marks", customers("".join(
        ",".join(f"'{cell}'" for cell in row) + "\n" for row in CUSTOMERS).encode()),
        error=("customers.csv", "lacks customer_id", "'客户号'")),
    Case("spaces before quotation marks", customers("".join(
        ", ".join(f'"{cell}"' for cell in row) + "\n" for row in CUSTOMERS).encode()),
        error=("customers.csv", "lacks branch_id")),
    Case("a delimiter too many on every row", customers(GOOD.replace("\r\n", ",\r\n").encode()),
         same=("customers",)),
    Case("a delimiter too many on every row but the header",
         customers((LINES[0] + "".join(LINES[1:]).replace("\r\n", ",\r\n")).encode()),
         error=("customers.csv", "8 cells where the header has 7")),
    Case("a delimiter too many on the header only",
         customers((LINES[0].replace("\r\n", ",\r\n") + "".join(LINES[1:])).encode()),
         error=("customers.csv", "7 cells where the header has 8")),
    Case("a cell of ten million letters in the first row",
         customers(GOOD.replace("张三", "张" * 3_500_000).encode()), kept=(("customers", 6), ("aum_monthly", 12))),
    Case("an id of ten million digits", customers(GOOD.replace("000003", "3" * 10_000_000).encode()),
         rejects=(("customers.csv", 4, "malformed_id"), *(
             ("aum_monthly.csv", row, "unknown_customer") for row in (4, 10)))),
    Case("a header of ten million letters", customers(GOOD.replace("性别", "x" * 10_000_000).encode()),
         error=("customers.csv", "no header")),
    Case("ten thousand columns nobody knows", customers(text_of([
        [*row, *(f"列{i}" if row is CUSTOMERS[0] else "1" for i in range(10_000))] for row in CUSTOMERS]).encode()),
        notices=("unknown_column",), same=("customers",)),
    Case("who made the table, who checked it, and when it was printed", customers(
        (GOOD + "\r\n制表人：张三\r\n审核人：李四\r\n打印时间：2026-07-01\r\n").encode()),
        rejects=tuple(("customers.csv", row, "ragged_row") for row in (9, 10, 11)), same=("customers",)),
    Case("the last words of a database", customers((GOOD + "(6 rows affected)\r\n").encode()),
         rejects=(("customers.csv", 8, "ragged_row"),), same=("customers",)),
    Case("a frame of signs around the table", customers(("+----+\n" + "".join(
        "| " + " | ".join(row) + " |\n" for row in CUSTOMERS) + "+----+\n").encode()),
        rejects=(("customers.csv", 9, "ragged_row"),), same=("customers",)),
    Case("rows of spaces", customers((GOOD + " , ,　,,,,\r\n").encode()), same=("customers",)),
    Case("a control character in a name", customers(GOOD.replace("王五", "王\x07五").encode()), same=("customers",)),
    Case("a line of remarks below the table", customers(GOOD.encode() + "制表:张三,,,,,,\r\n".encode()),
         rejects=(("customers.csv", 8, "missing_value"),)),
)  # fmt: skip
