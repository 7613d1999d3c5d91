"""Contract columns made from a bank's columns."""

from __future__ import annotations

import pandas as pd
import pytest

from mapped import frame, mapped, refused
from stockcust.tables.mapping.columns import bucket_of
from stockcust.tables.mapping.dates import czech_birth, plus_months


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


def customers(more: str) -> str:
    return (
        "tables:\n  customers:\n    - files: c.csv\n"
        "      columns: {customer_id: no, branch_id: org, occupation: job}\n"
        f"      {more}"
    )


def assets(more: str, columns: str = "") -> str:
    return (
        "tables:\n  aum_monthly:\n    - files: a.csv\n"
        f"      columns: {{customer_id: no, month: m{columns}}}\n      {more}"
    )


# ------------------------------------------------------------------------------- codes


def test_codes_are_translated_and_others_left_for_the_contract_to_judge(folder):
    mapping = """
    tables:
      customers:
        - files: c.csv
          columns: {customer_id: no, branch_id: org, gender: sex, is_payroll: pay}
          codes:
            gender: {0: M, 1: F, 9: null}
            is_payroll: {代: true, 非: false}
    """
    made = frame(folder, mapping, c_csv="no,org,sex,pay\n1,1,0,代\n2,1,1,非\n3,1, 9,\n4,1,7,x\n")
    assert made["gender"].fillna("").tolist() == ["M", "F", "", "7"]
    assert made["is_payroll"].fillna("").tolist() == ["true", "false", "", "x"]


def test_codes_of_whole_numbers_in_a_typed_file_are_their_texts(folder):
    mapping = """
    tables:
      customers:
        - {files: c.xlsx, columns: {customer_id: no, branch_id: org, gender: sex}, codes: {gender: {0: M, 1: F}}}
    """
    content = pd.DataFrame({"no": ["1", "2", "3"], "org": "01", "sex": [0, 1, None]})
    made = frame(folder, mapping, c_xlsx=content)
    assert made["gender"].fillna("").tolist() == ["M", "F", ""]


def test_branches_can_be_renumbered_by_codes(folder):
    made = frame(
        folder, customers("codes: {branch_id: {A: 0101}}"), c_csv="no,org,job\n1,A,x\n2,B,y\n"
    )
    assert made["branch_id"].tolist() == ["0101", "B"]


# ------------------------------------------------------------------------------- units


@pytest.mark.parametrize(
    ("header", "more", "unit"),
    [
        ("bal", "unit: wan", "万元"),
        ("bal", "units: {point_aum_cny: yi}", "亿元"),
        ("bal", "unit: qian\n      units: {point_aum_cny: wan}", "万元"),
        ("bal(万元)", "", "万元"),
        ("bal(万元)", "unit: wan", "万元"),
        ("bal", "unit: yuan", "元"),
        ("bal", "", None),
    ],
)
def test_a_unit_comes_from_the_mapping_else_from_the_header(folder, header, more, unit):
    mapping = assets(more, f", point_aum_cny: '{header}'")
    (raw,) = mapped(folder, mapping, a_csv=f"no,m,{header}\n1,2024-01,3\n").tables
    assert raw.units.get("point_aum_cny") == unit


def test_a_unit_that_contradicts_the_header_is_refused(folder):
    mapping = assets("unit: yuan", ", point_aum_cny: 'bal(万元)'")
    (problem,) = refused(folder, mapping, a_csv="no,m,bal(万元)\n1,2024-01,3\n")
    assert "unit conflict: the mapping says 元, the header 万元" in problem


def test_a_sum_over_headers_of_different_units_is_refused(folder):
    mapping = assets("derive: {point_aum_cny: {sum: [a(元), b(万元)]}}")
    (problem,) = refused(folder, mapping, a_csv="no,m,a(元),b(万元)\n1,2024-01,3,4\n")
    assert "unit conflict: headers say" in problem


# ------------------------------------------------------------------------------- sums


