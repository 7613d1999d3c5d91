"""The months pass; at each campaign the counterfactual worlds are run beside the real one."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np
import pandas as pd

from stockcust.sample import buying, campaigns, churn, relationships, service, wealth
from stockcust.sample.clock import Clock
from stockcust.sample.plan import WINDOW_MONTHS, Campaign, load_plan
from stockcust.sample.population import make_branches, make_people
from stockcust.sample.state import REAL, Journal, Records, State, Variant, World, first_state

YEAR = 12
OUTCOME_MONTHS = 6  # months to run on for the last outcome: awake five months after the list


@dataclass(frozen=True)
class Run:
    """The real world: last state, journal, counterfactual outcomes of each list, snapshots.

    `a_year_before` is the state before the last twelve months, None in a shorter history.
    """

    state: State
    journal: Journal
    potential: list[pd.DataFrame]
    snapshots: Records
    a_year_before: State | None


def make_world(n_branches: int, n_customers: int, n_months: int, seed: int, end: str) -> World:
    """Everything that is fixed before the first month."""
    plan, clock = load_plan(), Clock.ending(end, n_months)
    branches = make_branches(n_branches, clock, plan, seed)
    people = make_people(branches, n_customers, clock, plan, seed)
    managers, managed_by = relationships.make_managers(branches, people, clock, seed)
    return World(plan, clock, branches, people, managers, managed_by, seed)


def start(world: World) -> State:
    """The state on the eve of the first month."""
    state = first_state(world)
    wealth.hold_first_contracts(world, state)
    held = state.current + state.contracts.total(world.people.n)
    state.end_assets[:] = state.average[:] = state.peak[:] = held
    return state


def advance(
    world: World, state: State, month: int, journal: Journal, variant: Variant = REAL
) -> None:
    """One month: lists and contacts, money, losses, purchases, month end."""
    draws = world.draws(month)
    before = churn.antecedents(world, state, month)
    relationships.begin_month(state, month)
    listed_before = _listed(journal, month - 2, world.people.n)
    wealth.open_accounts(world, state, month, journal)
    relationships.hand_over(world, state, month)
    list_day = campaigns.run(world, state, month, journal, variant)
    call_day = relationships.contact(world, state, month, draws, journal)
    relationships.inquire(world, state, month, draws, journal)
    service.trouble(world, state, month, draws, journal)
    churn.die(world, state, month, draws, journal)
    churn.clean_up(world, state, month, journal)
    principal, rolled = wealth.mature(world, state, month, draws, journal)
    wealth.cash_flows(world, state, month, draws, journal)
    eased = state.shift(world.plan, "retention", month)
    at_risk, left = churn.leave(world, state, month, draws, journal, before, variant)
    recovered = churn.come_back(world, state, month, draws, journal)
    contact_day = np.maximum(list_day, call_day)
    bought = buying.buy(world, state, month, draws, journal, principal, contact_day)
    churn.sleep_and_wake(world, state, month, draws, journal)
    wealth.move_markets(world, state, draws)
    record = wealth.close_month(world, state, month, draws, journal, left)
    score = service.satisfaction(world, state, month, draws)
    service.survey(world, state, month, draws, journal, score, listed_before)
    record |= {
        "bought": bought | rolled, "left": left > 0, "recovered": recovered, "at_risk": at_risk,
        "awake": state.is_active.copy(), "is_open": state.is_open.copy(), "score": score,
        "logins": service.login_days(world, state, month, draws),
    }  # fmt: skip
    if journal.is_light:
        del record["balances"], record["current"], record["point"]
    else:
        record["covariates"] = np.stack(list(before.values()), axis=1)
        record["campaign_shift"] = eased
    journal.months[month] = record


def _listed(journal: Journal, month: int, n: int) -> np.ndarray:
    listed = np.zeros(n, dtype=bool)
    for chunk in journal.entries.get("assignment", []):
        if chunk["month"] == month:
            listed[chunk["owner"]] = True
    return listed


def run(world: World) -> Run:
    """The real world from the first to the last month, with all counterfactuals on the way."""
    state, journal = start(world), Journal()
    potential: list[pd.DataFrame] = []
    snapshots, a_year_before = {}, None
    for month in range(world.clock.n_months):
        if month == world.clock.n_months - YEAR:
            a_year_before = copy.deepcopy(state)
        for index, campaign in campaigns.running(world, month):
            if _is_evaluated(world, month, campaign):
                potential.append(_potential_outcomes(world, state, month, index))
        advance(world, state, month, journal)
        if month in world.clock.snapshot_months:
            snapshots[month] = _snapshot(state)
    return Run(state, journal, potential, snapshots, a_year_before)


def _is_evaluated(world: World, month: int, campaign: Campaign) -> bool:
    if campaign.by == "branch" or month + WINDOW_MONTHS > world.clock.n_months - 1:
        return False
    # of a large bank's monthly lists a few are enough
    return not campaign.monthly or month % (1 + world.people.n // 20_000) == 0


def replay(world: World, variant: Variant, base: State | None = None, first: int = 0) -> Records:
    """The months from `first` to the last in a variant of the world."""
    state = start(world) if base is None else base
    return look_ahead(world, state, first, variant, world.clock.n_months - first)


def _snapshot(state: State) -> dict[str, np.ndarray]:
    names = ("manager", "is_payroll", "is_open", "is_alive", "close_day", "bank_closed", "death")
    return {name: getattr(state, name).copy() for name in names}


def _potential_outcomes(world: World, state: State, month: int, index: int) -> pd.DataFrame:
    campaign = world.plan.campaigns[index]
    base = copy.deepcopy(state)
    listing = campaigns.make_listing(world, copy.deepcopy(state), month, index, campaign)
    members = listing.listed if campaign.by in ("random", "rule") else listing.pool
    owner = np.flatnonzero(members)
    product = world.plan.product_index(campaign.product) if campaign.product else 0
    frames = []
    for arm in (campaigns.CONTROL, *campaign.arms):
        horizon = OUTCOME_MONTHS if campaign.purpose == "wake_dormant" else WINDOW_MONTHS + 1
        records = look_ahead(world, base, month, Variant(arms={campaign.id: arm}), horizon)
        outcome = _outcomes(records, month, base.average, int(world.plan.product_class[product]))
        frame = pd.DataFrame({name: values[owner] for name, values in outcome.items()})
        frames.append(frame.assign(owner=owner, arm=arm))
    return pd.concat(frames, ignore_index=True).assign(
        campaign_id=campaign.id, month=month,
        own_arm=np.tile(np.array(campaign.arms)[listing.arm[owner]], len(frames)),
        is_listed=np.tile(listing.listed[owner], len(frames)),
        held_out=np.tile(listing.held_out[owner], len(frames)),
        can_be_held_out=np.tile(listing.can_be_held_out[owner], len(frames)),
        reached=np.tile(listing.reached[owner], len(frames)),
        contaminated=np.tile(listing.contaminated[owner], len(frames)),
    )  # fmt: skip


def look_ahead(world: World, base: State, month: int, variant: Variant, n_months: int) -> Records:
    """Records of the coming months in a variant of the world; `base` stays as it is."""
    state, journal = copy.deepcopy(base), Journal(is_light=True)
    for later in range(month, min(month + n_months, world.clock.n_months)):
        advance(world, state, later, journal, variant)
    return journal.months


def _outcomes(
    records: Records, month: int, before: np.ndarray, product_class: int
) -> dict[str, np.ndarray]:
    window = [records[later] for later in range(month, month + WINDOW_MONTHS)]
    after = records[month + WINDOW_MONTHS]["average"]
    awake = window[-1]["awake"]
    last = month + OUTCOME_MONTHS - 1
    durable = (awake & records[last]["awake"]).astype(float) if last in records else np.nan
    return {
        "purchase": np.any([r["bought"][:, product_class] for r in window], axis=0).astype(float),
        "growth": np.clip(after / np.maximum(before, 100.0) - 1, -1.0, 1.0),
        "retention": 1.0 - np.any([r["left"] for r in window], axis=0),
        "reactivation": awake.astype(float),
        "durable": np.broadcast_to(durable, awake.shape),
        "recovery": np.any([r["recovered"] for r in window], axis=0).astype(float),
        "satisfaction": window[-1]["score"],
        "logins": window[-1]["logins"].astype(float),
    }
