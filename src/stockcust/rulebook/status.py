"""What a customer's state is called: effective, dormant, critical, at risk, new."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from stockcust.errors import Problem
from stockcust.rulebook.base import Basis, Days, Label, Model, Money, Months, Share, Table
from stockcust.rulebook.places import unknown_words
from stockcust.rulebook.vocabulary import Channel, ProductClass, TransactionKind

ShareOfChange = Annotated[float, Field(ge=-1, le=0)]


class EffectiveCustomer(Model):
    """A customer whose month-average assets reach the minimum."""

    label: Label
    min_aum_cny: Money
    basis: Basis


class DormantPreset(Model):
    """Assets below (or above) an amount and no active transaction for so many days."""

    label: Label
    aum_lt_cny: Money | None = None
    aum_gt_cny: Money | None = None
    inactive_days: Days
    basis: Basis


class ValuableDormant(Model):
    """A dormant customer worth waking: any of these."""

    peak_aum_min_cny: Money
    has_payroll_or_pension: bool
    has_outside_asset: bool


class Woken(Model):
    """What counts as woken: any of these within the window."""

    new_product_classes: tuple[ProductClass, ...]
    active_transactions_ge: Annotated[int, Field(ge=1)]
    aum_ge_cny: Money
    window_days: Days
    is_irreversible_within_period: bool


class Dormant(Model):
    """Dormant customers, the valuable among them, and their waking."""

    label: Label
    preset: str
    presets: Table[str, DormantPreset]
    excluded_kinds: tuple[TransactionKind, ...]
    valuable: ValuableDormant
    woken: Woken
    durable_after_days: Days

    @property
    def active(self) -> DormantPreset:
        """The active definition."""
        return self.presets[self.preset]


class CriticalUpgrade(Model):
    """Average assets from this share of the next level's minimum up to it."""

    label: Label
    lower_share: Share
    basis_column: Literal["aum_cny", "point_aum_cny"]
    reached_provisionally_by: Literal["point_aum_cny"]
    reached_finally_by: Literal["next_month_aum_cny"]
    basis: Basis


class DowngradeRisk(Model):
    """Any of: balance below the tier's minimum, a fall in a month, much maturing soon."""

    label: Label
    has_point_below_tier_min: bool
    aum_change_1m_share_le: ShareOfChange
    maturing_30d_share_ge: Share
    basis: Basis


class NewStage(Model):
    """A stage of a new customer's first days: from_day <= days since opening < to_day."""

    label: Label
    from_day: Days
    to_day: Days


class NewCustomer(Model):
    """A customer in the first days after opening."""

    label: Label
    days: Days
    stages: tuple[NewStage, ...]
    basis: Basis


class MaturityCapture(Model):
    """Matured money that was placed again within the window."""

    label: Label
    window_days: Days
    counted_classes: tuple[ProductClass, ...]
    excluded_classes: tuple[ProductClass, ...]
    captured_ge: Share
    is_capped_at_1: bool
    is_window_ended_by_next_maturity: bool
    basis: Basis


class Contacted(Model):
    """A customer contacted in the month."""

    label: Label
    window: Literal["current_month"]
    channels: tuple[Channel, ...]
    only_own_manager: bool
    basis: Basis


class LoyalCustomer(Model):
    """A long-standing customer with several product kinds and no recent downgrade."""

    label: Label
    min_tenure_months: Months
    min_kinds: Annotated[int, Field(ge=1)]
    no_downgrade_months: Months
    basis: Basis


class Status(Model):
    """The definitions of customers' states."""

    level_ladder_cny: tuple[Money, ...] | None
    effective_customer: EffectiveCustomer
    dormant: Dormant
    critical_upgrade: CriticalUpgrade
    downgrade_risk: DowngradeRisk
    new_customer: NewCustomer
    maturity_capture: MaturityCapture
    contacted: Contacted
    loyal_customer: LoyalCustomer


def check_status(status: Status) -> Iterator[Problem]:
    """Find ladders that do not rise, definitions without a threshold and gaps in stages."""
    ladder = status.level_ladder_cny or ()
    if any(upper <= lower for lower, upper in zip(ladder[:-1], ladder[1:])):
        yield Problem("the levels do not rise", "status.level_ladder_cny", "list them rising")
    dormant = status.dormant
    yield from unknown_words("status.dormant.preset", [dormant.preset], dormant.presets)
    for name, preset in dormant.presets.items():
        if preset.aum_lt_cny is None and preset.aum_gt_cny is None:
            place = f"status.dormant.presets.{name}"
            yield Problem("no amount is given", place, "give aum_lt_cny or aum_gt_cny")
    yield from _check_stages(status.new_customer)


def _check_stages(new: NewCustomer) -> Iterator[Problem]:
    place = "status.new_customer.stages"
    expected = 0
    for i, stage in enumerate(new.stages):
        if stage.from_day != expected or stage.to_day <= stage.from_day:
            found = f"the stage runs from day {stage.from_day} to {stage.to_day}"
            yield Problem(found, f"{place}.{i}", f"start at {expected} and end later")
        expected = stage.to_day
    if expected != new.days + 1:
        yield Problem(f"the stages end at day {expected}", place, f"end at {new.days + 1}")
