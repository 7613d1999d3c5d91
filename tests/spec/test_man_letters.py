"""Money, authority and need: when each is there, lacks or is not known."""

from __future__ import annotations

import pytest

from customer_tables import customers
from engines import check, on_every_engine
from stockcust.errors import CallError
from stockcust.man import score_man
from stockcust.rulebook import load_rulebook
from stockcust.tables.product import Product

RULES = load_rulebook()


@on_every_engine
def test_money_is_what_can_be_placed_against_what_is_needed(engine):
    frame = customers(
        """
        customer_id  | deployable_cny | is_pass_through
        just_short   | 9999.99        | no
        just_enough  | 10000          | no
        unclear_flow | 10000          |
        pass_through | 900000         | yes
        no_data      |                | no
        only_passing |                | yes
        """,
        engine,
    )
    check(
        score_man(frame, RULES),
        """
        customer_id  | money   | money_reason
        just_short   | lacks   | short
        just_enough  | has     | enough
        unclear_flow | has     | enough
        pass_through | lacks   | pass_through
        no_data      | unknown | no_evidence
        only_passing | lacks   | pass_through
        """,
    )


@on_every_engine
def test_money_for_a_product_must_reach_its_minimum_or_the_rulebooks_if_that_is_larger(engine):
    frame = customers("customer_id | deployable_cny\na | 9999\nb | 49999.99\nc | 50000", engine)
    dear = Product("P1", product_class="wmp", min_amount_cny=50_000)
    cheap = Product("P2", product_class="wmp", min_amount_cny=1)
    check(score_man(frame, RULES, dear), "customer_id | money\na | lacks\nb | lacks\nc | has")
    check(score_man(frame, RULES, cheap), "customer_id | money\na | lacks\nb | has\nc | has")


@on_every_engine
def test_authority_a_hard_no_decides_before_the_recorded_role_and_the_role_before_evidence(engine):
    frame = customers(
        """
        customer_id | is_minor | status   | is_capable | decision_role | is_decision_role_stale | n_own_purchases_24m | self_operated_share_12m
        minor       | yes      | active   | yes        | self          | no                     | 3                   | 1
        deceased    | no       | deceased | yes        | self          | no                     | 3                   | 1
        closed      | no       | closed   |            |               |                        | 3                   | 1
        not_capable | no       | active   | no         | self          | no                     | 3                   | 1
        self        | no       | active   |            | self          | no                     | 0                   | 0
        joint       | no       |          |            | joint         |                        | 0                   | 0
        other       | no       | active   | yes        | other         | no                     | 3                   | 1
        stale_other | no       | active   | yes        | other         | yes                    | 3                   | 1
        stale_self  | no       | active   | yes        | self          | yes                    | 0                   | 0
        """,
        engine,
    )
    check(
        score_man(frame, RULES),
        """
        customer_id | authority | authority_reason                            | is_authority_assumed
        minor       | lacks     | is_minor                                    | no
        deceased    | lacks     | is_closed_or_deceased                       | no
        closed      | lacks     | is_closed_or_deceased                       | no
        not_capable | lacks     | is_not_capable                              | no
        self        | has       | decision_role_self                          | no
        joint       | has       | decision_role_joint                         | no
        other       | lacks     | decision_role_other                         | no
        stale_other | has       | self_operated_share_12m;n_own_purchases_24m | no
        stale_self  | unknown   | no_evidence                                 | yes
        """,
    )


