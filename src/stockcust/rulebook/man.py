"""MAN: money, authority and need, the eight groups and how hard each is to win."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from stockcust.errors import Problem
from stockcust.rulebook.base import (
    Age,
    Label,
    Model,
    Money,
    Months,
    Share,
    Table,
    Text,
    WindowDays,
    WindowMonths,
)
from stockcust.rulebook.capacity import Capacity
from stockcust.rulebook.coefficients import (
    MAN_GROUPS,
    Coefficient,
    CoefficientPreset,
    ManId,
    check_coefficients,
    man_code,
)
from stockcust.rulebook.places import missing_keys, unknown_words
from stockcust.rulebook.vocabulary import ChildAgeBand, CustomerRisk, ProductClass

ManKey = Literal["money", "authority", "need"]
MAN_KEYS: tuple[ManKey, ...] = ("money", "authority", "need")
AuthorityEvidence = Literal[
    "self_operated_share_12m", "n_own_purchases_24m", "n_own_large_transfers_12m",
    "n_login_days_90d", "is_risk_eval_self", "is_business_owner",
    "agent_operated_share_12m", "has_family_consult_note", "is_mobile_shared",
]  # fmt: skip
StrongEvidence = Literal["has_need_tag_90d", "has_inquiry_30d", "maturing_30d_cny"]
WeakEvidence = Literal[
    "idle_share", "has_large_inflow_30d", "is_repeat_buyer_24m",
    "has_allocation_gap", "has_life_event",
]  # fmt: skip
Score = Annotated[int, Field(ge=-10, le=10)]


class Letter(Model):
    """One of the three conditions and its letter for has and lacks."""

    label: Label
    has: Literal["M", "A", "N"]
    lacks: Literal["m", "a", "n"]


class UnknownCountsAs(Model):
    """What a letter without evidence counts as when the group is formed."""

    money: Literal["has", "lacks"]
    authority: Literal["has", "lacks", "has_if_adult"]
    need: Literal["has", "lacks"]


class ManGroup(Model):
    """One of the eight groups, with its case-safe code and what to do."""

    code: Annotated[str, Field(pattern=r"^M[01]A[01]N[01]$")]
    label: Label
    action: Label
    effort: Literal["low", "low_mid", "mid", "mid_high", "high", "very_high"]


class DeployableWeights(Model):
    """The share of each kind of money that counts as able to buy."""

    current_deposit_cny: Share
    maturing_30d_cny: Share
    redeemable_wmp_cny: Share
    outside_asset_cny: Share


class MoneyRule(Model):
    """Money: what is deployable reaches the product's minimum and this one."""

    min_amount_cny: Money
    deployable_weights: DeployableWeights
    keep_buffer_months_of_outflow: Months
    soft_cap_share_of_aum: Share
    window_outflow_months: WindowMonths
    pass_through_balance_to_outflow_lt: Share
    excluded_inflow_kinds: tuple[Literal["loan_payout"], ...]


class ScoreItem(Model):
    """One piece of evidence: at least `ge` (flags: true) adds the score."""

    label: Label
    ge: float | None = None
    score: Score


class FamilyConsultNote(Model):
    """How a note is read as 'must ask the family': terms, unless a negation stands there."""

    window_months: WindowMonths
    terms: tuple[Text, ...]
    negations: tuple[Text, ...]
    min_notes: Annotated[int, Field(ge=1)]


class AuthorityRule(Model):
    """Authority: a hard no, the recorded role, else a score of evidence."""

    hard_no: tuple[Literal["is_minor", "is_closed_or_deceased", "is_not_capable"], ...]
    decision_role: Table[Literal["self", "joint", "other"], Literal["has", "lacks"]]
    decision_role_stale_months: Months
    window_operated_months: WindowMonths
    window_own_purchase_months: WindowMonths
    window_login_months: WindowMonths
    large_transfer_min_cny: Money
    family_consult_note: FamilyConsultNote
    score_items: Table[AuthorityEvidence, ScoreItem]
    has_ge: int
    lacks_le: int


class StrongSignal(Model):
    """A signal that is enough alone; `ge_cny` for amounts, and the classes it speaks for."""

    label: Label
    ge_cny: Money | None = None
    product_classes: tuple[ProductClass, ...] | None = None


class NeedBlock(Model):
    """What takes a need away."""

    label: Label
    ge: Share | None = None


class AllocationGap(Model):
    """A customer whose deposits exceed the share usual for the risk level."""

    min_aum_cny: Money
    deposit_share_gt: Table[CustomerRisk, Share]


