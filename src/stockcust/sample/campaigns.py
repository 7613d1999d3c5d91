"""Campaigns: who is eligible, who is listed, which arm, who is held out, who is reached."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stockcust.sample.plan import WINDOW_MONTHS, Campaign
from stockcust.sample.relationships import CONTACT_KINDS, mark_contacted, maturing_soon, tier_of
from stockcust.sample.state import Journal, State, Variant, World
from stockcust.sample.wealth import assets_z, logistic

CONTROL = "control"


@dataclass(frozen=True)
class Listing:
    """Who is on one batch of a campaign; arrays over all relationships."""

    pool: np.ndarray
    listed: np.ndarray
    arm: np.ndarray
    can_be_held_out: np.ndarray
    held_out: np.ndarray
    reached: np.ndarray
    contaminated: np.ndarray
    contact_day: np.ndarray


def running(world: World, month: int) -> list[tuple[int, Campaign]]:
    """Campaigns that issue a list in a month."""
    return [
        (index, campaign)
        for index, campaign in enumerate(world.plan.campaigns)
        if campaign.arms and _issues(world, campaign, month)
    ]


def start_month(world: World, campaign: Campaign) -> int:
    """Month index of a campaign's first list."""
    return world.clock.n_months - 1 - campaign.months_ago


def _issues(world: World, campaign: Campaign, month: int) -> bool:
    if campaign.by == "branch":
        return bool((world.branches.rollout == month).any())
    start = start_month(world, campaign)
    return month >= max(start, 1) if campaign.monthly else (month == start and start >= 1)


def run(world: World, state: State, month: int, journal: Journal, variant: Variant) -> np.ndarray:
    """Issue this month's lists and let the contacts work; returns the contact day (0 = none)."""
    contact_day = np.zeros(world.people.n, dtype=int)
    for index, campaign in running(world, month):
        listing = make_listing(world, state, month, index, campaign)
        contacted, arm = contact_listed(listing, campaign, variant)
        _begin(world, state, month, campaign, contacted, arm)
        if campaign.by != "branch":  # better service in the hall is no talk with the manager
            mark_contacted(state, month, contacted)
        contact_day = np.where(contacted, listing.contact_day, contact_day)
        _note(world, state, month, journal, index, campaign, listing, contacted, arm)
    return contact_day


def contact_listed(
    listing: Listing, campaign: Campaign, variant: Variant
) -> tuple[np.ndarray, np.ndarray]:
    """Who is really contacted and with which arm, in the real world or a forced one."""
    forced = variant.arms.get(campaign.id)
    if forced is None:
        treated = listing.listed & ~listing.held_out
        reached = np.where(treated, listing.reached, listing.contaminated)
        return listing.listed & reached, listing.arm
    # everyone in question gets the same arm: the list, or all eligible where managers choose
    members = listing.listed if campaign.by in ("random", "rule", "branch") else listing.pool
    if forced == CONTROL:
        return members & listing.can_be_held_out & listing.contaminated, listing.arm
    return members & listing.reached, np.full(len(members), campaign.arms.index(forced))


def make_listing(world: World, state: State, month: int, index: int, campaign: Campaign) -> Listing:
    """Draw a campaign's list; households are held out as a whole, T4 and T5 never."""
    n, people = world.people.n, world.people
    rng = np.random.default_rng([world.seed, 7, index, month])
    households = rng.random((3, int(people.household.max()) + 1))[:, people.household]
    single = rng.random((5, n))
    pool = eligible(world, state, month, campaign)
    intent = _hidden_intent(state, month, campaign, pool, rng.standard_normal(n), world)
    arm = np.minimum((households[0] * len(campaign.arms)).astype(int), len(campaign.arms) - 1)
    if campaign.by in ("manager", "hidden", "loss"):
        arm = (single[0] + 0.4 * people.closeness > 0.7).astype(int) % len(campaign.arms)
    listed = _select(world, state, month, campaign, pool, arm, single[1], intent)
    can = listed & (tier_of(state.average) <= 2) & (campaign.hold_out > 0)
    can &= maturing_soon(world, state, month, 30) < 500_000
    odds = world.plan.raw["compliance_with_list"]
    reach = logistic(odds["baseline"] + odds["closeness"] * people.closeness)
    reached = single[2] < reach
    return Listing(
        pool=pool, listed=listed, arm=arm, can_be_held_out=can,
        held_out=can & (households[1] < campaign.hold_out), reached=reached,
        # nobody is contacted only because of being held out
        contaminated=reached & (single[3] < campaign.contamination),
        contact_day=3 + (single[4] * 12).astype(int),
    )  # fmt: skip


