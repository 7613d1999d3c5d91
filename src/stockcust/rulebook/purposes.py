"""Strategies, and which comes first for which purpose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from stockcust.errors import Problem
from stockcust.rulebook.base import Basis, Days, Label, Model, Table, Text
from stockcust.rulebook.places import unknown_words


class Strategy(Model):
    """A strategy by id: how it divides customers and what it is judged by."""

    label: Label
    divides_by: Label
    primary_metric: Label


class Step(Model):
    """One step of a purpose."""

    strategy: Text
    action: Label


class Purpose(Model):
    """A purpose and its strategies in order."""

    label: Label
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    no_product_pitch_days: Days
    basis: Basis


class Purposes(Model):
    """The purposes; a different order is allowed with a warning or refused."""

    order_enforced: Literal["warn", "block"]
    items: Table[str, Purpose]


def check_purposes(strategies: Mapping[str, Strategy], purposes: Purposes) -> Iterator[Problem]:
    """Find steps whose strategy is not registered."""
    for name, purpose in purposes.items.items():
        for i, step in enumerate(purpose.steps):
            place = f"purposes.items.{name}.steps.{i}.strategy"
            yield from unknown_words(place, [step.strategy], strategies)
