"""A prepared bank is the same bank without names, on every engine, written all or nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from broken_files import good_bank
from engines import ENGINES
from stockcust.errors import CallError, InputError
from stockcust.tables import Bank, prepared, pseudonymous, read_bank, write_prepared
from stockcust.tables.engines import collect


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    files = tmp_path / "files"
    files.mkdir()
    good_bank(files)
    with (files / "customers.csv").open("a", encoding="utf-8") as file:
        file.write("1.23E+15,0101,甲,男,,,\r\n")
    return read_bank(files)


def rows(frame: object) -> pd.DataFrame:
    plain = collect(frame)
    return plain.sort_values(list(plain.columns), ignore_index=True)


@pytest.mark.parametrize("engine", ENGINES)
def test_prepared_bank_is_the_same_bank_under_keyed_hashes(
    bank: Bank, tmp_path: Path, engine: str
) -> None:
    again = read_bank(write_prepared(bank, tmp_path / "prepared"), engine=engine)
    assert again.engine == engine
    assert again.data_hash == bank.data_hash
    assert list(again.tables) == list(bank.tables)
    nameless = pseudonymous(bank)
    for name, frame in nameless.tables.items():
        pd.testing.assert_frame_equal(rows(again.tables[name]), rows(frame))
    for book in ("rejects", "counts", "notices", "lost_assets"):
        pd.testing.assert_frame_equal(getattr(again, book), getattr(nameless, book))
    assert len(again.rejects) == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_a_branch_reads_only_its_rows(bank: Bank, tmp_path: Path, engine: str) -> None:
    folder = write_prepared(bank, tmp_path / "prepared")
    branch = read_bank(folder, engine=engine, branch_ids=["0102"])
    assert branch.branch_ids == ("0102",)
    assert set(rows(branch.tables["aum_monthly"])["branch_id"]) == {"0102"}


def test_tables_lie_sorted_in_small_groups(
    bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "_ROWS_PER_GROUP", 6)
    folder = write_prepared(bank, tmp_path / "prepared")
    file = pq.ParquetFile(folder / "aum_monthly.parquet")
    assert file.num_row_groups == 2
    groups = [file.read_row_group(i).to_pandas() for i in range(2)]
    assert [set(group["branch_id"]) for group in groups] == [{"0101"}, {"0102"}]
    assert groups[0]["customer_id"].is_monotonic_increasing


def test_only_the_owner_can_read_it(bank: Bank, tmp_path: Path) -> None:
    folder = write_prepared(bank, tmp_path / "prepared")
    modes = {path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert (folder.stat().st_mode & 0o777, modes) == (0o700, {0o600})


def test_preparing_a_prepared_bank_hashes_nothing_twice(bank: Bank, tmp_path: Path) -> None:
    once = read_bank(write_prepared(bank, tmp_path / "once"))
    twice = read_bank(write_prepared(once, tmp_path / "twice"))
    for name, frame in once.tables.items():
        pd.testing.assert_frame_equal(rows(twice.tables[name]), rows(frame))


def test_an_earlier_one_is_replaced_and_other_files_are_not(bank: Bank, tmp_path: Path) -> None:
    folder = write_prepared(bank, tmp_path / "prepared")
    (folder / "old.txt").write_text("x")
    write_prepared(bank, folder)
    assert not (folder / "old.txt").exists()
    with pytest.raises(CallError, match="holds other files"):
        write_prepared(bank, tmp_path / "files")
    assert (tmp_path / "files" / "customers.csv").exists()


def test_a_failure_leaves_the_last_good_one(
    bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_prepared(bank, tmp_path / "prepared")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(prepared, "_write", fail)
    with pytest.raises(OSError, match="disk full"):
        write_prepared(bank, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert {path.name for path in tmp_path.iterdir()} == {"files", "prepared"}


def test_another_contract_or_a_lost_file_is_refused(bank: Bank, tmp_path: Path) -> None:
    folder = write_prepared(bank, tmp_path / "prepared")
    (folder / "branches.parquet").rename(tmp_path / "gone")
    with pytest.raises(InputError, match="lacks branches"):
        read_bank(folder)
    manifest = folder / "prepared.json"
    changed = json.loads(manifest.read_text()) | {"contract_hash": "0"}
    manifest.write_text(json.dumps(changed))
    with pytest.raises(InputError, match="prepare the bank again"):
        read_bank(folder)


def test_a_bank_of_a_day_is_not_prepared(bank: Bank, tmp_path: Path) -> None:
    with pytest.raises(CallError, match="as of 2026-05-31"):
        write_prepared(bank.until("2026-05-31"), tmp_path / "prepared")
