"""What came to be after the day changes nothing about the day."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import stockcust as sc
from random_banks import AS_OF, SEEDS, later_rows, random_tables
from stockcust.customers import customers_as_of
from stockcust.tables import Bank
from stockcust.tables.contract import load_contract

RULES = sc.load_rulebook()
TIMED = [
    "customers", "aum_monthly", "holdings", "products", "transactions", "purchases",
    "contacts", "assignments", "event_attendance", "manager_overrides",
]  # fmt: skip


def _customers(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    bank = Bank.from_frames(tables)
    frame = customers_as_of(bank, AS_OF, RULES)
    return frame.sort_values(["customer_id", "branch_id"], ignore_index=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_later_rows_of_every_table_change_nothing(seed):
    rng = np.random.default_rng(seed)
    tables = random_tables(rng)
    more = {name: later_rows(name, tables[name], rng) for name in TIMED}
    longer = {
        name: pd.concat([frame, more[name]], ignore_index=True) if name in more else frame
        for name, frame in tables.items()
    }
    pd.testing.assert_frame_equal(_customers(longer), _customers(tables))


@pytest.mark.parametrize("name", TIMED)
def test_the_later_rows_of_the_property_are_rows_the_bank_keeps(name):
    rng = np.random.default_rng(7)
    tables = random_tables(rng)
    later = later_rows(name, tables[name], rng)
    longer = {**tables, name: pd.concat([tables[name], later], ignore_index=True)}
    gained = len(Bank.from_frames(longer).tables[name]) - len(Bank.from_frames(tables).tables[name])
    assert len(later) > 0
    assert gained == len(later)


def test_every_table_that_is_read_is_put_to_the_test():
    contract = load_contract().tables
    assert all(contract[name].time for name in TIMED)
