"""Contacts and information decide the class together; neither does alone."""

from __future__ import annotations

import itertools

import pytest

from customer_tables import customers
from engines import check, on_every_engine, rows_of
from stockcust.rulebook import load_rulebook
from stockcust.segmentation import audit_overrides, segment

RULES = load_rulebook()
LOW, MID, HIGH = "low", "mid", "high"


@on_every_engine
def test_the_joint_matrix(engine):
    # T3: contacts are low below 4, high from 8; information is low below 40 %, high from 80 %
    found = segment(
        customers(
            """
            customer_id | n_contacts | info_share
            low_low     | 3          | 0.39
            low_mid     | 3          | 0.4
            low_high    | 3          | 0.8
            mid_low     | 4          | 0.39
            mid_mid     | 7          | 0.79
            mid_high    | 7          | 0.8
            high_low    | 8          | 0.39
            high_mid    | 8          | 0.4
            high_high   | 50         | 1
            """,
            engine,
            aum_cny=250_000,
        ),
        RULES,
    )
    check(
        found,
        """
        customer_id | frequency_level | information_level | familiarity | familiarity_reason | group
        low_low     | low             | low               | F1          | joint              | G6
        low_mid     | low             | mid               | F1          | joint              | G6
        low_high    | low             | high              | F2          | joint              | G5
        mid_low     | mid             | low               | F1          | joint              | G6
        mid_mid     | mid             | mid               | F2          | joint              | G5
        mid_high    | mid             | high              | F3          | joint              | G4
        high_low    | high            | low               | F2          | joint              | G5
        high_mid    | high            | mid               | F3          | joint              | G4
        high_high   | high            | high              | F3          | joint              | G4
        """,
    )


def test_neither_many_contacts_nor_much_information_alone_makes_a_customer_familiar():
    matrix = RULES.familiarity.joint_matrix
    assert matrix[HIGH][LOW] != "F3"
    assert matrix[LOW][HIGH] != "F3"


@on_every_engine
def test_contacts_are_judged_by_the_levels_of_the_asset_band(engine):
    found = segment(
        customers(
            """
            customer_id | aum_cny | n_contacts
            low_0       | 100     | 0
            low_1       | 100     | 1
            low_2       | 100     | 2
            mid_2       | 200000  | 2
            mid_4       | 200000  | 4
            mid_8       | 200000  | 8
            high_5      | 1000000 | 5
            high_6      | 1000000 | 6
            high_12     | 6000000 | 12
            unknown_11  |         | 11
            unknown_12  |         | 12
            """,
            engine,
            info_share=0.5,
        ),
        RULES,
    )
    check(
        found,
        """
        customer_id | frequency_level | contacts_to_next_level | familiarity
        low_0       | low             | 1                      | F1
        low_1       | mid             | 1                      | F2
        low_2       | high            |                        | F3
        mid_2       | low             | 2                      | F1
        mid_4       | mid             | 4                      | F2
        mid_8       | high            |                        | F3
        high_5      | low             | 1                      | F1
        high_6      | mid             | 6                      | F2
        high_12     | high            |                        | F3
        unknown_11  | mid             | 1                      | F2
        unknown_12  | high            |                        | F3
        """,
    )


@pytest.mark.parametrize("band", ["high", "mid", "low"])
def test_keeping_the_cadence_of_a_group_keeps_its_class(band):
    tier = next(t for t, b in RULES.tier_bands.items() if b == band)
    levels = RULES.frequency_levels[band]
    for familiarity, least in (("F3", levels.high_ge), ("F2", levels.low_lt)):
        group = RULES.groups[RULES.grid[tier][familiarity]]
        assert group.cadence.contacts_per_year >= least


@on_every_engine
def test_what_is_not_known_is_never_called_a_stranger(engine):
    found = segment(
        customers(
            """
            customer_id | n_contacts | info_share | is_new
            no_log      |            | 0.9        | no
            no_items    | 3          |            | no
            neither     |            |            | no
            new_unknown |            | 0.1        | yes
            new         | 0          | 0.1        | yes
            new_known   | 2          | 0.9        | yes
            old         | 0          | 0.1        | no
            age_unknown | 0          | 0.1        |
            """,
            engine,
            aum_cny=1_000,
        ),
        RULES,
    )
    check(
        found,
        """
        customer_id | familiarity | familiarity_reason | group
        no_log      | unknown     | no_contact_log     | unknown
        no_items    | unknown     | no_information     | unknown
        neither     | unknown     | no_contact_log     | unknown
        new_unknown | unknown     | no_contact_log     | unknown
        new         | unknown     | new_customer       | unknown
        new_known   | F3          | joint              | G7
        old         | F1          | joint              | G9
        age_unknown | F1          | joint              | G9
        """,
    )


