"""The 5x3 grid of tiers and familiarity, the nine groups on it and the plan for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from stockcust.errors import Problem
from stockcust.rulebook.base import (
    BANDS,
    FAMILIARITIES,
    GROUPS,
    TIERS,
    Band,
    Days,
    FamiliarityId,
    GroupId,
    Label,
    Model,
    Table,
    TierId,
)
from stockcust.rulebook.places import missing_keys, unknown_words
from stockcust.rulebook.vocabulary import Channel

Grid = Table[TierId, Table[FamiliarityId, GroupId]]
PlanBand = Literal["high", "mid", "low", "unknown"]
PERIODS_PER_YEAR = {"month": 12, "quarter": 4, "half_year": 2, "year": 1}


class Rhythm(Model):
    """So many times per period."""

    n: Annotated[int, Field(ge=1)]
    per: Literal["month", "quarter", "half_year", "year"]

    @property
    def per_year(self) -> int:
        """How many times this is in 12 months."""
        return self.n * PERIODS_PER_YEAR[self.per]


class Cadence(Model):
    """How often a customer is contacted; face visits are part of the contacts, touches are not."""

    contacts: Rhythm | None = None
    face_visits: Rhythm | None = None
    touches: Rhythm | None = None
    first_contact_days: Days | None = None

    @property
    def contacts_per_year(self) -> int:
        """Two-way contacts in 12 months."""
        return self.contacts.per_year if self.contacts else 0

    @property
    def face_visits_per_year(self) -> int:
        """Face visits in 12 months."""
        return self.face_visits.per_year if self.face_visits else 0

    @property
    def touches_per_year(self) -> int:
        """One-way touches in 12 months."""
        return self.touches.per_year if self.touches else 0


class BandRule(Model):
    """A band of neighbouring tiers."""

    label: Label
    tiers: tuple[TierId, ...]


class ToolRule(Model):
    """A tool, and the contact-log channels by which its use is counted."""

    label: Label
    channels: tuple[Channel, ...]


class OwnerRule(Model):
    """Who carries a plan; managers' hours are counted against their capacity."""

    label: Label
    is_manager: bool


class NextStep(Model):
    """Where a customer should be next: keep the group, or the group to reach."""

    kind: Literal["keep", "raise_familiarity", "raise_tier", "obtain_evidence"]
    group: GroupId | None
    label: Label


class Plan(Model):
    """What is done with customers: strategy, tools, cadence, owner, next step."""

    label: Label
    goal: Label
    strategy: Annotated[tuple[Label, ...], Field(min_length=1)]
    tools: Annotated[tuple[str, ...], Field(min_length=1)]
    cadence: Cadence
    owners: Annotated[tuple[str, ...], Field(min_length=1)]
    next_step: NextStep


class Group(Plan):
    """One of the nine groups."""

    cell: Label


def check_plans(
    groups: Mapping[GroupId, Group],
    unknown_plans: Mapping[PlanBand, Plan],
    tools: Mapping[str, ToolRule],
    owners: Mapping[str, OwnerRule],
) -> Iterator[Problem]:
    """Find missing groups and plans, and tools or owners outside the closed lists."""
    yield from missing_keys("groups", GROUPS, groups)
    yield from missing_keys("unknown_plans", (*BANDS, "unknown"), unknown_plans)
    for section, plans in (("groups", groups), ("unknown_plans", unknown_plans)):
        for name, plan in plans.items():
            place = f"{section}.{name}"
            yield from unknown_words(f"{place}.tools", plan.tools, tools)
            yield from unknown_words(f"{place}.owners", plan.owners, owners)
            yield from _check_cadence(f"{place}.cadence", plan.cadence)


def _check_cadence(place: str, cadence: Cadence) -> Iterator[Problem]:
    if cadence.face_visits_per_year > cadence.contacts_per_year:
        found = (
            f"{cadence.face_visits_per_year} face visits a year"
            f" in {cadence.contacts_per_year} contacts"
        )
        yield Problem(found, f"{place}.face_visits", "face visits are part of the contacts")
    if not (cadence.contacts or cadence.touches):
        yield Problem("the cadence is empty", place, "give contacts or touches")


def check_bands(bands: Mapping[Band, BandRule]) -> Iterator[Problem]:
    """Find tiers that stand in no band or in several."""
    yield from missing_keys("bands", BANDS, bands)
    placed = [tier for band in bands.values() for tier in band.tiers]
    for tier in TIERS:
        if placed.count(tier) != 1:
            found = f"{tier} stands in {placed.count(tier)} bands"
            yield Problem(found, "bands", "put each tier into exactly one band")
    for name, band in bands.items():
        if not band.tiers:
            yield Problem("the band is empty", f"bands.{name}.tiers", "give it a tier")
    yield from _check_band_order(bands)


def _check_band_order(bands: Mapping[Band, BandRule]) -> Iterator[Problem]:
    present = [name for name in BANDS if name in bands and bands[name].tiers]
    for upper, lower in zip(present[:-1], present[1:]):
        if min(bands[upper].tiers) < max(bands[lower].tiers):
            found = (
                f"{min(bands[upper].tiers)} stands in {upper}, {max(bands[lower].tiers)} in {lower}"
            )
            yield Problem(found, "bands", f"every tier of {upper} lies above those of {lower}")


def check_grid(grid: Grid) -> Iterator[Problem]:
    """Find cells of the 5x3 grid without a group, and groups that no cell reaches."""
    for tier in TIERS:
        yield from missing_keys(f"grid.{tier}", FAMILIARITIES, grid.get(tier, {}))
    reached = {group for row in grid.values() for group in row.values()}
    for group in GROUPS:
        if group not in reached:
            yield Problem(f"no cell reaches {group}", "grid", f"map a cell to {group}")
