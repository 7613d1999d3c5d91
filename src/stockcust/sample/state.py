"""What changes from month to month, and the journal of what happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from stockcust.sample.clock import Clock
from stockcust.sample.plan import CLASSES, NEVER, PURPOSES, Plan
from stockcust.sample.population import Branches, People

Records = dict[int, dict[str, np.ndarray]]  # by month, then by name, one value per relationship

LONG_AGO = -99  # month
OPEN_END = 2**30  # day of a contract without maturity

UNIFORMS = (
    "active", "income", "spend", "other", "capture", "contact", "effective", "need", "need_class",
    "inquiry", "complaint", "payroll", "churn", "cause", "kind", "keep", "recover",
    "amount_back", "wake", "relapse", "drowse", "death", "survey", "average", "share", "day",
)  # fmt: skip
NORMALS = ("flow", "score", "login", "wake_amount")


@dataclass(frozen=True)
class World:
    """What stays fixed while months pass."""

    plan: Plan
    clock: Clock
    branches: Branches
    people: People
    managers: pd.DataFrame
    managed_by: np.ndarray
    seed: int

    def draws(self, month: int) -> dict[str, np.ndarray]:
        """The month's random numbers, the same in every variant of the world."""
        rng = np.random.default_rng([self.seed, 3, month])
        n = self.people.n
        result: dict[str, np.ndarray] = {}
        result |= {name: rng.random(n, dtype=np.float32) for name in UNIFORMS}
        result |= {name: rng.standard_normal(n, dtype=np.float32) for name in NORMALS}
        result["buy"] = rng.random((n, len(CLASSES)), dtype=np.float32)
        result["market"] = rng.normal(0.002, 0.012, 1)
        return result


@dataclass(frozen=True)
class Variant:
    """How a world differs from the real one: forced arms, antecedents without effect."""

    arms: dict[str, str] = field(default_factory=dict)
    disabled: frozenset[str] = frozenset()


REAL = Variant()


@dataclass
class Contracts:
    """Live contracts, one entry each; days since 1970."""

    owner: np.ndarray
    product: np.ndarray
    amount: np.ndarray
    start: np.ndarray
    maturity: np.ndarray
    number: np.ndarray
    next_number: int = 0

    def add(
        self, owner: np.ndarray, product: np.ndarray, amount: np.ndarray, start: np.ndarray,
        term: np.ndarray,
    ) -> None:  # fmt: skip
        """Append contracts; a term of 0 days means no maturity."""
        number = self.next_number + np.arange(len(owner))
        maturity = np.where(term > 0, _not_first_of_month(start + term), OPEN_END)
        new = (owner, product, amount, start, maturity, number)
        for name, values in zip(self.columns(), new, strict=True):
            setattr(self, name, np.concatenate([getattr(self, name), values]))
        self.next_number += len(owner)

    def take(self, chosen: np.ndarray) -> dict[str, np.ndarray]:
        """Remove and return the chosen contracts."""
        taken = {name: getattr(self, name)[chosen] for name in self.columns()}
        for name in self.columns():
            setattr(self, name, getattr(self, name)[~chosen])
        return taken

    def total(self, n: int, chosen: np.ndarray | slice = slice(None)) -> np.ndarray:
        """Amount per owner over the chosen contracts."""
        return np.bincount(self.owner[chosen], self.amount[chosen], minlength=n)

    @staticmethod
    def columns() -> tuple[str, ...]:
        """Names of the per-contract arrays."""
        return ("owner", "product", "amount", "start", "maturity", "number")


def _not_first_of_month(day: np.ndarray) -> np.ndarray:
    # lists are issued on the first: what rolls over must stand clearly after it
    dates = day.astype("datetime64[D]")
    return day + (dates == dates.astype("datetime64[M]"))


@dataclass
class State:
    """One entry per relationship; months are indices, LONG_AGO = never so far.

    `churned` is the month of a running loss spell, `base` and `lost` the assets before it and what
    left; `recent_talks` counts effective contacts outside campaigns in each of the last 12 months;
    `uncaptured` the last month in which money matured and stayed idle; `sale_class` the class
    that the latest product campaign offered; `arm` and `arm_until` the running contact by purpose.
    """

    current: np.ndarray
    contracts: Contracts
    is_open: np.ndarray
    is_alive: np.ndarray
    is_asleep: np.ndarray
    is_payroll: np.ndarray
    manager: np.ndarray
    average: np.ndarray
    end_assets: np.ndarray
    peak: np.ndarray
    spike: np.ndarray
    churned: np.ndarray
    lost: np.ndarray
    base: np.ndarray
    death: np.ndarray
    close_day: np.ndarray
    bank_closed: np.ndarray
    last_contact: np.ndarray
    last_routine: np.ndarray
    recent_contacts: np.ndarray
    recent_talks: np.ndarray
    familiarity: np.ndarray
    last_complaint: np.ndarray
    last_payroll_stop: np.ndarray
    last_manager_change: np.ndarray
    last_inquiry: np.ndarray
    last_need: np.ndarray
    need_class: np.ndarray
    last_purchase: np.ndarray
    n_purchases: np.ndarray
    uncaptured: np.ndarray
    woke: np.ndarray
    sale_class: np.ndarray
    intent: np.ndarray
    intent_class: np.ndarray
    intent_until: np.ndarray
    arm: dict[str, np.ndarray]
    arm_until: dict[str, np.ndarray]

    def shift(self, plan: Plan, action: str, month: int) -> np.ndarray:
        """Sum over purposes of what the running campaign contacts add to an action."""
        total = np.zeros(len(self.current))
        for purpose, arm in self.arm.items():
            if not plan.acts_on(purpose, action):
                continue
            total += np.where(self.arm_until[purpose] >= month, plan.shifts[action][arm], 0.0)
        return total

    @property
    def is_active(self) -> np.ndarray:
        """Open, alive and not asleep."""
        return self.is_open & self.is_alive & ~self.is_asleep


