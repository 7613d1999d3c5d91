"""Purchases: what was bought again, what was bought lately, what was bought in person."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from stockcust.customers.exact import any_of
from stockcust.customers.features import SALEABLE_CLASSES
from stockcust.customers.scope import KEYS, Scope


def purchases(scope: Scope) -> tuple[nw.LazyFrame, dict[str, nw.Expr]] | None:
    """What was bought, one row per customer and branch that bought, and the evidence from it.

    Bought again means bought on two days: an order that is split is one.
    """
    if not scope.has("purchases"):
        return None
    found = _sums(_rows(scope))
    lately = scope.since(days=scope.rules.man.need.window_bought_days)
    again = {c: (nw.col(c) > nw.col(f"first_{c}")).fill_null(False) for c in SALEABLE_CLASSES}
    flags = {"is_repeat_buyer_24m": any_of(again[c] for c in scope.rules.saleable_classes)}
    for c in SALEABLE_CLASSES:
        flags[f"is_repeat_buyer_24m__{c}"] = again[c]
        flags[f"has_bought_30d__{c}"] = (nw.col(c) >= lately).fill_null(False)
    filled = {name: nw.col(name).fill_null(False) for name in flags}
    if scope.has("purchases", "is_self_operated"):
        filled["n_own_purchases_24m"] = nw.col("_n_own").fill_null(0)
    return found.select(*KEYS, "_n_own", **flags), filled


def _rows(scope: Scope) -> nw.LazyFrame:
    """Days of purchase by class within the window, and which purchases count as own."""
    date, product_class = nw.col("purchase_date"), nw.col("product_class")
    columns = ("product_class", "purchase_date", "is_self_operated")
    rows = scope.rows("purchases", *KEYS, *columns)
    start = scope.since(months=scope.rules.man.need.window_repeat_months)
    is_own = nw.col("is_self_operated") & product_class.is_in(SALEABLE_CLASSES)
    own_months = scope.rules.man.authority.window_own_purchase_months
    is_own = is_own & (date >= scope.since(months=own_months))
    return rows.with_columns(
        *(
            nw.when((product_class == c) & (date >= start)).then(date).alias(c)
            for c in SALEABLE_CLASSES
        ),
        _n_own=nw.when(is_own).then(1),
    )


def _sums(rows: nw.LazyFrame) -> nw.LazyFrame:
    return (
        rows.group_by(*KEYS)
        .agg(
            *(nw.col(c).min().alias(f"first_{c}") for c in SALEABLE_CLASSES),
            *(nw.col(c).max() for c in SALEABLE_CLASSES),
            nw.col("_n_own").sum(),
        )
        .with_columns(nw.col("_n_own").cast(nw.Int64).fill_null(0))
    )
