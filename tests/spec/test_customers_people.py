"""Who is in scope as of a day, and what the master says of them."""

from __future__ import annotations

import stockcust as sc
from customer_tables import check_customers
from engines import on_every_engine

RULES = sc.load_rulebook()


@on_every_engine
def test_closed_customers_leave_later_closings_are_not_known_the_deceased_stay(engine):
    check_customers(
        engine,
        customers="""
            customer_id  | status   | open_date  | close_date
            active       | active   | 2020-01-01 |
            opened_today | active   | 2026-06-30 |
            opens_later  | active   | 2026-07-01 |
            closed       | closed   | 2020-01-01 | 2026-06-30
            closes_later | closed   | 2020-01-01 | 2026-07-01
            no_date      | closed   | 2020-01-01 |
            deceased     | deceased | 2020-01-01 |
            no_status    |          |            |
            """,
        expected="""
            customer_id  | status   | aum_cny
            active       | active   | 10000
            opened_today | active   | 10000
            closes_later | active   | 10000
            deceased     | deceased | 10000
            no_status    |          | 10000
            """,
    )


@on_every_engine
def test_a_customer_of_two_branches_is_two_rows(engine):
    check_customers(
        engine,
        customers="""
            customer_id | branch_id | manager_id
            c1          | b1        | m1
            c1          | b2        | m2
            """,
        aum_monthly="""
            customer_id | branch_id | month   | average_aum_cny
            c1          | b1        | 2026-06 | 1
            c1          | b2        | 2026-06 | 2
            """,
        expected="""
            customer_id | branch_id | manager_id | aum_cny
            c1          | b1        | m1         | 1
            c1          | b2        | m2         | 2
            """,
    )


@on_every_engine
def test_of_several_snapshots_the_last_one_known_counts(engine):
    check_customers(
        engine,
        customers="""
            customer_id | snapshot_date | manager_id
            c1          | 2026-04-30    | april
            c1          | 2026-06-30    | june
            c1          | 2026-07-31    | july
            c2          | 2026-05-31    | may
            """,
        expected="""
            customer_id | manager_id
            c1          | june
            c2          | may
            """,
    )


@on_every_engine
def test_age_counts_birthdays_tenure_counts_months_new_is_180_days(engine):
    check_customers(
        engine,
        customers="""
            customer_id | birth_date | open_date
            day_before  | 2008-07-01 | 2026-05-31
            of_age      | 2008-06-30 | 2026-01-01
            leap_day    | 1960-02-29 | 2025-12-31
            too_old     | 1915-01-01 | 2025-06-30
            placeholder | 1900-01-01 | 2025-07-01
            unknown     |            |
            """,
        expected="""
            customer_id | age | is_minor | tenure_months | is_new
            day_before  | 17  | yes      | 0             | yes
            of_age      | 18  | no       | 5             | yes
            leap_day    | 66  | no       | 5             | no
            too_old     |     |          | 12            | no
            placeholder |     |          | 11            | no
            unknown     |     |          |               |
            """,
    )


@on_every_engine
def test_a_risk_evaluation_holds_a_year_or_until_the_bank_ends_it_earlier(engine):
    check_customers(
        engine,
        customers="""
            customer_id | risk_level | risk_eval_date | risk_expiry_date
            derived     | C2         | 2025-03-31     |
            earlier     | C2         | 2025-03-31     | 2025-12-31
            later       | C2         | 2025-03-31     | 2027-03-31
            only_expiry | C2         |                | 2026-12-31
            not_yet     | C4         | 2026-07-01     | 2027-07-01
            """,
        expected="""
            customer_id | risk_level | risk_valid_until
            derived     | C2         | 2026-03-31
            earlier     | C2         | 2025-12-31
            later       | C2         | 2026-03-31
            only_expiry | C2         | 2026-12-31
            not_yet     |            |
            """,
    )


@on_every_engine
def test_an_override_holds_half_a_year_unless_it_ends_or_the_next_one_comes_earlier(engine):
    check_customers(
        engine,
        manager_overrides="""
            customer_id | override_date | familiarity | reason | expires_date
            by_rule     | 2025-12-31    | F3          | old    |
            lapsed      | 2025-12-30    | F3          | old    |
            dated       | 2026-01-01    | F3          | old    | 2026-06-30
            forever     | 2025-01-01    | F3          | old    | 2050-01-01
            ended       | 2026-06-01    | F3          | old    | 2026-06-29
            replaced    | 2026-01-31    | F3          | old    | 2027-01-01
            replaced    | 2026-03-31    | F2          | new    | 2026-04-30
            no_reason   | 2026-06-01    | F3          |        |
            later       | 2026-07-01    | F3          | new    |
            """,
        expected="""
            customer_id | override_familiarity | override_date | override_reason
            by_rule     | F3                   | 2025-12-31    | old
            lapsed      |                      |               |
            dated       | F3                   | 2026-01-01    | old
            forever     |                      |               |
            ended       |                      |               |
            replaced    |                      |               |
            no_reason   |                      |               |
            later       |                      |               |
            """,
    )
