"""How much is known: filled items by weight, stale ones at half, undelivered ones apart."""

from __future__ import annotations

import pytest

import stockcust as sc
from customer_tables import check_customers
from engines import AS_OF, bank_of, on_every_engine
from stockcust.customers import customers_as_of

RULES = sc.load_rulebook()


def _rules(**weights: float) -> sc.rulebook.Rulebook:
    """The rulebook with these items only."""
    items = RULES.content()["familiarity"]["information"]["items"]
    label = {"zh": "项", "en": "item"}
    chosen = {k: {"label": label, "weight": w, "topic": "care"} for k, w in weights.items()}
    dropped = {k: None for k in items if k not in chosen}
    places = {f"familiarity.information.items.{k}": v for k, v in {**dropped, **chosen}.items()}
    return RULES.with_changes(places)


@on_every_engine
def test_stale_information_counts_half_after_24_months(engine):
    check_customers(
        engine,
        customers="""
            customer_id | name | occupation | info_verified_date
            fresh       | 张三 | 教师       | 2026-06-30
            at_edge     | 张三 | 教师       | 2024-06-30
            stale       | 张三 | 教师       | 2024-06-29
            half_stale  | 张三 |            | 2024-06-29
            undated     | 张三 |            |
            """,
        rules=_rules(name=1, occupation=3),
        expected="""
            customer_id | info_share | n_info_filled | n_info_items | is_info_stale
            fresh       | 1          | 2             | 2            | no
            at_edge     | 1          | 2             | 2            | no
            stale       | 0.5        | 2             | 2            | yes
            half_stale  | 0.125      | 1             | 2            | yes
            undated     | 0.25       | 1             | 2            |
            """,
    )


@on_every_engine
def test_what_says_nothing_is_not_filled(engine):
    check_customers(
        engine,
        customers="""
            customer_id | mobile      | gender | marital_status | need_tags | is_payroll
            known       | 13912345678 | F      | married        | 理财      | no
            placeholder | 13800000000 | U      | unknown        |           |
            repeated    | 13911111111 | M      | single         | 理财;养老 | yes
            short       | 1391234     |        |                |           |
            blank       |             |        |                |           |
            """,
        rules=_rules(mobile=1, gender=1, marital_status=1, need_tags=1, is_payroll=1),
        expected="""
            customer_id | info_share | n_info_filled
            known       | 1          | 5
            placeholder | 0          | 0
            repeated    | 0.8        | 4
            short       | 0          | 0
            blank       | 0          | 0
            """,
    )


@pytest.mark.parametrize(
    ("weight_of_undelivered", "info_share"),
    [(1, "0.5"), (2, "0.5"), (2.01, "")],
    ids=["most delivered", "half delivered", "less than half delivered"],
)
def test_items_the_bank_does_not_deliver_are_left_out_unless_they_are_most(
    weight_of_undelivered, info_share
):
    columns = "customer_id | info_share | n_info_filled | n_info_items"
    check_customers(
        "polars",
        customers="customer_id | name | occupation\nc1 | 张三 |",
        rules=_rules(name=1, occupation=1, hobby_tags=weight_of_undelivered),
        expected=f"{columns}\nc1 | {info_share} | 1 | 2",
    )


@pytest.mark.parametrize(("filled", "is_complete"), [(23, True), (22, False)])
def test_of_28_items_23_are_complete_and_22_are_not(filled, is_complete):
    columns = [
        "name", "gender", "birth_date", "birthday_calendar", "mobile", "area", "occupation",
        "customer_nature", "income_source", "income_monthly_cny", "marital_status",
        "child_age_band", "decision_role", "is_capable", "need_tags", "hobby_tags",
        "house_owner", "outside_asset_cny", "outside_loan_band", "preferred_channel",
        "preferred_time", "risk_level", "risk_eval_date", "id_valid_until", "manager_id",
        "household_id", "is_payroll", "is_pension",
    ]  # fmt: skip
    values = {
        "gender": "F", "birth_date": "1980-01-01", "birthday_calendar": "solar",
        "mobile": "13912345678", "customer_nature": "farmer", "income_source": "farming",
        "income_monthly_cny": "5000", "marital_status": "married", "child_age_band": "adult",
        "decision_role": "self", "is_capable": "yes", "house_owner": "owner",
        "outside_asset_cny": "1", "preferred_channel": "phone", "risk_level": "C2",
        "risk_eval_date": "2026-01-01", "id_valid_until": "2030-01-01", "is_payroll": "no",
        "is_pension": "no",
    }  # fmt: skip
    cells = [values.get(c, "x") if i < filled else "" for i, c in enumerate(columns)]
    bank = bank_of("polars", customers="\n".join(
        [" | ".join(["customer_id", *columns]), " | ".join(["c1", *cells])]
    ))  # fmt: skip
    rules = _rules(**dict.fromkeys(columns, 1))
    share = customers_as_of(bank, AS_OF, rules).collect()["info_share"].item()
    assert (len(columns), round(share, 2)) == (28, round(filled / 28, 2))
    assert (share >= rules.familiarity.information.high_ge) is is_complete
