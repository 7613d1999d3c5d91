"""What counts as a contact: effective two-way talks, once each; touches do not."""

from __future__ import annotations

import stockcust as sc
from customer_tables import check_customers
from engines import AS_OF, bank_of, check, on_every_engine
from stockcust.customers import customers_as_of

RULES = sc.load_rulebook()


@on_every_engine
def test_effective_talks_count_attempts_and_touches_do_not(engine):
    check_customers(
        engine,
        contacts="""
            customer_id | contact_time     | channel      | is_effective | duration_minutes
            talk        | 2026-06-01 10:00 | phone        | yes          | 5
            talk        | 2026-06-02 10:00 | face_visit   | yes          |
            talk        | 2026-06-03 10:00 | event        |              | 30
            attempt     | 2026-06-01 10:00 | phone        | no           | 5
            attempt     | 2026-06-02 10:00 | phone        | yes          | 0
            attempt     | 2026-06-03 10:00 | phone        |              | 0
            attempt     | 2026-06-04 10:00 | phone        |              |
            touch       | 2026-06-01 10:00 | sms          | yes          | 1
            touch       | 2026-06-02 10:00 | card         | yes          |
            touch       | 2026-06-03 10:00 | gift         | no           |
            touch       | 2026-06-04 10:00 | outbound_bot | yes          | 3
            """,
        expected="""
            customer_id | n_contacts | n_touches | contact_minutes | last_contact_date | last_contact_channel
            talk        | 3          | 0         | 35              | 2026-06-03        | event
            attempt     | 0          | 0         | 0               |                   |
            touch       | 0          | 4         | 0               |                   |
            silent      | 0          | 0         | 0               |                   |
            """,
    )


@on_every_engine
def test_logs_of_a_customer_with_no_gap_above_thirty_minutes_are_one_contact(engine):
    check_customers(
        engine,
        contacts="""
            customer_id | contact_time     | channel    | manager_id | is_effective | duration_minutes
            within      | 2026-06-01 10:00 | phone      | m1         | yes          | 5
            within      | 2026-06-01 10:30 | phone      | m1         | yes          | 8
            beyond      | 2026-06-01 10:00 | phone      | m1         | yes          | 5
            beyond      | 2026-06-01 10:31 | phone      | m1         | yes          | 8
            chain       | 2026-06-01 10:00 | phone      | m1         | yes          | 5
            chain       | 2026-06-01 10:20 | wecom      | m1         | yes          | 1
            chain       | 2026-06-01 10:45 | face_visit | m2         | yes          | 8
            chain       | 2026-06-01 11:16 | phone      | m1         | yes          | 3
            same_minute | 2026-06-01 10:00 | phone      | m1         | yes          | 5
            same_minute | 2026-06-01 10:00 | phone      | m1         | yes          | 5
            attempts    | 2026-06-01 10:00 | phone      | m1         | yes          | 5
            attempts    | 2026-06-01 10:20 | phone      | m1         | no           | 0
            attempts    | 2026-06-01 10:40 | phone      | m1         | yes          | 5
            """,
        expected="""
            customer_id | n_contacts | contact_minutes
            within      | 1          | 8
            beyond      | 2          | 13
            chain       | 2          | 11
            same_minute | 1          | 5
            attempts    | 2          | 10
            """,
    )


@on_every_engine
def test_a_merged_contact_weighs_what_its_heaviest_channel_weighs(engine):
    channels = "familiarity.contact_frequency.counted_channels"
    rules = RULES.with_changes({f"{channels}.wecom": 0.3, f"{channels}.face_visit": 2})
    check_customers(
        engine,
        contacts="""
            customer_id | contact_time     | channel    | is_effective
            c1          | 2026-06-01 10:00 | wecom      | yes
            c1          | 2026-06-02 10:00 | wecom      | yes
            c1          | 2026-06-03 10:00 | wecom      | yes
            c1          | 2026-06-04 10:00 | wecom      | yes
            c1          | 2026-06-04 10:10 | face_visit | yes
            """,
        rules=rules,
        expected="customer_id | n_contacts\nc1 | 2.9",
    )


