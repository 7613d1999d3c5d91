"""Churn: definitions, causes with their evidence and countermeasures, stages, warnings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from stockcust.errors import Problem
from stockcust.rulebook.base import (
    Basis,
    Count,
    Days,
    Label,
    Model,
    Money,
    Months,
    Share,
    Table,
    Text,
    TierId,
)
from stockcust.rulebook.places import missing_keys, unknown_words

Stage = Literal["S0", "S1", "S2", "S3", "S4", "S5"]
STAGES: tuple[Stage, ...] = ("S0", "S1", "S2", "S3", "S4", "S5")


class Crossing(Model):
    """Months back (1 = last month) in which assets met or missed the tier of the good month."""

    label: Label
    average_met: Annotated[int, Field(ge=1)]
    average_missed: tuple[Annotated[int, Field(ge=1)], ...]
    point_missed: Annotated[int, Field(ge=1)]


class Rescue(Model):
    """A lost customer is back: first seen in the balance, confirmed by next month's average."""

    label: Label
    provisionally_by: Literal["point_aum_cny"]
    finally_by: Literal["next_month_aum_cny"]


class TierCrossing(Model):
    """Light and severe churn by crossing the minimum of the tier once held."""

    kind: Literal["tier_crossing"]
    label: Label
    light: Crossing
    severe: Crossing
    rescued: Rescue
    scope_min_tier: TierId
    basis: Basis


class AssetDrop(Model):
    """Average assets at most a share of the mean of the months before."""

    kind: Literal["asset_drop"]
    label: Label
    lost: Label
    remaining_share_le: Share
    base_months: Annotated[int, Field(ge=1)]
    drop_ge_cny: Money
    basis: Basis


class AllClosed(Model):
    """All accounts closed."""

    kind: Literal["all_closed"]
    label: Label
    lost: Label
    basis: Basis


class Inactive(Model):
    """No active transaction for so many days."""

    kind: Literal["inactive"]
    label: Label
    lost: Label
    inactive_days: Days
    needs_no_unmatured_holding: bool
    needs_below_effective: bool
    basis: Basis


Definition = Annotated[TierCrossing | AssetDrop | AllClosed | Inactive, Field(discriminator="kind")]


class Evidence(Model):
    """An event in the data that speaks for a cause; its window and size where it has them."""

    label: Label
    window_days: Days | None = None
    ge_cny: Money | None = None


class Cause(Model):
    """A cause of churn: sub-causes, words in notes, evidence in data, what to do."""

    label: Label
    subcauses: tuple[Label, ...]
    keywords: tuple[Text, ...]
    evidence: tuple[Text, ...]
    countermeasures: Annotated[tuple[Label, ...], Field(min_length=1)]
    is_excluded_from_churn: bool


class Inference(Model):
    """When all this evidence is there, these causes are inferred."""

    all_of: Annotated[tuple[Text, ...], Field(min_length=1)]
    causes: Annotated[tuple[Text, ...], Field(min_length=1)]


class CauseRules(Model):
    """How stated and inferred causes are used; they are never mixed."""

    is_stated_first: bool
    infers_when_missing: bool
    multiple: Literal["primary_plus_secondary"]
    inference: tuple[Inference, ...]
    otherwise: Text
    unknown_share_warn: Share
    min_cases_for_chart: Count


class Trace(Model):
    """The way from stable to lost: asset shares of the base, and the labels of the stages."""

    stages: Table[Stage, Label]
    stable_share_ge: Share
    warning_share_lt: Share
    crossing_drop_share_ge: Share
    crossing_drop_ge_cny: Money
    base_from_months_before: Months
    base_to_months_before: Months
    min_history_months: Months
    otherwise: Literal["cannot_tell"]
    again_within_months: Months


class WarningEvent(Model):
    """An early sign of churn, with its threshold where it has one."""

    label: Label
    change_share_le: Annotated[float, Field(ge=-1, le=0)] | None = None
    evidence: Text | None = None


class Churn(Model):
    """The rules of churn."""

    definition: str
    definitions: Table[str, Definition]
    counts: Literal["once_per_spell"]
    spell_ends_after_months: Months
    evidence: Table[str, Evidence]
    causes: Table[str, Cause]
    cause_rules: CauseRules
    trace: Trace
    warnings: Table[str, WarningEvent]

    @property
    def active(self) -> Definition:
        """The active definition."""
        return self.definitions[self.definition]


def check_churn(churn: Churn) -> Iterator[Problem]:
    """Find unknown definitions, evidence and causes, and stages that do not follow each other."""
    yield from unknown_words("churn.definition", [churn.definition], churn.definitions)
    for name, cause in churn.causes.items():
        yield from unknown_words(f"churn.causes.{name}.evidence", cause.evidence, churn.evidence)
    for i, rule in enumerate(churn.cause_rules.inference):
        place = f"churn.cause_rules.inference.{i}"
        yield from unknown_words(f"{place}.all_of", rule.all_of, churn.evidence)
        yield from unknown_words(f"{place}.causes", rule.causes, churn.causes)
    yield from unknown_words(
        "churn.cause_rules.otherwise", [churn.cause_rules.otherwise], churn.causes
    )
    for name, warning in churn.warnings.items():
        named = [warning.evidence] if warning.evidence else []
        yield from unknown_words(f"churn.warnings.{name}.evidence", named, churn.evidence)
    yield from _check_trace(churn.trace)


def _check_trace(trace: Trace) -> Iterator[Problem]:
    yield from missing_keys("churn.trace.stages", STAGES, trace.stages)
    if trace.warning_share_lt >= trace.stable_share_ge:
        found = f"{trace.warning_share_lt:g} is not below {trace.stable_share_ge:g}"
        yield Problem(found, "churn.trace.warning_share_lt", "below stable_share_ge")
    if trace.base_to_months_before >= trace.base_from_months_before:
        found = (
            f"the base runs from {trace.base_from_months_before}"
            f" to {trace.base_to_months_before} months before"
        )
        yield Problem(found, "churn.trace.base_to_months_before", "later than its start")
