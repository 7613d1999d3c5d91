"""Assets as of a day: month average, fallback, exact lags, history."""

from __future__ import annotations

import pytest

import stockcust as sc
from customer_tables import check_customers
from engines import AS_OF, bank_of, check, on_every_engine
from stockcust.customers import customers_as_of
from stockcust.errors import CallError

RULES = sc.load_rulebook()


@on_every_engine
def test_the_month_average_counts_and_without_it_the_flagged_balance(engine):
    check_customers(
        engine,
        aum_monthly="""
            customer_id | month   | average_aum_cny | point_aum_cny | current_deposit_cny | wmp_cny
            average     | 2026-06 | 50000           | 60000         | 15000               | 45000
            fallback    | 2026-06 |                 | 60000         | 60000               | 0
            classes     | 2026-06 |                 |               | 15000               | 30
            neither     | 2026-06 |                 |               |                     |
            absent      | 2026-05 | 50000           | 60000         | 15000               | 45000
            zero        | 2026-06 | 0               | 0             | 0                   | 0
            """,
        expected="""
            customer_id | aum_cny | point_aum_cny | is_aum_fallback | wmp_cny | idle_share
            average     | 50000   | 60000         | no              | 45000   | 0.25
            fallback    | 60000   | 60000         | yes             | 0       | 1
            classes     | 15030   | 15030         | yes             | 30      | 0.998003992016
            neither     |         |               |                 |         |
            absent      |         |               |                 |         |
            zero        | 0       | 0             | no              | 0       |
            """,
    )


@on_every_engine
def test_a_lag_is_exactly_that_month_and_a_missing_month_is_unknown_not_zero(engine):
    bank = bank_of(
        engine,
        aum_monthly="""
            customer_id | month   | average_aum_cny | point_aum_cny
            steady      | 2025-06 | 10000           | 10
            steady      | 2025-12 | 20000           | 20
            steady      | 2026-03 | 30000           | 30
            steady      | 2026-05 | 50000           | 50
            steady      | 2026-06 | 60000           | 60
            gap         | 2026-04 | 40000           | 40
            gap         | 2026-06 | 60000           | 60
            mixed       | 2026-05 |                 | 900
            mixed       | 2026-06 | 60000           | 1000
            """,
    )
    customers = customers_as_of(bank, AS_OF, RULES)
    check(
        customers,
        """
        customer_id | aum_1m_ago_cny | aum_3m_ago_cny | aum_6m_ago_cny | aum_12m_ago_cny
        steady      | 50000          | 30000          | 20000          | 10000
        gap         |                |                |                |
        mixed       | 900            |                |                |
        """,
    )
    # the mixed month has no average: its change is that of the balances
    check(
        customers,
        """
        customer_id | aum_change_1m_cny | aum_change_3m_cny | aum_change_6m_cny | aum_change_12m_cny
        steady      | 10000             | 30000             | 40000             | 50000
        gap         |                   |                   |                   |
        mixed       | 100               |                   |                   |
        """,
    )
    check(
        customers,
        """
        customer_id | aum_peak_cny | n_months | first_month
        steady      | 60000        | 5        | 2025-06-30
        gap         | 60000        | 2        | 2026-04-30
        mixed       | 60000        | 2        | 2026-05-31
        """,
    )


@on_every_engine
def test_an_effective_customer_has_a_thousand_yuan_to_the_fen(engine):
    check_customers(
        engine,
        aum_monthly="""
            customer_id | month   | average_aum_cny
            below       | 2026-06 | 999.99
            at          | 2026-06 | 1000.00
            """,
        expected="""
            customer_id | is_effective
            below       | no
            at          | yes
            """,
    )


MONTHS = """
    customer_id | month   | average_aum_cny
    c1          | 2026-04 | 4
    c1          | 2026-05 | 5
    c1          | 2026-06 | 6
    """


@pytest.mark.parametrize(
    ("as_of", "month", "aum"),
    [
        ("2026-06-30", "2026-06-30", 6),
        ("2026-06-29", "2026-05-31", 5),
        ("2026-07-30", "2026-06-30", 6),
    ],
)
def test_within_a_month_the_last_completed_month_counts_and_is_named(as_of, month, aum):
    expected = f"customer_id | month | aum_cny\nc1 | {month} | {aum}"
    check_customers("polars", aum_monthly=MONTHS, as_of=as_of, expected=expected)


@pytest.mark.parametrize("as_of", ["2026-03-31", "2026-04-29", "2026-07-31", "2027-01-15"])
def test_a_day_outside_the_data_is_refused_and_the_data_are_named(as_of):
    with pytest.raises(CallError, match=r"2026-04 to 2026-06; the nearest day is 2026-0[46]-30"):
        customers_as_of(bank_of("pandas", aum_monthly=MONTHS), as_of, RULES)


def test_no_date_is_refused():
    with pytest.raises(CallError, match="30 June"):
        customers_as_of(bank_of("pandas", aum_monthly=MONTHS), "30 June", RULES)
