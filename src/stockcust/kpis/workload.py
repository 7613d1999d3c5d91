"""The hours that all cadences require, against those of the managers who have the customers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from stockcust.rulebook.capacity import (
    MINUTES_PER_HOUR,
    MONTHS_PER_YEAR,
    Workload,
    minutes_per_year,
)
from stockcust.segmentation.base_table import NOT_EFFECTIVE
from stockcust.segmentation.familiarity import UNKNOWN

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook

GROUP, MANAGER, BRANCH = "group", "manager", "branch"
UNMANAGED = "unmanaged"
_READ = ("branch_id", "manager_id", "group", "band", "is_effective")
COLUMNS = {
    "branch_id": "str",
    "line": "str",
    "id": "str",
    "n_customers": "int64",
    "required_hours": "float64",
    "is_managers": "bool",
    "available_hours": "float64",
    "is_overloaded": "bool",
    "n_dropped": "int64",
    "dropped_hours": "float64",
}


def workload_by_branch(segments: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    """Set the hours a month that the cadences of managed customers require against the managers'.

    Customers without a group have the cadence of their band's plan. Customers below the
    effective-customer threshold are not planned for, and customers without a manager are not in
    the sum; each stand on a line of their own.

    Parameters
    ----------
    segments : one row per customer and branch with `manager_id`, `group`, `band` and, if known,
        `is_effective`.
    rules : `man.capacity` says what a contact takes, what a manager has and what to drop first.

    Returns
    -------
    One row per branch and line: ``branch_id``, ``line`` ("group", "manager" or "branch"), ``id``
    (the group, unknown, not_effective or unmanaged; the manager; the branch), ``n_customers``,
    ``required_hours`` (a month), ``is_managers`` (whether the hours are managers' hours),
    ``available_hours`` (null for a group), ``is_overloaded``, and ``n_dropped`` and
    ``dropped_hours``: which customers to leave out until the rest fits, in the order of
    ``man.capacity.drop_first``. A branch without managers has no rows.
    """
    read = [name for name in _READ if name in segments]  # a slice of all columns takes long
    rows = (
        {"branch_id": branch, **line}
        for branch, customers in segments[read].groupby("branch_id")
        if customers["manager_id"].notna().any()
        for line in _lines(str(branch), customers, rules)
    )
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a book of customers requires: its groups, and obtaining evidence on the others."""

    groups: Workload
    n_unknown: int
    unknown_hours: float
    n_not_effective: int

    @property
    def required_hours(self) -> float:
        """Hours a month of managers."""
        return self.groups.required_hours + self.unknown_hours

    def line(self, kind: str, id: str, n_customers: int) -> dict[str, Any]:
        """The whole book on one line."""
        required = self.required_hours
        available = self.groups.capacity_hours + self.unknown_hours
        return {
            "line": kind,
            "id": id,
            "n_customers": n_customers,
            "required_hours": required,
            "is_managers": True,
            "available_hours": available,
            "is_overloaded": required > available,
            "n_dropped": sum(drop.n_customers for drop in self.groups.drops),
            "dropped_hours": sum(drop.hours_per_month for drop in self.groups.drops),
        }


def _plan(book: pd.DataFrame, n_managers: int, rules: Rulebook) -> _Plan:
    n_all = len(book)
    if "is_effective" in book:
        book = book[book["is_effective"].astype("boolean").fillna(True)]
    unknown = book[book["group"] == UNKNOWN]
    hours = float(unknown["band"].map(_hours_of_unknown(rules)).astype("float64").sum())
    found = book["group"].value_counts()
    counts = {group: int(found.get(group, 0)) for group in rules.groups}
    work = rules.workload(counts, n_managers)
    # evidence is obtained first: the groups share what is left
    left = Workload(work.lines, n_managers, work.capacity_hours - hours, work.drop_first)
    return _Plan(left, len(unknown), hours, n_all - len(book))


def _hours_of_unknown(rules: Rulebook) -> dict[str, float]:
    """Managers' hours a month for a customer without a group, by band."""
    return {
        band: minutes_per_year(rules.man.capacity, plan.cadence)
        / (MINUTES_PER_HOUR * MONTHS_PER_YEAR)
        * any(rules.owners[owner].is_manager for owner in plan.owners)
        for band, plan in rules.unknown_plans.items()
    }


def _lines(branch: str, customers: pd.DataFrame, rules: Rulebook) -> Iterator[dict[str, Any]]:
    books = customers.groupby("manager_id")
    book = customers[customers["manager_id"].notna()]
    plan = _plan(book, len(books), rules)
    yield from _group_lines(plan)
    if len(book) < len(customers):
        others = _plan(customers[customers["manager_id"].isna()], 0, rules)
        n_others = len(customers) - len(book)
        yield _group_line(UNMANAGED, n_others, others.required_hours, is_managers=False)
    for manager, own in books:
        yield _plan(own, 1, rules).line(MANAGER, str(manager), len(own))
    yield plan.line(BRANCH, branch, len(book))


def _group_lines(plan: _Plan) -> Iterator[dict[str, Any]]:
    drops = {drop.group: drop for drop in plan.groups.drops}
    for line in plan.groups.lines:
        drop = drops.get(line.group)
        if line.n_customers:
            yield {
                **_group_line(line.group, line.n_customers, line.hours_per_month, line.is_managers),
                "n_dropped": drop.n_customers if drop else 0,
                "dropped_hours": drop.hours_per_month if drop else 0.0,
            }
    if plan.n_unknown:
        yield _group_line(UNKNOWN, plan.n_unknown, plan.unknown_hours, is_managers=True)
    if plan.n_not_effective:
        yield _group_line(NOT_EFFECTIVE, plan.n_not_effective, 0.0, is_managers=False)


def _group_line(id: str, n_customers: int, hours: float, is_managers: bool) -> dict[str, Any]:
    return {
        "line": GROUP,
        "id": id,
        "n_customers": n_customers,
        "required_hours": hours,
        "is_managers": is_managers,
        "available_hours": None,
        "is_overloaded": False,
        "n_dropped": 0,
        "dropped_hours": 0.0,
    }