class LifeEvent(Model):
    """Life events that stand in the customer master: a child at school, retirement to come.

    retirement_age is of everybody; before_retirement_years 0 leaves retirement out.
    """

    child_age_bands: tuple[ChildAgeBand, ...]
    retirement_age: Age
    before_retirement_years: Annotated[int, Field(ge=0, le=50)]


class NeedRule(Model):
    """Need: one strong signal, or enough weak ones, and nothing that takes it away."""

    window_need_tag_days: WindowDays
    window_inquiry_days: WindowDays
    window_maturing_days: WindowDays
    window_inflow_days: WindowDays
    window_repeat_months: WindowMonths
    window_refused_days: WindowDays
    window_bought_days: WindowDays
    large_inflow_min_cny: Money
    life_event: LifeEvent
    allocation_gap: AllocationGap
    strong: Table[StrongEvidence, StrongSignal]
    weak: Table[WeakEvidence, ScoreItem]
    has_ge: int
    blocks: Table[Literal["held_share", "bought", "refused"], NeedBlock]


class Man(Model):
    """The MAN rules."""

    letters: Table[ManKey, Letter]
    unknown_counts_as: UnknownCountsAs
    priority_coefficients: Annotated[tuple[Coefficient, ...], Field(min_length=1)]
    coefficient_preset: str
    coefficient_presets: Table[str, CoefficientPreset]
    groups: Table[ManId, ManGroup]
    money: MoneyRule
    authority: AuthorityRule
    need: NeedRule
    capacity: Capacity

    @property
    def coefficients(self) -> Mapping[ManId, int]:
        """The difficulty coefficient of each group in the active preset."""
        return self.coefficient_presets[self.coefficient_preset].coefficients


def check_man(man: Man) -> Iterator[Problem]:
    """Find missing groups, wrong codes, orders that break dominance and odd thresholds."""
    presets = man.coefficient_presets
    yield from unknown_words("man.coefficient_preset", [man.coefficient_preset], presets)
    yield from missing_keys("man.letters", MAN_KEYS, man.letters)
    yield from missing_keys("man.groups", MAN_GROUPS, man.groups)
    yield from _check_letters(man.letters)
    yield from _check_codes(man.groups)
    for name, preset in presets.items():
        place = f"man.coefficient_presets.{name}.coefficients"
        yield from check_coefficients(place, preset.coefficients)
    yield from _check_priority(man)
    yield from _check_evidence("man.authority.score_items", man.authority.score_items)
    yield from _check_evidence("man.need.weak", man.need.weak)
    held = man.need.blocks.get("held_share")
    if held and held.ge is None:
        yield Problem("is missing", "man.need.blocks.held_share.ge", "add the threshold")
    if man.authority.lacks_le >= man.authority.has_ge:
        found = f"lacks_le {man.authority.lacks_le} is not below has_ge {man.authority.has_ge}"
        yield Problem(found, "man.authority", "lacks_le < has_ge")


def _check_letters(letters: Mapping[ManKey, Letter]) -> Iterator[Problem]:
    for key, right in zip(MAN_KEYS, "MAN"):
        letter = letters.get(key)
        if letter and (letter.has, letter.lacks) != (right, right.lower()):
            found = f"{letter.has}/{letter.lacks} is not the letter of {key}"
            yield Problem(found, f"man.letters.{key}", f"{right}/{right.lower()}")


def _check_codes(groups: Mapping[ManId, ManGroup]) -> Iterator[Problem]:
    for name, group in groups.items():
        if group.code != man_code(name):
            place = f"man.groups.{name}.code"
            yield Problem(f"{group.code} is another group's code", place, man_code(name))


def _check_evidence(place: str, items: Mapping[Any, ScoreItem]) -> Iterator[Problem]:
    for name, item in items.items():
        is_flag = name.startswith(("is_", "has_"))
        if is_flag and item.ge is not None:
            yield Problem("a yes or no has no threshold", f"{place}.{name}.ge", "leave it out")
        if not is_flag and item.ge is None:
            yield Problem("is missing", f"{place}.{name}.ge", "add the threshold")


def _check_priority(man: Man) -> Iterator[Problem]:
    wanted = man.priority_coefficients
    place = "man.priority_coefficients"
    if sorted(wanted) != list(range(1, max(wanted) + 1)):
        yield Problem(f"{list(wanted)} is not 1 up to a limit", place, "for example [1, 2, 3]")
    preset = man.coefficient_presets.get(man.coefficient_preset)
    hardest = preset.coefficients.get("man") if preset else None
    if hardest is not None and max(wanted) >= hardest:
        found = f"{max(wanted)} takes in man, who is not to be sold to"
        yield Problem(found, place, f"stay below {hardest}")
