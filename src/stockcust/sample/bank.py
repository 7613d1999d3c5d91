"""The generated bank: simulate, then lay everything out as the contract's tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from stockcust.sample import (
    campaign_frames,
    care_frames,
    contact_log,
    ids,
    loss_register,
    money_frames,
    people_frames,
    place_frames,
    simulate,
    transactions,
    truth,
)
from stockcust.sample.clock import dates
from stockcust.sample.plan import contract
from stockcust.sample.state import World


@dataclass(frozen=True)
class SampleBank:
    """A generated bank without any fault.

    Attributes
    ----------
    frames : all tables of the input contract by name, columns and values as the contract's; text
        that repeats is categorical.
    truth : what was planted and what the counterfactual worlds gave, ready for JSON.
    potential_outcomes : one row per listed customer, campaign and arm ("control" = held out), with
        every outcome that this arm would have brought; month is the day of assignment.
    exposures : customer-months at risk of churn, counted by branch and planted covariates, with
        the number of events by cause.
    seed : the seed that made it.
    """

    frames: dict[str, pd.DataFrame]
    truth: dict[str, Any]
    potential_outcomes: pd.DataFrame
    exposures: pd.DataFrame
    seed: int

    def __repr__(self) -> str:
        rows = ", ".join(f"{name} {len(frame):,}" for name, frame in self.frames.items())
        return f"SampleBank(seed={self.seed}: {rows})"


def generate(
    n_branches: int = 8, n_customers: int = 1500, n_months: int = 30, seed: int = 2026,
    end: str = "2026-06",
) -> SampleBank:  # fmt: skip
    """Generate a bank with planted effects and churn causes.

    Parameters
    ----------
    n_branches : at least 1; from 6 on one branch is merged into another, the last one is tiny.
    n_customers : persons; about one in fifty has a second relationship at another branch.
    n_months : months of history, at least 6.
    seed : same seed, same bank.
    end : last month, YYYY-MM.

    Returns
    -------
    SampleBank.

    Raises
    ------
    ValueError : a size is too small, or `end` is outside the years whose festivals are known.
    """
    _refuse_bad_sizes(n_branches, n_customers, n_months, end)
    world = simulate.make_world(n_branches, n_customers, n_months, seed, end)
    run = simulate.run(world)
    frames = _frames(world, run)
    outcomes = _potential_outcomes(world, run)
    exposures = truth.exposures(world, run.journal)
    planted = truth.planted(world, run, outcomes, exposures)
    return SampleBank(frames, planted, outcomes, exposures, seed)


def _potential_outcomes(world: World, run: simulate.Run) -> pd.DataFrame:
    if not run.potential:
        return pd.DataFrame()
    outcomes = pd.concat(run.potential, ignore_index=True)
    owner, month = outcomes["owner"].to_numpy(int), outcomes["month"].to_numpy(int)
    return outcomes.drop(columns="owner").assign(
        customer_id=ids.customer_ids(world)[owner],
        branch_id=ids.branches_of(world, owner, month),
        month=dates(world.clock.start[month]),
    )


def _frames(world: World, run: simulate.Run) -> dict[str, pd.DataFrame]:
    journal, snapshots = run.journal, run.snapshots
    invited, given = care_frames.activities(world, journal), care_frames.gifts(world, journal)
    # the largest first, while the least else is in memory
    moved = transactions.transactions(world, journal)
    aum = money_frames.aum_monthly(world, journal)
    totals = money_frames.control_totals(aum)
    frames = {
        "customers": people_frames.customers(world, journal, snapshots),
        "aum_monthly": aum,
        "holdings": money_frames.holdings(world, run.state, journal),
        "products": money_frames.products(world),
        "transactions": moved,
        "purchases": money_frames.purchases(world, journal),
        "contacts": contact_log.contacts(world, journal, invited, given),
        "assignments": campaign_frames.assignments(world, journal),
        "service_events": care_frames.service_events(world, journal),
        "churn_records": loss_register.churn_records(world, journal),
        "branches": place_frames.branches(world),
        "managers": place_frames.managers(world),
        "event_attendance": care_frames.event_attendance(world, invited),
        "manager_overrides": place_frames.overrides(world, snapshots),
        "gift_ledger": care_frames.gift_ledger(world, given),
        "targets": campaign_frames.targets(world, totals),
        "branch_service": care_frames.branch_service(world),
        "campaigns": campaign_frames.campaigns(world),
        "control_totals": totals,
    }
    keys = {table: contract()[table]["key"] for table in frames}
    return {
        table: people_frames.compact(frame, keys[table][0] if len(keys[table]) == 1 else "")
        for table, frame in frames.items()
    }


def _refuse_bad_sizes(n_branches: int, n_customers: int, n_months: int, end: str) -> None:
    if n_branches < 1 or n_months < 6 or n_customers < 20 * n_branches:
        raise ValueError("at least 1 branch, 6 months and 20 customers per branch are needed")
    if not "2018-01" <= end <= "2029-12":
        raise ValueError(f"end={end!r}: a month from 2018-01 to 2029-12 is needed")
