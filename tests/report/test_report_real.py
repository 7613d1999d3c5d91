"""From a bank's files to reports, the page of data quality and the scores, by the command line."""

from __future__ import annotations

import re
import sys

import duckdb
import narwhals.stable.v2 as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bs4 import BeautifulSoup
from report_fakes import PARAMETERS, record_of, write_notebook

import needs
import stockcust as sc
from stockcust import cli
from stockcust.errors import InputError
from stockcust.privacy import customer_keys
from stockcust.report import plan
from stockcust.report.score_file import write_frame, write_scores
from stockcust.tables import write_prepared
from stockcust.tables.engines import to_pandas

MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
CELLS = (
    "#md\n# 报告\n\n## 客户",
    "import stockcust as sc\nfrom stockcust.present import tables",
    "network = sc.open_network(results, branch_id)\nlen(network.segments)",
    "assert branch_id != bad",
    "tables.table_tiers(network.segments, network.rules, lang=lang)",
)


@pytest.fixture(scope="module")
def branches(bank) -> list[str]:
    return list(sc.read_bank(bank).branch_ids)


def command(*arguments: str) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["stockcust", *arguments])
        with pytest.raises(SystemExit) as end:
            cli.main()
    return int(end.value.code or 0)


@needs.fork
def test_a_run_makes_what_it_can_and_says_what_it_could_not(
    bank, branches, tmp_path, monkeypatch, capsys
):
    found = {
        plan.BRANCH: write_notebook(tmp_path / "b.ipynb", [f"bad = {branches[1]!r}", *CELLS]),
        plan.OVERVIEW: write_notebook(tmp_path / "o.ipynb", CELLS[:1], PARAMETERS),
    }
    monkeypatch.setattr(plan, "notebook_path", found.__getitem__)
    out = tmp_path / "out"
    assert command("report", str(bank), "--out", str(out), "--workers", "2") == 3
    home = next(path for path in out.iterdir() if not path.name.startswith("."))
    assert home.name == str(sc.read_bank(bank).last_month_end)
    assert [record_of(home, branch)["status"] for branch in branches] == ["done", "failed"]
    assert "AssertionError" in record_of(home, branches[1])["error"]
    run = record_of(home, branches[0])["run"]
    assert run["data_hash"] == sc.read_bank(bank).data_hash
    rows = run["rows"]["customers"]
    assert rows["n_read"] >= rows["n_kept"] + rows["n_rejected"] > 0
    page = BeautifulSoup((home / branches[0] / "report.html").read_text("utf-8"), "html.parser")
    assert page.find("table")
    assert not MOBILE.search(page.get_text())

    told = capsys.readouterr()
    assert "2 made, 0 unchanged, 1 failed" in told.out
    assert f"failed: {branches[1]}: " in told.err
    assert command("report", str(bank), "--out", str(out), "--branch", "nowhere") == 1
    assert "unknown branch 'nowhere'; did you mean" in capsys.readouterr().err


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_check_writes_a_page_and_every_rejected_row(bank, tmp_path, lang, capsys):
    page = tmp_path / "check" / "index.html"
    assert command("check", str(bank), "--out", str(page), "--lang", lang) == 0
    told = capsys.readouterr().out
    assert "customers" in told
    assert str(page) in told
    text = page.read_text(encoding="utf-8")
    assert BeautifulSoup(text, "html.parser").find("table")
    assert not MOBILE.search(BeautifulSoup(text, "html.parser").get_text())
    csv = (page.parent / "rejects.csv").read_bytes()
    assert csv.startswith(b"\xef\xbb\xbf")
    rejects = pd.read_csv(page.parent / "rejects.csv", dtype=str)
    assert len(rejects) == len(sc.read_bank(bank).rejects)
    assert list(rejects.columns)[:4] == ["table", "file", "row", "column"]


def test_what_a_spreadsheet_would_run_is_only_text_in_the_rejects(tmp_path):
    branches = pd.DataFrame({"branch_id": ["B1"], "branch_name": ["东"]})
    customers = pd.DataFrame({"customer_id": ["C1", "C2"], "branch_id": ["B1", '=HYPERLINK("x")']})
    aum = pd.DataFrame(
        {
            "customer_id": ["C1"],
            "branch_id": ["B1"],
            "month": ["2026-06"],
            "average_aum_cny": ["5"],
            "point_aum_cny": ["5"],
        }
    )
    data = tmp_path / "data"
    data.mkdir()
    for name, frame in {"branches": branches, "customers": customers, "aum_monthly": aum}.items():
        frame.to_csv(data / f"{name}.csv", index=False)
    assert command("check", str(data), "--out", str(tmp_path / "check.html")) == 0
    values = pd.read_csv(tmp_path / "rejects.csv", dtype=str)["value"]
    assert values.tolist() == ['\'=HYPERLINK("x")']


