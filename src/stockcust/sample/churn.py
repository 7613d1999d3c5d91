"""Who leaves and why, who comes back, who falls asleep and wakes up, who dies."""

from __future__ import annotations

import numpy as np

from stockcust.sample.state import Journal, State, Variant, World
from stockcust.sample.wealth import flow, logistic

KINDS = ("light", "severe", "closed")


def antecedents(world: World, state: State, month: int) -> dict[str, np.ndarray]:
    """The planted covariates as they stand before anything of this month happens."""
    people = world.people
    age = people.age(world.clock.start[month])
    branch = people.branch_at(month - 1)
    since_move = month - world.branches.moves_in[branch]
    unmet = (month - state.last_inquiry <= 2) & (state.last_purchase < state.last_inquiry)
    return {
        "maturity_uncaptured_60d": month - state.uncaptured <= 2,
        "inquiry_unmet_60d": unmet,
        "complaint_90d": month - state.last_complaint <= 3,
        "no_contact_180d": month - state.last_contact > 6,
        "manager_changed_90d": month - state.last_manager_change <= 3,
        "payroll_stopped_90d": month - state.last_payroll_stop <= 3,
        "branch_moved_180d": (since_move >= 1) & (since_move <= 6),
        "age_25_40": (age >= 25) & (age < 40),
        "age_75_plus": age >= 75,
        "risk_c4_c5": people.risk >= 4,
        "assets_500k_plus": state.average >= 500_000,
    }


def hazards(
    world: World, state: State, month: int, covariates: dict[str, np.ndarray], variant: Variant
) -> np.ndarray:
    """Hazard of each cause this month, one column per cause."""
    causes = world.plan.raw["churn"]["causes"]
    columns = []
    for cause, coefficients in causes.items():
        log_hazard = np.full(world.people.n, coefficients["baseline"], dtype=float)
        for name, coefficient in coefficients.items():
            if name != "baseline" and name not in variant.disabled:
                log_hazard += coefficient * covariates[name]
        if cause == "SERVICE":
            log_hazard += world.branches.service_log_hazard[world.people.branch_at(month - 1)]
        columns.append(np.exp(log_hazard + state.shift(world.plan, "retention", month)))
    return np.stack(columns, axis=1)


