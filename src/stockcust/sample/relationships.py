"""Managers, handovers, moves of customers between branches, and who is contacted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockcust.sample.clock import Clock
from stockcust.sample.ids import serving_manager
from stockcust.sample.plan import NEVER
from stockcust.sample.population import Branches, People
from stockcust.sample.state import Journal, State, World
from stockcust.sample.wealth import assets_z, logistic

MANAGED_SHARES = (0.35, 0.78, 0.94, 0.98, 1.0)
TIER_POINTS = (50_000, 200_000, 1e6, 6e6)
CUSTOMERS_PER_MANAGER = 70
CONTACT_KINDS = ("routine", "inquiry", "campaign", "missed")


def tier_of(assets: np.ndarray) -> np.ndarray:
    """0 to 4 for T1 to T5."""
    return np.digitize(assets, TIER_POINTS)


def make_managers(
    branches: Branches, people: People, clock: Clock, seed: int
) -> tuple[pd.DataFrame, np.ndarray]:
    """Managers with their terms of office, and the first manager of each customer (-1 none)."""
    rng = np.random.default_rng([seed, 4])
    is_managed = rng.random(people.n) < np.array(MANAGED_SHARES)[tier_of(people.assets)]
    is_managed &= ~people.starts_asleep
    load = np.bincount(people.branch[is_managed], minlength=branches.n)
    seats = np.repeat(np.arange(branches.n), 1 + load // CUSTOMERS_PER_MANAGER)
    leaves = np.where(
        rng.random(len(seats)) < 0.45,
        rng.integers(3, max(clock.n_months - 2, 4), len(seats)),
        NEVER,
    )
    leaves = np.minimum(leaves, branches.closes_in[seats])
    leaves = np.where(leaves >= clock.n_months, NEVER, leaves)
    followed = np.flatnonzero((leaves < NEVER) & (leaves != branches.closes_in[seats]))
    managers = pd.DataFrame({
        "branch": np.concatenate([seats, seats[followed]]),
        "starts": np.concatenate([np.full(len(seats), -1), leaves[followed]]),
        "leaves": np.concatenate([leaves, np.full(len(followed), NEVER)]),
    })  # fmt: skip
    n = len(managers)
    managers["follows"] = np.concatenate([np.full(len(seats), -1), followed])
    managers["zeal"] = rng.normal(0, 0.35, n)
    managers["copies_text"] = rng.random(n) < 0.2
    managers["logs_late"] = rng.random(n) < 0.2
    seat = rng.random(people.n) * np.bincount(seats, minlength=branches.n)[people.branch]
    first = np.searchsorted(seats, people.branch) + seat.astype(int)
    return managers, np.where(is_managed, first, -1)


def hand_over(world: World, state: State, month: int) -> None:
    """Managers leave, customers change the branch; both bring a new manager."""
    managers, people = world.managers, world.people
    old = managers["follows"].to_numpy()
    for new in np.flatnonzero((managers["starts"] == month) & (old >= 0)):
        theirs = state.manager == old[new]
        state.manager[theirs] = new
        state.last_manager_change[theirs] = month
    moved = np.flatnonzero((people.transfer_month == month) & (state.manager >= 0))
    branch, months = people.next_branch[moved], np.full(len(moved), month)
    state.manager[moved] = serving_manager(world, branch, months, (moved % 97) / 97)
    state.last_manager_change[moved] = month


def maturing_soon(world: World, state: State, month: int, days: int = 60) -> np.ndarray:
    """Principal that matures in the first days of the coming period, by owner."""
    start = world.clock.start[month]
    maturity = state.contracts.maturity
    return state.contracts.total(world.people.n, (maturity >= start) & (maturity < start + days))


def contact(
    world: World, state: State, month: int, draws: dict[str, np.ndarray], journal: Journal
) -> np.ndarray:
    """Routine contacts: managers call the rich, the close and the likely buyers first."""
    odds = world.plan.raw["routine_contact"]
    managed = state.manager >= 0
    zeal = np.where(managed, world.managers["zeal"].to_numpy()[state.manager], 0.0)
    chance = logistic(
        np.where(managed, odds["baseline"], odds["unmanaged"])
        + odds["assets_z"] * np.clip(assets_z(state.average), -1.5, 2.0)
        + odds["closeness"] * world.people.closeness
        + odds["has_bought_before"] * (state.n_purchases > 0)
        + odds["maturing_soon"] * (maturing_soon(world, state, month) >= 5000)
        + zeal
    )
    tried = state.is_active & (draws["contact"] < chance)
    works = tried & (draws["effective"] < 0.55 + 0.4 * world.people.closeness)
    day = 2 + (draws["day"] * 13).astype(int)
    # who opens an account is talked to on that day
    opens = world.people.open_month == month
    works |= opens
    day = np.where(opens, world.people.open_day - world.clock.start[month] + 1, day)
    _note(journal, state, month, "routine", works, day)
    _note(journal, state, month, "missed", tried & ~works, day)
    state.last_routine[works] = month
    state.recent_talks[month % 12, works] += 1
    mark_contacted(state, month, works)
    return np.where(works, day, 0)


def mark_contacted(state: State, month: int, contacted: np.ndarray) -> None:
    """Remember an effective contact of this month."""
    state.last_contact[contacted] = month
    state.recent_contacts[month % 12, contacted] += 1


def inquire(
    world: World, state: State, month: int, draws: dict[str, np.ndarray], journal: Journal
) -> None:
    """Needs arise; part of them bring the customer to the bank with a question."""
    chances = world.plan.raw["churn"]["antecedents"]
    has_need = state.is_active & (draws["need"] < chances["need"])
    state.last_need[has_need] = month
    weights = np.cumsum([0.3, 0.08, 0.08, 0.28, 0.1, 0.08, 0.05, 0.03])
    state.need_class[has_need] = np.searchsorted(weights, draws["need_class"][has_need] * 0.999)
    asks = has_need & (draws["inquiry"] < chances["inquiry_given_need"])
    state.last_inquiry[asks] = month
    _note(journal, state, month, "inquiry", asks, 2 + (draws["share"] * 25).astype(int))
    state.recent_talks[month % 12, asks] += 1
    mark_contacted(state, month, asks)


def begin_month(state: State, month: int) -> None:
    """Forget the contacts of a year ago; familiarity is judged before anything happens."""
    state.recent_contacts[month % 12] = 0
    state.recent_talks[month % 12] = 0
    state.familiarity = np.minimum(state.recent_talks.sum(axis=0), 6) / 6


def _note(
    journal: Journal, state: State, month: int, kind: str, who: np.ndarray, day: np.ndarray
) -> None:
    owner = np.flatnonzero(who)
    need = np.where(month - state.last_need[owner] <= 2, state.need_class[owner], -1)
    journal.note(
        "contact", month, owner=owner, kind=np.int8(CONTACT_KINDS.index(kind)), day=day[owner],
        manager=state.manager[owner], need=need, campaign=-1, arm=0,
    )  # fmt: skip
