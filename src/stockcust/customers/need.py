"""Signs of a need in what customers do: buying again, money coming in, money lying idle."""

from __future__ import annotations

import functools
import operator

import narwhals.stable.v2 as nw

from stockcust.customers.exact import fen, is_share_above
from stockcust.customers.features import SALEABLE_CLASSES
from stockcust.customers.purchases import purchases
from stockcust.customers.scope import KEYS, Scope, unknown
from stockcust.customers.statements import SAID_LIFE_EVENT, life_event, statements
from stockcust.rulebook.base import to_fen

Evidence = tuple[nw.LazyFrame, dict[str, nw.Expr]]


def with_need(customers: nw.LazyFrame, scope: Scope) -> nw.LazyFrame:
    """Add the signs of a need that are dated up to as_of.

    Needs the customer master, the assets, the contacts and the transactions.
    """
    flags: dict[str, nw.Expr] = {}
    for evidence in (statements(scope), purchases(scope), _refusals(scope)):
        if evidence is not None:
            found, more = evidence
            customers = customers.join(found, on=list(KEYS), how="left")
            flags |= more
    said = flags.pop(SAID_LIFE_EVENT, unknown(nw.Boolean()))
    if scope.has("transactions", "direction"):
        large = to_fen(scope.rules.man.need.large_inflow_min_cny)
        flags["has_large_inflow_30d"] = nw.col("_largest_inflow") >= large
    return customers.with_columns(
        **flags,
        has_life_event=life_event(scope.rules, said),
        has_allocation_gap=_allocation_gap(scope),
    )


def _refusals(scope: Scope) -> Evidence | None:
    if not scope.has("assignments", "response"):
        return None
    columns = ("assign_date", "executed_date", "response", "product_id")
    rows = scope.rows("assignments", *KEYS, *columns)
    date = nw.coalesce(nw.col("executed_date"), nw.col("assign_date"))
    recent = scope.since(days=scope.rules.man.need.window_refused_days)
    refused = rows.filter((nw.col("response") == "negative") & (date >= recent))
    flags = {"has_refused_90d": nw.lit(True)}
    if scope.has("products"):
        products = scope.rows("products", "product_id", "product_class")
        refused = refused.join(products, on="product_id", how="left")
        for c in SALEABLE_CLASSES:
            is_of_class = (nw.col("product_class") == c).fill_null(False)
            flags[f"has_refused_90d__{c}"] = is_of_class
    found = refused.with_columns(**flags).group_by(*KEYS).agg(nw.col(*flags).any())
    return found, {name: nw.col(name).fill_null(False) for name in flags}


def _allocation_gap(scope: Scope) -> nw.Expr:
    """Whether deposits exceed the share that is usual for the customer's risk level."""
    rule = scope.rules.man.need.allocation_gap
    whole, deposits = fen(nw.col("point_aum_cny")), _deposits_fen(scope)
    is_known = ~(nw.col("risk_level").is_null() | (whole + deposits).is_null())
    gap: nw.Expr = nw.when(is_known).then(nw.lit(False))
    for level, share in rule.deposit_share_gt.items():
        is_above = is_share_above(deposits, whole, share)
        gap = nw.when(nw.col("risk_level") == level).then(is_above).otherwise(gap)
    return gap & (fen(nw.col("aum_cny")) >= to_fen(rule.min_aum_cny))


def _deposits_fen(scope: Scope) -> nw.Expr:
    """What lies in deposits; a class left blank beside others holds nothing."""
    kinds = scope.rules.product_classes.items()
    columns = [f"{name}_cny" for name, rule in kinds if rule.kind == "deposit"]
    there = [fen(nw.col(c)).fill_null(0) for c in columns if scope.has("aum_monthly", c)]
    return functools.reduce(operator.add, there) if there else unknown(nw.Int64())
