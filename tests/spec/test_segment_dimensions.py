"""Other ways to divide the same customers; each divides all of them, the unknown apart."""

from __future__ import annotations

import pytest

from customer_tables import customers
from engines import check, on_every_engine
from stockcust.errors import CallError
from stockcust.rulebook import load_rulebook
from stockcust.segmentation import base_table, class_codes, divide, segment

RULES = load_rulebook()
PEOPLE = """
    customer_id | aum_cny | n_kinds | n_products | age | gender | income_source | income_monthly_cny | customer_nature | is_effective
    a           | 100     | 0       | 0          | 17  | F      | payroll       | 0                  | farmer          | no
    b           | 60000   | 1       | 2          | 18  | M      | business      | 2999.99            | merchant        | yes
    c           | 60000   | 2       | 3          | 64  | U      | farming       | 3000               | unknown         | yes
    d           | 300000  | 4       | 6          | 65  |        |               | 50000              | astronaut       | yes
    e           |         |         |            |     | F      | other         |                    |                 |
    """


@on_every_engine
@pytest.mark.parametrize(
    ("dimension", "classes"),
    [
        ("product_kinds", "a 0 | b 1 | c 2 | d 3 | e unknown"),
        ("product_count", "a 0 | b 1 | c 3 | d 6 | e unknown"),
        ("age", "a 0 | b 18 | c 60 | d 65 | e unknown"),
        ("gender", "a F | b M | c unknown | d unknown | e F"),
        ("income_source", "a payroll | b business | c farming | d unknown | e other"),
        ("income", "a 0 | b 0 | c 3000 | d 50000 | e unknown"),
        ("customer_nature", "a farmer | b merchant | c unknown | d unknown | e unknown"),
    ],
)
def test_every_customer_is_in_one_class(engine, dimension, classes):
    expected = [pair.replace(" ", " | ") for pair in classes.split(" | ")]
    found = divide(customers(PEOPLE, engine), dimension, RULES)
    check(found, "\n".join(["customer_id | dimension", *expected]))


@pytest.mark.parametrize("dimension", list(RULES.dimensions))
def test_the_classes_of_a_dimension_add_up_to_the_base(dimension):
    people = customers(PEOPLE)
    table = base_table(divide(people, dimension, RULES), ["dimension"])
    assert table["n_customers"].sum() == len(people)
    assert table["aum_cny"].sum() == people["aum_cny"].sum()
    assert set(table["dimension"]) <= {*class_codes(dimension, RULES), "not_effective"}


@on_every_engine
def test_a_column_that_the_bank_does_not_have_makes_all_unknown(engine):
    found = divide(customers("customer_id\na\nb", engine), "age", RULES)
    check(found, "customer_id | dimension\na | unknown\nb | unknown")


@on_every_engine
def test_a_dimension_can_be_crossed_with_the_tier(engine):
    placed = segment(customers(PEOPLE, engine, n_contacts=0, info_share=0), RULES)
    check(
        base_table(divide(placed, "gender", RULES), ["tier", "dimension"]),
        """
        branch_id | tier          | dimension     | n_customers | aum_cny | customer_share
        b1        | T2            | M             | 1           | 60000   | 0.2
        b1        | T2            | unknown       | 1           | 60000   | 0.2
        b1        | T3            | unknown       | 1           | 300000  | 0.2
        b1        | not_effective | not_effective | 1           | 100     | 0.2
        b1        | unknown       | F             | 1           | 0       | 0.2
        """,
    )


def test_an_unknown_dimension_is_an_error_that_names_the_nearest():
    with pytest.raises(CallError, match="did you mean gender"):
        divide(customers("customer_id\na"), "gendr", RULES)
