"""Evidence of a need, of any product and of a class of products."""

from __future__ import annotations

import stockcust as sc
from customer_tables import check_customers
from engines import on_every_engine
from stockcust.customers import SALEABLE_CLASSES

RULES = sc.load_rulebook()


@on_every_engine
def test_stated_needs_count_90_days_and_speak_for_their_class(engine):
    check_customers(
        engine,
        contacts="""
            customer_id | contact_time     | channel | need_tags     | purpose
            wmp         | 2026-04-02 09:00 | phone   | 理财;喝茶     | care
            old         | 2026-04-01 09:00 | phone   | 理财          | care
            word        | 2026-06-01 09:00 | phone   | 理财经理;其他 | care
            """,
        event_attendance="""
            customer_id | activity_date | need_tags
            at_event    | 2026-06-30    | 基金
            """,
        expected="""
            customer_id | has_need_tag_90d | has_need_tag_90d__wmp | has_need_tag_90d__fund | has_inquiry_30d
            wmp         | yes              | yes                   | no                     | no
            old         | no               | no                    | no                     | no
            at_event    | yes              | no                    | yes                    | no
            word        | no               | no                    | no                     | no
            nobody        | no               | no                    | no                     | no
            """,
    )


@on_every_engine
def test_enquiries_count_30_days_and_by_the_tags_they_carry(engine):
    check_customers(
        engine,
        contacts="""
            customer_id | contact_time     | channel | need_tags | purpose
            of_wmp      | 2026-06-01 09:00 | phone   | 理财      | inquiry
            of_nothing  | 2026-06-01 09:00 | phone   |           | inquiry
            old         | 2026-05-31 09:00 | phone   | 理财      | inquiry
            """,
        expected="""
            customer_id | has_inquiry_30d | has_inquiry_30d__wmp | has_inquiry_30d__fund | has_need_tag_90d__wmp
            of_wmp      | yes             | yes                  | no                    | yes
            of_nothing  | yes             | no                   | no                    | no
            old         | no              | no                   | no                    | yes
            """,
    )


@on_every_engine
def test_where_nothing_could_be_stated_the_need_is_unknown(engine):
    check_customers(
        engine,
        customers="""
            customer_id | branch_id
            logged      | b1
            unlogged    | b2
            at_event    | b2
            """,
        contacts="""
            customer_id | branch_id | contact_time     | channel | need_tags
            logged      | b1        | 2026-06-01 09:00 | phone   |
            """,
        event_attendance="""
            customer_id | branch_id | activity_date | need_tags
            at_event    | b2        | 2026-06-30    | 基金
            """,
        expected="""
            customer_id | has_need_tag_90d | has_inquiry_30d
            logged      | no               |
            unlogged    |                  |
            at_event    | yes              | no
            """,
    )


@on_every_engine
def test_a_repeat_buyer_bought_the_same_class_on_two_days(engine):
    check_customers(
        engine,
        purchases="""
            customer_id | product_class | purchase_date | amount_cny
            repeat      | wmp           | 2024-07-01    | 1
            repeat      | wmp           | 2026-06-01    | 1
            split       | wmp           | 2026-05-31    | 1
            split       | wmp           | 2026-05-31    | 1
            mixed       | wmp           | 2026-05-01    | 1
            mixed       | fund          | 2026-06-30    | 1
            old         | wmp           | 2024-06-30    | 1
            old         | wmp           | 2026-07-01    | 1
            """,
        expected="""
            customer_id | is_repeat_buyer_24m | is_repeat_buyer_24m__wmp | has_bought_30d__wmp | has_bought_30d__fund
            repeat      | yes                 | yes                      | yes                 | no
            split       | no                  | no                       | no                  | no
            mixed       | no                  | no                       | no                  | yes
            old         | no                  | no                       | no                  | no
            nobody        | no                  | no                       | no                  | no
            """,
    )


@on_every_engine
def test_a_no_counts_90_days_from_the_day_it_was_said(engine):
    check_customers(
        engine,
        products="product_id | product_class\nP1 | fund\nP2 | wmp",
        assignments="""
            customer_id | campaign_id | assign_date | executed_date | response | product_id
            said_no     | a           | 2026-01-01  | 2026-04-02    | negative | P1
            long_ago    | a           | 2026-01-01  | 2026-04-01    | negative | P1
            later       | a           | 2026-06-01  | 2026-07-01    | negative | P1
            accepted    | a           | 2026-06-01  | 2026-06-02    | positive | P1
            no_product  | a           | 2026-06-01  |               | negative |
            """,
        expected="""
            customer_id | has_refused_90d | has_refused_90d__fund | has_refused_90d__wmp
            said_no     | yes             | yes                   | no
            long_ago    | no              | no                    | no
            later       | no              | no                    | no
            accepted    | no              | no                    | no
            no_product  | yes             | no                    | no
            """,
    )


