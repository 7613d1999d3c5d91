"""The files a mapping names: which they are, how they are written, what is said about them."""

from __future__ import annotations

import gzip

import pandas as pd
import pytest

from mapped import frame, mapped, refused, write
from stockcust.errors import CallError
from stockcust.tables.details import write_detail
from stockcust.tables.mapping import map_files

CUSTOMERS = "no,org\n1,0101\n2,0102\n"
COLUMNS = "columns: {customer_id: no, branch_id: org}"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


def customers(files: str, more: str = "") -> str:
    return f"tables:\n  customers:\n    - files: {files}\n      {COLUMNS}\n      {more}"


def test_a_pattern_means_all_files_that_fit_each_with_its_own_rows(folder):
    made = mapped(
        folder, customers("c_*.csv"), c_1_csv=CUSTOMERS, c_2_csv="no,org\n3,0103\n", d_csv="x\n1\n"
    )
    parts = [(raw.part.file, raw.part.frame["customer_id"].to_dict()) for raw in made.tables]
    assert parts == [("c_1.csv", {2: "1", 3: "2"}), ("c_2.csv", {2: "3"})]
    assert [path.name for path in made.paths] == ["c_1.csv", "c_2.csv", "mapping.yaml"]


def test_a_pattern_reaches_into_folders_only_where_it_says_so(folder):
    files = {"a__c_csv": CUSTOMERS, "c_csv": "no,org\n9,0109\n"}
    flat = mapped(folder, customers("c.csv"), **files)
    deep = mapped(folder, customers("'**/c.csv'"), **files)
    assert [raw.part.file for raw in flat.tables] == ["c.csv"]
    assert [raw.part.file for raw in deep.tables] == ["a/c.csv", "c.csv"]


def test_a_file_that_two_patterns_mean_is_read_once(folder):
    made = mapped(folder, customers("['c.*', '*.csv']"), c_csv=CUSTOMERS)
    assert [raw.part.file for raw in made.tables] == ["c.csv"]


def test_a_link_out_of_the_folder_is_no_file_of_it(folder, tmp_path):
    (tmp_path / "secret.csv").write_text(CUSTOMERS)
    folder.mkdir()
    (folder / "c.csv").symlink_to(tmp_path / "secret.csv")
    assert "no file is named c.csv" in refused(folder, customers("c.csv"))[0]


def test_one_file_can_be_the_whole_data(folder):
    mapped(folder, customers("c.csv"), c_csv=CUSTOMERS)
    made = mapped(folder, customers("c.csv"), c_csv=CUSTOMERS, d_csv="no,org\n7,0101\n")
    assert len(made.tables[0].part.frame) == 2


def test_a_folder_that_is_not_there_is_a_wrong_call(folder, tmp_path):
    mapping = write(folder, customers("c.csv"))
    with pytest.raises(CallError, match="no folder or file"):
        map_files(tmp_path / "nowhere", mapping)


@pytest.mark.parametrize("pattern", ["a**b", "'**'", "."])
def test_a_pattern_that_means_no_file_is_a_missing_file(folder, pattern):
    problems = refused(folder, customers(pattern), c_csv=CUSTOMERS)
    assert "no file is named" in problems[0]


def test_a_file_without_rows_makes_no_rows(folder):
    mapping = """
    tables:
      customers:
        - files: 'c_*.csv'
          columns: {customer_id: no, gender: sex}
          codes: {gender: {0: M}}
          derive: {branch_id: {hash_bucket: {column: no, buckets: 3}}}
    """
    made = mapped(folder, mapping, c_1_csv="no,sex\n", c_2_csv="no,sex\n1,0\n")
    assert [len(raw.part.frame) for raw in made.tables] == [0, 1]


def test_a_missing_file_is_named_with_the_nearest_that_is_there(folder):
    (problem,) = refused(folder, customers("custmer.csv"), customer_csv=CUSTOMERS)
    assert problem == (
        "mapping.yaml line 3, tables.customers[0].files: no file is named custmer.csv "
        "-> did you mean customer.csv?"
    )


