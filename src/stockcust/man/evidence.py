"""The pieces of evidence that speak for a customer, as one input of a decision table."""

from __future__ import annotations

from functools import reduce
from itertools import compress, product
from operator import add
from typing import TYPE_CHECKING

from stockcust.segmentation.decision_table import Factor, constant
from stockcust.segmentation.thresholds import reaches

if TYPE_CHECKING:
    from collections.abc import Mapping

    import narwhals.stable.v2 as nw


def evidence_factor(signs: Mapping[str, nw.Expr]) -> Factor:
    """Give the names of the signs that are true; false and unknown ones are left out."""
    names = list(signs)
    if not names:
        return constant(())
    weights = [2**i for i in reversed(range(len(names)))]
    found = [tuple(compress(names, bits)) for bits in product((0, 1), repeat=len(names))]
    return Factor(lambda weigh: reduce(add, map(weigh, signs.values(), weights)), found)


def at_least(column: nw.Expr, ge: float | None) -> nw.Expr:
    """Whether a number reaches its threshold; a flag has none and speaks for itself."""
    return column if ge is None else reaches(column, ge)
