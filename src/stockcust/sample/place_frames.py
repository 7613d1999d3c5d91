"""Tables of branches, managers and the managers' own judgements."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockcust.sample import ids
from stockcust.sample.clock import Clock, dates
from stockcust.sample.plan import words
from stockcust.sample.profile import names, pick
from stockcust.sample.state import OPEN_END, Records, World


def branches(world: World) -> pd.DataFrame:
    """One row per branch."""
    rng = np.random.default_rng([world.seed, 19])
    places, n, text = world.branches, world.branches.n, words()
    area = np.array(["urban", "county", "town"])[places.area]
    first = world.clock.start[0]
    return pd.DataFrame({
        "branch_id": ids.branch_ids(world), "branch_name": _branch_names(n),
        "parent_id": np.where(np.arange(n) % 3 == 2, "02", "01"),
        "level": [text["levels"][a] for a in area], "area_type": area,
        "open_date": dates(first - rng.integers(2000, 9000, n)),
        "close_date": dates(_month_days(world.clock, places.closes_in)),
        "move_date": dates(_month_days(world.clock, places.moves_in)),
        "n_staff": pd.array(rng.integers(5, 22, n), dtype="Int64"),
    })  # fmt: skip


def _branch_names(n: int) -> list[str]:
    known, suffix = words()["branch_names"], words()["branch_suffix"]
    return [known[i] if i < len(known) else f"{i + 101:04d}{suffix}" for i in range(n)]


def _month_days(clock: Clock, month: np.ndarray) -> np.ndarray:
    known = (month >= 0) & (month < clock.n_months)
    return np.where(known, clock.start[np.where(known, month, 0)], OPEN_END)


def managers(world: World) -> pd.DataFrame:
    """One row per manager with the term of office."""
    rng = np.random.default_rng([world.seed, 20])
    staff, n = world.managers, len(world.managers)
    starts = _month_days(world.clock, staff["starts"].to_numpy())
    early = world.clock.start[0] - rng.integers(60, 3000, n)
    is_female = rng.random(n) < 0.6
    return pd.DataFrame({
        "manager_id": ids.manager_ids(world)[:n],
        "manager_name": names(is_female, rng.random(n), rng.random(n), rng.random(n)),
        "branch_id": ids.branch_ids(world)[staff["branch"].to_numpy()],
        "post": pick(words()["posts"], rng.random(n)),
        "active_from": dates(np.where(staff["starts"] < 0, early, starts)),
        "active_to": dates(_month_days(world.clock, staff["leaves"].to_numpy()) - 1),
    })  # fmt: skip


def overrides(world: World, snapshots: Records) -> pd.DataFrame:
    """Managers' own judgement of familiarity for a few managed customers."""
    rng = np.random.default_rng([world.seed, 21])
    people, clock = world.people, world.clock
    month = np.maximum(clock.n_months - 1 - rng.integers(0, 18, people.n), 0)
    shown = snapshots[max(snapshots)]
    chosen = (rng.random(people.n) < 0.06) & (shown["manager"] >= 0) & shown["is_open"]
    chosen &= (people.open_month < month) & (people.transfer_month > clock.n_months)
    owner = np.flatnonzero(chosen)
    day = clock.start[month[owner]] + rng.integers(3, 27, len(owner))
    judged = people.closeness[owner] + rng.normal(0, 0.15, len(owner))
    reasons = pick(words()["override_reasons"], rng.random(len(owner)))
    reasons[rng.random(len(owner)) < 0.1] = None
    return pd.DataFrame({
        "customer_id": ids.customer_ids(world)[owner],
        "branch_id": ids.branch_ids(world)[people.branch[owner]],
        "override_date": dates(day),
        "familiarity": ids.labelled(np.digitize(judged, [0.3, 0.6]), ["F1", "F2", "F3"]),
        "reason": reasons, "expires_date": dates(day + 182),
        "manager_id": ids.manager_ids(world)[shown["manager"][owner]],
    })  # fmt: skip
