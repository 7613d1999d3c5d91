"""Random lists of customers: who is in scope on each day, said once more in plain Python."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import stockcust as sc
from engines import on_engine, rows_of
from random_banks import SEEDS
from stockcust.customers import customers_as_of
from stockcust.tables import Bank

RULES = sc.load_rulebook()
DAYS = [dt.date(2026, 4, 15), dt.date(2026, 4, 30), dt.date(2026, 5, 31), dt.date(2026, 6, 20)]
MONTHS = [dt.date(2026, 3, 31), dt.date(2026, 4, 30), dt.date(2026, 5, 31), dt.date(2026, 6, 30)]
PAIRS = [(f"c{i}", branch) for i in range(12) for branch in ("b1", "b2", "b3")]


def lists_and_money(rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each branch lists some of its customers on some days, some at no day; money in some months."""
    named = [(*pair, day) for pair in PAIRS for day in DAYS if rng.random() < 0.6]
    sends = {(branch, day) for branch in ("b1", "b2", "b3") for day in DAYS if rng.random() < 0.8}
    named = [row for row in named if row[1:] in sends or row[0] == "c0"]
    named += [(*pair, None) for pair in PAIRS if rng.random() < 0.1]
    named.append(("c0", "b1", DAYS[0]))
    customers = pd.DataFrame(named, columns=["customer_id", "branch_id", "snapshot_date"])
    customers = customers.drop_duplicates(ignore_index=True)
    pairs = customers[["customer_id", "branch_id"]].drop_duplicates()
    months = pairs.merge(pd.DataFrame({"month": MONTHS}), how="cross")
    months = months[(rng.random(len(months)) < 0.4) | (months["customer_id"] == "c0")]
    months = months.assign(point_aum_cny=rng.choice([0.0, 0.01, 0.02], len(months)))
    return customers, months.reset_index(drop=True)


def named_by(customers: pd.DataFrame, as_of: dt.date) -> list[tuple]:
    rows = customers.replace({np.nan: None}).itertuples(index=False, name=None)
    return [row for row in rows if row[2] is None or row[2] <= as_of]


def in_scope(customers: pd.DataFrame, months: pd.DataFrame, as_of: dt.date) -> set[tuple[str, str]]:
    known = named_by(customers, as_of)
    holds = {(c, b, m) for c, b, m, money in months.itertuples(index=False) if money > 0}
    # who came since the last list has a row in the last completed month
    last = max(m for m in MONTHS if m <= as_of)
    there = set(
        months.loc[months["month"] == last, ["customer_id", "branch_id"]].itertuples(
            index=False, name=None
        )
    )
    named = {row[:2] for row in known}
    # a list of that very day leaves out nobody who came before
    complete = {branch for _, branch, day in known if day == last}
    found = {pair for pair in there - named if pair[1] not in complete}
    for pair in named:
        own = [day for *other, day in known if tuple(other) == pair and day]
        newer = [day for _, b, day in known if b == pair[1] and day and own and day > max(own)]
        if not newer or any((*pair, m) in holds for m in MONTHS if min(newer) <= m <= as_of):
            found.add(pair)
    return found


def bank_of(customers: pd.DataFrame, months: pd.DataFrame, engine: str = "pandas") -> Bank:
    frames = {
        "customers": customers,
        "aum_monthly": months,
        "branches": pd.DataFrame({"branch_id": ["b1", "b2", "b3"]}),
    }
    return Bank.from_frames(
        {name: on_engine(frame.astype("str"), engine) for name, frame in frames.items()}
    )


def pairs_of(bank: Bank, as_of: dt.date) -> set[tuple[str, str]]:
    rows = rows_of(customers_as_of(bank, as_of, RULES))
    assert len({(r["customer_id"], r["branch_id"]) for r in rows}) == len(rows)
    return {(r["customer_id"], r["branch_id"]) for r in rows}


@pytest.mark.parametrize("engine", ["pandas", "duckdb"])
@pytest.mark.parametrize("seed", SEEDS)
def test_who_is_in_scope_is_what_the_lists_and_the_money_say(seed, engine):
    customers, months = lists_and_money(np.random.default_rng(seed))
    bank = bank_of(customers, months, engine)
    sizes = []
    for as_of in (*DAYS, dt.date(2026, 6, 30)):
        expected = in_scope(customers, months, as_of)
        assert pairs_of(bank, as_of) == expected
        sizes.append(len(expected))
    everybody = len(customers[["customer_id", "branch_id"]].drop_duplicates())
    assert 0 < min(sizes) < everybody


@pytest.mark.parametrize("seed", SEEDS)
def test_lists_of_later_days_change_nothing(seed):
    customers, months = lists_and_money(np.random.default_rng(seed))
    as_of = DAYS[2]
    is_later = customers["snapshot_date"].map(lambda day: day is not None and day > as_of)
    assert is_later.any()
    shorter = customers[~is_later]
    # a branch that sent no list by then is no bank's branch yet
    listing = {branch for _, branch, day in named_by(customers, as_of) if day}
    found, expected = (
        {pair for pair in pairs_of(bank_of(lists, months), as_of) if pair[1] in listing}
        for lists in (shorter, customers)
    )
    assert found == expected
