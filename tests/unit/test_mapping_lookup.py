"""Rows selected by fixed values, and columns taken from another file without making rows."""

from __future__ import annotations

import pytest

from mapped import frame, mapped, refused
from stockcust.tables.details import write_detail

LOANS = "loan,acct\nL1,1\nL2,2\nL3,3\nL4,\n"
OWNERS = "acct,role,no\n1,OWNER,11\n2,USER,22\n2,OWNER,21\n"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


def holdings(more: str) -> str:
    return (
        "tables:\n  holdings:\n    - files: l.csv\n"
        "      columns: {contract_id: loan, customer_id: no}\n"
        "      constants: {product_class: loan, start_date: 2024-01-01}\n"
        f"      {more}"
    )


def test_a_lookup_takes_columns_of_the_one_row_that_fits(folder):
    mapping = holdings(
        "lookup: [{files: o.csv, on: {acct: acct}, where: {role: OWNER}, take: {no: no}}]"
    )
    (raw,) = mapped(folder, mapping, l_csv=LOANS, o_csv=OWNERS).tables
    assert raw.part.frame["customer_id"].fillna("").to_dict() == {2: "11", 3: "21", 4: "", 5: ""}
    assert [(n.code, n.n) for n in raw.part.notices] == [("lookup_unmatched", 2)]


def test_a_lookup_that_would_make_two_rows_of_one_is_refused_with_an_example(folder):
    mapping = holdings("lookup: [{files: o.csv, on: {acct: acct}, take: {no: no}}]")
    (problem,) = refused(folder, mapping, l_csv=LOANS, o_csv=OWNERS)
    assert problem == (
        "mapping.yaml line 6, tables.holdings[0].lookup[0]: o.csv: 1 keys (acct) stand in several "
        "different rows, for example 2 -> choose one of them by where"
    )


@pytest.mark.parametrize(
    "owners",
    [
        "acct,no\n1,11\n2,21\n2,21\n3,31\n",  # the same row twice
        "acct,no\n1,11\n2,21\n3,31\n9,91\n9,92\n",  # several rows that nobody asks for
    ],
)
def test_repeated_rows_that_change_nothing_are_no_fan_out(folder, owners):
    mapping = holdings("lookup: [{files: o.csv, on: {acct: acct}, take: {no: no}}]")
    made = frame(folder, mapping, l_csv=LOANS, o_csv=owners)
    assert made["customer_id"].fillna("").tolist() == ["11", "21", "31", ""]


def test_lookups_follow_each_other_on_several_keys_and_files(folder):
    mapping = holdings(
        "lookup:\n"
        "        - {files: 'o_*.csv', on: {acct: a, loan: l}, take: {person: p}}\n"
        "        - {files: p.csv, on: {person: id}, take: {no: no}}"
    )
    made = frame(
        folder,
        mapping,
        l_csv="loan,acct\nL1,1\nL2,1\n",
        o_1_csv="a,l,p\n1,L1,x\n",
        o_2_csv="a,l,p\n1,L2,y\n",
        p_csv="id,no\nx,11\ny,22\n",
    )
    assert made["customer_id"].tolist() == ["11", "22"]


def test_a_lookup_does_not_overwrite_a_column_of_the_file(folder):
    mapping = holdings("lookup: [{files: o.csv, on: {acct: acct}, take: {loan: no, no: role}}]")
    (problem,) = refused(folder, mapping, l_csv=LOANS, o_csv="acct,role,no\n1,OWNER,11\n")
    assert "lookup[0].take: l.csv has a column loan already -> take another name" in problem


def test_missing_headers_and_files_of_a_lookup_are_named(folder):
    mapping = holdings(
        "lookup:\n"
        "        - {files: o.csv, on: {act: acct}, where: {rol: OWNER}, take: {no: nr}}\n"
        "        - {files: q.csv, on: {acct: acct}, take: {x: y}}"
    )
    problems = refused(folder, mapping, l_csv=LOANS, o_csv=OWNERS)
    for said in (
        "lookup[0].on: l.csv has no column act -> did you mean acct?",
        "lookup[0]: o.csv has no column nr",
        "lookup[0]: o.csv has no column rol -> did you mean role?",
        "lookup[1].files: no file is named q.csv",
    ):
        assert any(said in problem for problem in problems), (said, problems)


def test_a_row_of_the_other_file_that_cannot_be_split_is_said(folder):
    mapping = holdings("lookup: [{files: o.csv, on: {acct: acct}, take: {no: no}}]")
    (raw,) = mapped(folder, mapping, l_csv=LOANS, o_csv="acct,no\n1,11\n2\n3,31\n").tables
    said = {n.code: n.detail for n in raw.part.notices}
    assert said["lookup_row_unreadable"] == write_detail("rows", file="o.csv", rows=[3])


def test_rows_are_selected_by_fixed_values_and_the_others_counted(folder):
    mapping = holdings("where: {kind: [A, B], state: ok}")
    (raw,) = mapped(
        folder,
        mapping,
        l_csv="loan,no,kind,state\nL1,1,A,ok\nL2,2,C,ok\nL3,3,B,ok\nL4,4,B,bad\n",
    ).tables
    assert raw.part.frame["contract_id"].to_dict() == {2: "L1", 4: "L3"}
    assert [(n.code, n.n) for n in raw.part.notices] == [("rows_not_selected", 2)]


def test_a_taken_column_of_an_excel_file_keeps_its_whole_numbers(folder, tmp_path):
    import pandas as pd

    mapping = holdings("lookup: [{files: o.xlsx, on: {acct: acct}, take: {no: no}}]")
    owners = pd.DataFrame({"acct": [1, 2, 3], "no": [11, 21, 31]})
    made = frame(folder, mapping, l_csv=LOANS, o_xlsx=owners)
    assert made["customer_id"].astype("float").fillna(0).tolist() == [11, 21, 31, 0]
