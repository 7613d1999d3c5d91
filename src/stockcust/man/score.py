"""Money, authority and need: has, lacks or unknown, and the group that the three make."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import narwhals.stable.v2 as nw

from stockcust.errors import CallError, Problem
from stockcust.man.authority import AUTHORITY_COLUMNS, authority_table
from stockcust.man.need import NEED_COLUMNS, need_table
from stockcust.rulebook.man import MAN_GROUPS, ManId
from stockcust.segmentation.decision_table import (
    DecisionTable,
    DTypes,
    Factor,
    Frame,
    constant,
    decide,
    flag_factor,
    without,
)
from stockcust.segmentation.flags import with_nullable_flags
from stockcust.segmentation.thresholds import half_a_fen_below, n_reached

if TYPE_CHECKING:
    from collections.abc import Collection

    from stockcust.rulebook import Rulebook
    from stockcust.tables import Product

Native = TypeVar("Native")
_MONEY_AND_GROUP: DTypes = {
    "money": nw.String,
    "money_reason": nw.String,
    "man_group": nw.String,
    "man_code": nw.String,
    "difficulty": nw.Int64,
    "is_priority": nw.Boolean,
}
MAN_COLUMNS: DTypes = {**_MONEY_AND_GROUP, **AUTHORITY_COLUMNS, **NEED_COLUMNS}
_AUTHORITY_COUNTS = "_authority_counts"
_NEED_COUNTS = "_need_counts"


def score_man(segments: Native, rules: Rulebook, product: Product | None = None) -> Native:
    """Say of each customer whether money, authority and need are there, and what that makes.

    Only evidence of the three conditions counts; neither tier nor familiarity does. A column
    that is absent is unknown.

    Parameters
    ----------
    segments : one row per customer and branch, with the evidence of `customers_as_of`.
    rules : the rulebook's section man.
    product : money and need are then those for this product (its minimum amount in CNY, its
        class); None asks for any product.

    Returns
    -------
    The same kind of frame with money, authority, need (has, lacks, unknown), money_reason,
    authority_reason, need_reason (codes joined by ;), is_authority_assumed (counted as having
    without evidence), man_group (MAN .. man), man_code (M1A1N1 ..), difficulty (1 is easiest)
    and is_priority. Texts, flags and a whole number of the engine's own types, in pandas str,
    boolean and Int64; none of them is ever null.

    Raises
    ------
    CallError : the product's class is not one that is sold to customers.
    InputError : a flag holds something else than True, False or nothing.
    """
    product_class = _saleable_class(product, rules)
    frame: Frame = with_nullable_flags(nw.from_native(segments))
    columns = set(frame.collect_schema().names())
    frame = without(frame, MAN_COLUMNS)
    frame = decide(
        frame,
        authority_table(columns, rules, _AUTHORITY_COUNTS),
        need_table(columns, rules, product_class, _NEED_COUNTS),
    )
    frame = decide(frame, _money_and_group_table(columns, rules, product))
    return frame.drop([_AUTHORITY_COUNTS, _NEED_COUNTS]).to_native()


def _saleable_class(product: Product | None, rules: Rulebook) -> str | None:
    if product is None:
        return None
    if product.product_class in rules.saleable_classes:
        return product.product_class
    what = f"{product.product_id} is of class {product.product_class}, which is not sold"
    remedy = f"choose a product of one of the classes {', '.join(rules.saleable_classes)}"
    raise CallError(Problem(what, "product", remedy))


def _money_and_group_table(
    columns: Collection[str], rules: Rulebook, product: Product | None
) -> DecisionTable:
    factors = (
        _deployable_factor(columns, rules, product),
        flag_factor(nw.col("is_pass_through")) if "is_pass_through" in columns else constant(False),
        Factor(lambda _: nw.col(_AUTHORITY_COUNTS), (False, True)),
        Factor(lambda _: nw.col(_NEED_COUNTS), (False, True)),
    )
    return DecisionTable(factors, partial(_judge, rules), _MONEY_AND_GROUP)


def _deployable_factor(
    columns: Collection[str], rules: Rulebook, product: Product | None
) -> Factor:
    if "deployable_cny" not in columns:
        return constant(None)
    least = (product.min_amount_cny or 0) if product else 0
    needed = max(least, rules.man.money.min_amount_cny)
    least_fen = [half_a_fen_below(needed)]
    return Factor(partial(n_reached, nw.col("deployable_cny"), least_fen), (None, False, True))


def _judge(
    rules: Rulebook, is_enough: bool | None, is_pass_through: bool, authority: bool, need: bool
) -> dict[str, Any]:
    money, reason = judge_money(is_enough, is_pass_through)
    unknown_counts = rules.man.unknown_counts_as.money == "has"
    has_money = money == "has" or (money == "unknown" and unknown_counts)
    group = man_group(has_money, authority, need)
    difficulty = rules.man.coefficients[group]
    return {
        "money": money,
        "money_reason": reason,
        "man_group": group,
        "man_code": rules.man.groups[group].code,
        "difficulty": difficulty,
        "is_priority": difficulty in rules.man.priority_coefficients,
    }


def judge_money(is_enough: bool | None, is_pass_through: bool) -> tuple[str, str]:
    """Judge one customer: has, lacks or unknown, and the code of the reason.

    Parameters
    ----------
    is_enough : whether deployable money reaches what is needed; None where it is unknown.
    is_pass_through : money only passes through the account and is not there to be placed.
    """
    if is_pass_through:
        return "lacks", "pass_through"
    if is_enough is None:
        return "unknown", "no_evidence"
    return ("has", "enough") if is_enough else ("lacks", "short")


def man_group(money: bool, authority: bool, need: bool) -> ManId:
    """Name the group: a capital for what is there, a small letter for what lacks."""
    return next(g for g in MAN_GROUPS if _letters(g) == (money, authority, need))


def _letters(group: ManId) -> tuple[bool, ...]:
    return tuple(letter.isupper() for letter in group)
