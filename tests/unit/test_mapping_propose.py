"""A mapping proposed for a bank's own files: what is guessed, what is asked, what never appears."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml

import stockcust as sc
from stockcust.errors import CallError, InputError, MappingError
from stockcust.tables.mapping.load import load_mapping
from stockcust.tables.propose import propose_mapping

SAMPLE = Path(__file__).parents[2] / "data" / "sample"

CUSTOMERS = """\
客户编码,归属机构号,性别,职业名称,身份证号码,反洗钱等级,出生日,客户状态,代发标志
00010001,0101,1,教师,510000199001011234,高,900101,正常,1
00010002,0101,2,农民,510000199001011235,低,850315,正常,0
00010003,0102,1,会计,510000199001011236,低,001231,已销户,1
00010004,0102,2,农民,510000199001011237,低,770930,冻结,0
"""
AUM = """\
客户号|年日均AUM|时点AUM(万元)|活期余额
00010001|1.5|3.25|1000
00010002|2.5|0.15|20
00010003|0.5|8|300
00010004|9.5|2|4
"""


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "本行"
    folder.mkdir()
    (folder / "客户信息.csv").write_text(CUSTOMERS, encoding="gb18030")
    for month in ("202405", "202406"):
        (folder / f"aum_{month}.txt").write_text(AUM, encoding="utf-8")
    return folder


def proposed(folder: Path) -> tuple[str, dict]:
    text = propose_mapping(sorted(folder.iterdir()))
    return text, yaml.safe_load(text)["tables"]


def comment(text: str, start: str) -> str:
    """The comment behind a line."""
    (line,) = [line for line in text.splitlines() if line.strip().startswith(start)]
    return line.partition("# ")[2]


# ------------------------------------------------------------------------------- what is guessed


def test_tables_columns_format_and_months_are_guessed_with_their_certainty(folder):
    text, tables = proposed(folder)
    (customers,) = tables["customers"]
    (aum,) = tables["aum_monthly"]
    assert customers["files"] == "客户信息.csv"
    assert customers["format"] == {"encoding": "gb18030"}
    assert customers["columns"]["customer_id"] == "客户编码"
    assert customers["columns"]["branch_id"] == "归属机构号"
    assert aum["files"] == "aum_*.txt"
    assert aum["format"] == {"delimiter": "|"}
    assert aum["columns"]["month"] == "month"
    assert re.search(aum["from_file_name"], "aum_202405.txt")["month"] == "202405"
    assert comment(text, "gender: 性别") == "性别：确定"
    assert comment(text, "customer_id: 客户编码") == "客户号：相似 0.75，请核对"
    assert comment(text, "branch_id: 归属机构号") == "归属机构：相似 0.89，请核对"
    assert "单位 万元" in comment(text, "point_aum_cny:")


def test_another_measure_with_a_similar_name_is_only_a_remark(folder):
    text, tables = proposed(folder)
    assert "average_aum_cny" not in tables["aum_monthly"][0]["columns"]
    assert "年日均AUM" in text


def test_what_is_never_read_is_not_in_the_mapping_nor_any_value_but_codes(folder):
    text, _ = proposed(folder)
    for word in ("身份证", "反洗钱", "AML", "5100001990", "00010001", "教师", "900101"):
        assert word not in text, word
    assert "有 2 列属于不得读取的信息" in text


def test_branches_are_made_of_the_customers_if_no_file_has_them(folder):
    text, tables = proposed(folder)
    (branches,) = tables["branches"]
    assert branches["distinct"] is True
    assert branches["columns"] == {"branch_id": "归属机构号"}


def test_a_header_without_meaning_is_guessed_by_its_values(tmp_path):
    rows = "\n".join(f"C{i:05d},{i % 2 + 101:04d},{'男女'[i % 2]},139{i:08d}" for i in range(1, 90))
    (tmp_path / "客户信息.csv").write_text("A1,A2,A3,A4\n" + rows, encoding="utf-8")
    text, tables = proposed(tmp_path)
    assert tables["customers"][0]["columns"] == {
        "customer_id": "A1",
        "branch_id": "A2",
        "gender": "A3",
        "mobile": "A4",
    }
    assert text.count("按值推测，请核对") == 4


def test_yes_and_no_say_nothing_about_the_question(tmp_path):
    rows = "\n".join(f"C{i:05d},0101,{'是否'[i % 2]}" for i in range(1, 50))
    (tmp_path / "客户信息.csv").write_text("客户号,机构号,A3\n" + rows, encoding="utf-8")
    text, tables = proposed(tmp_path)
    assert "marketing_consent" not in tables["customers"][0]["columns"]
    assert "未使用：A3" in text


def test_a_spelling_that_holds_a_known_word_is_guessed_and_marked(tmp_path):
    content = "客户号,机构号,性别\n1,0101,女士\n2,0101,先生\n3,0101,男士\n"
    (tmp_path / "客户信息.csv").write_text(content, encoding="utf-8")
    text, tables = proposed(tmp_path)
    assert tables["customers"][0]["codes"]["gender"] == {"女士": "F", "男士": "M", "先生": "?"}
    assert comment(text, "女士:") == "出现 1 次，按字面推测，请核对"


@pytest.mark.parametrize(
    ("dates", "form"),
    [
        (("31.01.2024", "28.02.2024"), "DD.MM.YYYY"),
        (("31/01/2024", "28/02/2024"), "DD/MM/YYYY"),
        (("01/31/2024", "02/28/2024"), "MM/DD/YYYY"),
        (("01/02/2024", "02/03/2024"), "?"),
        (("930101", "931231"), {"format": "YYMMDD", "pivot": "?"}),
        (("20240131", "20240228"), None),
        (("2024-01-31", "2024年2月28日"), None),
    ],
)
def test_a_date_that_the_contract_cannot_read_gets_a_format_or_a_question(tmp_path, dates, form):
    content = "客户号,机构号,开户日期\n" + "".join(f"{i},0101,{d}\n" for i, d in enumerate(dates))
    (tmp_path / "客户信息.csv").write_text(content, encoding="utf-8")
    _, tables = proposed(tmp_path)
    assert tables["customers"][0].get("date_format", {}).get("open_date") == form


@pytest.mark.parametrize(
    ("header", "amounts", "unit"),
    [
        ("时点AUM", (1.25, 30.5, 8.0), "?"),
        ("时点AUM", (12500.5, 305000, 80000), "yuan"),
        ("时点AUM(万元)", (1.25, 30.5, 8.0), None),
    ],
)
def test_small_balances_without_a_unit_are_a_question(tmp_path, header, amounts, unit):
    content = f"客户号,月份,{header}\n" + "".join(
        f"{i},2024-01,{a}\n" for i, a in enumerate(amounts)
    )
    (tmp_path / "资产月快照.csv").write_text(content, encoding="utf-8")
    _, tables = proposed(tmp_path)
    assert tables["aum_monthly"][0].get("unit") == unit


def test_decimal_commas_and_unusual_delimiters_are_found(tmp_path):
    (tmp_path / "资产月快照.csv").write_text(
        "客户号^月份^时点AUM\n1^2024-01^1.234,56\n2^2024-01^99.000,5\n", encoding="utf-8"
    )
    _, tables = proposed(tmp_path)
    assert tables["aum_monthly"][0]["format"] == {"delimiter": "^", "decimal": ","}


def test_each_sheet_of_a_workbook_is_a_source_of_its_own(tmp_path):
    with pd.ExcelWriter(tmp_path / "数据.xlsx") as book:
        for name, header in (("机构", "机构号"), ("客户经理", "工号")):
            frame = pd.DataFrame({header: ["0101", "0102"], "机构号": ["0101", "0102"]})
            frame.to_excel(book, sheet_name=name, index=False)
    _, tables = proposed(tmp_path)
    assert tables["branches"][0]["format"] == {"sheet": "机构"}
    assert tables["managers"][0]["format"] == {"sheet": "客户经理"}


def test_only_the_beginning_of_a_long_file_is_read(tmp_path):
    rows = "".join(f"{i},2024-01,{i}.5\n" for i in range(400_000))
    (tmp_path / "资产月快照.csv").write_text(
        "客户号,月份,时点AUM\n" + rows + "1,x\n", encoding="utf-8"
    )
    _, tables = proposed(tmp_path)
    assert tables["aum_monthly"][0]["columns"]["point_aum_cny"] == "时点AUM"


# ------------------------------------------------------------------------------- what is asked


def test_numbers_as_codes_are_never_guessed_and_an_unfinished_mapping_names_every_question(folder):
    text, tables = proposed(folder)
    assert tables["customers"][0]["codes"] == {
        "gender": {"1": "?", "2": "?"},
        "status": {"冻结": "?"},
    }
    assert comment(text, "gender:  ") == "可用：F 女, M 男, U 未知"
    path = folder.parent / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        sc.read_bank(folder, mapping=path)
    asked = [problem.where.partition(", ")[2] for problem in caught.value.problems]
    assert asked == [
        "tables.customers[0].date_format.birth_date.pivot",
        "tables.customers[0].codes.gender.1",
        "tables.customers[0].codes.gender.2",
        "tables.customers[0].codes.status.冻结",
    ]
    assert {problem.what for problem in caught.value.problems} == {"is an open question"}


def test_a_required_column_without_a_header_is_asked_with_the_headers_that_are_left(tmp_path):
    (tmp_path / "客户信息.csv").write_text("客户号,甲,乙\n1,x,y\n2,x,z\n", encoding="utf-8")
    text, tables = proposed(tmp_path)
    assert tables["customers"][0]["columns"]["branch_id"] == "?"
    assert comment(text, "branch_id:") == "必填：归属机构；可能是 甲, 乙"


def test_a_file_that_fits_no_table_is_asked_about(tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    text, tables = proposed(tmp_path)
    assert tables == {"?": [{"files": "x.csv"}]}
    path = tmp_path / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match=r"tables\.\?: is an open question -> name the table"):
        load_mapping(path)


def test_missing_required_tables_are_named(tmp_path):
    (tmp_path / "机构.csv").write_text("机构号\n0101\n", encoding="utf-8")
    assert "还缺必需的表：customers（客户主档）, aum_monthly（资产月快照）" in proposed(tmp_path)[0]


def test_no_file_an_absent_file_and_an_unreadable_file_are_clear_errors(tmp_path):
    with pytest.raises(CallError, match="name a bank's files"):
        propose_mapping([])
    with pytest.raises(CallError, match="no such file"):
        propose_mapping([tmp_path / "x.csv"])
    (tmp_path / "x.csv").write_bytes(b"")
    with pytest.raises(InputError, match="is empty"):
        propose_mapping([tmp_path / "x.csv"])


# ------------------------------------------------------------------------------- round trip


def test_an_answered_proposal_reads_the_bank(folder):
    text, _ = proposed(folder)
    for question, answer in {
        '"1": "?"': '"1": M', '"2": "?"': '"2": F', "'1': \"?\"": "'1': M", "'2': \"?\"": "'2': F",
        '冻结: "?"': "冻结: active", 'pivot: "?"': "pivot: 30",
    }.items():  # fmt: skip
        text = text.replace(question, answer)
    path = folder.parent / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    bank = sc.read_bank(folder, mapping=path)
    customers = bank.tables["customers"].set_index("customer_id")
    assert bank.rejects.empty
    assert customers["gender"].tolist() == ["M", "F", "M", "F"]
    assert customers["branch_id"].tolist() == ["0101", "0101", "0102", "0102"]
    assert customers["birth_date"].dt.year.tolist() == [1990, 1985, 2000, 1977]
    aum = bank.tables["aum_monthly"]
    assert aum.groupby("month")["point_aum_cny"].sum().tolist() == [134_000.0, 134_000.0]
    assert bank.branch_ids == ("0101", "0102")


def test_the_proposal_for_the_sample_bank_reads_what_is_read_without_a_mapping(tmp_path):
    folder = tmp_path / "bank"
    folder.mkdir()
    # other names, so that headers and values alone have to speak
    files = {"branches.csv": "t1.csv", "churn_records.csv": "t2.csv", "campaigns.xlsx": "t3.xlsx"}
    for table in ("customers", "aum_monthly"):
        frame = pd.read_parquet(SAMPLE / f"{table}.parquet").head(3_000)
        frame.to_parquet(folder / f"{table}.parquet")
    for name in files:
        shutil.copy(SAMPLE / name, folder / name)
    plain = sc.read_bank(folder)
    for name, other in files.items():
        (folder / name).rename(folder / other)
    text = propose_mapping(sorted(folder.iterdir()))
    # a code that is not answered is left out: its rows are rejected, as without a mapping
    answered = "\n".join(line for line in text.splitlines() if ': "?"' not in line)
    (tmp_path / "mapping.yaml").write_text(_without_empty_sections(answered), encoding="utf-8")
    bank = sc.read_bank(folder, mapping=tmp_path / "mapping.yaml")
    assert set(bank.tables) == set(plain.tables)
    for name, frame in plain.tables.items():
        pd.testing.assert_frame_equal(bank.tables[name], frame)
    assert len(bank.rejects) == len(plain.rejects)


def _without_empty_sections(text: str) -> str:
    tree = yaml.load(text, Loader=yaml.BaseLoader)
    for sources in tree["tables"].values():
        for source in sources:
            codes = {name: words for name, words in source.pop("codes", {}).items() if words}
            source |= {"codes": codes} if codes else {}
    return yaml.safe_dump(tree, allow_unicode=True)
