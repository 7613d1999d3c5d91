"""Own purchases: who buys which class of product this month."""

from __future__ import annotations

import numpy as np

from stockcust.sample.plan import CLASSES
from stockcust.sample.state import LONG_AGO, Journal, State, World
from stockcust.sample.wealth import assets_z, logistic, note_purchases


def buy(
    world: World, state: State, month: int, draws: dict[str, np.ndarray], journal: Journal,
    principal: np.ndarray, contact_day: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Own purchases, class by class; returns which classes each customer bought."""
    plan, n = world.plan, world.people.n
    bought = np.zeros((n, len(CLASSES)), dtype=bool)
    adult = state.is_active & (world.people.age(world.clock.start[month]) >= 18)
    usual = purchase_log_odds(world, state, month, principal)
    campaign = state.shift(plan, "purchase", month)
    for column, name in enumerate(CLASSES):
        product = plan.product_index(plan.raw["purchase"]["product"][name])
        minimum = max(float(plan.product_values("min")[product]), 3000.0)
        can = adult & (state.current >= 1.02 * minimum)
        can &= world.people.risk >= plan.product_risk[product]
        chance = logistic(usual + _for_class(world, state, month, column, campaign))
        owner = np.flatnonzero(can & (draws["buy"][:, column] < chance))
        # a purchase follows this month's contact, never precedes it
        day = np.maximum(2 + (draws["day"][owner] * 26).astype(int), contact_day[owner] + 1)
        amount = _order(state, draws, owner, minimum)
        _settle(world, state, month, journal, owner, product, amount, day)
        bought[owner, column] = True
        captured = owner[amount >= 0.8 * principal[owner]]
        state.uncaptured[captured[state.uncaptured[captured] == month]] = LONG_AGO
    return bought


def _order(
    state: State, draws: dict[str, np.ndarray], owner: np.ndarray, minimum: float
) -> np.ndarray:
    share = 0.3 + 0.55 * draws["share"][owner]
    return np.maximum(np.floor(state.current[owner] * share / 1000) * 1000, minimum)


def _settle(
    world: World, state: State, month: int, journal: Journal, owner: np.ndarray, product: int,
    amount: np.ndarray, day: np.ndarray,
) -> None:  # fmt: skip
    products = np.full(len(owner), product)
    term = world.plan.product_values("term")[products]
    start = world.clock.start[month] + day - 1
    state.contracts.add(owner, products, amount, start, term)
    note_purchases(journal, month, owner, products, amount, start, True)
    state.current[owner] -= amount
    state.n_purchases[owner] += 1
    state.last_purchase[owner] = month


def purchase_log_odds(world: World, state: State, month: int, principal: np.ndarray) -> np.ndarray:
    """Log-odds of buying this month, as far as they are the same for every class."""
    odds, people = world.plan.raw["purchase"], world.people
    return (
        odds["assets_z"] * np.clip(assets_z(state.average), -1.5, 2.0)
        + odds["familiarity"] * state.familiarity
        + odds["has_bought_before"] * (state.n_purchases > 0)
        + odds["need_other"] * (month - state.last_need <= 2)
        + odds["matured_this_month"] * (principal >= 1000)
        + odds["authority"] * people.has_authority
        + odds["routine_contact"] * (month - state.last_routine <= 1)
    )


def _for_class(
    world: World, state: State, month: int, column: int, campaign: np.ndarray
) -> np.ndarray:
    odds = world.plan.raw["purchase"]
    needs = month - state.last_need <= 2
    needs_this = needs & (state.need_class == column)
    hidden = state.intent * ((state.intent_class == column) & (state.intent_until >= month))
    return (
        odds["baseline"][CLASSES[column]]
        + (odds["need_of_class"] - odds["need_other"]) * needs_this
        + campaign * (state.sale_class == column) * (1 + odds["need_boost"] * needs)
        + hidden
    )