@on_every_engine
def test_authority_by_evidence_three_points_have_it_none_or_fewer_lack_it(engine):
    frame = customers(
        """
        customer_id      | self_operated_share_12m | n_own_purchases_24m | n_own_large_transfers_12m | n_login_days_90d | is_risk_eval_self | is_business_owner | agent_operated_share_12m | has_family_consult_note | is_mobile_shared
        four             | 0.8                     | 1                   | 0                         | 2                | no                | no                | 0.1                      | no                      | no
        just_three       | 0.79                    | 1                   | 1                         | 0                | no                | no                | 0.2                      | no                      | no
        two              | 0.8                     | 0                   | 0                         | 0                | no                | no                | 0.2                      | no                      | no
        one              |                         | 0                   | 0                         | 3                | no                | no                |                          | no                      | no
        sums_to_nought   | 0.8                     | 0                   | 0                         | 0                | no                | no                | 0.2                      | yes                     | no
        by_agent         | 0.5                     | 0                   | 0                         | 0                | no                | no                | 0.5                      | no                      | no
        agent_but_active | 0.5                     | 1                   | 1                         | 3                | yes               | yes               | 0.5                      | no                      | no
        mixed            | 0.8                     | 1                   | 0                         | 0                | no                | no                | 0.2                      | no                      | yes
        weak_mixed       | 0.2                     | 1                   | 0                         | 0                | no                | no                | 0.2                      | no                      | yes
        silent           | 0.2                     | 0                   | 0                         | 0                | no                | no                | 0.2                      | no                      | no
        unknown          |                         |                     |                           |                  |                   |                   |                          |                         |
        """,
        engine,
        is_minor=False,
    )
    check(
        score_man(frame, RULES),
        """
        customer_id      | authority | is_authority_assumed | authority_reason
        four             | has       | no  | self_operated_share_12m;n_own_purchases_24m
        just_three       | has       | no  | n_own_purchases_24m;n_own_large_transfers_12m
        two              | unknown   | yes | self_operated_share_12m
        one              | unknown   | yes | n_login_days_90d
        sums_to_nought   | lacks     | no  | self_operated_share_12m;has_family_consult_note
        by_agent         | lacks     | no  | agent_operated_share_12m
        agent_but_active | has       | no  | n_own_purchases_24m;n_own_large_transfers_12m;n_login_days_90d;is_risk_eval_self;is_business_owner;agent_operated_share_12m
        mixed            | has       | no  | self_operated_share_12m;n_own_purchases_24m;is_mobile_shared
        weak_mixed       | unknown   | no  | n_own_purchases_24m;is_mobile_shared
        silent           | unknown   | yes | no_evidence
        unknown          | unknown   | yes | no_evidence
        """,
    )


@on_every_engine
def test_unknown_authority_counts_only_for_an_adult_without_contrary_evidence(engine):
    frame = customers(
        """
        customer_id | is_minor | is_mobile_shared | n_own_purchases_24m
        adult       | no       | no               | 0
        contrary    | no       | yes              | 1
        age_unknown |          | no               | 0
        """,
        engine,
        deployable_cny=20_000,
        has_inquiry_30d=True,
    )
    check(
        score_man(frame, RULES),
        """
        customer_id | authority | is_authority_assumed | man_group
        adult       | unknown   | yes                  | MAN
        contrary    | unknown   | no                   | MaN
        age_unknown | unknown   | no                   | MaN
        """,
    )


