"""The upkeep of customers since the baseline: what was done, with what, and what moved."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from stockcust.customers import contacts_in_window
from stockcust.kpis import (
    costs_in_window,
    effort,
    outreach,
    pool_changes,
    pool_members,
    stickiness_by_group,
    tool_adherence,
)

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.tables import Bank

NAMES = ("effort", "outreach", "tools", "stickiness", "pools", "pool_changes")


def upkeep(
    known: Bank, day: dt.date, now: pd.DataFrame, before: pd.DataFrame | None, rules: Rulebook
) -> dict[str, pd.DataFrame]:
    """Compute the frames of `NAMES`.

    Parameters
    ----------
    known : the bank's tables at the day.
    day : the month end of ``now``.
    now, before : segments with MAN of the day and of the baseline.
    rules : effort and tools are those of ``report.baseline_window_months``, outreach that of
        ``familiarity.contact_frequency.window_months``.
    """
    months = rules.report.baseline_window_months
    contacts = contacts_in_window(known, day, rules, months)
    costs = costs_in_window(known, contacts, day, months)
    is_dated = known.has("customers", "snapshot_date")
    return {
        "effort": effort(contacts, costs, now, before, rules),
        "outreach": _outreach(known, day, rules),
        "tools": tool_adherence(contacts, now if before is None else before, rules),
        "stickiness": stickiness_by_group(now, before, rules, is_dated=is_dated),
        "pools": pool_members(now, day, rules),
        "pool_changes": pool_changes(now, before, rules),
    }


def _outreach(known: Bank, day: dt.date, rules: Rulebook) -> pd.DataFrame:
    months = rules.familiarity.contact_frequency.window_months
    contacts = contacts_in_window(known, day, rules, months)
    return outreach(known, contacts, costs_in_window(known, contacts, day, months), rules)
