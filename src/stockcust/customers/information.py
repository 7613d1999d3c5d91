"""How much is known about a customer: filled items by weight, old knowledge at less."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import narwhals.stable.v2 as nw

from stockcust.customers.scope import Scope
from stockcust.rulebook.familiarity import InformationItemRule
from stockcust.tables.codes import SAYS_NOTHING
from stockcust.tables.contract import load_contract

_SCALE = 1000


def with_information(customers: nw.LazyFrame, scope: Scope) -> nw.LazyFrame:
    """Add the filled share (0-1) of the rulebook's information items.

    Needs the columns of the customer master. Items whose column the bank does not deliver count
    neither as filled nor as missing; with too few of them delivered, a bank cannot be said to know
    its customers or not, and the share is unknown.
    """
    rules = scope.rules.familiarity.information
    items: dict[str, InformationItemRule] = {
        k: v for k, v in rules.items.items() if scope.has("customers", k)
    }
    customers = customers.with_columns(
        n_info_filled=_total(dict.fromkeys(items, 1)),
        n_info_items=nw.lit(len(items), dtype=nw.Int64),
        is_info_stale=nw.col("info_verified_date") < scope.months_ago(rules.stale_after_months),
    )
    if _weight(items.values()) < rules.min_delivered_share * _weight(rules.items.values()):
        return customers
    worth = round(rules.stale_weight * _SCALE)
    weights = {name: round(item.weight * _SCALE) for name, item in items.items()}
    is_stale = nw.col("is_info_stale").fill_null(False)
    filled = _total(weights) * nw.when(is_stale).then(worth).otherwise(_SCALE)
    whole = sum(weights.values()) * _SCALE
    return customers.with_columns(info_share=filled.cast(nw.Float64) / whole)


def _weight(items: Iterable[InformationItemRule]) -> float:
    return sum(item.weight for item in items)


def _total(weights: Mapping[str, int]) -> nw.Expr:
    total = nw.lit(0, dtype=nw.Int64)
    for item, weight in weights.items():
        total = total + nw.when(_is_filled(item)).then(weight).otherwise(0)
    return total.cast(nw.Int64)


def _is_filled(item: str) -> nw.Expr:
    value = nw.col(item)
    if load_contract().tables["customers"].columns[item].is_text:
        says = (value.str.len_chars() > 0) & ~value.is_in(SAYS_NOTHING)
        return says.fill_null(False)
    return ~value.is_null()
