"""Holdings, money falling due, and the money that can buy."""

from __future__ import annotations

import pytest

import stockcust as sc
from customer_tables import check_customers
from engines import on_every_engine

RULES = sc.load_rulebook()


@on_every_engine
def test_running_contracts_count_and_those_due_in_thirty_days_mature(engine):
    check_customers(
        engine,
        holdings="""
            customer_id | product_class | amount_cny | start_date | maturity_date | end_date   | is_auto_renew
            saver       | time_deposit  | 100.10     | 2025-01-01 | 2026-07-30    |            | no
            saver       | time_deposit  | 1000       | 2025-01-01 | 2026-07-31    |            | no
            saver       | wmp           | 10000      | 2025-01-01 |               |            |
            saver       | fund          | 5          | 2025-01-01 |               | 2026-06-30 |
            saver       | gold          | 7          | 2026-07-01 |               |            |
            saver       | insurance     | 9          | 2025-01-01 | 2030-01-01    | 2026-07-15 |
            matured     | time_deposit  | 100        | 2025-01-01 | 2026-06-30    |            | no
            matured     | time_deposit  | 100        | 2025-01-01 | 2026-06-30    |            |
            matured     | time_deposit  | 200        | 2025-01-01 | 2026-06-30    |            | yes
            borrower    | loan          | 5000       | 2025-01-01 | 2026-07-10    |            |
            borrower    | time_deposit  | 300        | 2025-01-01 | 2026-07-20    |            |
            borrower    | time_deposit  | 400        | 2025-01-01 | 2026-07-10    |            |
            """,
        expected="""
            customer_id | n_products | n_kinds | maturing_30d_cny | next_maturity_date
            saver       | 4          | 3       | 100.1            | 2026-07-30
            matured     | 1          | 1       | 0                |
            borrower    | 3          | 2       | 700              | 2026-07-10
            nobody        | 0          | 0       | 0                |
            """,
    )


@on_every_engine
def test_without_holdings_what_is_held_is_unknown(engine):
    expected = "customer_id | n_products | n_kinds | maturing_30d_cny\nc1 | | |"
    check_customers(engine, expected=expected)


@pytest.mark.parametrize("missing", ["maturity_date", "amount_cny"])
def test_holdings_that_do_not_say_when_or_how_much_leave_what_falls_due_unknown(missing):
    columns = {"product_class": "wmp", "start_date": "2025-01-01", "amount_cny": "5000"}
    columns |= {"maturity_date": "2026-07-15"}
    del columns[missing]
    holdings = [["customer_id", *columns], ["c1", *columns.values()]]
    check_customers(
        "polars",
        aum_monthly="customer_id | month | current_deposit_cny\nc1 | 2026-06 | 100",
        holdings="\n".join(map(" | ".join, holdings)),
        expected="n_products | n_kinds | maturing_30d_cny | deployable_cny\n1 | 1 | | 100",
    )


@on_every_engine
def test_deployable_is_above_a_months_outflow_plus_due_redeemable_and_outside(engine):
    check_customers(
        engine,
        customers="""
            customer_id | outside_asset_cny
            buffer      |
            all         | 10000
            spent       |
            loan        |
            unknown     | 10000
            """,
        aum_monthly="""
            customer_id | month   | average_aum_cny | current_deposit_cny
            buffer      | 2026-06 | 50000           | 50000
            all         | 2026-06 | 50000           | 50000
            spent       | 2026-06 | 50000           | 1000
            loan        | 2026-06 | 50000           | 50000
            unknown     | 2026-06 | 50000           |
            """,
        holdings="""
            customer_id | product_class | amount_cny | start_date | maturity_date
            all         | time_deposit  | 2000       | 2025-01-01 | 2026-07-01
            all         | time_deposit  | 4000       | 2025-01-01 | 2026-09-01
            all         | wmp           | 1000       | 2025-01-01 |
            all         | fund          | 8000       | 2025-01-01 |
            spent       | wmp           | 1000       | 2025-01-01 |
            """,
        transactions="""
            customer_id | transaction_date | amount_cny | kind        | direction
            buffer      | 2026-03-31       | 90000      | payment     | out
            buffer      | 2026-04-01       | 3000       | payment     | out
            buffer      | 2026-05-01       | 3000       | transfer    | out
            buffer      | 2026-06-30       | 3000       | fee         | out
            buffer      | 2026-06-30       | 9000       | payroll     | in
            spent       | 2026-06-30       | 6000       | payment     | out
            loan        | 2026-06-01       | 45000      | loan_payout | in
            loan        | 2026-03-01       | 45000      | loan_payout | in
            """,
        expected="""
            customer_id | outflow_month_cny | deployable_cny
            buffer      | 3000              | 47000
            all         | 0                 | 55800
            spent       | 2000              | 800
            loan        | 0                 | 5000
            unknown     | 0                 |
            """,
    )


@on_every_engine
def test_without_transactions_and_holdings_the_deposit_alone_can_buy(engine):
    check_customers(
        engine,
        aum_monthly="""
            customer_id | month   | average_aum_cny | current_deposit_cny
            c1          | 2026-06 | 50000           | 1234.56
            """,
        expected="customer_id | outflow_month_cny | deployable_cny | is_pass_through\nc1 | | 1234.56 |",
    )


@on_every_engine
def test_money_passes_through_when_the_balance_is_under_a_tenth_of_the_outflow(engine):
    check_customers(
        engine,
        aum_monthly="""
            customer_id | month   | average_aum_cny
            passes      | 2026-06 | 999.99
            stays       | 2026-06 | 1000.00
            unknown     | 2026-05 | 1000.00
            """,
        transactions="""
            customer_id | transaction_date | amount_cny | kind     | direction
            passes      | 2026-04-15       | 10000      | transfer | out
            stays       | 2026-04-15       | 10000      | transfer | out
            unknown     | 2026-04-15       | 10000      | transfer | out
            """,
        expected="""
            customer_id | is_pass_through
            passes      | yes
            stays       | no
            unknown     |
            """,
    )
