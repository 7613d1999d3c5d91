"""Dormancy: little money and nothing of the customer's own doing for a long time."""

from __future__ import annotations

import pytest

import stockcust as sc
from customer_tables import check_customers
from engines import AS_OF, bank_of, on_every_engine
from stockcust.customers import customers_as_of

RULES = sc.load_rulebook()


@on_every_engine
def test_under_a_hundred_yuan_and_a_year_without_own_transaction_is_dormant(engine):
    check_customers(
        engine,
        customers="""
            customer_id  | open_date
            silent_366   | 2010-01-01
            silent_365   | 2010-01-01
            silent_364   | 2010-01-01
            at_100       | 2010-01-01
            unknown_aum  | 2010-01-01
            interest     | 2010-01-01
            never        | 2010-01-01
            just_opened  | 2026-01-01
            """,
        aum_monthly="""
            customer_id  | month   | average_aum_cny
            silent_366   | 2026-06 | 99.99
            silent_365   | 2026-06 | 99.99
            silent_364   | 2026-06 | 99.99
            at_100       | 2026-06 | 100.00
            unknown_aum  | 2026-05 | 1
            interest     | 2026-06 | 99.99
            never        | 2026-06 | 99.99
            just_opened  | 2026-06 | 99.99
            """,
        transactions="""
            customer_id  | transaction_date | amount_cny | kind         | channel | direction
            silent_366   | 2025-06-29       | 1          | payment      | mobile  | out
            silent_365   | 2025-06-30       | 1          | payment      | mobile  | out
            silent_364   | 2025-07-01       | 1          | payment      | mobile  | out
            at_100       | 2024-06-29       | 1          | payment      | mobile  | out
            unknown_aum  | 2024-06-29       | 1          | payment      | mobile  | out
            interest     | 2024-06-29       | 1          | payment      | mobile  | out
            interest     | 2026-06-29       | 1          | interest     | system  | in
            interest     | 2026-06-28       | 1          | fee          | system  | out
            interest     | 2026-06-27       | 1          | batch_deduct | system  | out
            interest     | 2026-06-26       | 1          |              | system  | in
            """,
        expected="""
            customer_id  | last_active_date | days_since_active | is_dormant
            silent_366   | 2025-06-29       | 366               | yes
            silent_365   | 2025-06-30       | 365               | yes
            silent_364   | 2025-07-01       | 364               | no
            at_100       | 2024-06-29       | 731               | no
            unknown_aum  | 2024-06-29       | 731               |
            interest     | 2024-06-29       | 731               | yes
            never        |                  |                   | yes
            just_opened  |                  |                   | no
            """,
    )


@on_every_engine
def test_silence_that_the_file_does_not_reach_back_to_is_unknown(engine):
    check_customers(
        engine,
        customers="""
            customer_id | branch_id | open_date
            in_short    | short     | 2010-01-01
            quiet       | short     | 2010-01-01
            quiet_rich  | short     | 2010-01-01
            no_branch   | nolog     | 2010-01-01
            """,
        aum_monthly="""
            customer_id | branch_id | month   | average_aum_cny
            in_short    | short     | 2026-06 | 1
            quiet       | short     | 2026-06 | 1
            quiet_rich  | short     | 2026-06 | 5000
            no_branch   | nolog     | 2026-06 | 1
            """,
        transactions="""
            customer_id | branch_id | transaction_date | amount_cny | kind    | direction
            in_short    | short     | 2026-01-05       | 1          | payment | out
            """,
        expected="""
            customer_id | branch_id | is_dormant | outflow_month_cny
            in_short    | short     | no         | 0
            quiet       | short     |            | 0
            quiet_rich  | short     | no         | 0
            no_branch   | nolog     |            |
            """,
    )


@pytest.mark.parametrize(
    "transactions",
    [
        {},
        {
            "transactions": """
                customer_id | transaction_date | amount_cny
                c1          | 2020-01-01       | 1
                """
        },
    ],
    ids=["no transactions", "transactions of no stated kind"],
)
def test_without_evidence_of_own_doing_dormancy_is_unknown(transactions):
    columns = "customer_id | is_dormant | is_dormant_valuable | last_active_date"
    check_customers("polars", **transactions, expected=f"{columns}\nc1 | | |")


@pytest.mark.parametrize(
    ("preset", "dormant"),
    [("bank_365d", {"a"}), ("branch_180d", {"a", "b", "c"}), ("regulator_5y", {"d"})],
)
def test_the_rulebook_chooses_the_definition(preset, dormant):
    bank = bank_of(
        "polars",
        aum_monthly="""
            customer_id | month   | average_aum_cny
            a           | 2026-06 | 99.99
            b           | 2026-06 | 999.99
            c           | 2026-06 | 99.99
            d           | 2026-06 | 50000
            e           | 2026-06 | 0
            """,
        transactions="""
            customer_id | transaction_date | amount_cny | kind    | direction
            a           | 2025-06-29       | 1          | payment | out
            b           | 2026-01-01       | 1          | payment | out
            c           | 2026-01-01       | 1          | payment | out
            d           | 2021-07-01       | 1          | payment | out
            e           | 2026-06-30       | 1          | payment | out
            """,
    )
    rules = RULES.with_changes({"status.dormant.preset": preset})
    frame = customers_as_of(bank, AS_OF, rules).collect()
    assert set(frame.filter(frame["is_dormant"])["customer_id"]) == dormant


@on_every_engine
def test_a_dormant_customer_with_a_past_or_an_income_here_is_worth_waking(engine):
    check_customers(
        engine,
        customers="""
            customer_id | is_payroll | is_pension | outside_asset_cny
            once_rich   | no         | no         | 0
            payroll     | yes        | no         |
            pension     |            | yes        |
            outside     | no         | no         | 1000
            small       | no         | no         |
            unknown     |            | no         |
            """,
        aum_monthly="""
            customer_id | month   | average_aum_cny
            once_rich   | 2025-01 | 50000
            once_rich   | 2026-06 | 1
            payroll     | 2026-06 | 1
            pension     | 2026-06 | 1
            outside     | 2026-06 | 1
            small       | 2025-01 | 49999.99
            small       | 2026-06 | 1
            unknown     | 2026-06 | 1
            """,
        transactions="""
            customer_id | transaction_date | amount_cny | kind    | direction
            small       | 2024-01-01       | 1          | payment | out
            """,
        expected="""
            customer_id | is_dormant | is_dormant_valuable
            once_rich   | yes        | yes
            payroll     | yes        | yes
            pension     | yes        | yes
            outside     | yes        | yes
            small       | yes        | no
            unknown     | yes        |
            """,
    )
