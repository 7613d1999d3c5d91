"""A mapping file is closed and typed; everything wrong with it is told at once, with its place."""

from __future__ import annotations

import pytest

from mapped import mapped, refused
from stockcust.errors import MappingError
from stockcust.tables.details import write_detail
from stockcust.tables.mapping import map_files

CUSTOMERS = """
    no,org,sex
    1,0101,0
    2,0102,1
"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


def test_a_mapping_without_mistakes_makes_contract_columns(folder):
    made = mapped(
        folder,
        """
        tables:
          customers:
            - files: c.csv
              columns: {customer_id: no, branch_id: org, gender: sex}
              codes: {gender: {0: M, 1: F}}
        """,
        c_csv=CUSTOMERS,
    )
    frame = made.tables[0].part.frame
    assert frame["gender"].tolist() == ["M", "F"]
    assert frame["branch_id"].tolist() == ["0101", "0102"]
    assert [path.name for path in made.paths] == ["c.csv", "mapping.yaml"]


def test_all_problems_are_told_at_once_each_with_line_place_and_nearest_word(folder):
    problems = refused(
        folder,
        """
        tables:
          customer:
            - files: c.csv
              columns: {customer_id: no}
          customers:
            - files: c.csv
              columns: {customer_id: no, branch_id: org, gendr: sex}
              codes: {gender: {0: M}}
          aum_monthly:
            - files: c.csv
              columns: {customer_id: no, month: org}
              units: {month: wan}
              constants: {month: 2024-01}
        """,
        c_csv=CUSTOMERS,
    )
    assert problems == [
        "mapping.yaml line 3, tables.customer: is no table of the contract "
        "-> did you mean customers?",
        "mapping.yaml line 8, tables.customers[0].columns.gendr: customers has no such column "
        "-> did you mean gender?",
        "mapping.yaml line 9, tables.customers[0].codes.gender: no such column is filled here "
        "-> did you mean gendr?",
        "mapping.yaml line 11, tables.aum_monthly[0]: month is filled twice "
        "-> keep one of columns, constants, derive",
        "mapping.yaml line 13, tables.aum_monthly[0].units.month: is month, not money -> remove it",
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("colums: {customer_id: no}", "tables.customers[0].colums: is an unknown key -> did you mean columns?"),
        ("lookup: [{files: c.csv, on: {a: b}, taken: {a: b}}]", "lookup[0].taken: is an unknown key"),
        ("lookup: [{files: c.csv, on: {a: b}}]", "lookup[0].take: is missing"),
        ("unit: lakh", "tables.customers[0].unit: 'lakh' is wrong -> it should be 'yuan', 'qian'"),
        ("format: {decimal: ;}", "format.decimal: ';' is wrong"),
        ("format: {header: 0}", "header: 0 (no header row) and names go together"),
        ("format: {header: -1}", "format.header: '-1' is wrong"),
        ("format: {header: 0, names: [a, a]}", "a name stands twice in names"),
        ("date_format: {open_date: YYMMDD}", "YY needs a pivot"),
        ("date_format: {open_date: {format: YYYYMMDD, pivot: 3}}", "YY needs a pivot"),
        ("date_format: {open_date: '%Y%m'}", "needs YYYY or YY, and MM"),
        ("from_file_name: aum_(.*)", "has no named group"),
        ("from_file_name: 'aum_(?P<month'", "is not a regular expression"),
        ("derive: {customer_id: {sum: a, joined: {columns: a}}}", "must be exactly one of sum, first_of"),
        ("derive: {customer_id: {eval: a}}", "derive.customer_id.eval: is an unknown key"),
        ("derive: {customer_id: {hash_bucket: {column: a, buckets: 1}}}", "buckets: '1' is wrong"),
        ("monthly_balance: {account: a, owner: b, date: d, balance: e}", "starts_with_opening: is missing"),
        ("pseudo_branches: {column: no, buckets: 3}", "give files or pseudo_branches"),
    ],
)  # fmt: skip
def test_a_malformed_part_is_refused_with_its_place(folder, wrong, said):
    mapping = "tables:\n  customers:\n    - files: c.csv\n      " + wrong
    problems = refused(folder, mapping, c_csv=CUSTOMERS)
    assert any(said in problem for problem in problems), problems


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../c.csv", "a/../../c.csv", "~/c.csv", "C:\\c.csv", "\\\\host\\c"]
)
def test_a_file_outside_the_data_folder_is_refused(folder, path):
    mapping = f"""
    tables:
      customers:
        - files: '{path}'
          columns: {{customer_id: no, branch_id: org}}
    """
    (problem,) = refused(folder, mapping, c_csv=CUSTOMERS)
    assert "absolute path" in problem or "leaves the data folder" in problem


def test_open_questions_are_named_all_and_stop_the_run(folder):
    problems = refused(
        folder,
        """
        tables:
          customers:
            - files: c.csv
              columns: {customer_id: no, branch_id: "?", gender: sex}
              codes: {gender: {"0": "?", "1": F}}
        """,
        c_csv=CUSTOMERS,
    )
    assert problems == [
        "mapping.yaml line 5, tables.customers[0].columns.branch_id: is an open question "
        "-> put the answer for ?",
        "mapping.yaml line 6, tables.customers[0].codes.gender.0: is an open question "
        "-> put the answer for ?",
    ]


def test_a_key_that_stands_twice_is_refused(folder):
    mapping = """
    tables:
      customers:
        - files: c.csv
          columns: {customer_id: no, branch_id: org, customer_id: sex}
    """
    (problem,) = refused(folder, mapping, c_csv=CUSTOMERS)
    assert "tables.customers[0].columns.customer_id: stands here twice" in problem


def test_words_stay_texts_no_branch_loses_its_zeros_and_no_code_becomes_a_truth_value(folder):
    made = mapped(
        folder,
        """
        tables:
          customers:
            - files: c.csv
              columns: {customer_id: no, marketing_consent: yn}
              constants: {branch_id: 0101}
              codes: {marketing_consent: {no: N, yes: Y, ~: U}}
        """,
        c_csv="no,yn\n007,no\n008,yes\n",
    )
    frame = made.tables[0].part.frame
    assert frame["branch_id"].tolist() == ["0101", "0101"]
    assert frame["marketing_consent"].tolist() == ["N", "Y"]
    assert frame["customer_id"].tolist() == ["007", "008"]


@pytest.mark.parametrize(
    ("header", "zh"),
    [
        ("身份证号码", "identity"),
        ("反洗钱等级", "withheld"),
        ("AML_RISK", "withheld"),
        ("卡号", "card"),
    ],
)
@pytest.mark.parametrize("place", ["columns", "where", "lookup", "derive"])
def test_columns_that_are_never_read_cannot_be_mapped_anywhere(folder, header, zh, place):
    parts = {
        "columns": f"columns: {{customer_id: no, branch_id: org, occupation: {header}}}",
        "where": f"where: {{{header}: x}}",
        "lookup": f"lookup: [{{files: c.csv, on: {{no: no}}, take: {{x: {header}}}}}]",
        "derive": f"derive: {{occupation: {{joined: {{columns: [no, {header}]}}}}}}",
    }
    mapping = f"tables:\n  customers:\n    - files: c.csv\n      {parts[place]}"
    problems = refused(folder, mapping, c_csv=CUSTOMERS)
    assert any(f"{header} is never read" in problem for problem in problems)


def test_a_code_that_the_contract_does_not_have_is_refused_with_the_nearest(folder):
    problems = refused(
        folder,
        """
        tables:
          customers:
            - files: c.csv
              columns: {customer_id: no, branch_id: org, status: sex, is_payroll: sex}
              constants: {customer_nature: farmr}
              codes: {status: {0: activ}, is_payroll: {1: Y}}
        """,
        c_csv=CUSTOMERS,
    )
    assert [problem.partition(", ")[2] for problem in problems] == [
        "tables.customers[0].codes.status.0: activ is no code of status -> did you mean active?",
        "tables.customers[0].codes.is_payroll.1: Y is no code of is_payroll "
        "-> use one of true, false",
        "tables.customers[0].constants.customer_nature: farmr is no code of customer_nature "
        "-> did you mean farmer?",
    ]


def test_a_table_without_a_required_column_is_refused(folder):
    mapping = "tables:\n  customers:\n    - {files: c.csv, columns: {customer_id: no}}"
    (problem,) = refused(folder, mapping, c_csv=CUSTOMERS)
    assert "customers needs branch_id (归属机构) -> name its header" in problem


def test_pseudo_branches_stand_alone_and_only_for_branches(folder):
    elsewhere = "tables: {customers: [{pseudo_branches: {column: no, buckets: 3}}]}"
    assert "belongs to branches" in refused(folder, elsewhere, c_csv=CUSTOMERS)[0]
    more = (
        "tables: {branches: [{pseudo_branches: {column: no, buckets: 3}, constants: {level: x}}]}"
    )
    assert "stands alone" in refused(folder, more, c_csv=CUSTOMERS)[0]


def test_customers_must_fall_into_the_pseudo_branches_that_there_are(folder):
    problems = refused(
        folder,
        """
        tables:
          branches: [{pseudo_branches: {column: no, buckets: 3}}]
          customers:
            - files: c.csv
              columns: {customer_id: no}
              derive: {branch_id: {hash_bucket: {column: no, buckets: 4}}}
        """,
        c_csv=CUSTOMERS,
    )
    assert "other ids than the pseudo-branches have" in problems[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"tables: {", "is not valid YAML"),
        (b"tables: [a, b", "is not valid YAML"),
        ("tables: {客户: 1}".encode("gb18030"), "is not UTF-8 text"),
        (b"", "tables: is missing"),
        (b"- a", "is wrong -> it should be a valid dictionary"),
        (b"a: &a [*a]", "is nested too deeply"),
        (b"tables: !!python/object/apply:os.system [ls]", "is wrong"),
        (b"\x00", "is not valid YAML"),
    ],
)
def test_a_file_that_is_no_mapping_is_one_clear_error(folder, content, said):
    folder.mkdir()
    path = folder.parent / "mapping.yaml"
    path.write_bytes(content)
    with pytest.raises(MappingError) as caught:
        map_files(folder, path)
    assert said in str(caught.value)


def test_a_mapping_that_is_not_there_is_one_clear_error(folder):
    folder.mkdir()
    with pytest.raises(MappingError, match="cannot be opened"):
        map_files(folder, folder / "mapping.yaml")


def test_notes_of_the_mapping_are_said_aloud(folder):
    made = mapped(
        folder,
        """
        notes: [金额单位是克朗]
        tables:
          customers: [{files: c.csv, columns: {customer_id: no, branch_id: org}}]
        """,
        c_csv=CUSTOMERS,
    )
    said = [(notice.code, notice.file, notice.detail) for notice in made.notices]
    assert said == [
        ("mapping_note", "mapping.yaml", write_detail("text", text="金额单位是克朗")),
        ("not_mapped", "c.csv", write_detail("columns", columns=["sex"])),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &a [*a, *a, *a]", "far too large"),
        ("a: " + "[" * 2000 + "]" * 2000, "nested too deeply"),
        (
            "x0: &x0 [1, 1]\n"
            + "".join(f"x{i}: &x{i} [{f'*x{i - 1}, ' * 10}]\n" for i in range(1, 10)),
            "far too large",
        ),
    ],
    ids=["an anchor that holds itself", "two thousand brackets", "anchors that multiply"],
)
def test_a_file_that_would_grow_without_end_is_refused_at_once(folder, text, said):
    (problem,) = refused(folder, text)
    assert said in problem
