"""Need: one strong signal or enough weak ones, and nothing that takes the need away."""

from __future__ import annotations

from functools import partial, reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from stockcust.man.evidence import evidence_factor
from stockcust.man.signals import Signals
from stockcust.segmentation.decision_table import DecisionTable, DTypes, constant, flag_factor

if TYPE_CHECKING:
    from collections.abc import Collection

    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.man import NeedRule

NEED_COLUMNS: DTypes = {"need": nw.String, "need_reason": nw.String}


def need_table(
    columns: Collection[str], rules: Rulebook, product_class: str | None, counts: str
) -> DecisionTable:
    """Judge the letter, its reasons and, as `counts`, what it is worth: 1 for having, else 0."""
    signals = Signals(columns, rules, product_class)
    known = signals.known()
    factors = (
        flag_factor(reduce(or_, known)) if known else constant(False),
        evidence_factor({**signals.strong(), **signals.weak(), **signals.blocks()}),
    )
    judge = partial(_judge, rules, counts, product_class is not None)
    return DecisionTable(factors, judge, {**NEED_COLUMNS, counts: nw.Int32})


def _judge(
    rules: Rulebook, counts: str, is_for_product: bool, is_known: bool, signs: tuple[str, ...]
) -> dict[str, Any]:
    letter, reason = judge_need(is_known, signs, is_for_product, rules.man.need)
    unknown_counts = rules.man.unknown_counts_as.need == "has"
    has = letter == "has" or (letter == "unknown" and unknown_counts)
    return {"need": letter, "need_reason": reason, counts: int(has)}


def judge_need(
    is_known: bool, signs: tuple[str, ...], is_for_product: bool, rule: NeedRule
) -> tuple[str, str]:
    """Judge one customer: has, lacks or unknown, and the codes of the reasons.

    Parameters
    ----------
    is_known : whether it is known of any strong signal that could deny a need (what the customer
        said) if it holds.
    signs : strong and weak signals and blocks found true.
    is_for_product : blocks then speak of the same class of product and outweigh everything;
        else a refusal of something outweighs weak signals only.
    """
    strong = [sign for sign in signs if sign in rule.strong]
    weak = [sign for sign in signs if sign in rule.weak]
    blocks = [sign for sign in signs if sign in rule.blocks]
    points = sum(item.score for name, item in rule.weak.items() if name in signs)
    if blocks and (is_for_product or not strong):
        return "lacks", ";".join(blocks)
    if strong or points >= rule.has_ge:
        return "has", ";".join([*strong, *weak])
    if not is_known:
        return "unknown", "no_evidence"
    return "lacks", ";".join(weak) or "no_signal"
