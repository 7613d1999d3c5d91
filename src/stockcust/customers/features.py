"""The feature dictionary: every column of a customers frame, what it is and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import narwhals.stable.v2 as nw

from stockcust.rulebook.vocabulary import SALEABLE_CLASSES

Kind = Literal["key", "external", "internal", "behaviour"]
Unit = Literal[
    "text", "code", "date", "flag", "CNY", "share", "minutes", "weight",
    "count", "days", "months", "years",
]  # fmt: skip

_DTYPES: dict[Unit, nw.dtypes.DType] = {
    "text": nw.String(),
    "code": nw.String(),
    "date": nw.Datetime("us"),
    "flag": nw.Boolean(),
    "CNY": nw.Float64(),
    "share": nw.Float64(),
    "minutes": nw.Float64(),
    "weight": nw.Float64(),
    "count": nw.Int64(),
    "days": nw.Int64(),
    "months": nw.Int64(),
    "years": nw.Int64(),
}


@dataclass(frozen=True, slots=True)
class Feature:
    """One column of a customers frame.

    Attributes
    ----------
    name : column name; a window in it (30d) is the default rulebook's, what is in force counts.
    kind : key, external (who the customer is), internal (what the bank knows of mind and
        relationship) or behaviour (what the customer holds and does).
    unit : unit or form of the value; null always means unknown.
    source : the contract's table and columns it is made of.
    """

    name: str
    kind: Kind
    unit: Unit
    source: str

    @property
    def dtype(self) -> nw.dtypes.DType:
        """Column type on every engine."""
        return _DTYPES[self.unit]


BALANCE_CLASSES = ("current_deposit", *SALEABLE_CLASSES)
LAG_MONTHS = (1, 3, 6, 12)
CLASS_SIGNALS = (
    "has_need_tag_90d",
    "has_inquiry_30d",
    "is_repeat_buyer_24m",
    "has_bought_30d",
    "has_refused_90d",
)

_KEYS = (
    Feature("customer_id", "key", "text", "customers.customer_id"),
    Feature("branch_id", "key", "text", "customers.branch_id"),
    Feature("manager_id", "key", "text", "customers.manager_id"),
    Feature("household_id", "key", "text", "customers.household_id"),
    Feature("month", "key", "date", "aum_monthly.month: last month completed at as_of"),
)

_PROFILE = (
    Feature("gender", "external", "code", "customers.gender"),
    Feature("age", "external", "years", "customers.birth_date; placeholders are unknown"),
    Feature("is_minor", "external", "flag", "customers.birth_date"),
    Feature("customer_nature", "external", "code", "customers.customer_nature"),
    Feature("income_source", "external", "code", "customers.income_source"),
    Feature("income_monthly_cny", "external", "CNY", "customers.income_monthly_cny"),
    Feature("occupation", "external", "text", "customers.occupation"),
    Feature("child_age_band", "external", "code", "customers.child_age_band"),
    Feature("outside_asset_cny", "external", "CNY", "customers.outside_asset_cny"),
    Feature("is_capable", "external", "flag", "customers.is_capable"),
    Feature("risk_level", "internal", "code", "customers.risk_level"),
    Feature(
        "risk_valid_until", "internal", "date",
        "customers.risk_expiry_date, risk_eval_date + validity: the earlier",
    ),
    Feature("open_date", "external", "date", "customers.open_date"),
    Feature("tenure_months", "external", "months", "customers.open_date: completed months"),
    Feature("is_new", "external", "flag", "customers.open_date"),
    Feature("status", "external", "code", "customers.status: active or deceased"),
    Feature("marketing_consent", "internal", "code", "customers.marketing_consent"),
    Feature("is_do_not_disturb", "internal", "flag", "customers.is_do_not_disturb"),
    Feature("is_payroll", "behaviour", "flag", "customers.is_payroll"),
    Feature("is_pension", "behaviour", "flag", "customers.is_pension"),
    Feature("is_merchant", "behaviour", "flag", "customers.is_merchant"),
    Feature("is_mobile_active", "behaviour", "flag", "customers.is_mobile_active"),
    Feature("is_autodebit", "behaviour", "flag", "customers.is_autodebit"),
)  # fmt: skip

_MONEY = (
    Feature("aum_cny", "behaviour", "CNY", "aum_monthly.average_aum_cny, else point_aum_cny"),
    Feature("is_aum_fallback", "behaviour", "flag", "aum_monthly: no month average, point used"),
    Feature("point_aum_cny", "behaviour", "CNY", "aum_monthly.point_aum_cny"),
    *(
        Feature(f"aum_{n}m_ago_cny", "behaviour", "CNY", f"aum_cny exactly {n} months before")
        for n in LAG_MONTHS
    ),
    *(
        Feature(
            f"aum_change_{n}m_cny", "behaviour", "CNY",
            f"aum_monthly: average less average {n} months before, else point less point",
        )
        for n in LAG_MONTHS
    ),
    Feature("aum_peak_cny", "behaviour", "CNY", "aum_monthly: highest aum_cny up to month"),
    Feature("n_months", "behaviour", "count", "aum_monthly: months with a known aum_cny"),
    Feature("first_month", "behaviour", "date", "aum_monthly: first month with a known aum_cny"),
    Feature("is_effective", "behaviour", "flag", "aum_cny against the effective-customer rule"),
    Feature(
        "n_months_held", "behaviour", "months",
        "aum_monthly: months in a row up to month with effective aum_cny",
    ),
    *(
        Feature(f"{c}_cny", "behaviour", "CNY", f"aum_monthly.{c}_cny of month")
        for c in BALANCE_CLASSES
    ),
    Feature("idle_share", "behaviour", "share", "current_deposit_cny / point_aum_cny"),
)  # fmt: skip

_FAMILIARITY = (
    Feature("n_contacts", "internal", "weight", "contacts: effective sessions in the window"),
    Feature("n_touches", "internal", "count", "contacts: touch-only channels in the window"),
    Feature("contact_minutes", "internal", "minutes", "contacts.duration_minutes in the window"),
    Feature("last_contact_date", "internal", "date", "contacts.contact_time: last effective one"),
    Feature("last_contact_channel", "internal", "code", "contacts.channel: last effective one"),
    Feature("info_share", "internal", "share", "customers: filled items by weight"),
    Feature("n_info_filled", "internal", "count", "customers: filled items"),
    Feature("n_info_items", "internal", "count", "customers: items the bank delivers"),
    Feature("is_info_stale", "internal", "flag", "customers.info_verified_date"),
    Feature("override_familiarity", "internal", "code", "manager_overrides valid at as_of"),
    Feature("override_date", "internal", "date", "manager_overrides valid at as_of"),
    Feature("override_reason", "internal", "text", "manager_overrides valid at as_of"),
)

_HOLDINGS = (
    Feature("n_products", "behaviour", "count", "holdings: running contracts"),
    Feature("n_kinds", "behaviour", "count", "holdings: product classes of running contracts"),
    Feature("maturing_30d_cny", "behaviour", "CNY", "holdings: due within the window of man.need"),
    Feature("next_maturity_date", "behaviour", "date", "holdings.maturity_date after as_of"),
)

_ACTIVITY = (
    Feature("last_active_date", "behaviour", "date", "transactions without system postings"),
    Feature("days_since_active", "behaviour", "days", "transactions without system postings"),
    Feature("is_dormant", "behaviour", "flag", "aum_cny and transactions, dormancy preset"),
    Feature(
        "is_dormant_valuable", "behaviour", "flag",
        "is_dormant and aum_peak_cny, is_payroll, is_pension or outside_asset_cny",
    ),
    Feature("outflow_month_cny", "behaviour", "CNY", "transactions out, mean month of the window"),
    Feature("deployable_cny", "behaviour", "CNY", "aum_monthly, holdings, transactions, customers"),
    Feature("is_pass_through", "behaviour", "flag", "aum_cny against the outflow"),
)  # fmt: skip

_AUTHORITY = (
    Feature("decision_role", "internal", "code", "customers.decision_role"),
    Feature("is_decision_role_stale", "internal", "flag", "customers.decision_role_date"),
    Feature("self_operated_share_12m", "behaviour", "share", "transactions.operator"),
    Feature("agent_operated_share_12m", "behaviour", "share", "transactions.operator"),
    Feature("n_own_purchases_24m", "behaviour", "count", "purchases.is_self_operated"),
    Feature("n_own_large_transfers_12m", "behaviour", "count", "transactions.operator, kind"),
    Feature("n_login_days_90d", "behaviour", "days", "aum_monthly.n_login_days"),
    Feature("is_risk_eval_self", "behaviour", "flag", "customers.is_risk_eval_self"),
    Feature(
        "is_business_owner", "external", "flag",
        "customers.customer_nature, income_source, is_merchant",
    ),
    Feature("has_family_consult_note", "internal", "flag", "contacts: text of the log"),
    Feature("is_mobile_shared", "external", "flag", "customers.mobile"),
)  # fmt: skip

_NEED = (
    Feature("has_need_tag_90d", "internal", "flag", "need_tags of contacts and event_attendance"),
    Feature("has_inquiry_30d", "internal", "flag", "contacts.purpose"),
    Feature("has_large_inflow_30d", "behaviour", "flag", "transactions in, no loan payout"),
    Feature("is_repeat_buyer_24m", "behaviour", "flag", "purchases.product_class"),
    Feature("has_allocation_gap", "behaviour", "flag", "aum_monthly classes, customers.risk_level"),
    Feature("has_life_event", "internal", "flag", "need_tags, child_age_band, birth_date"),
    Feature("has_refused_90d", "internal", "flag", "assignments.response"),
    *(
        Feature(f"{signal}__{c}", "behaviour", "flag", f"{signal} of {c}")
        for c in SALEABLE_CLASSES
        for signal in CLASS_SIGNALS
    ),
)

FEATURES: tuple[Feature, ...] = (
    *_KEYS, *_PROFILE, *_MONEY, *_FAMILIARITY, *_HOLDINGS, *_ACTIVITY, *_AUTHORITY, *_NEED,
)  # fmt: skip
