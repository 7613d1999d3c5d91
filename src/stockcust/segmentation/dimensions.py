"""Other ways to divide customers than tier and familiarity: products, age, income, nature."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import narwhals.stable.v2 as nw

from stockcust.errors import CallError, Problem
from stockcust.rulebook.dimensions import CodedDimension
from stockcust.rulebook.places import did_you_mean
from stockcust.segmentation.decision_table import (
    DecisionTable,
    Factor,
    Frame,
    codes_factor,
    constant,
    decide,
    without,
)
from stockcust.segmentation.familiarity import UNKNOWN
from stockcust.segmentation.thresholds import n_reached

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.dimensions import Dimension

DIMENSION = "dimension"
Native = TypeVar("Native")


def divide(customers: Native, dimension: str, rules: Rulebook) -> Native:
    """Put each customer in one class of another dimension.

    Parameters
    ----------
    customers : one row per customer and branch with the dimension's column.
    dimension : a name in the rulebook's `dimensions`, such as age or product_kinds.
    rules : the rulebook.

    Returns
    -------
    The same kind of frame with `dimension`: the code, or for bins the value from which the class
    begins ("18"); "unknown" where the column is missing, or holds a value outside the list.

    Raises
    ------
    CallError : the rulebook has no such dimension.
    """
    rule = dimension_rule(dimension, rules)
    frame: Frame = nw.from_native(customers)
    columns = frame.collect_schema().names()
    factor = _factor(rule) if rule.column in columns else constant(None)
    table = DecisionTable((factor,), _judge, {DIMENSION: nw.String})
    return decide(without(frame, [DIMENSION]), table).to_native()


def dimension_rule(dimension: str, rules: Rulebook) -> Dimension:
    """How the rulebook divides by a dimension.

    Raises
    ------
    CallError : the rulebook has no such dimension.
    """
    if dimension not in rules.dimensions:
        remedy = did_you_mean(dimension, rules.dimensions)
        raise CallError(Problem(f"there is no dimension {dimension!r}", "dimensions", remedy))
    return rules.dimensions[dimension]


def class_codes(dimension: str, rules: Rulebook) -> tuple[str, ...]:
    """List the classes of a dimension in order, unknown last."""
    return (*filter(None, _factor(dimension_rule(dimension, rules)).values), UNKNOWN)


def _factor(rule: Dimension) -> Factor:
    column = nw.col(rule.column)
    if isinstance(rule, CodedDimension):
        return codes_factor(column, rule.codes)
    starts = [each.ge for each in rule.bins]
    # below the first start is unknown too
    names = (None, None, *(f"{start:g}" for start in starts))
    return Factor(partial(n_reached, column, starts), names)


def _judge(value: Any) -> dict[str, str]:
    return {DIMENSION: value or UNKNOWN}