OVERRIDES = """
    customer_id  | n_contacts | info_share | is_new | override_familiarity | override_reason
    up_one       | 0          | 0.1        | no     | F2                   | met at the fair
    up_two       | 0          | 0.1        | no     | F3                   | met at the fair
    down_one     | 5          | 0.9        | no     | F2                   | moved away
    down_two     | 5          | 0.9        | no     | F1                   | moved away
    same         | 5          | 0.9        | no     | F3                   | as it is
    no_reason    | 0          | 0.1        | no     | F2                   |
    no_log       |            | 0.1        | no     | F2                   | met at the fair
    new          | 0          | 0.1        | yes    | F2                   | met at the fair
    none         | 0          | 0.1        | no     |                      |
    """


@on_every_engine
def test_a_manager_may_move_the_class_by_one_step_and_with_a_reason(engine):
    found = segment(customers(OVERRIDES, engine, aum_cny=1_000), RULES)
    check(
        found,
        """
        customer_id | familiarity | familiarity_reason | group
        up_one      | F2          | override           | G8
        up_two      | F2          | override_limited   | G8
        down_one    | F2          | override           | G8
        down_two    | F2          | override_limited   | G8
        same        | F3          | joint              | G7
        no_reason   | F1          | joint              | G9
        no_log      | unknown     | no_contact_log     | unknown
        new         | F2          | override           | G8
        none        | F1          | joint              | G9
        """,
    )


@pytest.mark.parametrize(
    ("change", "customer", "familiarity"),
    [
        ({"familiarity.manual_override.max_step": 2}, "up_two", "F3"),
        ({"familiarity.manual_override.needs_reason": False}, "no_reason", "F2"),
        ({"familiarity.manual_override.is_allowed": False}, "up_one", "F1"),
    ],
)
def test_the_rulebook_says_what_a_manager_may_do(change, customer, familiarity):
    found = segment(customers(OVERRIDES, aum_cny=1_000), RULES.with_changes(change))
    classes = {row["customer_id"]: row["familiarity"] for row in rows_of(found)}
    assert classes[customer] == familiarity


@on_every_engine
def test_a_branch_that_changes_more_than_a_fifth_of_the_classes_is_marked(engine):
    lines = ["customer_id | branch_id | n_contacts | override_familiarity | override_reason"]
    for branch, changed in (("often", 3), ("at_limit", 2), ("never", 0)):
        for i in range(10):
            override = "F2 | known well" if i < changed else " | "
            lines.append(f"{branch}{i} | {branch} | 0 | {override}")
    lines.append("no_log | never |  | F2 | known well")
    frame = customers("\n".join(lines), engine, aum_cny=1_000, info_share=0.1)
    check(
        audit_overrides(segment(frame, RULES), RULES),
        """
        branch_id | n_judged | n_asked | n_changed | n_limited | override_share | is_too_often
        at_limit  | 10       | 2       | 2         | 0         | 0.2            | no
        never     | 10       | 1       | 0         | 0         | 0              | no
        often     | 10       | 3       | 3         | 0         | 0.3            | yes
        """,
    )


def test_the_class_never_falls_when_one_input_rises():
    contacts, shares = [0, 1, 2, 4, 6, 8, 12], [0, 0.39, 0.4, 0.79, 0.8, 1]
    for aum in (100, 200_000, 6_000_000):
        lines = [f"{c}_{s} | {c} | {s}" for c, s in itertools.product(contacts, shares)]
        text = "\n".join(["customer_id | n_contacts | info_share", *lines])
        found = rows_of(segment(customers(text, aum_cny=aum), RULES))
        classes = {(r["n_contacts"], r["info_share"]): r["familiarity"] for r in found}
        for s in shares:
            column = [classes[c, s] for c in contacts]
            assert column == sorted(column)
        for c in contacts:
            line = [classes[c, s] for s in shares]
            assert line == sorted(line)
