"""The compliance rules that every list passes before it leaves."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from stockcust.rulebook.base import Age, Days, Label, Model, Table, Text, WindowMonths
from stockcust.rulebook.vocabulary import ProductRisk

Need = Literal["supervisor_review", "risk_notice", "follow_up_call", "double_record"]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class ElderlyInvestment(Model):
    """From this age: the highest product risk, and what else is needed."""

    from_age: Age
    max_product_risk: ProductRisk
    needs: tuple[Need, ...]


class ElderlyInsurance(Model):
    """From this age insurance needs this."""

    from_age: Age
    needs: tuple[Need, ...]


class Suitability(Model):
    """Which products may be shown to whom."""

    rule: Literal["product_risk_le_customer_risk"]
    missing_customer_risk: Literal["only_principal_guaranteed", "block_investment"]
    risk_eval_valid_months: WindowMonths
    expired_evaluation: Literal["block_investment"]
    elderly_investment: ElderlyInvestment
    elderly_insurance: ElderlyInsurance
    minor_under_age: Age
    minor_policy: Literal["exclude_from_all_marketing"]
    needs: Table[Need, Label]


class ContactLimits(Model):
    """Whom marketing may reach, by which channel, how often and when."""

    do_not_disturb_blocks: Literal["all_marketing"]
    channel_refusal_blocks: Literal["same_channel", "all_marketing"]
    unknown_consent: Literal["refused_for_bulk_channels", "refused"]
    open_complaint_blocks: Literal["all_marketing"]
    complaint_cooldown_days: Days
    max_marketing_touches_per_30d: Annotated[int, Field(ge=0)]
    quiet_from: Clock
    quiet_until: Clock


class Masks(Model):
    """How personal data is shown."""

    name: Literal["keep_first_character"]
    mobile: Literal["keep_3_mask_4_keep_4"]
    id_number: Literal["never_shown"]
    card_number: Literal["keep_last_4"]
    address: Literal["county_only"]


class Privacy(Model):
    """What is masked, keyed, suppressed and never loaded."""

    masks: Masks
    customer_key: Literal["hmac_sha256_per_installation"]
    min_cell_size: Annotated[int, Field(ge=1)]
    never_load: tuple[
        Literal[
            "id_number", "full_card_number", "password", "biometrics",
            "religion", "health_detail", "precise_location",
        ],
        ...,
    ]  # fmt: skip
    unmask_needs: Literal["explicit_parameter_and_log"]


class Aml(Model):
    """Anti-money-laundering data is never loaded, used or named."""

    header_terms: tuple[Text, ...]
    header_words: tuple[Text, ...]
    neutral_label: Label
    redacted_terms: tuple[Text, ...]


class Fairness(Model):
    """No price by segment, and a reason for each label."""

    has_no_price_by_segment: Literal[True]
    explains_each_label: Literal[True]


class Compliance(Model):
    """The compliance rules."""

    suitability: Suitability
    contact: ContactLimits
    privacy: Privacy
    aml: Aml
    fairness: Fairness
    promise_words: tuple[Text, ...]