def leave(
    world: World, state: State, month: int, draws: dict[str, np.ndarray], journal: Journal,
    covariates: dict[str, np.ndarray], variant: Variant,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Let the hazards act; returns who was at risk and the day on which money left (0 = stayed)."""
    clock, people = world.clock, world.people
    state.churned[month - state.churned > 12] = -99
    at_risk = state.is_active & (state.churned < 0) & (people.open_month < month)
    at_risk &= (state.end_assets >= 1000) & (people.age(clock.start[month]) >= 18)
    hazard = hazards(world, state, month, covariates, variant)
    total = hazard.sum(axis=1)
    goes = at_risk & (draws["churn"] < -np.expm1(-total))
    owner = np.flatnonzero(goes)
    cumulative = np.cumsum(hazard[owner] / total[owner, None], axis=1)
    cause = np.minimum((cumulative < draws["cause"][owner, None]).sum(axis=1), hazard.shape[1] - 1)
    day = np.zeros(people.n, dtype=int)
    day[owner] = 16 + (draws["day"][owner] * 12).astype(int)
    kind = _kind(world, state, draws, owner)
    _take_money(world, state, month, draws, journal, owner, cause, kind, day)
    return at_risk, day


def _kind(
    world: World, state: State, draws: dict[str, np.ndarray], owner: np.ndarray
) -> np.ndarray:
    shares = np.cumsum([world.plan.raw["churn"]["kinds"][kind] for kind in KINDS])
    kind = np.minimum(np.searchsorted(shares, draws["kind"][owner]), 2)
    small = state.end_assets[owner] < 50_000
    return np.where(small & (kind == 0), 1, kind)


def _take_money(
    world: World, state: State, month: int, draws: dict[str, np.ndarray], journal: Journal,
    owner: np.ndarray, cause: np.ndarray, kind: np.ndarray, day: np.ndarray,
) -> None:  # fmt: skip
    n = world.people.n
    assets = state.current + state.contracts.total(n)
    keep = _kept(assets[owner], kind, draws["keep"][owner])
    lost = (assets[owner] - keep).round(2)
    state.base[owner], state.lost[owner], state.churned[owner] = assets[owner], lost, month
    short = np.zeros(n, dtype=bool)
    short[owner] = (state.current[owner] < lost) | (kind == 2)
    end = world.clock.start[month] + day - 1
    _break_contracts(world, state, month, journal, short, end)
    leaving = np.zeros(n)
    leaving[owner] = np.where(
        kind == 2, state.current[owner], np.minimum(lost, state.current[owner])
    )
    causes = np.zeros(n, dtype=int)
    causes[owner] = cause
    flow(journal, state, month, "leave", -leaving.round(2), detail=causes, day=day)
    journal.note(
        "churn", month, owner=owner, cause=cause, kind=kind, base=assets[owner].round(2),
        lost=lost, day=day[owner], average=state.average[owner],
    )  # fmt: skip
    closed = owner[kind == 2]
    state.is_open[closed] = False
    state.close_day[closed] = end[closed]
    state.current[closed] = 0.0
    state.is_asleep[owner[(kind == 1) & (keep < 100)]] = True


def _kept(assets: np.ndarray, kind: np.ndarray, u: np.ndarray) -> np.ndarray:
    points = np.array([0, 50_000, 200_000, 1e6, 6e6])
    floor = points[np.digitize(assets, points[1:])]
    light = np.where(floor > 0, floor * (0.75 + 0.24 * u), assets * (0.5 + 0.3 * u))
    # a quarter of the severe cases leave only small change and fall asleep
    severe = np.where(u < 0.25, 360 * u, assets * (0.03 + 0.42 * u))
    return np.select([kind == 0, kind == 1], [light, severe], 0.0).round(2)


def _break_contracts(
    world: World, state: State, month: int, journal: Journal, who: np.ndarray, end: np.ndarray
) -> None:
    chosen = who[state.contracts.owner]
    if not chosen.any():
        return
    broken = state.contracts.take(chosen)
    day = np.maximum(end[broken["owner"]], broken["start"])
    journal.note("finished", month, **broken, end=day, rolled=False)
    state.current += np.bincount(broken["owner"], broken["amount"], minlength=world.people.n)


def come_back(
    world: World, state: State, month: int, draws: dict[str, np.ndarray], journal: Journal
) -> np.ndarray:
    """Part of the lost money returns, by itself or after a campaign contact."""
    recovery = world.plan.raw["churn"]["recovery"]
    since = month - state.churned
    waits = state.is_open & state.is_alive & (state.churned >= 0) & (since >= 1)
    waits &= since <= recovery["window_months"]
    chance = logistic(recovery["baseline"] + state.shift(world.plan, "recovery", month))
    back = waits & (draws["recover"] < chance)
    amount = np.where(back, state.lost * (0.4 + 0.65 * draws["amount_back"]), 0.0).round(2)
    state.is_asleep[back] = False
    flow(journal, state, month, "return", amount)
    owner = np.flatnonzero(back)
    journal.note("return", month, owner=owner, amount=amount[owner], churned=state.churned[owner])
    state.churned[back] = -99
    return back


def sleep_and_wake(
    world: World, state: State, month: int, draws: dict[str, np.ndarray], journal: Journal
) -> None:
    """Sleeping customers wake up, woken ones relapse, small accounts drowse off."""
    rules = world.plan.raw["dormancy"]
    living = state.is_open & state.is_alive
    wake = logistic(rules["wake"]["baseline"] + state.shift(world.plan, "wake", month))
    relapse = logistic(rules["relapse"]["baseline"] + state.shift(world.plan, "relapse", month))
    wakes = living & state.is_asleep & (draws["wake"] < wake)
    fresh = living & ~state.is_asleep & (month - state.woke <= 12) & (state.woke < month)
    relapses = fresh & (draws["relapse"] < relapse)
    small = living & ~state.is_asleep & ~fresh & (state.end_assets < 1500) & ~state.is_payroll
    small &= ~(world.people.is_pension | world.people.is_merchant) & (
        world.people.open_month < month - 3
    )
    drowses = small & (draws["drowse"] < rules["drowse"])
    money = np.exp(8.3 + 0.8 * draws["wake_amount"])
    flow(journal, state, month, "wake", np.where(wakes, money, 0.0).round(2))
    leftover = 20 + 70 * draws["amount_back"]
    goes = (relapses | drowses) & (state.current > leftover)
    flow(journal, state, month, "relapse", -np.where(goes, state.current - leftover, 0.0).round(2))
    state.woke[wakes] = month
    state.is_asleep |= relapses | drowses
    state.is_asleep &= ~wakes


def die(
    world: World, state: State, month: int, draws: dict[str, np.ndarray], journal: Journal
) -> None:
    """Deaths; the estate is paid out two months later. Neither counts as churn."""
    rates = world.plan.raw["churn"]["death_per_month"]
    age = world.people.age(world.clock.start[month])
    rate = np.select(
        [age >= 75, age >= 60], [rates["from_75"], rates["from_60"]], rates["under_60"]
    )
    dies = state.is_open & state.is_alive & (draws["death"] < rate)
    state.death[dies] = month
    state.is_alive[dies] = False
    settled = state.is_open & (state.death == month - 2)
    _close(world, state, month, journal, settled, "inheritance")


def clean_up(world: World, state: State, month: int, journal: Journal) -> None:
    """Once, the bank itself closes part of the sleeping accounts with next to no money."""
    if month != world.clock.n_months - 8:
        return
    chosen = state.is_open & state.is_alive & state.is_asleep & (state.current < 25)
    chosen &= (np.arange(world.people.n) * 7919) % 10 < 4
    state.bank_closed |= chosen
    _close(world, state, month, journal, chosen, "fee")


def _close(
    world: World, state: State, month: int, journal: Journal, who: np.ndarray, kind: str
) -> None:
    end = np.full(world.people.n, world.clock.start[month] + 19)
    _break_contracts(world, state, month, journal, who, end)
    flow(journal, state, month, kind, -np.where(who, state.current, 0.0))
    state.is_open[who] = False
    state.close_day[who] = end[who]