def test_missing_headers_are_all_named_with_the_nearest_in_the_file(folder):
    problems = refused(folder, customers("c.csv"), c_csv="nr,orgs,sex\n1,2,3\n")
    assert problems == [
        "mapping.yaml line 4, tables.customers[0].columns.customer_id: c.csv has no column no "
        "-> use one of nr, orgs, sex",
        "mapping.yaml line 4, tables.customers[0].columns.branch_id: c.csv has no column org "
        "-> did you mean orgs?",
    ]


def test_a_header_that_only_one_of_several_files_lacks_names_that_file(folder):
    (problem,) = refused(
        folder, customers("c_*.csv"), c_1_csv=CUSTOMERS, c_2_csv="no,orgs\n3,0103\n"
    )
    assert "c_2.csv has no column org" in problem


def test_a_header_that_stands_twice_in_the_file_is_refused(folder):
    (problem,) = refused(folder, customers("c.csv"), c_csv="no,org,no\n1,2,3\n")
    assert "c.csv has several columns no" in problem


def test_a_file_that_cannot_be_read_is_told_with_the_other_problems(folder):
    problems = refused(folder, customers("[c.csv, d.csv]"), c_csv=b"", d_csv="no,orgs\n1,2\n")
    assert any("c.csv: is empty" in problem for problem in problems)
    assert any("d.csv has no column org" in problem for problem in problems)


def test_columns_that_no_source_names_are_said_once_per_file(folder):
    made = mapped(folder, customers("c.csv"), c_csv="no,org,a,b\n1,0101,x,y\n")
    assert [(n.code, n.file, n.detail, n.n) for n in made.notices] == [
        ("not_mapped", "c.csv", write_detail("columns", columns=["a", "b"]), 2)
    ]


def test_columns_that_are_never_read_are_dropped_at_the_door_without_their_names(folder):
    made = mapped(folder, customers("c.csv"), c_csv="no,org,身份证号,反洗钱等级\n1,0101,x,y\n")
    said = str(made)
    assert "反洗钱" not in said
    assert "身份证" not in said
    assert [(n.code, n.n) for n in made.tables[0].part.notices] == [("never_load", 2)]


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ('{delimiter: "^"}', "no^org\n1^0101\n2^0102\n"),
        ('{delimiter: "\\x01"}', "no\x01org\n1\x010101\n2\x010102\n"),
        ("{encoding: cp1250}", "no,org,město\n1,0101,Plzeň\n2,0102,Brno\n".encode("cp1250")),
        ("{encoding: utf-16}", CUSTOMERS.encode("utf-16")),
        ('{quote: "\'"}', "no,org\n'1','0101'\n'2',0102\n"),
        ("{header: 3}", "报表,\n机构 0101,\nno,org\n1,0101\n2,0102\n"),
        ("{header: 0, names: [no, org]}", "1,0101\n2,0102\n"),
        ("{}", gzip.compress(CUSTOMERS.encode())),
    ],
)
def test_a_declared_format_is_read_as_declared(folder, form, content):
    made = frame(folder, customers("c.csv", f"format: {form}"), c_csv=content)
    assert made[["customer_id", "branch_id"]].values.tolist() == [["1", "0101"], ["2", "0102"]]


def test_the_format_of_the_whole_mapping_holds_where_a_source_has_none(folder):
    mapping = "format: {header: 0, names: [no, org]}\n" + customers("c.csv")
    assert len(frame(folder, mapping, c_csv="1,0101\n")) == 1


