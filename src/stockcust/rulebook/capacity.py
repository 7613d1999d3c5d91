"""How much time managers have, how much the cadences ask of them, and what to drop first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Annotated

from pydantic import Field

from stockcust.errors import Problem
from stockcust.rulebook.base import GROUPS, Basis, GroupId, Model, Table
from stockcust.rulebook.groups import Cadence, Group, OwnerRule
from stockcust.rulebook.vocabulary import Channel

MONTHS_PER_YEAR = 12
MINUTES_PER_HOUR = 60
Minutes = Annotated[float, Field(ge=0)]


class Capacity(Model):
    """A manager's time for contacts, what each takes, and what to drop first."""

    minutes_per_manager_per_day: Annotated[float, Field(gt=0)]
    workdays_per_month: Annotated[int, Field(ge=1, le=31)]
    minutes_per_contact: Table[Channel, Minutes]
    usual_channel: Channel
    minutes_per_touch: Minutes
    drop_first: tuple[GroupId, ...]
    basis: Basis

    @property
    def minutes_per_manager_per_month(self) -> float:
        """A manager's minutes for contacts in a month."""
        return self.minutes_per_manager_per_day * self.workdays_per_month

    @property
    def hours_per_manager_per_month(self) -> float:
        """A manager's hours for contacts in a month."""
        return self.minutes_per_manager_per_month / MINUTES_PER_HOUR


@dataclass(frozen=True, slots=True)
class GroupHours:
    """What a group's cadence asks in a month; only managers' hours count against capacity."""

    group: GroupId
    n_customers: int
    hours_per_month: float
    is_managers: bool


@dataclass(frozen=True, slots=True)
class Drop:
    """Customers of a group to leave out, and the hours a month that frees."""

    group: GroupId
    n_customers: int
    hours_per_month: float


@dataclass(frozen=True, slots=True)
class Workload:
    """Hours a month that all cadences ask of managers, beside those managers have."""

    lines: tuple[GroupHours, ...]
    n_managers: int
    capacity_hours: float
    drop_first: tuple[GroupId, ...]

    @property
    def required_hours(self) -> float:
        """The managers' hours that all cadences ask for in a month."""
        return sum(line.hours_per_month for line in self.lines if line.is_managers)

    @property
    def is_overloaded(self) -> bool:
        """Whether the cadences ask for more than the managers have."""
        return self.required_hours > self.capacity_hours

    @property
    def drops(self) -> tuple[Drop, ...]:
        """What to leave out, in order, until the rest fits; empty where everything fits."""
        lines = {line.group: line for line in self.lines if line.is_managers}
        excess = self.required_hours - self.capacity_hours
        drops: list[Drop] = []
        for group in self.drop_first:
            line = lines.get(group)
            if excess <= 0 or line is None or line.hours_per_month == 0:
                continue
            each = line.hours_per_month / line.n_customers
            n = min(line.n_customers, ceil(excess / each))
            drops.append(Drop(group, n, n * each))
            excess -= n * each
        return tuple(drops)


def workload(
    capacity: Capacity,
    groups: Mapping[GroupId, Group],
    owners: Mapping[str, OwnerRule],
    n_customers: Mapping[GroupId, int],
    n_managers: int,
) -> Workload:
    """Return what the cadences of the groups ask, against what the managers have."""
    lines = tuple(
        GroupHours(
            group,
            n_customers.get(group, 0),
            n_customers.get(group, 0) * minutes_per_year(capacity, plan.cadence)
            / (MINUTES_PER_HOUR * MONTHS_PER_YEAR),
            any(owners[owner].is_manager for owner in plan.owners),
        )
        for group, plan in groups.items()
    )  # fmt: skip
    hours = n_managers * capacity.hours_per_manager_per_month
    return Workload(lines, n_managers, hours, capacity.drop_first)


def minutes_per_year(capacity: Capacity, cadence: Cadence) -> float:
    """Return the minutes a cadence asks per customer in 12 months."""
    visits = cadence.face_visits_per_year
    others = cadence.contacts_per_year - visits
    minutes = capacity.minutes_per_contact
    return (
        visits * minutes["face_visit"]
        + others * minutes[capacity.usual_channel]
        + cadence.touches_per_year * capacity.minutes_per_touch
    )


def check_capacity(capacity: Capacity) -> Iterator[Problem]:
    """Find channels without minutes, and groups the drop order leaves out or repeats."""
    place = "man.capacity"
    for channel in dict.fromkeys(("face_visit", capacity.usual_channel)):
        if channel not in capacity.minutes_per_contact:
            yield Problem("is missing", f"{place}.minutes_per_contact.{channel}", "add it")
    for group in GROUPS:
        if capacity.drop_first.count(group) != 1:
            found = f"{group} stands there {capacity.drop_first.count(group)} times"
            yield Problem(found, f"{place}.drop_first", "list each group once, first to drop first")
