"""Parquet files with every type that programs write."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq

from broken_files.case import AUM, CUSTOMERS, Case, Table

ROWS = range(2, 8)
BOTH = ("customers", "aum_monthly")


def arrow(table: Table) -> pa.Table:
    """Texts, but amounts are floats."""
    columns = dict(zip(table[0], map(list, zip(*table[1:], strict=True)), strict=True))
    floats = {name: list(map(float, columns[name])) for name in AUM[0][3:] if name in columns}
    return pa.table(columns | floats)


def parquet(name: str, table: Table, **changed: object) -> Callable[[Path], None]:
    """A build that writes a table as Parquet, some columns replaced."""

    def build(folder: Path) -> None:
        (folder / f"{name}.csv").unlink()
        made = arrow(table)
        for header, values in changed.items():
            made = made.drop_columns([header]) if header in made.column_names else made
            made = made.append_column(header, values)
        pq.write_table(made, folder / f"{name}.parquet")

    return build


def column(table: Table, header: str) -> list[str]:
    return [row[table[0].index(header)] for row in table[1:]]


def days(header: str) -> pd.Series:
    return pd.Series(pd.to_datetime(column(CUSTOMERS, header)))


def raw(name: str, data: bytes) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        (folder / "customers.csv").unlink()
        (folder / name).write_bytes(data)

    return build


def _feather(folder: Path) -> None:
    (folder / "customers.csv").unlink()
    pyarrow.feather.write_feather(arrow(CUSTOMERS), folder / "customers.parquet")


def _big_ids(first: int, kind: pa.DataType) -> Callable[[Path], None]:
    made = float if kind == pa.float64() else int
    ids = pa.array([made(first + i) for i in range(6)], kind)

    def build(folder: Path) -> None:
        parquet("customers", CUSTOMERS, 客户号=ids)(folder)
        parquet("aum_monthly", AUM, 客户号=pa.concat_arrays([ids, ids]))(folder)

    return build


DECIMALS = pa.array(
    [decimal.Decimal(value) for value in column(AUM, "时点AUM")], pa.decimal128(38, 2)
)
WHOLE = pa.array([int(float(value)) for value in column(AUM, "定期余额")], pa.int32())
NAMES = column(CUSTOMERS, "客户名称")
TAGS = [["理财"], ["保险", "基金"], [], None, ["理财", "理财"], ["存款"]]
LOST = tuple(("aum_monthly.csv", row, "customer_rejected") for row in (2, 8))
CASES = (
    Case("categories in Parquet", parquet("customers", CUSTOMERS, **{
        name: pa.array(column(CUSTOMERS, name)).dictionary_encode() for name in ("客户号", "归属机构", "性别")}),
        same=BOTH),
    Case("decimals in Parquet", parquet("aum_monthly", AUM, 时点AUM=DECIMALS), same=BOTH),
    Case("whole amounts in Parquet", parquet("aum_monthly", AUM, 活期余额=DECIMALS.cast(pa.decimal128(38, 2))),
         notices=("sum_mismatch",)),
    Case("32-bit integers for amounts", parquet("aum_monthly", AUM, 定期余额=WHOLE),
         cells=(("aum_monthly", "time_deposit_cny", 3, 9.0),)),
    Case("days as dates in Parquet", parquet("customers", CUSTOMERS, 开户日期=pa.array(
        days("开户日期").dt.date, pa.date32())), same=BOTH),
    Case("midnight in China told in UTC", parquet("customers", CUSTOMERS, 开户日期=pa.array(
        days("开户日期").dt.tz_localize("Asia/Shanghai").dt.tz_convert("UTC"))), same=BOTH),
    Case("days as midnight in UTC", parquet("customers", CUSTOMERS, 开户日期=pa.array(
        days("开户日期").dt.tz_localize("UTC"))), same=BOTH),
    Case("days as seconds since 1970", parquet("customers", CUSTOMERS, 开户日期=pa.array(
        days("开户日期").astype("datetime64[s]").astype("int64"))),
        error=("customers.parquet", "open_date", "rejected")),
    Case("months as whole numbers", parquet("aum_monthly", AUM, 数据日期=pa.array(
        [int(month) for month in column(AUM, "数据日期")])), same=BOTH),
    Case("months as floats", parquet("aum_monthly", AUM, 数据日期=pa.array(
        [float(month) for month in column(AUM, "数据日期")])), same=BOTH),
    Case("a year beyond all calendars", parquet("customers", CUSTOMERS, 开户日期=pa.array(
        [10**12, *days("开户日期").astype("datetime64[s]").astype("int64")[1:]], pa.timestamp("s"))),
        rejects=(("customers.parquet", 2, "date_out_of_range"), *LOST)),
    Case("ids as large whole numbers", _big_ids(2**53 + 1, pa.int64()), notices=("numeric_id",),
         cells=(("customers", "customer_id", 0, "9007199254740993"),)),
    Case("ids as whole numbers without a sign", _big_ids(2**63 + 1, pa.uint64()), notices=("numeric_id",),
         cells=(("customers", "customer_id", 0, "9223372036854775809"),), kept=(("aum_monthly", 12),)),
    Case("ids as decimals", _big_ids(10**20, pa.decimal128(38, 0)), kept=(("aum_monthly", 12),),
         cells=(("customers", "customer_id", 0, "100000000000000000000"),)),
    Case("ids as floats too large to be exact", _big_ids(2**60, pa.float64()),
         error=("customers.parquet", "customer_id", "scientific_notation")),
    Case("ids as floats, one is missing", parquet("customers", CUSTOMERS, 客户号=pa.array(
        [1.0, 2, 3, 4, 5, None])), error=("aum_monthly.csv", "unknown_customer", "leading zeros")),
    Case("lists of tags in Parquet", parquet("customers", CUSTOMERS, 需求标签=pa.array(TAGS)), same=BOTH,
         cells=(("customers", "need_tags", 0, "理财"), ("customers", "need_tags", 1, "保险;基金"),
                ("customers", "need_tags", 2, None), ("customers", "need_tags", 4, "理财"))),
    Case("lists in an id", parquet("customers", CUSTOMERS, 客户号=pa.array([[i] for i in column(CUSTOMERS, "客户号")])),
         error=("customers.parquet", "customer_id", "unreadable_cell")),
    Case("a structure in a name", parquet("customers", CUSTOMERS, 客户名称=pa.array(
        [{"first": "张"}, *[None] * 5])), rejects=(("customers.parquet", 2, "unreadable_cell"), *LOST)),
    Case("a structure that nobody reads", parquet("customers", CUSTOMERS, 附加=pa.array([{"a": 1}] * 6)),
         notices=("unknown_column",), same=BOTH),
    Case("a structure that must not be read", parquet("customers", CUSTOMERS, 证件号码=pa.array([{"a": 1}] * 6)),
         notices=("never_load",), same=BOTH),
    Case("GBK bytes in Parquet", parquet("customers", CUSTOMERS, 客户名称=pa.array(
        [name.encode("gbk") for name in NAMES])), same=BOTH),
    Case("bytes that are no text", parquet("customers", CUSTOMERS, 客户名称=pa.array(
        [b"\xff\xfe\x00", *(name.encode() for name in NAMES[1:])])),
        error=("customers.parquet", "column name", "unreadable_cell")),
    Case("a column of nothing", parquet("customers", CUSTOMERS, 职业=pa.nulls(6)), same=BOTH,
         cells=(("customers", "occupation", 0, None),)),
    Case("a duration where a number belongs", parquet("aum_monthly", AUM, 定期余额=pa.array(
        range(12), pa.duration("s"))), error=("aum_monthly.parquet", "time_deposit_cny", "unreadable_number")),
    Case("yes and no where a number belongs", parquet("aum_monthly", AUM, 定期余额=pa.array([True] * 12)),
         error=("aum_monthly.parquet", "time_deposit_cny", "unreadable_number")),
    Case("yes and no as 1.0 and 0.0", parquet("customers", CUSTOMERS, 代发标志=pa.array([1.0, 0.0, None] * 2)),
         same=BOTH, cells=(("customers", "is_payroll", 0, True), ("customers", "is_payroll", 1, False),
                           ("customers", "is_payroll", 2, None))),
    Case("infinity and nothing in amounts", parquet("aum_monthly", AUM, 时点AUM=pa.array(
        [float("inf"), float("nan"), *map(float, column(AUM, "时点AUM")[2:])])),
        rejects=(("aum_monthly.parquet", 2, "unreadable_number"),), notices=("derived",)),
    Case("ids as the index of a data frame", lambda folder: (
        (folder / "customers.csv").unlink(),
        pd.DataFrame(CUSTOMERS[1:], columns=CUSTOMERS[0]).set_index("客户号").to_parquet(
            folder / "customers.parquet"))[0], same=BOTH),
    Case("Parquet without columns", lambda folder: (
        (folder / "customers.csv").unlink(), pq.write_table(pa.table({}), folder / "customers.parquet"))[0],
        error=("customers.parquet", "lacks customer_id")),
    Case("an empty Parquet file", raw("customers.parquet", b""), error=("customers.parquet", "is empty")),
    Case("nothing but the mark of Parquet", raw("customers.parquet", b"PAR1"),
         error=("customers.parquet", "cannot be opened as Parquet")),
    Case("an encrypted Parquet file", raw("customers.parquet", b"PARE" + bytes(64)),
         error=("customers.parquet", "encrypted Parquet")),
    Case("a Feather file called .parquet", _feather, error=("customers.parquet", "Arrow file")),
    Case("a Parquet file called .csv", lambda folder: pq.write_table(arrow(CUSTOMERS), folder / "customers.csv"),
         same=BOTH),
    Case("one header twice in Parquet", lambda folder: (
        (folder / "customers.csv").unlink(),
        pq.write_table(arrow(CUSTOMERS).append_column("性别", pa.array(["女"] * 6)), folder / "customers.parquet"))[0],
        error=("customers.parquet", "both mean gender")),
)  # fmt: skip
