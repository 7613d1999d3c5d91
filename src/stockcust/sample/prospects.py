"""Outreach to strangers: most are not reached or say no, and all of that is logged as well."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockcust.sample import ids
from stockcust.sample.plan import words
from stockcust.sample.profile import pick, where_known
from stockcust.sample.state import World

PHONE_SHARE = 0.6
MOODS = ["negative", "negative", "neutral", "positive"]


def prospect_contacts(world: World) -> pd.DataFrame:
    """One row per attempt to talk to somebody who is no customer; tries end with a talk."""
    rng = np.random.default_rng([world.seed, 32])
    plan = world.plan.raw["outreach"]
    people = _people(world, plan["people_per_manager"], rng)
    tries = np.minimum(rng.geometric(plan["success"], len(people)), plan["tries"])
    rows = people.loc[people.index.repeat(tries)].reset_index(drop=True)
    nth = rows.groupby("prospect").cumcount()
    last = nth == rows.groupby("prospect")["minute"].transform("size") - 1
    talked = last & (rng.random(len(rows)) < plan["success"])
    rows["minute"] += nth * rng.integers(1, 6, len(rows)) * 1440
    rows["channel"] = np.where(rng.random(len(rows)) < PHONE_SHARE, "phone", "face_visit")
    rows["kind"] = np.where(talked, "routine", "missed")
    rows["logged"] = rows["minute"] + rng.integers(20, 600, len(rows))
    return rows.assign(
        owner=-1, need=-1, arm=0, purpose="outreach", campaign=_campaign(world, rows["month"]),
        content=pick(words()["contents"]["outreach"], rng.random(len(rows))),
        feedback=where_known(talked, _feedback(rng, len(rows))),
    )  # fmt: skip


def prospect_ids(numbers: pd.Series) -> pd.Series:
    """Ids under which people who are no customers stand in the log."""
    return ids.numbered("Q", numbers + 1, 8)


def _people(world: World, per_manager: float, rng: np.random.Generator) -> pd.DataFrame:
    """Whom each branch with a contact log tries to reach in each month, and when first."""
    seats = world.managers.loc[world.managers["follows"] < 0, "branch"].to_numpy(int)
    seats = seats[world.branches.has_contact_log[seats]]
    n = rng.poisson(per_manager, (world.clock.n_months, len(seats)))
    month = np.repeat(np.arange(world.clock.n_months), n.sum(axis=1))
    branch = np.repeat(np.broadcast_to(seats, n.shape).ravel(), n.ravel())
    day = world.clock.start[month] + rng.integers(0, 28, len(month))
    minute = day * 1440.0 + rng.integers(9 * 60, 18 * 60, len(month))
    manager = ids.serving_manager(world, branch, month, rng.random(len(month)))
    return pd.DataFrame({
        "prospect": np.arange(len(month)), "month": month, "branch": branch, "minute": minute,
        "manager": manager,
    })  # fmt: skip


def _campaign(world: World, month: pd.Series) -> np.ndarray:
    """The campaign of outreach that runs in the month, -1 where none does."""
    campaign = np.full(len(month), -1)
    for index, entry in enumerate(world.plan.campaigns):
        first = world.clock.n_months - 1 - entry.months_ago
        if entry.audience == "outreach":
            campaign[month.between(first, first + entry.months - 1)] = index
    return campaign


def _feedback(rng: np.random.Generator, n: int) -> np.ndarray:
    moods, said = pick(MOODS, rng.random(n)), np.full(n, None, dtype=object)
    for mood, choices in words()["feedbacks"].items():
        said = np.where(moods == mood, pick(choices, rng.random(n)), said)
    return said
