"""Customers just below the next asset level."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import pandas as pd

from stockcust.rulebook.base import to_fen

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook

_SLACK_FEN = 1e-6  # a share of a whole number of fen is no whole number in binary


def is_critical(customers: pd.DataFrame, rules: Rulebook) -> pd.Series:
    """Whether assets stand within reach of the next level: close below it.

    Parameters
    ----------
    customers : one row per customer and branch with the column of
        ``status.critical_upgrade.basis_column`` (CNY).
    rules : the levels are ``status.level_ladder_cny``, the tiers' minimums where it is null;
        ``status.critical_upgrade.lower_share`` of a level is where its reach begins.

    Returns
    -------
    pandas boolean per customer, null where the assets are unknown.
    """
    rule = rules.status.critical_upgrade
    amount = (customers[rule.basis_column].astype("Float64") * 100).round()
    found = pd.Series(False, index=customers.index, dtype="boolean")
    for level in _levels(rules):
        top = to_fen(level)
        found |= (amount >= ceil(top * rule.lower_share - _SLACK_FEN)) & (amount < top)
    return found


def _levels(rules: Rulebook) -> tuple[float, ...]:
    ladder = rules.status.level_ladder_cny
    return ladder or tuple(tier.min_cny for tier in rules.tiers.active if tier.min_cny)
