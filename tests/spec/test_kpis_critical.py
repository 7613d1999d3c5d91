"""Customers just below the next level: from nine tenths of it, and not on it."""

from __future__ import annotations

import pytest

from customer_tables import customers
from stockcust.kpis.critical import is_critical
from stockcust.rulebook import load_rulebook

RULES = load_rulebook()
RURAL = RULES.with_changes({"tiers.active_preset": "rural"})
LADDER = RURAL.with_changes(
    {"status.level_ladder_cny": [50_000, 300_000, 500_000, 1_000_000, 3_000_000]}
)


@pytest.mark.parametrize(
    ("aum", "expected"),
    [
        (44_999.99, False),
        (45_000, True),
        (49_999.99, True),
        (50_000, False),
        (269_999.99, False),
        (270_000, True),
        (300_000, False),
        (2_700_000, True),
        (2_999_999.99, True),
        (3_000_000, False),
    ],
)
def test_rural_levels(aum, expected):
    assert is_critical(customers("customer_id\na", aum_cny=aum), RURAL).tolist() == [expected]


def test_a_ladder_of_the_bank_adds_levels_between_the_tiers():
    near_half_a_million = customers("customer_id\na", aum_cny=450_000)
    assert is_critical(near_half_a_million, RURAL).tolist() == [False]
    assert is_critical(near_half_a_million, LADDER).tolist() == [True]


def test_unknown_assets_are_not_judged():
    assert is_critical(customers("customer_id\na", aum_cny=None), RURAL).isna().all()
