"""All checks across a rulebook; each runs as soon as the sections it needs have their shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from stockcust.errors import Problem
from stockcust.rulebook.capacity import check_capacity
from stockcust.rulebook.churn import check_churn
from stockcust.rulebook.dimensions import check_dimensions
from stockcust.rulebook.familiarity import check_familiarity
from stockcust.rulebook.groups import check_bands, check_grid, check_plans
from stockcust.rulebook.hold_out import check_hold_out
from stockcust.rulebook.levels import Cadences, check_levels
from stockcust.rulebook.man import Man, check_man
from stockcust.rulebook.pools import check_pools
from stockcust.rulebook.purposes import check_purposes
from stockcust.rulebook.report import check_process
from stockcust.rulebook.service import check_service
from stockcust.rulebook.status import check_status
from stockcust.rulebook.stickiness import check_stickiness
from stockcust.rulebook.tiers import check_tiers
from stockcust.rulebook.vocabulary import check_vocabulary


def _check_man_capacity(man: Man) -> Iterable[Problem]:
    return check_capacity(man.capacity)


def _check_sustained(*sections: Any) -> Iterable[Problem]:
    return check_levels(Cadences(*sections))


CHECKS: tuple[tuple[Callable[..., Iterable[Problem]], tuple[str, ...]], ...] = (
    (check_vocabulary, ("channels", "product_classes")),
    (check_tiers, ("tiers",)),
    (check_familiarity, ("familiarity",)),
    (check_bands, ("bands",)),
    (check_grid, ("grid",)),
    (check_plans, ("groups", "unknown_plans", "tools", "owners")),
    (check_dimensions, ("dimensions",)),
    (check_man, ("man",)),
    (_check_man_capacity, ("man",)),
    (check_status, ("status",)),
    (check_stickiness, ("stickiness",)),
    (check_service, ("service",)),
    (check_purposes, ("strategies", "purposes")),
    (check_pools, ("pools", "purposes")),
    (check_churn, ("churn",)),
    (check_hold_out, ("hold_out",)),
    (check_process, ("process",)),
)
# asks which levels follow, so grid, bands and groups must be complete before
SUSTAINED = (_check_sustained, ("familiarity", "bands", "grid", "groups"))


def check(sections: Mapping[str, Any]) -> list[Problem]:
    """Return all problems of a rulebook's sections.

    Parameters
    ----------
    sections
        Typed sections by name; those of a wrong shape are left out, with the checks that need them.
    """
    problems = [problem for rule in CHECKS for problem in _run(rule, sections)]
    touched = {problem.where.split(".")[0] for problem in problems}
    if not touched & set(SUSTAINED[1]):
        problems += _run(SUSTAINED, sections)
    return problems


def _run(
    rule: tuple[Callable[..., Iterable[Problem]], tuple[str, ...]], sections: Mapping[str, Any]
) -> list[Problem]:
    run, needs = rule
    if not all(name in sections for name in needs):
        return []
    return list(run(*(sections[name] for name in needs)))
