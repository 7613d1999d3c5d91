"""Identifiers as the bank writes them: text with leading zeros."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from stockcust.sample.plan import NEVER
from stockcust.sample.state import World


def numbered(prefix: str, numbers: np.ndarray | pd.Series, width: int) -> pd.Series:
    """Ids such as L000000012."""
    return prefix + pd.Series(numbers).astype("int64").astype("str").str.zfill(width)


def labelled(codes: np.ndarray, labels: Iterable[str]) -> pd.Categorical:
    """Labels by position, -1 = none, as a categorical: millions of rows stay small."""
    return pd.Categorical.from_codes(codes, pd.Index(list(labels), dtype="str"))


def customer_ids(world: World) -> pd.Categorical:
    """One id per relationship; a person has the same id in each branch."""
    persons = int(world.people.person.max()) + 1
    order = np.random.default_rng([world.seed, 8]).permutation(persons)
    names = numbered("", 31_000_000 + np.arange(persons), 11)
    return labelled(order[world.people.person], names)


def branch_ids(world: World) -> pd.Categorical:
    """One id per branch: 0101, 0102, ..."""
    n = world.branches.n
    return labelled(np.arange(n), numbered("", 101 + np.arange(n), 4))


def branches_of(world: World, owner: np.ndarray, month: np.ndarray) -> pd.Categorical:
    """Branch id of some relationships, each at the end of its own month."""
    return branch_ids(world)[world.people.branch_of(owner, month)]


def manager_ids(world: World) -> pd.Categorical:
    """One id per manager; one more, empty, answers for position -1."""
    n = len(world.managers)
    return labelled(np.append(np.arange(n), -1), numbered("M", 1001 + np.arange(n), 5))


def contract_ids(numbers: np.ndarray) -> pd.Series:
    """Ids of contracts by their running number."""
    return numbered("HT", numbers + 1, 9)


def household_ids(world: World, chance: np.ndarray) -> np.ndarray:
    """Household ids; households of one and unknown ties stay empty."""
    household = world.people.household
    size = np.bincount(household)[household]
    ids = numbered("H", household + 1, 7).to_numpy(dtype=object)
    ids[(size < 2) | (chance > 0.8)] = None
    return ids


def serving_manager(
    world: World, branch: np.ndarray, month: np.ndarray, u: np.ndarray
) -> np.ndarray:
    """A manager in office at a branch in a month, -1 where there is none."""
    managers = world.managers
    is_seat = (managers["follows"] < 0).to_numpy()
    seats = managers["branch"].to_numpy()[is_seat]
    count = np.bincount(seats, minlength=world.branches.n)[branch]
    seat = np.searchsorted(seats, branch) + np.minimum((u * count).astype(int), count - 1)
    follower = np.full(len(seats), -1)
    follower[managers["follows"].to_numpy()[~is_seat]] = np.flatnonzero(~is_seat)
    leaves = managers["leaves"].to_numpy()[seat]
    return np.where((leaves == NEVER) | (leaves > month), seat, follower[seat])