@on_every_engine
def test_one_large_inflow_of_30_days_that_is_no_loan_is_a_sign(engine):
    check_customers(
        engine,
        transactions="""
            customer_id | transaction_date | amount_cny | kind          | direction
            large       | 2026-06-01       | 50000      | transfer      | in
            below       | 2026-06-01       | 49999.99   | transfer      | in
            below       | 2026-06-02       | 49999.99   | transfer      | in
            old         | 2026-05-31       | 50000      | transfer      | in
            loan        | 2026-06-01       | 50000      | loan_payout   | in
            system      | 2026-06-01       | 50000      | system_adjust | in
            out         | 2026-06-01       | 50000      | transfer      | out
            """,
        expected="""
            customer_id | has_large_inflow_30d
            large       | yes
            below       | no
            old         | no
            loan        | no
            system      | no
            out         | no
            """,
    )


@on_every_engine
def test_deposits_above_what_is_usual_for_the_risk_level_are_a_gap(engine):
    check_customers(
        engine,
        customers="""
            customer_id | risk_level
            above       | C3
            at_share    | C3
            small       | C3
            cautious    | C1
            unrated     |
            blank_class | C3
            no_assets   | C3
            """,
        aum_monthly="""
            customer_id | month   | average_aum_cny | current_deposit_cny | time_deposit_cny | wmp_cny
            above       | 2026-06 | 50000           | 5000                | 40000.01         | 4999.99
            at_share    | 2026-06 | 50000           | 5000                | 40000            | 5000
            small       | 2026-06 | 49999.99        | 49999.99            | 0                | 0
            cautious    | 2026-06 | 50000           | 50000               | 0                | 0
            unrated     | 2026-06 | 50000           | 50000               | 0                | 0
            blank_class | 2026-06 | 50000           | 50000               |                  |
            no_assets   | 2026-06 | 50000           |                     |                  |
            """,
        expected="""
            customer_id | has_allocation_gap
            above       | yes
            at_share    | no
            small       | no
            cautious    | no
            unrated     |
            blank_class | yes
            no_assets   |
            """,
    )


@on_every_engine
def test_life_events_are_said_or_children_at_school_or_retirement_within_five_years(engine):
    check_customers(
        engine,
        customers="""
            customer_id | need_tags | child_age_band | birth_date
            said        |           | none           | 1990-01-01
            on_record   | 购房      |                |
            pupil       |           | 7-13           |
            aged_54     | 基金      | none           | 1971-07-01
            aged_55     | 基金      | none           | 1971-06-30
            aged_59     |           |                | 1966-07-01
            aged_60     | 基金      | none           | 1966-06-30
            no_age      | 基金      | none           |
            unknown     |           |                |
            """,
        contacts="""
            customer_id | contact_time     | channel | need_tags
            said        | 2026-06-01 09:00 | phone   | 养老
            """,
        expected="""
            customer_id | has_life_event
            said        | yes
            on_record   | yes
            pupil       | yes
            aged_54     | no
            aged_55     | yes
            aged_59     | yes
            aged_60     | no
            no_age      |
            unknown     |
            """,
    )


def test_what_the_bank_does_not_sell_is_no_need_of_any_product():
    check_customers(
        "polars",
        contacts="""
            customer_id | contact_time     | channel | need_tags
            of_gold     | 2026-06-01 09:00 | phone   | 黄金
            of_fund     | 2026-06-01 09:00 | phone   | 基金
            """,
        purchases="""
            customer_id | product_class | purchase_date | amount_cny
            of_gold     | gold          | 2026-05-01    | 1
            of_gold     | gold          | 2026-05-02    | 1
            """,
        rules=RULES.with_changes({"product_classes.gold.is_saleable": False}),
        expected="""
            customer_id | has_need_tag_90d | is_repeat_buyer_24m
            of_gold     | no               | no
            of_fund     | yes              | no
            """,
    )


@on_every_engine
def test_a_bank_of_the_three_minimal_tables_has_every_column_and_knows_no_need(engine):
    signals = ["has_need_tag_90d", "has_inquiry_30d", "is_repeat_buyer_24m", "has_refused_90d"]
    columns = [*signals, *(f"{s}__{c}" for s in signals for c in SALEABLE_CLASSES)]
    blanks = " | ".join("" for _ in columns)
    check_customers(engine, expected=f"customer_id | {' | '.join(columns)}\nc1 | {blanks}")
