"""The tier that rises fast and falls slowly: what a customer holds, not what the month gives."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from stockcust.customers.scope import KEYS, months_before
from stockcust.errors import CallError, Problem
from stockcust.rulebook.base import TIERS
from stockcust.segmentation.decision_table import (
    DecisionTable,
    Factor,
    Frame,
    decide,
    weigh_by_choice,
)
from stockcust.segmentation.tiers import tier_factor
from stockcust.tables.engines import collect, midnight

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import TierId
    from stockcust.rulebook.tiers import StatusRule

HELD = "_held_tier"
WATCHED = "is_tier_watched"


@dataclass(frozen=True, slots=True)
class Held:
    """What a customer holds after a month.

    Attributes
    ----------
    tier : the tier held; None before the first month with known assets.
    run : months in a row with assets above (positive) or below (negative) that tier.
    goal : the tier to move to when the run is long enough.
    """

    tier: TierId | None = None
    run: int = 0
    goal: TierId | None = None


def next_held(held: Held, tier: TierId | None, rule: StatusRule) -> Held:
    """Move on by one month.

    A run of n months takes effect in the month after it; of none, at once. A month with unknown
    assets ends a run.

    Parameters
    ----------
    held : what was held after the month before.
    tier : the tier that this month's assets give; None where they are unknown.
    """
    held = Held(tier) if held.tier is None else _settle(held, rule)
    if tier is None or held.tier is None or tier == held.tier:
        return Held(held.tier)
    return _settle(_grow(held, tier, rule), rule, at_once=True)


def _grow(held: Held, tier: TierId, rule: StatusRule) -> Held:
    """Add a month to the run, or begin one."""
    direction = 1 if tier > str(held.tier) else -1
    continues = held.run * direction > 0
    highest = rule.downgrade_to == "max_of_window" and direction < 0 and continues
    goal = max(tier, held.goal or tier) if highest else tier
    return Held(held.tier, held.run + direction if continues else direction, goal)


def _settle(held: Held, rule: StatusRule, at_once: bool = False) -> Held:
    """Move to the goal when the run is as long as the rulebook asks."""
    if held.tier is None or not held.run:
        return held
    needed = rule.upgrade_after_months if held.run > 0 else rule.downgrade_after_months[held.tier]
    is_due = needed == 0 if at_once else abs(held.run) >= needed
    return Held(held.goal) if is_due else held


def with_held_tier(frame: Frame, history: Frame | None, rules: Rulebook) -> Frame:
    """Add `_held_tier` (0 unknown, 1..5) and `is_tier_watched` (assets are below the held tier).

    Parameters
    ----------
    frame : customers, one row per customer and branch, with month.
    history : aum_monthly of the bank.

    Raises
    ------
    CallError : no history was given.
    """
    if history is None:
        remedy = 'segment(customers, rules, history=bank.tables["aum_monthly"])'
        mode = "tiers.status_rule.mode is fast_up_slow_down, which needs the months before"
        raise CallError(Problem(mode, "history", remedy))
    tiers, n_months = _tiers_by_month(frame, history, rules)
    frame = frame.join(tiers, on=list(KEYS), how="left")
    states = _states(rules.tiers.status_rule)
    for i in range(n_months):
        frame = decide(frame, _month_table(i, states, rules))
    last = n_months - 1
    known = nw.col(f"_tier{last}").fill_null(0) > 0
    held = nw.when(known).then(nw.col(f"_held{last}")).otherwise(nw.lit(0, nw.Int32))
    frame = frame.with_columns(**{HELD: held, WATCHED: nw.col(f"_below{last}") & known})
    steps = ("_tier", "_state", "_held", "_below")
    return frame.drop([f"{step}{i}" for step in steps for i in range(n_months)])


def _tiers_by_month(frame: Frame, history: Frame, rules: Rulebook) -> tuple[Frame, int]:
    """Give each customer's tier code of the last months side by side, oldest first."""
    months = _last_months(frame, rules.tiers.status_rule.history_months)
    known = [c for c in ("average_aum_cny", "point_aum_cny") if c in history.collect_schema()]
    code = tier_factor(rules, nw.coalesce(*map(nw.col, known))).code(weigh_by_choice)
    names = {f"_tier{i}": nw.col("month") == midnight(day) for i, day in enumerate(months)}
    is_needed = nw.any_horizontal(*names.values(), ignore_nulls=True)
    rows = history.filter(is_needed).with_columns(_code=code)
    rows = rows.with_columns(
        **{name: nw.when(is_month).then(nw.col("_code")) for name, is_month in names.items()}
    )
    return rows.group_by(*KEYS).agg(nw.col(*names).max()), len(months)


def _last_months(frame: Frame, n: int) -> list[dt.date]:
    """The months up to the customers' own, also those that the history does not have."""
    newest = collect(frame.select(nw.col("month").max()).to_native())["month"].dropna()
    now = newest.dt.date.max() if len(newest) else dt.date.max
    return [months_before(now, ago) for ago in reversed(range(n))]


def _states(rule: StatusRule) -> list[Held]:
    """Every state that can be reached."""
    found, new = {Held()}, {Held()}
    while new:
        new = {next_held(held, tier, rule) for held in new for tier in (None, *TIERS)} - found
        found |= new
    return sorted(found, key=lambda held: (held.tier or "", held.run, held.goal or ""))


def _month_table(i: int, states: list[Held], rules: Rulebook) -> DecisionTable:
    number = {held: n for n, held in enumerate(states)}
    before = nw.col(f"_state{i - 1}") if i else nw.lit(0, nw.Int32)
    factors = (
        Factor(lambda _: before, states if i else states[:1]),
        Factor(lambda _: nw.col(f"_tier{i}").fill_null(0), (None, *TIERS)),
    )
    judge = partial(_judge, i, number, rules.tiers.status_rule)
    dtypes = {f"_state{i}": nw.Int32, f"_held{i}": nw.Int32, f"_below{i}": nw.Boolean}
    return DecisionTable(factors, judge, dtypes)


def _judge(
    i: int, number: dict[Held, int], rule: StatusRule, before: Held, tier: TierId | None
) -> dict[str, Any]:
    held = next_held(before, tier, rule)
    code = TIERS.index(held.tier) + 1 if held.tier else 0
    return {f"_state{i}": number[held], f"_held{i}": code, f"_below{i}": held.run < 0}
