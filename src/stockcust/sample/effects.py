"""Planted effects of each list, from what every arm would have brought to the same people."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from stockcust.sample import ids
from stockcust.sample.campaigns import CONTROL, start_month
from stockcust.sample.plan import NEVER, WINDOW_MONTHS, Campaign
from stockcust.sample.simulate import replay
from stockcust.sample.state import Journal, Records, Variant, World, at

OUTCOMES = {
    "product_sale": ("purchase", "growth", "retention", "satisfaction", "logins"),
    "wake_dormant": ("reactivation", "durable", "satisfaction", "logins"),
    "anti_churn": ("retention", "growth", "satisfaction", "logins"),
    "win_back": ("recovery", "satisfaction"),
}
DESIGNS = {
    "random": (
        "arms and hold-out drawn at random by household; T4, T5 and large maturities are "
        "always treated"
    ),
    "rule": (
        "list rule drawn at random by household, each rule lists its best half; hold-out inside "
        "each list"
    ),
    "manager": "managers choose the rich, close and likely buyers; every confounder is in the data",
    "hidden": (
        "managers choose by a wish to buy that no file records; the contact itself does nothing"
    ),
    "loss": "managers choose the larger losses of the month before",
}  # fmt: skip


def effects(world: World, outcomes: pd.DataFrame) -> list[dict[str, Any]]:
    """One entry per campaign, arm and outcome; open windows have no numbers."""
    result: list[dict[str, Any]] = []
    for campaign in world.plan.campaigns:
        if campaign.by not in DESIGNS:
            continue
        rows = outcomes[outcomes["campaign_id"] == campaign.id] if len(outcomes) else outcomes
        purpose = "win_back" if campaign.by == "loss" else campaign.purpose
        for arm in campaign.arms:
            for outcome in OUTCOMES[purpose]:
                entry = _entry(world, campaign, arm, outcome)
                result.append(entry | (_numbers(campaign, rows, arm, outcome) if len(rows) else {}))
    return result


def _entry(world: World, campaign: Campaign, arm: str, outcome: str) -> dict[str, Any]:
    start = start_month(world, campaign)
    action = {"reactivation": "wake", "durable": "relapse"}.get(outcome, outcome)
    shifts = world.plan.shifts.get(action)
    return {
        "campaign_id": campaign.id, "purpose": campaign.purpose, "strategies": arm,
        "outcome": outcome, "scale": world.plan.raw["outcomes"][outcome]["scale"],
        "design": DESIGNS[campaign.by],
        "first_month": str(np.datetime64(int(world.clock.start[max(start, 0)]), "D"))[:7],
        "window_months": WINDOW_MONTHS,
        "planted_shift": 0.0 if shifts is None else float(shifts[world.plan.arm(campaign, arm)]),
    }  # fmt: skip


def _numbers(campaign: Campaign, rows: pd.DataFrame, arm: str, outcome: str) -> dict[str, Any]:
    treated, control = rows[rows["arm"] == arm], rows[rows["arm"] == CONTROL]
    difference = treated[outcome].to_numpy() - control[outcome].to_numpy()
    randomised = campaign.by in ("random", "rule")
    population = control["can_be_held_out"] if randomised else control["is_listed"] | True
    if campaign.by == "rule":
        population = population & (control["own_arm"] == arm)
    inside = population.to_numpy(bool) & ~np.isnan(difference)
    if not inside.any():
        return {"n_population": 0}
    complier = inside & (control["reached"] & ~control["contaminated"]).to_numpy(bool)
    numbers = {
        "population": "listed T1-T3 without large maturity" if randomised else "all eligible",
        "n_population": int(inside.sum()),
        "mean_if_held_out": control[outcome].to_numpy()[inside].mean(),
        "mean_if_listed": treated[outcome].to_numpy()[inside].mean(),
        "average_effect_of_list": difference[inside].mean(),
        "share_reached": control["reached"].to_numpy(bool)[inside].mean(),
        "share_contaminated": control["contaminated"].to_numpy(bool)[inside].mean(),
        "average_effect_of_contact": difference[complier].mean() if complier.any() else None,
    }
    if not randomised:
        numbers |= _confounded(rows, arm, outcome, difference)
    return {k: round(float(v), 6) if isinstance(v, float) else v for k, v in numbers.items()}


def _confounded(
    rows: pd.DataFrame, arm: str, outcome: str, difference: np.ndarray
) -> dict[str, float]:
    """What the chosen got from it, and what comparing them with the others would say."""
    treated, control = rows[rows["arm"] == arm], rows[rows["arm"] == CONTROL]
    chosen = (control["is_listed"] & (control["own_arm"] == arm)).to_numpy(bool)
    others = ~control["is_listed"].to_numpy(bool)
    if not chosen.any() or not others.any():
        return {}
    naive = treated[outcome].to_numpy()[chosen].mean() - control[outcome].to_numpy()[others].mean()
    return {"average_effect_on_listed": difference[chosen].mean(), "naive_difference": naive}


def roll_out(world: World, journal: Journal) -> dict[str, Any]:
    """Effect of the staggered soft service where it came, by months since its start."""
    if (world.branches.rollout >= NEVER).all():
        return {}
    campaign = next(c for c in world.plan.campaigns if c.by == "branch")
    without = replay(world, Variant(arms={campaign.id: CONTROL}))
    listed = journal.events("assignment")
    listed = listed[
        [world.plan.campaigns[i].id == campaign.id for i in listed["campaign"].astype(int)]
    ]
    if listed.empty:
        return {}
    owner, start = listed["owner"].to_numpy(int), listed["month"].to_numpy(int)
    by_age: dict[str, dict[str, float]] = {}
    for age in range(world.clock.n_months - int(start.min())):
        seen = start + age < world.clock.n_months
        by_age[str(age)] = _change(journal, without, owner[seen], start[seen] + age)
    rollout, branch = world.branches.rollout, ids.branch_ids(world)
    return {
        "definition": (
            "customers awake at their branch's start; mean of the real world minus the world "
            "without roll-out, by months since the start (0 = the month of the start)"
        ),
        "start": {
            branch[b]: str(np.datetime64(int(world.clock.start[rollout[b]]), "D"))[:7]
            for b in np.flatnonzero(rollout < NEVER)
        },
        "never": branch[rollout >= NEVER].tolist(),
        "effect_by_months_since_start": by_age,
    }


def _change(
    journal: Journal,
    without: Records,
    owner: np.ndarray,
    month: np.ndarray,
) -> dict[str, float]:
    def mean(records: Records, name: str) -> float:
        return float(at(records, name, month, owner).mean())

    names = {"average_aum_cny": "average", "login_days": "logins", "satisfaction": "score"}
    changes = {k: mean(journal.months, v) - mean(without, v) for k, v in names.items()}
    changes["average_aum_share"] = changes["average_aum_cny"] / max(mean(without, "average"), 1.0)
    return {key: round(value, 4) for key, value in changes.items()} | {"n": len(owner)}
