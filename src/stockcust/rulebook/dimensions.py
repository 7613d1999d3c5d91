"""Other ways to divide customers: by products, age, gender, income or nature."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from stockcust.errors import Problem
from stockcust.rulebook.base import Label, Model, Table

NumberColumn = Literal[
    "n_kinds", "n_products", "age", "income_monthly_cny", "tenure_months", "n_contacts",
    "info_share", "outside_asset_cny", "idle_share", "days_since_active", "aum_cny",
]  # fmt: skip
CodeColumn = Literal[
    "gender", "income_source", "customer_nature", "occupation", "risk_level",
    "child_age_band", "decision_role", "marketing_consent",
]  # fmt: skip


class Bin(Model):
    """A class of a number: from this value up to the next bin's."""

    ge: float
    label: Label


class BinnedDimension(Model):
    """A division of a numeric column; values below the first bin are unknown."""

    kind: Literal["bins"]
    label: Label
    column: NumberColumn
    bins: Annotated[tuple[Bin, ...], Field(min_length=1)]
    unknown: Label


class CodedDimension(Model):
    """A division by a column's codes; codes not listed are unknown."""

    kind: Literal["codes"]
    label: Label
    column: CodeColumn
    codes: Table[str, Label]
    unknown: Label


Dimension = Annotated[BinnedDimension | CodedDimension, Field(discriminator="kind")]


def check_dimensions(dimensions: Mapping[str, Dimension]) -> Iterator[Problem]:
    """Find bins that do not rise."""
    for name, dimension in dimensions.items():
        if isinstance(dimension, BinnedDimension):
            yield from _check_rising(f"dimensions.{name}.bins", dimension.bins)


def _check_rising(place: str, bins: tuple[Bin, ...]) -> Iterator[Problem]:
    for i, (lower, upper) in enumerate(zip(bins[:-1], bins[1:]), 1):
        if upper.ge <= lower.ge:
            found = f"{upper.ge:g} is not above {lower.ge:g}"
            yield Problem(found, f"{place}.{i}.ge", "list the bins in rising order")
