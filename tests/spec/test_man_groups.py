"""Three letters make eight groups, in an order of difficulty that no letter can turn round."""

from __future__ import annotations

import itertools

import pytest

from customer_tables import customers
from engines import check, on_every_engine, rows_of
from stockcust.man import score_man
from stockcust.rulebook import load_rulebook

RULES = load_rulebook()
FIVE = RULES.with_changes({"man.coefficient_preset": "five_level"})
EIGHT = """
    customer_id | deployable_cny | decision_role | has_inquiry_30d
    all_three   | 10000          | self          | yes
    no_need     | 10000          | self          | no
    no_say      | 10000          | other         | yes
    no_money    | 0              | self          | yes
    need_only   | 0              | other         | yes
    say_only    | 0              | self          | no
    money_only  | 10000          | other         | no
    nothing     | 0              | other         | no
    """


@on_every_engine
def test_the_truth_table_with_the_classic_coefficients(engine):
    check(
        score_man(customers(EIGHT, engine), RULES),
        """
        customer_id | money | authority | need  | man_group | man_code | difficulty | is_priority
        all_three   | has   | has       | has   | MAN       | M1A1N1   | 1          | yes
        no_need     | has   | has       | lacks | MAn       | M1A1N0   | 2          | yes
        no_say      | has   | lacks     | has   | MaN       | M1A0N1   | 3          | yes
        no_money    | lacks | has       | has   | mAN       | M0A1N1   | 4          | no
        need_only   | lacks | lacks     | has   | maN       | M0A0N1   | 5          | no
        say_only    | lacks | has       | lacks | mAn       | M0A1N0   | 6          | no
        money_only  | has   | lacks     | lacks | Man       | M1A0N0   | 7          | no
        nothing     | lacks | lacks     | lacks | man       | M0A0N0   | 8          | no
        """,
    )


def test_the_five_level_coefficients():
    check(
        score_man(customers(EIGHT), FIVE),
        """
        man_group | difficulty | is_priority
        MAN       | 1          | yes
        MAn       | 2          | yes
        mAN       | 3          | yes
        MaN       | 4          | no
        maN       | 4          | no
        mAn       | 4          | no
        Man       | 4          | no
        man       | 5          | no
        """,
    )


@pytest.mark.parametrize("rules", [RULES, FIVE], ids=["classic", "five_level"])
def test_losing_a_condition_never_makes_a_customer_easier(rules):
    coefficients = rules.man.coefficients
    for group, i in itertools.product(coefficients, range(3)):
        weaker = group[:i] + group[i].lower() + group[i + 1 :]
        assert coefficients[weaker] >= coefficients[group]
    assert min(coefficients, key=coefficients.get) == "MAN"
    assert sorted(coefficients.values()).count(coefficients["MAN"]) == 1


def test_only_all_three_make_a_qualified_customer():
    for row in rows_of(score_man(customers(EIGHT), RULES)):
        qualified = row["money"] == row["authority"] == row["need"] == "has"
        assert (row["man_group"] == "MAN") == qualified


@pytest.mark.parametrize(
    ("change", "group"),
    [
        ({}, "mAn"),
        ({"man.unknown_counts_as.money": "has"}, "MAn"),
        ({"man.unknown_counts_as.need": "has"}, "mAN"),
        ({"man.unknown_counts_as.authority": "lacks"}, "man"),
        ({"man.unknown_counts_as.authority": "has"}, "mAn"),
    ],
)
def test_what_unknown_counts_as_is_the_rulebooks(change, group):
    adult = customers("customer_id\na", is_minor=False)
    found = rows_of(score_man(adult, RULES.with_changes(change)))[0]
    assert [found[k] for k in ("money", "authority", "need")] == ["unknown"] * 3
    assert found["man_group"] == group


@on_every_engine
def test_neither_tier_nor_familiarity_changes_a_letter(engine):
    frame = customers(
        """
        customer_id | aum_cny  | n_contacts | info_share | point_aum_cny | is_new
        a           | 100      | 0          | 0          | 0             | yes
        b           | 250000   | 12         | 0.9        | 900000        | no
        c           | 90000000 |            |            |               |
        """,
        engine,
        deployable_cny=20_000,
        has_inquiry_30d=True,
        decision_role="self",
    )
    found = rows_of(score_man(frame, RULES))
    assert {row["man_group"] for row in found} == {"MAN"}


def test_a_frame_without_any_evidence_is_unknown_and_not_an_error():
    found = rows_of(score_man(customers("customer_id\na"), RULES))[0]
    assert [found[k] for k in ("money", "authority", "need")] == ["unknown"] * 3
    assert (found["man_group"], found["is_authority_assumed"]) == ("man", False)


@on_every_engine
def test_scoring_again_changes_nothing_and_adds_no_column(engine):
    once = score_man(customers(EIGHT, engine), RULES)
    twice = score_man(once, RULES)
    by_id = [sorted(rows_of(f), key=lambda row: row["customer_id"]) for f in (once, twice)]
    assert by_id[0] == by_id[1]