def first_state(world: World) -> State:
    """The relationships on the eve of the first month, before any contract exists."""
    people, n = world.people, world.people.n
    old = people.open_month < 0
    rng = np.random.default_rng([world.seed, 5])
    long_ago = {
        name: np.full(n, LONG_AGO)
        for name in (
            "last_complaint", "last_payroll_stop", "last_manager_change", "last_inquiry",
            "last_need", "last_routine", "uncaptured", "woke", "churned", "intent_until",
        )
    }  # fmt: skip
    nothing = ("average", "end_assets", "peak", "spike", "lost", "base", "intent")
    money = {name: np.zeros(n) for name in nothing}
    recent = rng.random(n) < people.closeness
    # what the unseen year before left behind
    talks = rng.random((12, n)) < 0.4 * people.closeness * (world.managed_by >= 0)
    empty = np.array([], dtype=int)
    return State(
        current=np.where(old, people.assets, 0.0),
        contracts=Contracts(empty, empty, np.array([]), empty, empty, empty),
        is_open=old.copy(), is_alive=np.ones(n, bool), is_asleep=people.starts_asleep.copy(),
        is_payroll=people.is_payroll.copy(), manager=world.managed_by.copy(),
        death=np.full(n, NEVER), close_day=np.full(n, OPEN_END), bank_closed=np.zeros(n, bool),
        last_contact=np.where(recent, -rng.integers(1, 7, n), LONG_AGO),
        recent_contacts=talks.astype(np.uint8), recent_talks=talks.astype(np.uint8),
        familiarity=np.zeros(n),
        need_class=np.zeros(n, int), last_purchase=np.full(n, LONG_AGO),
        n_purchases=np.zeros(n, int), sale_class=np.full(n, -1), intent_class=np.full(n, -1),
        arm={purpose: np.zeros(n, dtype=int) for purpose in PURPOSES},
        arm_until={purpose: np.full(n, LONG_AGO) for purpose in PURPOSES},
        **long_ago, **money,
    )  # fmt: skip


@dataclass
class Journal:
    """What happened, by kind; a light journal leaves out what only the files need."""

    is_light: bool = False
    entries: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    months: Records = field(default_factory=dict)

    def note(self, kind: str, month: int, /, **columns: Any) -> None:
        """Add events of one kind in one month, one per owner; single values count for all."""
        if self.is_light and kind in ("flow", "contact", "finished", "survey"):
            return
        self.entries.setdefault(kind, []).append({"month": np.int16(month), **columns})

    def events(self, kind: str) -> pd.DataFrame:
        """All events of a kind in the order they were noted; what was not noted is NaN."""
        return self._joined(self.entries.get(kind, []))

    def take_months(self, kind: str) -> Iterator[tuple[int, pd.DataFrame]]:
        """The events of a kind month by month, which the journal then forgets."""
        chunks = self.entries.pop(kind, [])
        for month, same in groupby(chunks, key=lambda chunk: int(chunk["month"])):
            yield month, self._joined(list(same))

    @staticmethod
    def _joined(chunks: list[dict[str, Any]]) -> pd.DataFrame:
        names = dict.fromkeys(name for chunk in chunks for name in chunk)
        columns = {
            name: np.concatenate([_column(chunk, name) for chunk in chunks]) for name in names
        }
        return pd.DataFrame(columns) if columns else pd.DataFrame(columns=["month", "owner"])


def at(records: Records, name: str, month: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """One value of the monthly records per owner, each in its own month."""
    values = np.zeros(len(owner))
    for each in np.unique(month):
        rows = month == each
        values[rows] = records[int(each)][name][owner[rows]]
    return values


def _column(chunk: dict[str, Any], name: str) -> np.ndarray:
    n = len(chunk["owner"])
    values = chunk.get(name, np.float32(np.nan))
    return np.broadcast_to(values, n) if np.ndim(values) == 0 else values