def test_a_sum_is_unknown_if_a_part_is(folder):
    mapping = assets("derive: {point_aum_cny: {sum: [a, b]}}")
    made = frame(folder, mapping, a_csv='no,m,a,b\n1,2024-01,"1,000.5",2\n2,2024-01,,2\n')
    assert made["point_aum_cny"].tolist()[0] == 1002.5
    assert made["point_aum_cny"].isna().tolist() == [False, True]


def test_a_part_that_is_no_number_stands_in_the_sum_so_that_the_row_is_rejected(folder):
    mapping = assets("derive: {point_aum_cny: {sum: [a, b]}}")
    made = frame(folder, mapping, a_csv="no,m,a,b\n1,2024-01,1,2\n2,2024-01,1,many\n")
    assert made["point_aum_cny"].tolist() == ["3.0", "many"]


def test_decimal_commas_are_read_where_they_are_declared(folder):
    mapping = assets(
        'format: {delimiter: ";", decimal: ","}\n      derive: {point_aum_cny: {sum: [a, b]}}',
        ", current_deposit_cny: a",
    )
    made = frame(folder, mapping, a_csv="no;m;a;b\n1;2024-01;1.234,56;0,44\n")
    assert made["current_deposit_cny"].tolist() == ["1234.56"]
    assert made["point_aum_cny"].tolist() == [1235.0]


# ------------------------------------------------------------------------------- texts


def test_texts_are_joined_after_a_prefix_and_unknown_if_a_part_is(folder):
    made = frame(
        folder,
        customers(
            "derive: {household_id: {joined: {columns: [org, no], prefix: F, separator: _}}}"
        ),
        c_csv="no,org,job\n1,01,x\n2,,y\n",
    )
    assert made["household_id"].fillna("").tolist() == ["F01_1", ""]


def test_the_first_column_that_says_anything_counts(folder):
    made = frame(
        folder,
        customers("derive: {area: {first_of: [a, b]}}"),
        c_csv="no,org,job,a,b\n1,1,x,甲县,乙县\n2,1,x, ,乙县\n3,1,x,NULL,-\n",
    )
    assert made["area"].fillna("").tolist() == ["甲县", "乙县", ""]


def test_constants_fill_every_row(folder):
    made = frame(
        folder, customers("constants: {status: active}"), c_csv="no,org,job\n1,1,x\n2,1,y\n"
    )
    assert made["status"].tolist() == ["active", "active"]


# ------------------------------------------------------------------------------- pseudo-branches


def test_a_pseudo_branch_is_stable_named_as_such_and_in_the_branches_table(folder):
    mapping = """
    tables:
      branches: [{pseudo_branches: &b {column: no, buckets: 12, prefix: Z, name: 假网点}}]
      customers:
        - {files: c.csv, columns: {customer_id: no}, derive: {branch_id: {hash_bucket: *b}}}
    """
    content = "no\n" + "\n".join(f"C{i:04d}" for i in range(600)) + "\n"
    branches, customers = mapped(folder, mapping, c_csv=content).tables
    again = mapped(folder, mapping, c_csv="no\nC0007\n").tables[1]
    ids = customers.part.frame["branch_id"]
    assert branches.part.frame["branch_id"].tolist() == [f"Z{i:02d}" for i in range(1, 13)]
    assert branches.part.frame["branch_name"].iloc[6] == "假网点 7 (hash 7/12)"
    assert set(ids) == set(branches.part.frame["branch_id"])
    assert again.part.frame["branch_id"].iloc[0] == ids.iloc[7]
    assert ids.value_counts().between(25, 80).all()
    assert [n.code for n in (*branches.part.notices, *customers.part.notices)] == [
        "pseudo_branches"
    ] * 2


def test_the_hash_of_an_id_never_changes():
    assert [bucket_of(one, 20) for one in ("0xb2d1b6d1", "00000001", "张三")] == [3, 20, 5]


