"""The closed lists that rules may name; they are the codes of the input contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, get_args

from stockcust.errors import Problem
from stockcust.rulebook.base import Label, Model
from stockcust.rulebook.places import missing_keys

Channel = Literal[
    "phone", "face_visit", "wecom", "branch_meet", "event",
    "sms", "card", "gift", "app_push", "outbound_bot",
]  # fmt: skip
ProductClass = Literal[
    "current_deposit", "time_deposit", "large_cd", "structured_deposit", "wmp", "fund",
    "insurance", "treasury_bond", "gold", "trust_other", "loan", "card",
]  # fmt: skip
ChildAgeBand = Literal["0-2", "3-6", "7-13", "14-17"]
CustomerRisk = Literal["C1", "C2", "C3", "C4", "C5"]
ProductRisk = Literal["R1", "R2", "R3", "R4", "R5"]
TransactionKind = Literal[
    "transfer", "cash", "payment", "payroll", "pension", "loan_payout",
    "interest", "fee", "batch_deduct", "system_adjust", "other",
]  # fmt: skip
InformationItem = Literal[
    "name", "gender", "birth_date", "birthday_calendar", "mobile", "area", "occupation",
    "customer_nature", "income_source", "income_monthly_cny", "marital_status",
    "child_age_band", "decision_role", "decision_role_date", "is_capable", "need_tags",
    "hobby_tags", "house_owner", "outside_asset_cny", "outside_loan_band",
    "preferred_channel", "preferred_time", "risk_level", "risk_eval_date",
    "risk_expiry_date", "is_risk_eval_self", "id_valid_until", "open_date", "manager_id",
    "household_id", "marketing_consent", "is_payroll", "is_pension", "is_merchant",
    "is_mobile_active", "is_autodebit", "info_verified_date",
]  # fmt: skip

# what a need is looked for: accounts, loans and cards are held but not on a sales list
SALEABLE_CLASSES: tuple[ProductClass, ...] = (
    "time_deposit", "large_cd", "structured_deposit", "wmp", "fund", "insurance",
    "treasury_bond", "gold", "trust_other",
)  # fmt: skip


class ChannelRule(Model):
    """A way to reach a customer; bulk channels need consent."""

    label: Label
    is_bulk: bool


class ProductClassRule(Model):
    """A class of products; only saleable classes get a need of their own."""

    label: Label
    kind: Literal["deposit", "investment", "insurance", "credit", "payment"]
    is_saleable: bool


class NeedTag(Model):
    """A word of the closed need vocabulary, and the product classes it speaks for."""

    label: Label
    words: tuple[str, ...]
    product_classes: tuple[ProductClass, ...]
    is_life_event: bool


def check_vocabulary(
    channels: Mapping[Channel, ChannelRule],
    product_classes: Mapping[ProductClass, ProductClassRule],
) -> Iterator[Problem]:
    """Find codes of the contract without a rule, and classes for sale without signals of a need."""
    yield from missing_keys("channels", get_args(Channel), channels)
    yield from missing_keys("product_classes", get_args(ProductClass), product_classes)
    for name, rule in product_classes.items():
        if rule.is_saleable and name not in SALEABLE_CLASSES:
            place = f"product_classes.{name}.is_saleable"
            yield Problem("no need of it is looked for", place, "false")
    if not any(rule.is_saleable for rule in product_classes.values()):
        yield Problem("nothing is sold", "product_classes", "is_saleable: true for one of them")
