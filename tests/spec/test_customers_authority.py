"""Evidence on who decides about the money."""

from __future__ import annotations

import pytest

import stockcust as sc
from customer_tables import check_customers
from engines import on_every_engine

RULES = sc.load_rulebook()


@on_every_engine
def test_a_recorded_role_is_stale_after_24_months_and_unknown_before_it_was_recorded(engine):
    check_customers(
        engine,
        customers="""
            customer_id | decision_role | decision_role_date
            at_edge     | self          | 2024-06-30
            stale       | joint         | 2024-06-29
            undated     | other         |
            later       | self          | 2026-07-01
            nobody        |               |
            """,
        expected="""
            customer_id | decision_role | is_decision_role_stale
            at_edge     | self          | no
            stale       | joint         | yes
            undated     | other         |
            later       |               |
            nobody        |               |
            """,
    )


@on_every_engine
def test_who_operates_is_counted_over_own_doing_of_twelve_months(engine):
    check_customers(
        engine,
        transactions="""
            customer_id | transaction_date | amount_cny | kind     | direction | operator
            c1          | 2025-07-01       | 50000      | transfer | out       | self
            c1          | 2025-08-01       | 49999.99   | transfer | out       | self
            c1          | 2025-09-01       | 90000      | payment  | out       | self
            c1          | 2025-10-01       | 90000      | transfer | in        | self
            c1          | 2025-11-01       | 90000      | transfer | out       | agent
            c1          | 2025-06-30       | 90000      | transfer | out       | agent
            c1          | 2026-01-01       | 1          | fee      | out       | agent
            c1          | 2026-01-02       | 1          | payment  | out       |
            """,
        expected="""
            customer_id | self_operated_share_12m | agent_operated_share_12m | n_own_large_transfers_12m
            c1          | 0.8                     | 0.2                      | 1
            c2          |                         |                          | 0
            """,
    )


@on_every_engine
def test_own_purchases_are_those_the_customer_made_of_saleable_products(engine):
    check_customers(
        engine,
        purchases="""
            customer_id | product_class | purchase_date | amount_cny | is_self_operated
            buyer       | wmp           | 2024-07-01    | 1          | yes
            buyer       | time_deposit  | 2026-06-30    | 1          | yes
            buyer       | fund          | 2024-06-30    | 1          | yes
            buyer       | fund          | 2026-01-01    | 1          | no
            buyer       | fund          | 2026-01-01    | 1          |
            buyer       | card          | 2026-01-01    | 1          | yes
            """,
        expected="customer_id | n_own_purchases_24m\nbuyer | 2\nnobody | 0",
    )


@on_every_engine
def test_login_days_are_those_of_three_months(engine):
    check_customers(
        engine,
        aum_monthly="""
            customer_id | month   | average_aum_cny | n_login_days
            c1          | 2026-03 | 1               | 100
            c1          | 2026-04 | 1               | 4
            c1          | 2026-05 | 1               |
            c1          | 2026-06 | 1               | 6
            c2          | 2026-06 | 1               |
            """,
        expected="customer_id | n_login_days_90d\nc1 | 10\nc2 |",
    )


@on_every_engine
def test_business_owners_by_nature_income_or_shop(engine):
    check_customers(
        engine,
        customers="""
            customer_id | customer_nature  | income_source | is_merchant
            owner       | enterprise_owner |               |
            merchant    | merchant         | payroll       | no
            income      | farmer           | business      | no
            shop        | unknown          |               | yes
            farmer      | farmer           | farming       | no
            nature      | unknown          | farming       | no
            no_income   | farmer           | unknown       | no
            """,
        expected="""
            customer_id | is_business_owner
            owner       | yes
            merchant    | yes
            income      | yes
            shop        | yes
            farmer      | no
            nature      |
            no_income   |
            """,
    )


@on_every_engine
def test_two_notes_that_the_family_must_be_asked_count_unless_negated(engine):
    rules = RULES.with_changes(
        {
            "man.authority.family_consult_note.terms": ["商量", "和家人", "问老婆"],
            "man.authority.family_consult_note.negations": ["不用商量", "自己做主"],
        }
    )
    check_customers(
        engine,
        contacts="""
            customer_id | contact_time     | channel | content              | feedback
            twice       | 2026-01-01 10:00 | phone   | 要和家人商量         |
            twice       | 2026-02-01 10:00 | phone   |                      | 回去问老婆
            once        | 2026-01-01 10:00 | phone   | 要和家人商量         | 再商量商量
            negated     | 2026-01-01 10:00 | phone   | 不用商量             |
            negated     | 2026-02-01 10:00 | phone   | 说不用和家人商量     |
            negated     | 2026-03-01 10:00 | phone   | 自己做主             |
            both        | 2026-01-01 10:00 | phone   | 不用商量，但要问老婆 |
            both        | 2026-02-01 10:00 | phone   | 再商量               |
            old         | 2025-06-30 10:00 | phone   | 要和家人商量         |
            old         | 2026-02-01 10:00 | phone   | 要和家人商量         |
            """,
        rules=rules,
        expected="""
            customer_id | has_family_consult_note
            twice       | yes
            once        | no
            negated     | no
            both        | yes
            old         | no
            """,
    )


@pytest.mark.parametrize("emptied", ["terms", "negations"])
def test_without_terms_nobody_must_be_asked_and_without_negations_terms_are_taken_as_they_are(
    emptied,
):
    check_customers(
        "polars",
        contacts="""
            customer_id | contact_time     | channel | content
            c1          | 2026-01-01 10:00 | phone   | 不用商量
            c1          | 2026-02-01 10:00 | phone   | 不用商量
            """,
        rules=RULES.with_changes({f"man.authority.family_consult_note.{emptied}": []}),
        expected=f"has_family_consult_note\n{'no' if emptied == 'terms' else 'yes'}",
    )


@on_every_engine
def test_a_mobile_number_is_shared_between_customers_not_between_branches_of_one(engine):
    check_customers(
        engine,
        customers="""
            customer_id | branch_id | mobile
            husband     | b1        | 13912345678
            wife        | b1        | 13912345678
            alone       | b1        | 13512345678
            alone       | b2        | 13512345678
            default1    | b1        | 13800000000
            default2    | b1        | 13800000000
            nobody        | b1        |
            """,
        aum_monthly="customer_id | branch_id | month | average_aum_cny\nhusband | b1 | 2026-06 | 1",
        expected="""
            customer_id | branch_id | is_mobile_shared
            husband     | b1        | yes
            wife        | b1        | yes
            alone       | b1        | no
            alone       | b2        | no
            default1    | b1        |
            default2    | b1        |
            nobody        | b1        |
            """,
    )
