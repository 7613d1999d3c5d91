"""Ages, windows and shares are the rulebook's: another number there, another answer here."""

from __future__ import annotations

import pytest
import yaml

from engines import AS_OF, bank_of, cells, check
from stockcust.customers import customers_as_of
from stockcust.rulebook import load_rulebook

RULES = load_rulebook()
BANK = {
    "customers": """
        customer_id | birth_date | risk_eval_date | child_age_band | need_tags
        aged_19     | 2007-01-01 | 2025-03-31     | none           | 基金
        aged_52     | 1974-01-01 |                | none           | 基金
        aged_62     | 1964-01-01 |                | none           | 基金
        parent      | 1996-01-01 |                | 3-6            | 基金
        """,
    "aum_monthly": """
        customer_id | month   | average_aum_cny | n_login_days
        aged_19     | 2026-02 | 10000           | 5
        aged_19     | 2026-06 | 10000           | 4
        aged_52     | 2026-06 | 10000           |
        aged_62     | 2026-06 | 10000           |
        parent      | 2026-06 | 10000           |
        """,
    "transactions": """
        customer_id | transaction_date | amount_cny | kind    | direction | operator
        aged_19     | 2026-06-15       | 3000       | payment | out       |
        aged_19     | 2025-01-15       | 50         | payment | out       | self
        """,
    "purchases": """
        customer_id | product_class | purchase_date | amount_cny | is_self_operated
        aged_19     | wmp           | 2024-01-15    | 1000       | yes
        """,
    "holdings": """
        customer_id | product_class | amount_cny | start_date | maturity_date
        aged_19     | time_deposit  | 5000       | 2025-08-15 | 2026-08-15
        """,
    "contacts": """
        customer_id | contact_time     | channel | is_effective | content      | need_tags
        aged_19     | 2025-01-10 10:00 | phone   | yes          | 要和家人商量 |
        aged_19     | 2025-02-10 10:00 | phone   | yes          | 要和家人商量 |
        aged_19     | 2026-06-10 10:00 | phone   | yes          | 到期提醒     |
        """,
}
CHANGES = """
    in the rulebook                                  | becomes | customer | its column              | was        | is
    familiarity.information.min_delivered_share      | 0.1     | aged_19  | info_share              |            | 1
    compliance.suitability.risk_eval_valid_months    | 24      | aged_19  | risk_valid_until        | 2026-03-31 | 2027-03-31
    compliance.suitability.minor_under_age           | 20      | aged_19  | is_minor                | no         | yes
    man.money.window_outflow_months                  | 1       | aged_19  | outflow_month_cny       | 1000       | 3000
    man.authority.window_operated_months             | 24      | aged_19  | self_operated_share_12m |            | 1
    man.authority.window_own_purchase_months         | 36      | aged_19  | n_own_purchases_24m     | 0          | 1
    man.authority.window_login_months                | 6       | aged_19  | n_login_days_90d        | 4          | 9
    man.authority.family_consult_note.window_months  | 24      | aged_19  | has_family_consult_note | no         | yes
    man.need.window_maturing_days                    | 60      | aged_19  | maturing_30d_cny        | 0          | 5000
    man.need.life_event.child_age_bands              | [3-6]   | parent   | has_life_event          | no         | yes
    man.need.life_event.before_retirement_years      | 10      | aged_52  | has_life_event          | no         | yes
    man.need.life_event.retirement_age               | 65      | aged_62  | has_life_event          | no         | yes
    """


@pytest.fixture(scope="module")
def bank():
    return bank_of("polars", **BANK)


@pytest.fixture(scope="module")
def by_default(bank):
    return customers_as_of(bank, AS_OF, RULES).collect()


@pytest.mark.parametrize(
    ("place", "value", "customer", "column", "was", "now"),
    cells(CHANGES)[1:],
    ids=lambda cell: cell,
)
def test_another_number_in_the_rulebook_gives_another_answer(
    bank, by_default, place, value, customer, column, was, now
):
    changed = RULES.with_changes({place: yaml.safe_load(value)})
    for frame, said in (
        (by_default, was),
        (customers_as_of(bank, AS_OF, changed).select("customer_id", column).collect(), now),
    ):
        one = frame.filter(frame["customer_id"] == customer)
        check(one, f"customer_id | {column}\n{customer} | {said}")
