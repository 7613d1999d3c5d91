"""The people of the generated bank: one row per customer and branch, fixed over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stockcust.sample.clock import Clock
from stockcust.sample.plan import NATURES, NEVER, Plan

NATURE_SHARES = (0.25, 0.18, 0.11, 0.08, 0.15, 0.11, 0.03, 0.03, 0.06)
AGE_RANGES = (
    (23, 58), (30, 74), (25, 60), (25, 59), (56, 86), (20, 55), (32, 62), (15, 24), (22, 70)
)  # fmt: skip
WEALTH_SHIFT = (0.0, -0.15, 0.35, 0.25, 0.2, -0.35, 0.9, -1.0, -0.1)
INCOME_MEDIAN = (6000, 3000, 9000, 8000, 3200, 5000, 25000, 800, 4000)
# share of customers below, and the assets in yuan at that point
WEALTH_SHARES = (0.0, 0.30, 0.66, 0.85, 0.96, 0.992, 1.0)
WEALTH_POINTS = (60.0, 2500.0, 50_000.0, 200_000.0, 1e6, 6e6, 2.5e7)
TINY_BRANCH = 34


@dataclass(frozen=True)
class Branches:
    """One entry per branch; months are indices into the clock, NEVER = not."""

    n: int
    area: np.ndarray
    quality: np.ndarray
    service_log_hazard: np.ndarray
    moves_in: np.ndarray
    closes_in: np.ndarray
    heir: np.ndarray
    rollout: np.ndarray
    has_contact_log: np.ndarray


@dataclass(frozen=True)
class People:
    """One entry per customer and branch; `closeness` (0-1) is the hidden tie to the bank."""

    person: np.ndarray
    branch: np.ndarray
    next_branch: np.ndarray
    transfer_month: np.ndarray
    nature: np.ndarray
    is_female: np.ndarray
    birth: np.ndarray
    household: np.ndarray
    open_month: np.ndarray
    open_day: np.ndarray
    assets: np.ndarray
    closeness: np.ndarray
    risk: np.ndarray
    uses_agent: np.ndarray
    has_authority: np.ndarray
    is_payroll: np.ndarray
    is_pension: np.ndarray
    is_merchant: np.ndarray
    consent: np.ndarray
    is_do_not_disturb: np.ndarray
    outside_assets: np.ndarray
    knows_outside_assets: np.ndarray
    income: np.ndarray
    logins: np.ndarray
    drift: np.ndarray
    spike: np.ndarray
    is_pass_through: np.ndarray
    starts_asleep: np.ndarray
    satisfaction: np.ndarray
    idle: np.ndarray

    @property
    def n(self) -> int:
        """Number of customer-branch relationships."""
        return len(self.person)

    def age(self, day: int) -> np.ndarray:
        """Age in years on a day."""
        return (day - self.birth) / 365.25

    def branch_at(self, month: int) -> np.ndarray:
        """Branch of each relationship at the end of a month."""
        return np.where(self.transfer_month <= month, self.next_branch, self.branch)

    def branch_of(self, owner: np.ndarray, month: np.ndarray) -> np.ndarray:
        """Branch of some relationships, each at the end of its own month."""
        moved = self.transfer_month[owner] <= month
        return np.where(moved, self.next_branch[owner], self.branch[owner])


def make_branches(n: int, clock: Clock, plan: Plan, seed: int) -> Branches:
    """Branches with their quality, moves, merger and roll-out month."""
    rng = np.random.default_rng([seed, 1])
    last = clock.n_months - 1
    moves, closes = np.full(n, NEVER), np.full(n, NEVER)
    rollout, heir = np.full(n, NEVER), np.zeros(n, dtype=int)
    if n >= 4:
        moves[3] = max(last - 14, 1)
    if n >= 6:
        closes[n - 2] = max(last - 9, 1)
    waves = next(c.branch_waves for c in plan.campaigns if c.by == "branch")
    # half of the branches in waves; the merged and the tiny one never
    for position, branch in enumerate(range(1, max(n - 2, 1), 2)):
        rollout[branch] = max(last - waves[position % len(waves)], 1)
    return Branches(
        n=n,
        area=np.digitize(np.arange(n) / max(n, 1), [0.3, 0.6]),
        quality=rng.normal(0, plan.raw["satisfaction"]["branch_sd"], n),
        service_log_hazard=rng.normal(0, plan.raw["churn"]["branch_service_sd"], n),
        moves_in=moves,
        closes_in=closes,
        heir=heir,
        rollout=rollout,
        has_contact_log=np.arange(n) != (n - 1 if n > 1 else -1),
    )


def branch_of_persons(n_branches: int, n: int, rng: np.random.Generator) -> np.ndarray:
    """A branch for each person: sizes fall with the rank, the last branch stays under 40."""
    if n_branches == 1:
        return np.zeros(n, dtype=int)
    weights = np.arange(1, n_branches) ** -0.8
    tiny = min(TINY_BRANCH, max(n // (2 * n_branches), 1))
    sizes = np.floor(weights / weights.sum() * (n - tiny)).astype(int)
    sizes[0] += n - tiny - sizes.sum()
    return rng.permutation(np.repeat(np.arange(n_branches), [*sizes, tiny]))


def make_people(branches: Branches, n: int, clock: Clock, plan: Plan, seed: int) -> People:
    """All relationships; about one customer in fifty has a second one at another branch."""
    rng = np.random.default_rng([seed, 2])
    persons = _persons(branches, n, clock, plan.raw["dormancy"]["initial_share"], rng)
    first = np.arange(n)
    open_to_second = np.flatnonzero(
        (branches.closes_in[persons["branch"]] == NEVER) & (persons["branch"] < branches.n - 1)
    )
    second = np.sort(rng.choice(open_to_second, size=len(open_to_second) // 50, replace=False))
    if branches.n < 3:
        second = second[:0]
    rows = np.concatenate([first, second])
    people = {name: values[rows] for name, values in persons.items()}
    _second_relationships(people, n, branches, clock, rng)
    # who joins after the merger joins the heir
    late = people["open_month"] >= branches.closes_in[people["branch"]]
    people["branch"] = np.where(late, branches.heir[people["branch"]], people["branch"])
    return People(person=rows, **people, **_transfers(people, rows, branches, clock, rng))


def _second_relationships(
    people: dict[str, np.ndarray],
    n: int,
    branches: Branches,
    clock: Clock,
    rng: np.random.Generator,
) -> None:
    count = len(people["branch"]) - n
    if not count:
        return
    usable = np.flatnonzero(branches.closes_in == NEVER)[:-1]
    other = rng.choice(usable, count)
    taken = people["branch"][n:]
    fallback = np.where(taken == usable[0], usable[1], usable[0])
    people["branch"] = np.concatenate(
        [people["branch"][:n], np.where(other == taken, fallback, other)]
    )
    people["assets"][n:] *= rng.uniform(0.05, 0.5, count)
    for flag in ("is_payroll", "is_pension", "is_merchant", "starts_asleep", "is_pass_through"):
        people[flag][n:] = False
    people["open_month"][n:] = -1
    people["open_day"][n:] = clock.start[0] - rng.integers(200, 2500, count)


def _transfers(
    people: dict[str, np.ndarray], person: np.ndarray, branches: Branches, clock: Clock,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:  # fmt: skip
    branch = people["branch"]
    month, target = np.full(len(branch), NEVER), branch.copy()
    merged = branches.closes_in[branch] < NEVER
    month[merged] = branches.closes_in[branch[merged]]
    target[merged] = branches.heir[branch[merged]]
    single = np.bincount(person)[person] == 1
    chance = rng.random(len(branch)) < 0.004
    if branches.n >= 3:
        moves = chance & single & ~merged & (branch > 0) & (people["open_month"] < 0)
        month[moves] = rng.integers(1, max(clock.n_months - 1, 2), moves.sum())
        target[moves] = 0
    return {"transfer_month": month, "next_branch": target}


def _persons(
    branches: Branches, n: int, clock: Clock, initial_sleep: float, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    branch = branch_of_persons(branches.n, n, rng)
    nature = rng.choice(len(NATURES), n, p=NATURE_SHARES)
    low, high = np.array(AGE_RANGES)[nature].T
    age = rng.uniform(low, high)
    wealth, assets = _wealth(nature, branches.area[branch], rng)
    closeness = np.clip(rng.beta(1.6, 2.6, n) + 0.25 * (wealth - 0.5), 0.0, 1.0)
    asleep = (wealth < 0.42) & (rng.random(n) < initial_sleep / 0.42)
    elder = age >= 65
    new = (rng.random(n) < 0.12) & ~asleep
    open_month = np.where(new, rng.integers(0, clock.n_months, n), -1)
    open_day = np.where(
        new,
        clock.start[open_month] + rng.integers(1, 20, n),
        clock.start[0] - rng.integers(30, 5500, n),
    )
    birth = np.minimum(clock.start[0] - (age * 365.25).astype(int), open_day - 365)
    login_chance = rng.random(n) > np.where(elder, 0.85, 0.35)
    return {
        "branch": branch, "nature": nature, "is_female": rng.random(n) < 0.51,
        "birth": birth, "household": _households(branch, rng),
        "open_month": open_month, "open_day": open_day,
        "assets": np.where(asleep, rng.exponential(45.0, n), assets).round(2),
        "closeness": closeness, "risk": _risk(age, wealth, rng),
        "uses_agent": rng.random(n) < np.where(age >= 72, 0.45, 0.04),
        "has_authority": rng.random(n) < np.where(age >= 72, 0.5, 0.78),
        "outside_assets": _outside_assets(assets, asleep, rng),
        "knows_outside_assets": rng.random(n) < np.where(asleep, 0.6, 0.75 * closeness - 0.1),
        "income": np.array(INCOME_MEDIAN)[nature] * rng.lognormal(0, 0.4, n),
        "logins": np.where(login_chance, rng.gamma(2.0, 3.5, n), 0.0),
        "drift": rng.normal(0.0, 0.005, n),
        "spike": np.where(rng.random(n) < 0.07 * (wealth > 0.5), rng.uniform(0.15, 0.8, n), 0.0),
        "is_pass_through": (rng.random(n) < np.where(nature == 2, 0.12, 0.01)) & ~asleep,
        "starts_asleep": asleep,
        "satisfaction": rng.normal(0, 1, n),
        "idle": rng.beta(1.5, np.interp(wealth, [0.3, 0.66, 1.0], [1.0, 2.5, 6.0])),
        **_flags(nature, asleep, rng),
    }  # fmt: skip


def _wealth(
    nature: np.ndarray, area: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    score = rng.normal(0, 1, len(nature)) + np.array(WEALTH_SHIFT)[nature] - 0.12 * area
    rank = (np.argsort(np.argsort(score)) + 0.5) / len(score)
    assets = np.exp(np.interp(rank, WEALTH_SHARES, np.log(WEALTH_POINTS)))
    return rank, assets


def _outside_assets(assets: np.ndarray, asleep: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    # who sleeps here banks elsewhere
    size = np.where(asleep, 60_000.0, assets) * rng.lognormal(0, 0.9, len(assets))
    return np.where(rng.random(len(assets)) < np.where(asleep, 0.8, 0.55), size, 0.0)


def _households(branch: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    order = np.lexsort([rng.random(len(branch)), branch])
    starts = rng.random(len(branch)) < 0.68
    starts[1:] |= np.diff(branch[order]) != 0
    household = np.empty(len(branch), dtype=int)
    household[order] = np.cumsum(starts) - starts[0]
    return household


def _risk(age: np.ndarray, wealth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    score = rng.normal(2.7, 1.0, len(age)) + 0.9 * (wealth - 0.5) - 0.02 * np.maximum(age - 55, 0)
    return np.clip(np.rint(score), 1, 5).astype(int)


def _flags(
    nature: np.ndarray, asleep: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    n = len(nature)
    paid = np.isin(nature, [0, 3]) & (rng.random(n) < 0.6)
    return {
        "is_payroll": paid & ~asleep,
        "is_pension": (nature == 4) & (rng.random(n) < 0.7) & ~asleep,
        "is_merchant": (nature == 2) & (rng.random(n) < 0.75) & ~asleep,
        "consent": rng.choice(3, n, p=[0.68, 0.07, 0.25]),
        "is_do_not_disturb": rng.random(n) < 0.025,
    }
