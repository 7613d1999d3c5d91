"""Headers: aliases, units, and what is never read."""

from __future__ import annotations

import pytest

from stockcust.tables.contract import load_contract
from stockcust.tables.headers import (
    is_known_header,
    likely_tables,
    never_load_group,
    read_header,
    split_unit,
)
from stockcust.tables.readers.layout import find_layout

AUM = load_contract().tables["aum_monthly"]


@pytest.mark.parametrize(
    ("header", "column", "unit"),
    [
        ("AUM月日均", "average_aum_cny", ""),
        ("AUM月日均(万元)", "average_aum_cny", "万元"),
        ("ＡＵＭ月日均（万元）", "average_aum_cny", "万元"),
        ("aum 月日均【元】", "average_aum_cny", "元"),
        ("aum_month_avg", "average_aum_cny", ""),
        ("Aum-Month-Avg", "average_aum_cny", ""),
        ("时点AUM_万元", "point_aum_cny", "万元"),
        ("时点AUM（单位：亿元）", "point_aum_cny", "亿元"),
        ("时点AUM(不含保险)", None, ""),
        ("point_aum", "point_aum_cny", ""),
        ("客户 号", "customer_id", ""),
        ("幸运数字", None, ""),
    ],
)
def test_header_is_read_as_column_and_unit(header: str, column: str | None, unit: str) -> None:
    found = read_header(header, AUM)
    assert (found.column, found.unit) == (column, unit)


@pytest.mark.parametrize(
    ("header", "group"),
    [
        ("证件号码", "identity_number"),
        ("身份证号", "identity_number"),
        ("ID_CARD", "identity_number"),
        ("id card no", "identity_number"),
        ("银行卡号", "card_number"),
        ("CARD_NO", "card_number"),
        ("密码", "secret"),
        ("指纹特征", "biometrics"),
        ("宗教信仰", "belief"),
        ("健康状况", "health"),
        ("gps_lng", "location"),
        ("洗钱风险等级", "withheld"),
        ("AML_GRADE", "withheld"),
        ("可疑交易标志", "withheld"),
        ("证件到期日", None),
        ("账号", None),
        ("客户号", None),
    ],
)
def test_never_load_headers_are_known_by_their_group(header: str, group: str | None) -> None:
    assert never_load_group(header) == group


def test_bracket_without_a_unit_belongs_to_the_name() -> None:
    assert split_unit("时长(分钟)") == ("时长(分钟)", "")
    contacts = load_contract().tables["contacts"]
    assert read_header("时长（分钟）", contacts).column == "duration_minutes"


def test_likely_table_is_the_one_with_most_columns() -> None:
    headers = ["客户号", "数据日期", "时点AUM", "活期余额"]
    assert next(iter(likely_tables(headers))) == "aum_monthly"


@pytest.mark.parametrize(
    ("rows", "headers", "n_rows"),
    [
        ([["客户号", "机构号"], ["1", "2"]], ("客户号", "机构号"), 1),
        ([["月报", ""], ["", ""], ["客户号", "机构号"], ["1", "2"]], ("客户号", "机构号"), 3),
        (
            [["客户号", "余额(万元)", ""], ["", "活期余额", "定期余额"], ["1", "2", "3"]],
            ("客户号", "活期余额(万元)", "定期余额(万元)"),
            2,
        ),
        ([["a", "b"], ["1", "2"]], ("a", "b"), 1),
    ],
)
def test_header_row_is_found_below_titles_and_in_merged_cells(
    rows: list[list[str]], headers: tuple[str, ...], n_rows: int
) -> None:
    layout = find_layout(rows, is_known_header)
    assert (layout.headers, layout.n_rows) == (headers, n_rows)