def eligible(world: World, state: State, month: int, campaign: Campaign) -> np.ndarray:
    """Who could be on the list, judged by what was known before the month."""
    people, age = world.people, world.people.age(world.clock.start[month])
    branch = people.branch_at(month - 1)
    base = state.is_open & state.is_alive & (age >= 18) & (people.transfer_month != month)
    base &= world.branches.has_contact_log[branch] & (people.open_month < month - 1)
    base &= ~people.is_do_not_disturb & (people.consent != 1)
    awake = base & ~state.is_asleep
    if campaign.by == "branch":
        return awake & (world.branches.rollout[branch] == month)
    if campaign.by == "loss":
        return base & (state.churned == month - 1) & (state.base >= 50_000)
    if campaign.purpose == "wake_dormant":
        elsewhere = people.knows_outside_assets & (people.outside_assets >= 5000)
        return base & state.is_asleep & (elsewhere | (state.peak >= 50_000))
    if campaign.purpose == "anti_churn":
        return (
            awake & (state.churned < 0) & (state.average >= 20_000) & _looks_at_risk(state, month)
        )
    product = world.plan.product_index(str(campaign.product))
    calm = month - state.last_complaint > 1
    fits = people.risk >= world.plan.product_risk[product]
    return awake & calm & fits & (state.average >= 5000) & (state.churned < 0)


def _looks_at_risk(state: State, month: int) -> np.ndarray:
    return (
        (month - state.uncaptured <= 2)
        | (month - state.last_complaint <= 3)
        | (month - state.last_manager_change <= 3)
        | (month - state.last_payroll_stop <= 3)
        | (month - state.last_inquiry <= 2)
        | (month - state.last_contact > 6)
    )


def _hidden_intent(
    state: State, month: int, campaign: Campaign, pool: np.ndarray, normal: np.ndarray, world: World
) -> np.ndarray:
    """A wish to buy that the manager senses and no file records."""
    if not campaign.hidden:
        return np.zeros(len(pool))
    product = world.plan.product_index(str(campaign.product))
    state.intent = np.where(pool, campaign.hidden["purchase"] * normal, 0.0)
    state.intent_class[:] = world.plan.product_class[product]
    state.intent_until[:] = month + WINDOW_MONTHS - 1
    return campaign.hidden["selection"] * normal


def _select(
    world: World, state: State, month: int, campaign: Campaign, pool: np.ndarray, arm: np.ndarray,
    u: np.ndarray, intent: np.ndarray,
) -> np.ndarray:  # fmt: skip
    z = assets_z(state.average)
    if campaign.by == "manager":
        likely = 0.8 * z + 1.4 * state.familiarity + 0.7 * (state.n_purchases > 0)
        likely += 0.9 * (maturing_soon(world, state, month) >= 5000)
        return pool & (u < logistic(likely - 1.8))
    if campaign.by == "hidden":
        return pool & (u < logistic(intent + 0.3 * z - 1.0))
    if campaign.by == "loss":
        return pool & (u < logistic(0.8 * (np.log10(np.maximum(state.lost, 1.0)) - 4.5)))
    if campaign.by == "rule":
        needs = month - state.last_need <= 3
        sanfen = z + state.familiarity
        man = 1.5 * needs + 1.5 * (state.current >= 10_000) + world.people.has_authority
        return _top_half(pool, arm, np.where(arm == 0, sanfen, man) + 0.1 * u)
    return pool


def _top_half(pool: np.ndarray, arm: np.ndarray, score: np.ndarray) -> np.ndarray:
    listed = np.zeros(len(pool), dtype=bool)
    for value in (0, 1):
        cell = np.flatnonzero(pool & (arm == value))
        best = cell[np.argsort(-score[cell], kind="stable")]
        listed[best[: len(cell) // 2]] = True
    return listed


def _begin(
    world: World,
    state: State,
    month: int,
    campaign: Campaign,
    contacted: np.ndarray,
    arm: np.ndarray,
) -> None:
    codes = np.array([world.plan.arm(campaign, name) for name in campaign.arms])
    state.arm[campaign.purpose][contacted] = codes[arm[contacted]]
    until = 10_000 if campaign.by == "branch" else month + WINDOW_MONTHS - 1
    state.arm_until[campaign.purpose][contacted] = until
    if campaign.product:
        product = world.plan.product_index(campaign.product)
        state.sale_class[contacted] = world.plan.product_class[product]


def _note(
    world: World, state: State, month: int, journal: Journal, index: int, campaign: Campaign,
    listing: Listing, contacted: np.ndarray, arm: np.ndarray,
) -> None:  # fmt: skip
    owner = np.flatnonzero(listing.listed)
    needs = month - state.last_need <= 3
    journal.note(
        "assignment", month, owner=owner, campaign=index, arm=arm[owner],
        held_out=listing.held_out[owner], can_be_held_out=listing.can_be_held_out[owner],
        contacted=contacted[owner], day=listing.contact_day[owner], manager=state.manager[owner],
        average=state.average[owner], n_contacts=state.recent_contacts[:, owner].sum(axis=0),
        has_money=state.current[owner] >= 10_000, has_need=needs[owner],
    )  # fmt: skip
    if campaign.by == "branch":
        return
    owner = np.flatnonzero(contacted)
    product = world.plan.product_index(campaign.product) if campaign.product else -1
    need = world.plan.product_class[product] if campaign.product else -1
    journal.note(
        "contact", month, owner=owner, kind=np.int8(CONTACT_KINDS.index("campaign")),
        day=listing.contact_day[owner], manager=state.manager[owner],
        need=np.where(needs[owner] & (state.need_class[owner] == need), need, -1),
        campaign=index, arm=arm[owner],
    )  # fmt: skip