@on_every_engine
def test_the_window_is_twelve_whole_months_up_to_the_end_of_the_day(engine):
    check_customers(
        engine,
        contacts="""
            customer_id | contact_time     | channel | is_effective
            first_day   | 2025-07-01 00:00 | phone   | yes
            before      | 2025-06-30 23:59 | phone   | yes
            last_day    | 2026-06-30 23:59 | phone   | yes
            after       | 2026-07-01 00:00 | phone   | yes
            """,
        expected="""
            customer_id | n_contacts | last_contact_date
            first_day   | 1          | 2025-07-01
            before      | 0          | 2025-06-30
            last_day    | 1          | 2026-06-30
            after       | 0          |
            """,
    )


@on_every_engine
def test_without_a_log_of_the_branch_contacts_are_unknown_not_zero(engine):
    check_customers(
        engine,
        contacts="""
            customer_id | branch_id | contact_time     | channel | is_effective
            somebody    | b1        | 2026-06-01 10:00 | sms     | no
            stopped     | b2        | 2025-06-01 10:00 | phone   | yes
            """,
        expected="""
            customer_id | branch_id | n_contacts | n_touches | contact_minutes | has_family_consult_note
            logged      | b1        | 0          | 0         |                 |
            somebody    | b1        | 0          | 1         |                 |
            stopped     | b2        |            |           |                 |
            never       | b3        |            |           |                 |
            """,
    )


@on_every_engine
def test_a_log_that_does_not_say_what_was_effective_leaves_contacts_unknown(engine):
    log = """
        customer_id | contact_time     | channel
        c1          | 2026-06-01 10:00 | phone
        c1          | 2026-06-02 10:00 | sms
        """
    asks_everybody = {"familiarity.contact_frequency.require_effective": False}
    columns = "customer_id | n_contacts | n_touches | last_contact_date"
    check_customers(engine, contacts=log, expected=f"{columns}\nc1 | | 1 |")
    check_customers(
        engine,
        contacts=log,
        rules=RULES.with_changes(asks_everybody),
        expected=f"{columns}\nc1 | 1 | 1 | 2026-06-01",
    )


@on_every_engine
def test_the_rulebook_can_count_the_own_manager_only(engine):
    own_only = RULES.with_changes({"familiarity.contact_frequency.only_own_manager": True})
    bank = bank_of(
        engine,
        customers="""
            customer_id | manager_id
            managed     | m1
            unmanaged   |
            """,
        contacts="""
            customer_id | contact_time     | channel | is_effective | manager_id
            managed     | 2026-06-01 10:00 | phone   | yes          | m1
            managed     | 2026-06-02 10:00 | phone   | yes          | m2
            managed     | 2026-06-03 10:00 | phone   | yes          |
            unmanaged   | 2026-06-01 10:00 | phone   | yes          | m1
            """,
    )
    for rules, managed, unmanaged in ((RULES, 3, 1), (own_only, 1, 0)):
        check(
            customers_as_of(bank, AS_OF, rules),
            f"customer_id | n_contacts\nmanaged | {managed}\nunmanaged | {unmanaged}",
        )


@on_every_engine
def test_the_rulebook_can_count_one_channel_only(engine):
    channels = "familiarity.contact_frequency.counted_channels"
    rules = RULES.with_changes({channels: {"phone": 1}})
    check_customers(
        engine,
        contacts="""
            customer_id | contact_time     | channel    | is_effective
            c1          | 2026-06-01 10:00 | phone      | yes
            c1          | 2026-06-02 10:00 | face_visit | yes
            """,
        rules=rules,
        expected="""
            customer_id | n_contacts | last_contact_date | last_contact_channel
            c1          | 1          | 2026-06-01        | phone
            """,
    )
