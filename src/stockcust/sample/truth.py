"""The planted truth: effects from both potential outcomes, hazards, cause shares, definitions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from stockcust.sample import ids
from stockcust.sample.churn import KINDS
from stockcust.sample.effects import effects, roll_out
from stockcust.sample.people_frames import has_moved
from stockcust.sample.plan import NEVER
from stockcust.sample.simulate import YEAR, Run, replay
from stockcust.sample.state import Journal, Records, Variant, World

LASTING = ("age_25_40", "age_75_plus", "risk_c4_c5", "assets_500k_plus")


def planted(
    world: World, run: Run, outcomes: pd.DataFrame, exposures: pd.DataFrame
) -> dict[str, Any]:
    """Everything an analysis can be judged by, ready for JSON."""
    return {
        "about": "Planted truth of a generated bank. No analysis may read this file.",
        "generator": _settings(world),
        "plan": world.plan.raw,
        "outcome_definitions": world.plan.raw["outcomes"],
        "effects": effects(world, outcomes),
        "roll_out": roll_out(world, run.journal),
        "churn": _churn(world, run, exposures),
        "other_exits": _other_exits(world, run),
        "relationships": _relationships(world, run),
    }


def exposures(world: World, journal: Journal) -> pd.DataFrame:
    """Customer-months at risk and events by cause, counted by branch and covariate pattern."""
    names = list(world.plan.raw["churn"]["covariates"])
    causes = list(world.plan.raw["churn"]["causes"])
    events = journal.events("churn")
    counted = []
    for month, record in journal.months.items():
        at_risk = np.flatnonzero(record["at_risk"])
        cause = np.full(world.people.n, -1)
        these = events[events["month"] == month]
        cause[these["owner"].to_numpy(int)] = these["cause"].to_numpy(int)
        frame = pd.DataFrame(record["covariates"][at_risk], columns=names)
        frame.insert(0, "branch", world.people.branch_at(month - 1)[at_risk])
        frame["campaign_shift"] = record["campaign_shift"][at_risk]
        frame["n_months"] = 1
        for position, name in enumerate(causes):
            frame[name] = (cause[at_risk] == position).astype(int)
        keys = ["branch", *names, "campaign_shift"]
        counted.append(frame.groupby(keys, as_index=False).sum())
    keys = ["branch", *names, "campaign_shift"]
    return pd.concat(counted, ignore_index=True).groupby(keys, as_index=False).sum()


def _settings(world: World) -> dict[str, Any]:
    clock = world.clock
    return {
        "seed": world.seed, "n_branches": world.branches.n,
        "n_persons": int(world.people.person.max()) + 1, "n_relationships": world.people.n,
        "n_months": clock.n_months, "first_day": _iso(clock.start[0]),
        "last_day": _iso(clock.end[-1]),
    }  # fmt: skip


def _iso(day: int | np.integer) -> str:
    return str(np.datetime64(int(day), "D"))


def _churn(world: World, run: Run, exposures: pd.DataFrame) -> dict[str, Any]:
    causes = list(world.plan.raw["churn"]["causes"])
    events = run.journal.events("churn")
    return {
        "definition": (
            "a planted loss: open, awake, adult customers with at least 1,000 yuan who are in no "
            "running loss spell may leave each month; spells end with the money's return or after "
            "12 months; deaths and closures by the bank are no churn"
        ),
        "hazards": world.plan.raw["churn"]["causes"],
        "covariates": world.plan.raw["churn"]["covariates"],
        "scale": (
            "monthly log-hazard, probability 1 - exp(-sum over causes of exp(log-hazard)); the "
            "branch's own log-hazard adds to SERVICE, a running anti_churn contact to every cause"
        ),
        "branch_service_log_hazard": dict(
            zip(
                ids.branch_ids(world),
                world.branches.service_log_hazard.round(4).tolist(),
                strict=True,
            )
        ),
        "n_customer_months_at_risk": int(exposures["n_months"].sum()),
        "n_events": len(events),
        "cause_shares": _shares(events["cause"], causes),
        "cause_shares_t2_plus": _shares(events.loc[events["average"] >= 50_000, "cause"], causes),
        "cause_shares_by_lost_assets": _shares(events["cause"], causes, events["lost"]),
        "exposure_by_covariate": _by_covariate(world, exposures, causes),
        "attributable_fractions": _attributable(world, run),
        "events": _events(world, events, causes),
    }  # fmt: skip


def _shares(
    cause: pd.Series, names: Iterable[str], weights: pd.Series | None = None
) -> dict[str, float]:
    names = list(names)
    total = np.bincount(cause.astype(int), weights, minlength=len(names))
    return dict(zip(names, (total / max(total.sum(), 1e-9)).round(4).tolist(), strict=True))


def _by_covariate(
    world: World, exposures: pd.DataFrame, causes: list[str]
) -> dict[str, dict[str, Any]]:
    result = {}
    for name in world.plan.raw["churn"]["covariates"]:
        rows = exposures[exposures[name]]
        result[name] = {
            "n_customer_months": int(rows["n_months"].sum()),
            "n_events": {cause: int(rows[cause].sum()) for cause in causes},
        }
    return result


def _attributable(world: World, run: Run) -> dict[str, Any]:
    """Share of the last year's losses that vanish when an antecedent loses its effect."""
    if run.a_year_before is None:
        return {}
    first = world.clock.n_months - YEAR
    names = [n for n in world.plan.raw["churn"]["covariates"] if n not in LASTING]
    at_risk = run.journal.months[first]["at_risk"]
    actual = {h: _n_left(run.journal.months, at_risk, first, h) for h in (6, YEAR)}
    result: dict[str, Any] = {
        "definition": (
            "1 - (customers lost within the horizon with the antecedent's effect removed / lost in "
            "the real world), same random numbers, customers at risk at the start of "
            f"{_iso(world.clock.start[first])[:7]}"
        ),
        "n_at_risk": int(at_risk.sum()),
        "n_lost": {f"{h}_months": n for h, n in actual.items()},
    }
    for label, disabled in [(n, [n]) for n in names] + [("all_of_these", names)]:
        records = replay(world, Variant(disabled=frozenset(disabled)), run.a_year_before, first)
        result[label] = {
            f"{h}_months": round(1 - _n_left(records, at_risk, first, h) / max(n, 1), 4)
            for h, n in actual.items()
        }
    return result


