"""Fifteen cells, nine groups; what is unknown stands outside."""

from __future__ import annotations

import pytest

from customer_tables import customers
from engines import check, on_every_engine, rows_of
from stockcust.rulebook import load_rulebook
from stockcust.segmentation import segment

RULES = load_rulebook()
AUM = {"T1": 1_000, "T2": 50_000, "T3": 200_000, "T4": 1_000_000, "T5": 6_000_000}
EVIDENCE = {"F3": (12, 0.9), "F2": (12, 0.1), "F1": (0, 0.1)}


@on_every_engine
def test_the_grid(engine):
    cells = [
        f"{tier}_{familiarity} | {aum} | {contacts} | {share}"
        for tier, aum in AUM.items()
        for familiarity, (contacts, share) in EVIDENCE.items()
    ]
    text = "\n".join(["customer_id | aum_cny | n_contacts | info_share", *cells])
    check(
        segment(customers(text, engine), RULES),
        """
        customer_id | tier | familiarity | group | next_group
        T5_F3       | T5   | F3          | G1    |
        T5_F2       | T5   | F2          | G2    | G1
        T5_F1       | T5   | F1          | G3    | G2
        T4_F3       | T4   | F3          | G1    |
        T4_F2       | T4   | F2          | G2    | G1
        T4_F1       | T4   | F1          | G3    | G2
        T3_F3       | T3   | F3          | G4    | G1
        T3_F2       | T3   | F2          | G5    | G4
        T3_F1       | T3   | F1          | G6    | G5
        T2_F3       | T2   | F3          | G7    | G4
        T2_F2       | T2   | F2          | G8    | G7
        T2_F1       | T2   | F1          | G9    | G8
        T1_F3       | T1   | F3          | G7    | G4
        T1_F2       | T1   | F2          | G8    | G7
        T1_F1       | T1   | F1          | G9    | G8
        """,
    )


@on_every_engine
def test_a_customer_without_tier_or_class_has_no_group(engine):
    found = segment(
        customers(
            """
            customer_id   | aum_cny | n_contacts | info_share
            no_assets     |         | 12         | 0.9
            no_log        | 1000    |            | 0.9
            nothing_known |         |            |
            """,
            engine,
        ),
        RULES,
    )
    check(
        found,
        """
        customer_id   | tier    | familiarity | group   | next_group
        no_assets     | unknown | F3          | unknown |
        no_log        | T1      | unknown     | unknown |
        nothing_known | unknown | unknown     | unknown |
        """,
    )


@on_every_engine
def test_the_distance_to_the_next_better_cell(engine):
    found = segment(
        customers(
            """
            customer_id | aum_cny   | n_contacts | info_share
            near        | 999999.99 | 7          | 0.79
            far         | 0         | 0          | 0
            top         | 6000000   | 12         | 0.8
            """,
            engine,
        ),
        RULES,
    )
    check(
        found,
        """
        customer_id | aum_to_next_tier_cny | contacts_to_next_level | info_share_to_next_level
        near        | 0.01                 | 1                      | 0.01
        far         | 50000                | 1                      | 0.4
        top         |                      |                        |
        """,
    )


def test_another_grid_gives_other_groups():
    swapped = RULES.with_changes({"grid.T2": {"F3": "G4", "F2": "G5", "F1": "G6"}})
    frame = customers("customer_id\na", aum_cny=50_000, n_contacts=12, info_share=0.9)
    assert rows_of(segment(frame, swapped))[0]["group"] == "G4"


@on_every_engine
def test_segmenting_again_changes_nothing_and_adds_no_column(engine):
    frame = customers("customer_id\na", engine, aum_cny=50_000, n_contacts=12, info_share=0.9)
    once = segment(frame, RULES)
    assert rows_of(segment(once, RULES)) == rows_of(once)


@pytest.mark.parametrize("index", [[7, 3, 5], [0, 0, 0]])
def test_a_pandas_index_is_kept_and_does_not_matter(index):
    frame = customers(
        "customer_id | aum_cny\na | 10\nb | 300000\nc | 7000000", n_contacts=0, info_share=0
    )
    frame.index = index
    found = segment(frame, RULES)
    assert list(found["tier"]) == ["T1", "T3", "T5"]
    assert list(found.index) == index