# ------------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("form", "written", "read"),
    [
        ("YYYYMMDD", "20240229", "2024-02-29"),
        ("DD.MM.YYYY", "1.2.2024", "2024-02-01"),
        ("MM/DD/YYYY", "02/01/2024", "2024-02-01"),
        ("YYYYMM", "202402", "2024-02-29"),
        ("YYYY-MM-DD hh:mm:ss", "2024-02-29 08:30:00", "2024-02-29T08:30:00"),
        ("{format: YYMMDD, pivot: 30}", "300101", "1930-01-01"),
        ("{format: YYMMDD, pivot: 30}", "290101", "2029-01-01"),
        ("{format: YYMMDD, pivot: 0}", "000101", "1900-01-01"),
        ("{format: YYMMDD, pivot: 100}", "990101", "2099-01-01"),
        ("{format: 'YYMMDD hh:mm:ss', pivot: 0}", "931107 00:00:00", "1993-11-07T00:00:00"),
        ("YYYYMMDD", "20240230", "20240230 (not YYYYMMDD)"),
        ("YYYYMMDD", "2024-02-29", "2024-02-29 (not YYYYMMDD)"),
        ("{format: YYMMDD, pivot: 0}", "93110", "93110 (not YYMMDD)"),
        ("YYYYMMDD", "", ""),
        ("YYYYMMDD", "NULL", ""),
    ],
)
def test_a_date_is_read_by_its_declared_format_only(folder, form, written, read):
    made = frame(
        folder,
        "tables:\n  customers:\n    - files: c.csv\n"
        "      columns: {customer_id: no, branch_id: org, open_date: d}\n"
        f"      date_format: {{open_date: {form}}}",
        c_csv=f"no,org,d\n1,1,{written}\n",
    )
    assert made["open_date"].fillna("").tolist() == [read]


@pytest.mark.parametrize(
    ("number", "birth_date", "gender"),
    [
        ("706213", "1970-12-13", "F"),
        ("450204", "1945-02-04", "M"),
        ("450204/123", "1945-02-04", "M"),
        ("7062131234", "1970-12-13", "F"),
        ("0501011234", "2005-01-01", "M"),
        ("0551011234", "2005-01-01", "F"),
        ("701332", None, None),
        ("70621", None, None),
        ("male", None, None),
    ],
)
def test_a_czech_birth_number_says_date_and_gender(number, birth_date, gender):
    read = czech_birth(pd.Series([number], dtype="str")).iloc[0]
    assert (read["birth_date"] if birth_date else None) == birth_date
    assert (read["gender"] if gender else None) == gender
    assert bool(pd.isna(read["birth_date"])) == (birth_date is None)


def test_a_broken_birth_number_is_rejected_without_being_repeated(folder):
    made = frame(
        folder,
        customers("derive: {birth_date: {czech_birth_number: {column: bn, part: birth_date}}}"),
        c_csv="no,org,job,bn\n1,1,x,706213\n2,1,x,709999\n3,1,x,\n",
    )
    assert made["birth_date"].fillna("").tolist() == ["1970-12-13", "(not a birth number)", ""]


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-01-31", "1", "2024-02-29"),
        ("2023-11-30", "3", "2024-02-29"),
        ("1993-07-05", "12", "1994-07-05"),
        ("2024-01-31", None, None),
        (None, "3", None),
    ],
)
def test_months_are_added_to_a_date(start, months, end):
    made = plus_months(pd.Series([start], dtype="str"), pd.Series([months], dtype="str")).iloc[0]
    assert (None if pd.isna(made) else made) == end


# ------------------------------------------------------------------------------- distinct


def test_equal_rows_become_one_over_all_files_and_unequal_ones_stay_for_the_contract(folder):
    mapping = """
    tables:
      branches: [{files: 'c_*.csv', columns: {branch_id: org, branch_name: name}, distinct: true}]
    """
    made = mapped(
        folder,
        mapping,
        c_1_csv="no,org,name\n1,01,甲\n2,01,甲\n3,02,乙\n",
        c_2_csv="no,org,name\n4,02,乙\n5,02,丙\n",
    )
    rows = [raw.part.frame["branch_name"].to_dict() for raw in made.tables]
    assert rows == [{2: "甲", 4: "乙"}, {3: "丙"}]
    assert [n.n for raw in made.tables for n in raw.part.notices] == [1, 1]
