"""The eight MAN groups and the scales that say how hard each is to win."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from stockcust.errors import Problem
from stockcust.rulebook.base import Basis, Label, Model, Table
from stockcust.rulebook.places import missing_keys

ManId = Literal["MAN", "MAn", "MaN", "mAN", "maN", "mAn", "Man", "man"]
MAN_GROUPS: tuple[ManId, ...] = ("MAN", "MAn", "MaN", "mAN", "maN", "mAn", "Man", "man")
Coefficient = Annotated[int, Field(ge=1)]


class CoefficientPreset(Model):
    """One scale of difficulty coefficients; a higher one is harder to win."""

    label: Label
    basis: Basis
    coefficients: Table[ManId, Coefficient]


def man_code(group: ManId) -> str:
    """Return a group's code that is safe where case is ignored: MAn -> M1A1N0."""
    return "".join(f"{letter.upper()}{int(letter.isupper())}" for letter in group)


def check_coefficients(place: str, coefficients: Mapping[ManId, int]) -> Iterator[Problem]:
    """Find an order in which losing a condition makes a customer easier to win."""
    gaps = list(missing_keys(place, MAN_GROUPS, coefficients))
    if gaps:
        yield from gaps
        return
    for group in MAN_GROUPS:
        for i, letter in enumerate(group):
            if letter.isupper():
                yield from _check_loss(place, coefficients, group, i)
    for group in MAN_GROUPS[1:]:
        if coefficients[group] <= coefficients["MAN"]:
            found = f"{group} ({coefficients[group]}) is not above MAN ({coefficients['MAN']})"
            yield Problem(found, f"{place}.{group}", "MAN alone has the lowest coefficient")
        if coefficients[group] > coefficients["man"]:
            found = f"{group} ({coefficients[group]}) is above man ({coefficients['man']})"
            yield Problem(found, f"{place}.{group}", "man has the highest coefficient")


def _check_loss(
    place: str, coefficients: Mapping[ManId, int], group: ManId, i: int
) -> Iterator[Problem]:
    weaker: ManId = group[:i] + group[i].lower() + group[i + 1 :]  # type: ignore[assignment]
    if coefficients[weaker] < coefficients[group]:
        found = f"{weaker} ({coefficients[weaker]}) is below {group} ({coefficients[group]})"
        remedy = f"at least {coefficients[group]}: losing a condition never lowers the coefficient"
        yield Problem(found, f"{place}.{weaker}", remedy)