def _n_left(records: Records, at_risk: np.ndarray, first: int, horizon: int) -> int:
    left = np.any([records[first + ahead]["left"] for ahead in range(horizon)], axis=0)
    return int((left & at_risk).sum())


def _events(world: World, events: pd.DataFrame, causes: list[str]) -> dict[str, list[Any]]:
    owner, month = events["owner"].to_numpy(int), events["month"].to_numpy(int)
    people = world.people
    branch = people.branch_of(owner, month)
    return {
        "customer_id": ids.customer_ids(world)[owner].tolist(),
        "branch_id": ids.branch_ids(world)[branch].tolist(),
        "month": [_iso(day)[:7] for day in world.clock.start[month]],
        "cause": [causes[c] for c in events["cause"].astype(int)],
        "kind": [KINDS[k] for k in events["kind"].astype(int)],
        "lost_cny": events["lost"].round(2).tolist(),
    }


def _other_exits(world: World, run: Run) -> dict[str, Any]:
    returned = run.journal.events("return")
    return {
        "n_deaths": int((run.state.death < NEVER).sum()),
        "n_closed_by_bank": int(run.state.bank_closed.sum()),
        "n_returns": len(returned),
    }


def _relationships(world: World, run: Run) -> dict[str, Any]:
    people, customer = world.people, ids.customer_ids(world)
    moved = np.flatnonzero(has_moved(world, world.clock.n_months - 1, run.state.close_day))
    merged = world.branches.closes_in < NEVER
    twice = np.bincount(people.person)[people.person] > 1
    branch = ids.branch_ids(world)
    return {
        "n_customers_in_two_branches": int(twice.sum() // 2),
        "merged_branches": {
            branch[b]: branch[world.branches.heir[b]] for b in np.flatnonzero(merged)
        },
        "branch_moves": {
            branch[b]: _iso(world.clock.start[world.branches.moves_in[b]])
            for b in np.flatnonzero(world.branches.moves_in < NEVER)
        },
        "branches_without_contact_log": branch[~world.branches.has_contact_log].tolist(),
        "transfers": {
            "customer_id": customer[moved].tolist(),
            "from": branch[people.branch[moved]].tolist(),
            "to": branch[people.next_branch[moved]].tolist(),
            "day": [_iso(day) for day in world.clock.start[people.transfer_month[moved]]],
        },
    }  # fmt: skip