def test_scores_have_a_row_per_customer_and_branch_and_name_no_customer(bank, tmp_path):
    out = tmp_path / "scores.parquet"
    assert command("score", str(bank), "--out", str(out), "--engine", "polars") == 0
    scores = pd.read_parquet(out)
    asked = "customer_id branch_id aum_cny tier familiarity group money authority need man_group"
    assert {*asked.split(), "difficulty", "is_priority"} <= set(scores.columns)
    ids = sc.read_bank(bank).tables["customers"]["customer_id"]
    assert set(scores["customer_id"]) <= set(customer_keys(ids))
    assert not set(scores["customer_id"]) & set(ids)
    assert not scores.duplicated(["customer_id", "branch_id"]).any()
    origin = pq.read_schema(out).metadata
    assert origin[b"rulebook_hash"].decode() == sc.load_rulebook().hash


def test_scores_of_a_prepared_bank_are_those_of_its_files(bank, tmp_path):
    prepared = write_prepared(sc.read_bank(bank), tmp_path / "prepared")
    scores = []
    for number, folder in enumerate((bank, prepared)):
        write_scores(folder, tmp_path / f"{number}.parquet")
        scores.append(pd.read_parquet(tmp_path / f"{number}.parquet"))
    of_files, of_prepared = (s.sort_values(["branch_id", "customer_id"]) for s in scores)
    pd.testing.assert_frame_equal(
        of_prepared.reset_index(drop=True), of_files.reset_index(drop=True)
    )


@pytest.mark.parametrize("engine", ["pandas", "polars", "duckdb"])
def test_scores_of_every_engine_are_written_alike(tmp_path, engine):
    columns = {
        "customer_id": ["C1", "C2", "C3"],
        "age": [30, None, 50],
        "aum_cny": [1.5, None, 3.0],
        "tier": ["T1", None, "T5"],
        "difficulty": [1, None, 8],
        "is_priority": [True, None, False],
    }
    schema = pa.schema(
        [
            *(("customer_id", pa.string()), ("age", pa.int64()), ("aum_cny", pa.float64())),
            *(("tier", pa.string()), ("difficulty", pa.int64()), ("is_priority", pa.bool_())),
        ]
    )
    native = of_engine(engine, pa.table(columns, schema))
    assert write_frame(nw.from_native(native), tmp_path / "s.parquet", {"as_of": "2026-06-30"}) == 3
    written = pq.read_table(tmp_path / "s.parquet")
    del columns["age"]  # personal, and no score
    columns["customer_id"] = customer_keys(columns["customer_id"])
    assert written.to_pydict() == columns
    types = [str(field.type) for field in written.schema]
    assert types == ["string", "double", "string", "int64", "bool"]


def test_a_customer_without_an_id_is_never_written(tmp_path):
    frame = nw.from_native(pa.table({"customer_id": ["C1", None]}))
    with pytest.raises(InputError, match="a customer has no id"):
        write_frame(frame, tmp_path / "s.parquet", {})
    assert not list(tmp_path.iterdir())


def of_engine(engine: str, table: pa.Table) -> object:
    if engine == "polars":
        return pl.from_arrow(table).lazy()
    return duckdb.from_arrow(table) if engine == "duckdb" else to_pandas(table)


def test_a_day_without_data_is_one_message(bank, tmp_path, capsys):
    out = tmp_path / "s.parquet"
    assert command("score", str(bank), "--out", str(out), "--as-of", "1999-01-31") == 1
    assert command("score", str(bank), "--out", str(out), "--as-of", "someday") == 1
    assert "someday" in capsys.readouterr().err
    assert not out.exists()


def test_a_mapping_is_proposed_and_never_written_over(bank, tmp_path, capsys):
    files = [str(bank / "branches.csv"), str(bank / "customers.parquet")]
    assert command("init-mapping", *files) == 0
    printed = capsys.readouterr().out
    out = tmp_path / "mapping.yaml"
    assert command("init-mapping", *files, "--out", str(out)) == 0
    assert out.read_text(encoding="utf-8") == printed
    assert command("init-mapping", *files, "--out", str(out)) == 1
    assert "there is a mapping already" in capsys.readouterr().err


def test_a_sample_is_the_same_for_the_same_seed(bank, tmp_path, capsys):
    out = tmp_path / "x"
    sizes = ["--branches", "2", "--customers", "150", "--months", "8", "--seed", "1"]
    assert command("sample", str(out), *sizes) == 0
    assert (out / "truth.json").read_text("utf-8") == (bank / "truth.json").read_text("utf-8")
    assert command("sample", str(out), "--branches", "0") == 1
    assert "at least 1 branch" in capsys.readouterr().err
