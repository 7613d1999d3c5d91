"""Contact-frequency levels that follow from the cadences: keeping the cadence keeps the class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stockcust.errors import Problem
from stockcust.rulebook.base import Band, FamiliarityId, GroupId, Level
from stockcust.rulebook.familiarity import Familiarity, FrequencyLevels
from stockcust.rulebook.groups import BandRule, Grid, Group


@dataclass(frozen=True, slots=True)
class Cadences:
    """The familiarity rules beside the plans whose cadence has to sustain them."""

    familiarity: Familiarity
    bands: Mapping[Band, BandRule]
    grid: Grid
    groups: Mapping[GroupId, Group]

    def of(self, band: Band, familiarity: FamiliarityId) -> dict[GroupId, float]:
        """Return contacts per window that each group of a band and class asks for."""
        windows = self.familiarity.contact_frequency.window_months / 12
        ids = {self.grid[tier][familiarity] for tier in self.bands[band].tiers}
        return {g: self.groups[g].cadence.contacts_per_year * windows for g in sorted(ids)}


def frequency_levels(cadences: Cadences) -> dict[Band, FrequencyLevels]:
    """Return the levels in force for each band, in contacts per window.

    Derived levels: high_ge is the least that an F3 cadence of the band gives, low_lt the least
    that an F2 cadence gives, at most `low_share_of_high` of high_ge.
    """
    frequency = cadences.familiarity.contact_frequency
    if frequency.levels_rule == "explicit":
        return dict(frequency.explicit_levels)
    levels: dict[Band, FrequencyLevels] = {}
    for band in cadences.bands:
        high = min(cadences.of(band, "F3").values())
        low = min(*cadences.of(band, "F2").values(), frequency.low_share_of_high * high)
        levels[band] = FrequencyLevels(low_lt=low, high_ge=high)
    return levels


def check_levels(cadences: Cadences) -> Iterator[Problem]:
    """Find groups whose manager keeps the cadence and yet loses the customer's class.

    Held for customers with at least medium information: who knows little of a customer keeps
    the class only by talking more often, and the plan asks to fill the gaps.
    """
    if cadences.familiarity.contact_frequency.levels_rule == "explicit":
        return
    silent = list(_without_contacts(cadences))
    if silent:
        yield from silent
        return
    for band, levels in frequency_levels(cadences).items():
        yield from _not_sustained(cadences, band, levels)


def level_of(contacts: float, levels: FrequencyLevels) -> Level:
    """Return the contact-frequency level of a number of contacts per window."""
    if contacts >= levels.high_ge:
        return "high"
    return "low" if contacts < levels.low_lt else "mid"


def _without_contacts(cadences: Cadences) -> Iterator[Problem]:
    familiarities: tuple[FamiliarityId, ...] = ("F3", "F2")
    for band in cadences.bands:
        for familiarity in familiarities:
            for group, contacts in cadences.of(band, familiarity).items():
                if contacts == 0:
                    found = f"{group} is {familiarity} and its cadence has no two-way contact"
                    remedy = "give contacts, or levels_rule: explicit"
                    yield Problem(found, f"groups.{group}.cadence.contacts", remedy)


def _not_sustained(cadences: Cadences, band: Band, levels: FrequencyLevels) -> Iterator[Problem]:
    matrix = cadences.familiarity.joint_matrix
    familiarities: tuple[FamiliarityId, ...] = ("F3", "F2")
    for familiarity in familiarities:
        for group, contacts in cadences.of(band, familiarity).items():
            level = level_of(contacts, levels)
            kept = matrix[level]["mid"]
            if kept < familiarity:
                found = f"whoever keeps the cadence of {group} falls from {familiarity} to {kept}"
                place = f"familiarity.joint_matrix.{level}.mid"
                yield Problem(found, place, f"{familiarity}, or levels_rule: explicit")