def test_only_the_declared_sheet_of_a_workbook_is_read(folder):
    folder.mkdir()
    with pd.ExcelWriter(folder / "c.xlsx") as book:
        pd.DataFrame({"no": ["1"], "org": ["0101"]}).to_excel(book, sheet_name="名单", index=False)
        pd.DataFrame({"x": [1]}).to_excel(book, sheet_name="说明", index=False)
    made = mapped(folder, customers("c.xlsx", "format: {sheet: 名单}"))
    assert made.tables[0].part.frame["branch_id"].tolist() == ["0101"]


def test_rows_that_cannot_be_split_stay_with_their_file_and_row(folder):
    content = 'no;org;x\n1;0101;a\n2;0102\n3;0103;c\n4;01"04'
    (raw,) = mapped(folder, customers("c.csv"), c_csv=content).tables
    assert raw.part.frame.index.tolist() == [2, 4]
    assert [(row.row, row.reason) for row in raw.part.broken] == [
        (3, "ragged_row"),
        (5, "ragged_row"),
    ]


def test_a_broken_row_counts_once_though_two_sources_of_the_table_read_its_file(folder):
    mapping = """
    tables:
      holdings:
        - files: h.csv
          where: {kind: A}
          columns: {contract_id: id, customer_id: no, start_date: day}
          constants: {product_class: loan}
        - files: h.csv
          where: {kind: B}
          columns: {contract_id: id, customer_id: no, start_date: day}
          constants: {product_class: card}
    """
    content = "id,no,day,kind\n1,1,2024-01-01,A\n2\n3,1,2024-01-01,B\n"
    made = mapped(folder, mapping, h_csv=content)
    assert [raw.part.frame.index.tolist() for raw in made.tables] == [[2], [4]]
    assert [len(raw.part.broken) for raw in made.tables] == [1, 0]


@pytest.mark.parametrize(
    ("name", "pattern", "made"),
    [
        ("aum_2019q3", r"aum_(?P<quarter>\d{4}q\d)", "2019-09-30"),
        ("AUM_2019Q4", r"aum_(?P<quarter>\d{4}q\d)", "2019-12-31"),
        ("aum_2019年1季度", r"aum_(?P<quarter>.*)\.csv", "2019-03-31"),
        ("aum_202402", r"_(?P<month>\d{6})", "2024-02-29"),
        ("aum_2019m07", r"_(?P<month>\d{4}m\d\d)", "2019-07-31"),
        ("aum_2019年7月", r"_(?P<month>.*)\.", "2019-07-31"),
        ("aum_20190715", r"_(?P<date>\d{8})", "2019-07-15"),
        ("0101_aum", r"^(?P<org>\d{4})_", "0101"),
    ],
)
def test_a_file_name_gives_a_month_a_quarter_a_date_or_a_text(folder, name, pattern, made):
    group = pattern.partition("<")[2].partition(">")[0]
    mapping = f"""
    tables:
      aum_monthly:
        - files: '*.csv'
          from_file_name: '{pattern}'
          columns: {{customer_id: no, month: {group}}}
    """
    result = frame(folder, mapping, **{f"{name}.csv": "no\n1\n"})
    assert result["month"].tolist() == [made]


def test_a_file_name_does_not_overwrite_a_column_of_the_file(folder):
    mapping = """
    tables:
      aum_monthly:
        - {files: '*.csv', from_file_name: '(?P<month>\\d{6})', columns: {customer_id: no, month: month}}
    """
    (problem,) = refused(folder, mapping, aum_202401_csv="no,month\n1,2024-02\n")
    assert "aum_202401.csv has a column month already -> take another name" in problem


@pytest.mark.parametrize("name", ["other", "aum_2019q7"])
def test_a_file_whose_name_does_not_fit_is_refused(folder, name):
    mapping = """
    tables:
      aum_monthly:
        - {files: '*.csv', from_file_name: 'aum_(?P<quarter>.*)\\.csv', columns: {customer_id: no, month: quarter}}
    """
    (problem,) = refused(folder, mapping, **{f"{name}.csv": "no\n1\n"})
    assert f"the name {name}.csv does not fit" in problem
