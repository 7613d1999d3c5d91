"""What ties a customer to the bank, and how much each tie counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, get_args

from pydantic import Field

from stockcust.errors import Problem
from stockcust.rulebook.base import Basis, Label, Model, Table
from stockcust.rulebook.places import missing_keys

Tie = Literal["n_kinds", "has_salary", "is_mobile_active", "is_autodebit", "n_months_held"]
TIES: tuple[Tie, ...] = get_args(Tie)


class TieRule(Model):
    """A tie and its weight; one of weight 0 does not count and need not be known."""

    label: Label
    weight: Annotated[float, Field(ge=0)]


class Stickiness(Model):
    """The index: ties times their weights; months of holding count up to the full tie."""

    label: Label
    ties: Table[Tie, TieRule]
    full_after_months: Annotated[int, Field(ge=1)]
    basis: Basis


def check_stickiness(stickiness: Stickiness) -> Iterator[Problem]:
    """Find ties that are left out, and an index in which nothing counts."""
    place = "stickiness.ties"
    yield from missing_keys(place, TIES, stickiness.ties)
    if not any(tie.weight for tie in stickiness.ties.values()):
        yield Problem("no tie has a weight", place, "give one of them a weight above 0")
