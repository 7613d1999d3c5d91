"""The corpus of broken files: rejects at the right rows for the right reasons, or one clear error."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import pandas as pd
import pytest

import stockcust as sc
from broken_files import ALL, Case, good_bank
from stockcust.errors import InputError
from stockcust.tables import data_quality, read_bank
from stockcust.tables.codes import NOTICES, REASONS

ACCEPTED = [case for case in ALL if not case.error]
REFUSED = [case for case in ALL if case.error]


@functools.cache
def _good() -> sc.Bank:
    with tempfile.TemporaryDirectory() as folder:
        good_bank(Path(folder))
        return read_bank(folder)


def _assert_same(found: pd.DataFrame, good: pd.DataFrame) -> None:
    columns = [name for name in good if name in found]
    assert {"customer_id", "branch_id"} & set(columns)
    order = [name for name in ("branch_id", "customer_id", "month") if name in columns]
    one, other = (frame[columns].sort_values(order, ignore_index=True) for frame in (found, good))
    pd.testing.assert_frame_equal(one, other)


def _name(case: Case) -> str:
    return case.name


def test_corpus_has_at_least_sixty_distinct_kinds() -> None:
    assert len({case.name for case in ALL}) == len(ALL) >= 60


@pytest.mark.parametrize("case", ACCEPTED, ids=_name)
def test_file_is_accepted_with_exactly_these_rejects(case: Case, tmp_path: Path) -> None:
    good_bank(tmp_path)
    case.build(tmp_path)
    bank = read_bank(tmp_path)
    rejects = bank.rejects
    found = set(zip(rejects["file"], rejects["row"].tolist(), rejects["reason"], strict=True))
    assert found == set(case.rejects)
    assert set(case.notices) <= set(bank.notices["code"])
    for table, n_kept in case.kept:
        assert len(bank.tables[table]) == n_kept
    for table in case.same:
        _assert_same(bank.tables[table], _good().tables[table])
    for table, column, row, value in case.cells:
        cell = bank.tables[table][column].iloc[row]
        assert pd.isna(cell) if value is None else cell == value, (table, column, row, cell)
    assert data_quality(bank).is_reconciled
    assert set(rejects["reason"]) <= set(REASONS)
    assert set(bank.notices["code"]) <= set(NOTICES)


@pytest.mark.parametrize("case", REFUSED, ids=_name)
def test_file_is_refused_with_one_clear_error(case: Case, tmp_path: Path) -> None:
    good_bank(tmp_path)
    case.build(tmp_path)
    with pytest.raises(InputError) as error:
        read_bank(tmp_path)
    for word in case.error:
        assert word in str(error.value)


def test_good_bank_has_no_rejects(tmp_path: Path) -> None:
    good_bank(tmp_path)
    bank = read_bank(tmp_path)
    assert bank.rejects.empty
    assert len(bank.tables["aum_monthly"]) == 12
