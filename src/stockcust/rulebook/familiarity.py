"""Familiarity: contact frequency and information held decide together, never one alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from stockcust.errors import Problem
from stockcust.rulebook.base import (
    FAMILIARITIES,
    LEVELS,
    Band,
    Basis,
    Count,
    FamiliarityId,
    Label,
    Level,
    Model,
    Months,
    Share,
    Table,
    Text,
    WindowMonths,
)
from stockcust.rulebook.places import missing_keys, unknown_words
from stockcust.rulebook.vocabulary import Channel, InformationItem

JointMatrix = Table[Level, Table[Level, FamiliarityId]]
Weight = Annotated[float, Field(gt=0)]


class FamiliarityClass(Model):
    """One of the three classes; a higher score is more familiar."""

    label: Label
    score: Annotated[int, Field(ge=1, le=3)]
    gloss: Label


class FrequencyLevels(Model):
    """Effective contacts per window: fewer than low_lt is low, high_ge or more is high."""

    low_lt: Weight
    high_ge: Weight


class ContactFrequency(Model):
    """Which contacts count, and where the levels lie."""

    window_months: WindowMonths
    counted_channels: Table[Channel, Weight]
    touch_only_channels: tuple[Channel, ...]
    require_effective: bool
    only_own_manager: bool
    dedup_minutes: Count
    levels_rule: Literal["derived", "explicit"]
    low_share_of_high: Annotated[float, Field(gt=0, lt=1)]
    explicit_levels: Table[Band, FrequencyLevels]
    basis: Basis


class InformationItemRule(Model):
    """One item of customer information: its weight and what it is collected for."""

    label: Label
    weight: Weight
    topic: Text


class Information(Model):
    """How complete the information on a customer is.

    Items that the bank does not deliver are left out of the whole; where those it delivers weigh
    less than min_delivered_share of all, nobody's share is known.
    """

    min_delivered_share: Annotated[Share, Field(gt=0)]
    high_ge: Share
    low_lt: Share
    stale_after_months: Months
    stale_weight: Share
    topics: Table[str, Label]
    items: Table[InformationItem, InformationItemRule]


class ManualOverride(Model):
    """How far a manager may move a class by hand."""

    is_allowed: bool
    max_step: Annotated[int, Field(ge=1, le=2)]
    needs_reason: bool
    expires_months: Months
    warn_share_gt: Share


class Familiarity(Model):
    """The three classes and how they are judged."""

    classes: Table[FamiliarityId, FamiliarityClass]
    contact_frequency: ContactFrequency
    information: Information
    levels: Table[Level, Label]
    joint_matrix: JointMatrix
    joint_matrix_basis: Basis
    manual_override: ManualOverride
    missing_contact_log: Literal["unknown"]


def check_familiarity(familiarity: Familiarity) -> Iterator[Problem]:
    """Find gaps in the classes, levels and channels, and a matrix that one input decides."""
    yield from missing_keys("familiarity.classes", FAMILIARITIES, familiarity.classes)
    yield from missing_keys("familiarity.levels", LEVELS, familiarity.levels)
    yield from _check_class_scores(familiarity)
    yield from _check_channels(familiarity.contact_frequency)
    yield from _check_explicit_levels(familiarity.contact_frequency)
    yield from _check_information(familiarity.information)
    yield from check_joint_matrix(familiarity.joint_matrix)


def check_joint_matrix(matrix: JointMatrix) -> Iterator[Problem]:
    """Find cells that are missing, fall when an input rises, or depend on one input alone."""
    place = "familiarity.joint_matrix"
    gaps = [f"{f}.{i}" for f in LEVELS for i in LEVELS if i not in matrix.get(f, {})]
    if gaps:
        yield from (
            Problem("the cell is missing", f"{place}.{gap}", "F1, F2 or F3") for gap in gaps
        )
        return
    yield from _check_monotone(place, matrix)
    yield from _check_both_decide(place, matrix)


def _check_monotone(place: str, matrix: JointMatrix) -> Iterator[Problem]:
    for frequency in LEVELS:
        for lower, upper in zip(LEVELS[:-1], LEVELS[1:]):
            if matrix[frequency][upper] < matrix[frequency][lower]:
                found = f"the class falls when information rises from {lower} to {upper}"
                yield Problem(found, f"{place}.{frequency}.{upper}", matrix[frequency][lower])
    for information in LEVELS:
        for lower, upper in zip(LEVELS[:-1], LEVELS[1:]):
            if matrix[upper][information] < matrix[lower][information]:
                found = f"the class falls when contact frequency rises from {lower} to {upper}"
                yield Problem(found, f"{place}.{upper}.{information}", matrix[lower][information])


def _check_both_decide(place: str, matrix: JointMatrix) -> Iterator[Problem]:
    if all(len(set(matrix[f].values())) == 1 for f in LEVELS):
        yield Problem("contact frequency decides alone", place, "let information change the class")
    if all(len({matrix[f][i] for f in LEVELS}) == 1 for i in LEVELS):
        yield Problem("information decides alone", place, "let contact frequency change the class")
    remedy = "F2 or F1: neither input alone makes a customer familiar"
    for frequency, information in (("high", "low"), ("low", "high")):
        if matrix[frequency][information] == "F3":  # type: ignore[index]
            found = f"{frequency} frequency with {information} information is F3"
            yield Problem(found, f"{place}.{frequency}.{information}", remedy)
    reached = {matrix[f][i] for f in LEVELS for i in LEVELS}
    for missing in sorted(set(FAMILIARITIES) - reached):
        yield Problem(f"no cell reaches {missing}", place, "use all three classes")


def _check_class_scores(familiarity: Familiarity) -> Iterator[Problem]:
    for rank, name in enumerate(FAMILIARITIES, 1):
        rule = familiarity.classes.get(name)
        if rule is not None and rule.score != rank:
            place = f"familiarity.classes.{name}.score"
            yield Problem(f"{rule.score} breaks the order F1 < F2 < F3", place, str(rank))


def _check_channels(frequency: ContactFrequency) -> Iterator[Problem]:
    place = "familiarity.contact_frequency.touch_only_channels"
    for channel in sorted(set(frequency.counted_channels) & set(frequency.touch_only_channels)):
        yield Problem(f"{channel} is also a counted channel", place, "a touch is no contact")


def _check_explicit_levels(frequency: ContactFrequency) -> Iterator[Problem]:
    place = "familiarity.contact_frequency.explicit_levels"
    yield from missing_keys(place, ("high", "mid", "low"), frequency.explicit_levels)
    for band, levels in frequency.explicit_levels.items():
        if levels.low_lt >= levels.high_ge:
            found = f"low_lt {levels.low_lt:g} is not below high_ge {levels.high_ge:g}"
            yield Problem(found, f"{place}.{band}", "low_lt < high_ge")


def _check_information(information: Information) -> Iterator[Problem]:
    place = "familiarity.information"
    if information.low_lt >= information.high_ge:
        found = f"low_lt {information.low_lt:g} is not below high_ge {information.high_ge:g}"
        yield Problem(found, place, "low_lt < high_ge")
    if not information.items:
        yield Problem("no item of information is listed", f"{place}.items", "list at least one")
    for name, item in information.items.items():
        yield from unknown_words(f"{place}.items.{name}.topic", [item.topic], information.topics)
