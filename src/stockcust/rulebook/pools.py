"""Customer pools besides the nine groups: kept with their date, to be compared later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, get_args

from stockcust.errors import Problem
from stockcust.rulebook.base import Label, Model
from stockcust.rulebook.places import missing_keys, unknown_words
from stockcust.rulebook.purposes import Purposes

PoolId = Literal[
    "angels", "critical_upgrade", "valuable_dormant", "maturing_30d", "downgrade_risk", "watched"
]
POOLS: tuple[PoolId, ...] = get_args(PoolId)


class PoolRule(Model):
    """A pool's name, and the purpose that it is kept for."""

    label: Label
    purpose: str | None


def check_pools(pools: Mapping[PoolId, PoolRule], purposes: Purposes) -> Iterator[Problem]:
    """Find pools that are left out, and purposes that there are not."""
    yield from missing_keys("pools", POOLS, pools)
    for name, pool in pools.items():
        if pool.purpose is not None:
            yield from unknown_words(f"pools.{name}.purpose", [pool.purpose], purposes.items)
