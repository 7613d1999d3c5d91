"""The file of customer pools: whole, dated, without names, the same for the same results."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import stockcust as sc
from stockcust.report.freeze import freeze
from stockcust.report.pools_file import POOLS, write_pools
from stockcust.report.prepare import Sources


@pytest.fixture(scope="module")
def frozen(bank, tmp_path_factory):
    return freeze(Sources(bank), tmp_path_factory.mktemp("out"))


@pytest.fixture(scope="module")
def file(frozen, tmp_path_factory) -> Path:
    return write_pools(frozen, tmp_path_factory.mktemp("reports") / frozen.facts.as_of)


def test_a_row_is_a_customer_a_branch_a_pool_and_a_date(frozen, file):
    rows = pd.read_parquet(file)
    assert list(rows.columns) == ["customer_id", "branch_id", "pool", "as_of"]
    assert not rows.duplicated().any()
    assert set(rows["as_of"]) == {pd.Timestamp(frozen.facts.as_of)}
    assert set(rows["branch_id"]) <= set(frozen.network.branches["branch_id"])
    counts = rows.groupby(["branch_id", "pool"]).size()
    changes = frozen.network.frames["pool_changes"].set_index(["branch_id", "pool"])["n_now"]
    assert len(counts) and (changes.loc[counts.index] == counts).all()


def test_no_customer_stands_in_it_by_number(bank, file):
    ids = set(sc.read_bank(bank).tables["customers"]["customer_id"])
    written = pd.read_parquet(file)["customer_id"]
    assert not set(written) & ids
    assert written.str.fullmatch("[0-9a-f]{16}").all()


def test_the_file_says_what_it_was_made_from_and_what_the_pools_are_called(frozen, file):
    said = {k.decode(): v.decode() for k, v in pq.read_schema(file).metadata.items()}
    assert said["data_hash"] == frozen.facts.data_hash
    assert said["rulebook_hash"] == frozen.facts.rulebook_hash
    names = json.loads(said["pools"])
    assert names["angels"] == {"zh": "天使客户", "en": "angels"}
    assert set(pd.read_parquet(file)["pool"]) <= set(names)


def test_written_again_it_is_the_same_and_nothing_else_is_there(frozen, file):
    before = file.read_bytes()
    assert write_pools(frozen, file.parent) == file
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [POOLS]
