"""Which file is which table, what the hash depends on, and the quality page as data."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pandas as pd
import pytest

import stockcust as sc
from broken_files import good_bank
from stockcust.errors import CallError
from stockcust.tables import data_quality, read_bank
from stockcust.tables.discover import table_of_name


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("customers", "customers"),
        ("客户主档_20260630", "customers"),
        ("2026年6月资产月快照", "aum_monthly"),
        ("AUM_Monthly-2026-06", "aum_monthly"),
        ("客户资产", "aum_monthly"),
        ("branch_service", "branch_service"),
        ("branches", "branches"),
        ("活动参与", "event_attendance"),
        ("活动", "campaigns"),
        ("客户经理", "managers"),
        ("工作日志202606", "contacts"),
        ("总账核对数", "control_totals"),
        ("data1", None),
        ("truth", None),
        ("maximum", None),
    ],
)
def test_a_file_name_tells_its_table(name: str, table: str | None) -> None:
    assert table_of_name(name) == table


def test_no_folder_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="no folder or file"):
        read_bank(tmp_path / "nowhere")
    with pytest.raises(CallError, match="engine 'dask'"):
        read_bank(tmp_path, engine="dask")


def test_the_hash_follows_the_files_and_not_their_place(tmp_path: Path) -> None:
    good_bank(tmp_path / "a")
    shutil.copytree(tmp_path / "a", tmp_path / "b" / "deeper")
    first = read_bank(tmp_path / "a").data_hash
    assert read_bank(tmp_path / "b").data_hash == first
    with (tmp_path / "a" / "branches.csv").open("a", encoding="utf-8") as file:
        file.write("0103,城北支行\r\n")
    assert read_bank(tmp_path / "a").data_hash != first


def test_hidden_files_and_other_kinds_are_passed_over(tmp_path: Path) -> None:
    good_bank(tmp_path)
    for name in (".customers.csv", "~$customers.xlsx", "README.md", "truth.json"):
        (tmp_path / name).write_text("x")
    (tmp_path / "data1.csv").write_text("a,b\n1,2\n")
    notices = read_bank(tmp_path).notices
    unused = notices[notices["code"] == "file_not_used"]
    assert list(unused["file"]) == ["data1.csv"]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_files_are_handed_on_to_the_engine(tmp_path: Path, engine: str) -> None:
    good_bank(tmp_path)
    bank = read_bank(tmp_path, engine=engine, branch_ids=["0101"])
    assert bank.engine == engine
    assert bank.branch_ids == ("0101",)


def test_quality_page_adds_up_and_is_written(tmp_path: Path) -> None:
    good_bank(tmp_path / "files")
    with (tmp_path / "files" / "customers.csv").open("a", encoding="utf-8") as file:
        file.write("1.23E+15,0101,=HYPERLINK(1),男,,,\r\n")
    quality = data_quality(read_bank(tmp_path / "files"))
    assert quality.is_reconciled
    customers = quality.tables.set_index("table").loc["customers"]
    assert (customers["n_read"], customers["n_kept"], customers["n_rejected"]) == (7, 6, 1)
    assert customers["kept_share"] == pytest.approx(6 / 7)
    assert list(quality.rejects["n"]) == [1]
    assert "contacts" in set(quality.absent["table"])
    folder = quality.write(tmp_path / "page")
    written = pd.read_csv(folder / "rejects.csv", encoding="utf-8-sig", dtype=str)
    assert list(written["reason"]) == ["scientific_notation"]
    assert "7" in (folder / "tables.csv").read_text(encoding="utf-8-sig")


def test_books_hold_what_excel_would_not_run(tmp_path: Path) -> None:
    good_bank(tmp_path / "files")
    path = tmp_path / "files" / "customers.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("手机号", "=卡号"), encoding="utf-8")
    folder = data_quality(read_bank(tmp_path / "files")).write(tmp_path / "page")
    assert ",'=卡号," in (folder / "notices.csv").read_text(encoding="utf-8-sig")


def everything_written(bank: sc.Bank, tmp_path: Path) -> str:
    folder = data_quality(bank).write(tmp_path / "written")
    books = (bank.rejects, bank.counts, bank.notices)
    files = (path.read_text(encoding="utf-8-sig") for path in folder.iterdir())
    return "\n".join([*(book.to_csv() for book in books), *files])


@pytest.mark.parametrize(
    ("name", "secret", "shown"),
    [
        ("证件号码=411525198001010011/part-0.csv", "411525198001010011", "证件号码=*/part-0.csv"),
        ("洗钱风险等级=高/part-0.csv", "洗钱", "*/part-0.csv"),
        ("branch_id=0101/13812345678.csv", "13812345678", "138****5678"),
    ],
)
def test_what_is_never_read_stands_in_no_name_either(
    tmp_path: Path, name: str, secret: str, shown: str
) -> None:
    folder = tmp_path / "files"
    good_bank(folder)
    target = folder / "aum_monthly" / name
    target.parent.mkdir(parents=True)
    lines = (folder / "aum_monthly.csv").read_text(encoding="utf-8").replace("0102", "0101")
    target.write_text(lines, encoding="utf-8")
    (folder / "aum_monthly.csv").unlink()
    (folder / "涉案名单.csv").write_text("a,b\n1,2\n")
    written = everything_written(read_bank(folder), tmp_path)
    assert shown in written
    assert secret not in written
    assert "涉案" not in written


def test_a_sheet_of_what_is_never_read_is_not_even_named(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    good_bank(folder)
    with pd.ExcelWriter(folder / "全行.xlsx") as book:
        pd.DataFrame({"客户号": ["000001"]}).to_excel(book, sheet_name="可疑交易名单", index=False)
        pd.DataFrame({"客户号": ["000001"]}).to_excel(book, sheet_name="说明", index=False)
    bank = read_bank(folder)
    assert "never_load" in set(bank.notices["code"])
    assert "可疑" not in everything_written(bank, tmp_path)


def test_a_name_in_another_encoding_is_shown_as_it_was_meant(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    good_bank(folder)
    os.rename(folder / "customers.csv", os.fsencode(folder) + b"/" + "客户主档.csv".encode("gbk"))
    bank = read_bank(folder)
    assert "客户主档.csv" in set(bank.counts["file"])
    assert len(bank.data_hash) == 64


def test_branches_to_keep_may_be_one_id_and_must_be_there(tmp_path: Path) -> None:
    good_bank(tmp_path)
    assert read_bank(tmp_path, branch_ids="0101").branch_ids == ("0101",)
    with pytest.raises(CallError, match="no branch 0109"):
        read_bank(tmp_path, branch_ids=["0101", "0109"])
