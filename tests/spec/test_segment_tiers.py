"""Five tiers by assets, closed below and open above, cut to the fen."""

from __future__ import annotations

import pyarrow as pa
import pytest

from customer_tables import customers
from engines import LAZY_ENGINES, check, of_arrow, on_every_engine
from stockcust.errors import InputError
from stockcust.rulebook import load_rulebook
from stockcust.segmentation import segment

RULES = load_rulebook()
RURAL = RULES.with_changes({"tiers.active_preset": "rural"})


@on_every_engine
def test_standard_tiers_begin_at_5_20_100_and_600_wan(engine):
    found = segment(
        customers(
            """
            customer_id | aum_cny
            nothing     | 0
            just_under_2 | 49999.99
            tier_2      | 50000
            just_under_3 | 199999.99
            tier_3      | 200000
            just_under_4 | 999999.99
            tier_4      | 1000000
            just_under_5 | 5999999.99
            tier_5      | 6000000
            far_above   | 888888888.88
            not_known   |
            """,
            engine,
            n_contacts=1,
            info_share=0.5,
        ),
        RULES,
    )
    check(
        found,
        """
        customer_id  | tier    | band    | aum_to_next_tier_cny
        nothing      | T1      | low     | 50000
        just_under_2 | T1      | low     | 0.01
        tier_2       | T2      | low     | 150000
        just_under_3 | T2      | low     | 0.01
        tier_3       | T3      | mid     | 800000
        just_under_4 | T3      | mid     | 0.01
        tier_4       | T4      | high    | 5000000
        just_under_5 | T4      | high    | 0.01
        tier_5       | T5      | high    |
        far_above    | T5      | high    |
        not_known    | unknown | unknown |
        """,
    )


@on_every_engine
def test_rural_tiers_begin_at_5_30_100_and_300_wan(engine):
    found = segment(
        customers(
            """
            customer_id | aum_cny
            a           | 49999.99
            b           | 50000
            c           | 299999.99
            d           | 300000
            e           | 999999.99
            f           | 1000000
            g           | 2999999.99
            h           | 3000000
            """,
            engine,
            n_contacts=1,
            info_share=0.5,
        ),
        RURAL,
    )
    check(
        found,
        """
        customer_id | tier
        a           | T1
        b           | T2
        c           | T2
        d           | T3
        e           | T3
        f           | T4
        g           | T4
        h           | T5
        """,
    )


@on_every_engine
def test_half_a_fen_is_rounded_up_alike_on_every_engine(engine):
    found = segment(
        customers(
            """
            customer_id | aum_cny
            below       | 49999.994
            half        | 49999.995
            above       | 49999.996
            """,
            engine,
            n_contacts=1,
            info_share=0.5,
        ),
        RULES,
    )
    check(found, "customer_id | tier\nbelow | T1\nhalf | T2\nabove | T2")


@on_every_engine
def test_negative_assets_are_an_error_that_says_how_many_and_how_much(engine):
    frame = customers(
        "customer_id | aum_cny\na | -0.01\nb | 5\nc | -20\nd |",
        engine,
        n_contacts=1,
        info_share=0.5,
    )
    with pytest.raises(InputError, match="2 rows have negative assets") as error:
        segment(frame, RULES)
    assert "-0.01" in str(error.value)
    assert "-20.00" in str(error.value)


def test_every_missing_column_is_named_at_once():
    frame = customers("customer_id | info_share\na | 0.5")
    with pytest.raises(InputError) as error:
        segment(frame, RULES)
    assert [problem.where for problem in error.value.problems] == [
        "customers.aum_cny",
        "customers.n_contacts",
    ]


@pytest.mark.parametrize("engine", LAZY_ENGINES)
def test_not_a_number_is_unknown_and_not_the_highest_tier(engine):
    nan = {"aum_cny": [float("nan")], "n_contacts": [float("nan")], "info_share": [0.5]}
    check(
        segment(of_arrow(pa.table(nan), engine), RULES),
        "aum_cny | tier | familiarity | familiarity_reason\n| unknown | unknown | no_contact_log",
    )
