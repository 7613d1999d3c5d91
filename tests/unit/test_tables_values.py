"""Cells of every type, in every spelling."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockcust.tables.contract import Column, load_contract
from stockcust.tables.values import read_values

TABLES = load_contract().tables
DAY = TABLES["customers"].columns["birth_date"]
MONTH = TABLES["aum_monthly"].columns["month"]
MOMENT = TABLES["contacts"].columns["contact_time"]
MONEY = TABLES["aum_monthly"].columns["wmp_cny"]
ID = TABLES["holdings"].columns["branch_id"]
ONE_PER_TYPE = {
    (column.type, column.form): column
    for table in TABLES.values()
    for column in table.columns.values()
}


def read(cells: list[Any], column: Column, unit: str = "", dtype: Any = "str") -> list[Any]:
    return read_values(pd.Series(cells, dtype=dtype), column, unit).values.to_pylist()


def reason(cell: Any, column: Column, dtype: Any = "str") -> str | None:
    return read_values(pd.Series([cell], dtype=dtype), column).reasons.to_pylist()[0]


days = st.dates(dt.date(1900, 1, 2), dt.date(2098, 12, 31))
SPELLINGS = (
    "{d:%Y-%m-%d}", "{d:%Y%m%d}", "{d:%Y/%m/%d}", "{d:%Y.%m.%d}", "{d.year}/{d.month}/{d.day}",
    "{d:%Y年%m月%d日}", "{d.year}年{d.month}月{d.day}日", "{d.year}-{d.month}-{d.day}",
    "{d:%Y-%m-%d} 00:00:00", "{d:%Y-%m-%d}T08:30:00", "{d:%Y-%m-%d}T08:30:00.000+08:00",
    "{d:%Y%m%d}083000", " {d:%Y-%m-%d}\t", "{d:%Y%m%d}.0",
)  # fmt: skip


@given(days)
def test_a_day_is_the_same_in_every_spelling(day: dt.date) -> None:
    cells = [spelling.format(d=day) for spelling in SPELLINGS]
    if day >= dt.date(1955, 1, 1):  # earlier serial numbers are too short to be dates
        cells.append(str((day - dt.date(1899, 12, 30)).days))
    full_width = str.maketrans("0123456789-/", "０１２３４５６７８９－／")
    cells.append(cells[0].translate(full_width))
    midnight = dt.datetime.combine(day, dt.time())
    assert read(cells, DAY) == [midnight] * len(cells)
    assert read([midnight], DAY, dtype="datetime64[us]") == [midnight]


@given(days.filter(lambda day: day.year > 1900))
def test_a_month_is_its_last_day_in_every_spelling(day: dt.date) -> None:
    last = (day.replace(day=1) + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    spellings = (*SPELLINGS[:8], "{d:%Y%m}", "{d:%Y-%m}", "{d.year}年{d.month}月", "{d:%Y/%m}")
    cells = [spelling.format(d=day) for spelling in spellings]
    assert read(cells, MONTH) == [dt.datetime.combine(last, dt.time())] * len(cells)


@given(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2098, 1, 1)))
def test_a_moment_keeps_its_clock(moment: dt.datetime) -> None:
    moment = moment.replace(microsecond=0)
    cells = [f"{moment:%Y-%m-%d %H:%M:%S}", f"{moment:%Y%m%d%H%M%S}", f"{moment:%Y/%m/%d %H:%M:%S}",
             f"{moment:%Y年%m月%d日 %H时%M分%S秒}"]  # fmt: skip
    assert read(cells, MOMENT) == [moment] * 4


@pytest.mark.parametrize("cell", ["", "-", "--", "空", "NULL", "null", "N/A", "NaN", "/", "　"])
@pytest.mark.parametrize("column", [DAY, MONEY, ID], ids=["date", "money", "id"])
def test_words_for_nothing_are_missing(cell: str, column: Column) -> None:
    assert read([cell], column) == [None]
    assert reason(cell, column) is None


@pytest.mark.parametrize("cell", ["1900-01-01", "1900/1/1", "19000101", "0001-01-01", "00000000"])
def test_placeholder_dates_are_nothing_and_are_told(cell: str) -> None:
    reading = read_values(pd.Series([cell], dtype="str"), DAY)
    assert reading.values.to_pylist() == [None]
    assert reading.notes.to_pylist() == ["placeholder"]


@pytest.mark.parametrize("cell", ["9999-12-31", "99991231", "2099-12-31", "2099/12/31"])
def test_open_ended_dates_are_nothing_and_are_told(cell: str) -> None:
    maturity = TABLES["holdings"].columns["maturity_date"]
    reading = read_values(pd.Series([cell], dtype="str"), maturity)
    assert reading.values.to_pylist() == [None]
    assert reading.notes.to_pylist() == ["open_ended"]


amounts = st.integers(0, 10**13).map(lambda fen: fen / 100)


@given(amounts)
def test_an_amount_is_the_same_in_every_spelling(amount: float) -> None:
    plain = f"{amount:.2f}"
    cells = [plain, f"{amount:,.2f}", f"¥{plain}", f"￥{amount:,.2f}", f"{plain}元", f"RMB {plain}",
             f"+{plain}", f" {plain} ", plain.translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))]  # fmt: skip
    assert read(cells, MONEY) == [amount] * len(cells)
    assert read([amount], MONEY, dtype="float64") == [amount]


@given(st.integers(0, 10**11))
def test_wan_is_ten_thousand_yuan_to_the_fen(fen: int) -> None:
    assert read([f"{fen // 10**6}.{fen % 10**6:06d}"], MONEY, "万元") == [fen / 100]


@pytest.mark.parametrize("cell", ["-1", "(1)", "（1.50）", "1-", "-0.01"])
def test_negative_balances_are_refused_in_every_spelling(cell: str) -> None:
    assert reason(cell, MONEY) == "negative_amount"


@pytest.mark.parametrize("cell", ["(1,234.50)", "-1234.5", "1234.50-", "－1234.5"])
def test_negative_amounts_are_read_where_they_may_be(cell: str) -> None:
    assert read([cell], TABLES["transactions"].columns["amount_cny"]) == [-1234.5]


@given(st.text(alphabet="0123456789", min_size=1, max_size=30))
def test_ids_of_digits_stay_as_they_are(digits: str) -> None:
    assert read([digits], ID) == [digits]


@given(st.integers(0, 2**62))
def test_whole_numbers_of_typed_files_become_ids(number: int) -> None:
    assert read([number], ID, dtype="Int64") == [str(number)]


def test_floats_become_ids_as_far_as_they_are_exact() -> None:
    assert read([1001.0, np.nan], ID, dtype="float64") == ["1001", None]
    assert reason(1.5, ID, "float64") == "malformed_id"
    assert reason(1.23e15, ID, "float64") == "scientific_notation"


def test_zone_times_show_the_clock_in_china() -> None:
    cells = pd.Series(pd.to_datetime(["2026-05-31 16:00:00"], utc=True))
    assert read_values(cells, DAY).values.to_pylist() == [dt.datetime(2026, 6, 1)]


@pytest.mark.parametrize(
    ("address", "county"),
    [
        ("河南省信阳市固始县城关镇中山路12号", "河南省信阳市固始县"),
        ("郑州市金水区花园路", "郑州市金水区"),
        ("宁夏回族自治区银川市兴庆区凤凰街1号", "宁夏回族自治区银川市兴庆区"),
        ("固始县", "固始县"),
        ("中山路12号3单元", None),
    ],
)
def test_an_address_is_cut_after_the_county(address: str, county: str | None) -> None:
    assert read([address], TABLES["customers"].columns["area"]) == [county]


@pytest.mark.parametrize(
    ("cell", "mobile"),
    [
        ("13912345678", "13912345678"),
        ("１39-1234-5678", "13912345678"),
        ("+86 13912345678", "13912345678"),
        ("13800000000", None),
        ("13800138000", None),
        ("13333333345", None),
        ("139123456780", None),
        ("0376-1234567", None),
        ("138****5678", None),
        ("1", None),
    ],
)
def test_a_mobile_number_is_eleven_digits_that_can_be_somebodys(
    cell: str, mobile: str | None
) -> None:
    assert read([cell], TABLES["customers"].columns["mobile"]) == [mobile]


def test_tags_are_sorted_and_told_once() -> None:
    tags = TABLES["customers"].columns["need_tags"]
    assert read(["养老；子女教育、养老|买房"], tags) == ["买房;养老;子女教育"]


def test_codes_by_every_spelling_and_never_by_number() -> None:
    gender = TABLES["customers"].columns["gender"]
    assert read(["女", " 女性 ", "f", "Ｆ"], gender) == ["F"] * 4
    assert [reason(cell, gender) for cell in ("0", "1", "2")] == ["undeclared_code"] * 3
    assert read(["无"], TABLES["customers"].columns["child_age_band"]) == ["none"]


def test_shares_with_and_without_a_percent_sign() -> None:
    share = TABLES["branch_service"].columns["one_stop_share"]
    assert read(["85%", "0.85", "１００％"], share) == [0.85, 0.85, 1.0]
    assert read(["85"], share, "%") == [0.85]
    assert reason("85", share) == "share_out_of_range"


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=40))
def test_no_text_brings_any_reader_down(text: str) -> None:
    for column in ONE_PER_TYPE.values():
        reading = read_values(pd.Series([text], dtype="str"), column)
        is_read = reading.values.to_pylist()[0] is not None
        assert not (is_read and reading.reasons.to_pylist()[0])