@on_every_engine
def test_need_one_strong_signal_or_two_points_of_weak_ones(engine):
    frame = customers(
        """
        customer_id | has_need_tag_90d | has_inquiry_30d | maturing_30d_cny | idle_share | has_large_inflow_30d | is_repeat_buyer_24m | has_allocation_gap | has_life_event | has_refused_90d
        stated      | yes              | no              | 0                | 0          | no                   | no                  | no                 | no             | no
        asked       |                  | yes             |                  |            |                      |                     |                    |                |
        maturing    | no               | no              | 10000            | 0.1        | no                   | no                  | no                 | no             | no
        too_little  | no               | no              | 9999.99          | 0.1        | no                   | no                  | no                 | no             | no
        idle        | no               | no              | 0                | 0.5        | no                   | no                  | no                 | no             | no
        two_weak    | no               | no              | 0                | 0.5        | yes                  | no                  | no                 | no             | no
        repeat      | no               | no              | 0                | 0.49       | no                   | yes                 | no                 | no             | no
        gap_and_life | no              | no              | 0                | 0.1        | no                   | no                  | yes                | yes            | no
        refused     | no               | no              | 0                | 0.9        | yes                  | yes                 | yes                | yes            | yes
        asked_after | no               | yes             | 0                | 0.1        | no                   | no                  | no                 | no             | yes
        weak_only   |                  |                 |                  | 0.9        | yes                  |                     |                    |                |
        too_weak    |                  |                 |                  | 0.9        |                      |                     |                    |                |
        nothing     |                  |                 |                  |            |                      |                     |                    |                |
        """,
        engine,
    )
    check(
        score_man(frame, RULES),
        """
        customer_id  | need    | need_reason
        stated       | has     | has_need_tag_90d
        asked        | has     | has_inquiry_30d
        maturing     | has     | maturing_30d_cny
        too_little   | lacks   | no_signal
        idle         | lacks   | idle_share
        two_weak     | has     | idle_share;has_large_inflow_30d
        repeat       | has     | is_repeat_buyer_24m
        gap_and_life | has     | has_allocation_gap;has_life_event
        refused      | lacks   | refused
        asked_after  | has     | has_inquiry_30d
        weak_only    | has     | idle_share;has_large_inflow_30d
        too_weak     | unknown | no_evidence
        nothing      | unknown | no_evidence
        """,
    )


@on_every_engine
def test_need_for_a_product_looks_at_its_class_and_lets_a_refusal_outweigh_everything(engine):
    frame = customers(
        """
        customer_id   | has_inquiry_30d | has_inquiry_30d__wmp | has_need_tag_90d__wmp | is_repeat_buyer_24m__wmp | has_bought_30d__wmp | has_refused_90d__wmp | wmp_cny | aum_cny
        asked_for_wmp | yes             | yes                  | no                    | no                       | no                  | no                   | 0       | 100000
        asked_other   | yes             | no                   | no                    | no                       | no                  | no                   | 0       | 100000
        bought_often  | no              | no                   | no                    | yes                      | no                  | no                   | 0       | 100000
        refused       | yes             | yes                  | yes                   | yes                      | no                  | yes                  | 0       | 100000
        just_bought   | yes             | yes                  | no                    | yes                      | yes                 | no                   | 0       | 100000
        holds_enough  | yes             | yes                  | no                    | no                       | no                  | no                   | 40000   | 100000
        holds_less    | yes             | yes                  | no                    | no                       | no                  | no                   | 39999.99 | 100000
        not_known     | yes             |                      |                       |                          |                     |                      |         | 100000
        """,
        engine,
    )
    check(
        score_man(frame, RULES, Product("P1", product_class="wmp", min_amount_cny=1)),
        """
        customer_id   | need    | need_reason
        asked_for_wmp | has     | has_inquiry_30d
        asked_other   | lacks   | no_signal
        bought_often  | has     | is_repeat_buyer_24m
        refused       | lacks   | refused
        just_bought   | lacks   | bought
        holds_enough  | lacks   | held_share
        holds_less    | has     | has_inquiry_30d
        not_known     | unknown | no_evidence
        """,
    )


@on_every_engine
def test_maturing_money_speaks_only_for_classes_it_can_roll_into(engine):
    frame = customers(
        "customer_id | maturing_30d_cny\na | 50000", engine, has_inquiry_30d__gold=False
    )
    deposit = Product("D", product_class="time_deposit", min_amount_cny=50)
    gold = Product("G", product_class="gold", min_amount_cny=50)
    check(score_man(frame, RULES, deposit), "need | need_reason\nhas | maturing_30d_cny")
    check(score_man(frame, RULES, gold), "need | need_reason\nlacks | no_signal")
    check(score_man(frame, RULES), "need | need_reason\nhas | maturing_30d_cny")


def test_man_is_not_asked_for_credit():
    loan = Product("L1", product_class="loan", min_amount_cny=1000)
    with pytest.raises(CallError, match="L1 is of class loan, which is not sold"):
        score_man(customers("customer_id\na"), RULES, loan)
