"""Holdings: running contracts, what falls due, what can be redeemed."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from stockcust.customers.exact import fen, yuan
from stockcust.customers.scope import KEYS, Scope
from stockcust.tables.engines import midnight

_NO_ASSETS = ("credit", "payment")


def with_holdings(customers: nw.LazyFrame, scope: Scope) -> nw.LazyFrame:
    """Add running contracts, product kinds and, where the bank tells it, the money due soon."""
    if not scope.has("holdings"):
        return customers
    running = _running(scope)
    found = running.group_by(*KEYS).agg(
        nw.col("_maturing").sum(),
        nw.col("_redeemable").sum(),
        n_products=nw.len(),
        n_kinds=nw.col("product_class").n_unique(),
        next_maturity_date=nw.col("_due").min(),
    )
    customers = customers.join(found, on=list(KEYS), how="left")
    customers = customers.with_columns(nw.col("n_products", "n_kinds").cast(nw.Int64).fill_null(0))
    if not tells_maturities(scope):
        return customers
    return customers.with_columns(
        maturing_30d_cny=yuan(nw.col("_maturing").fill_null(0)),
        redeemable_wmp_cny=yuan(nw.col("_redeemable").fill_null(0)),
    )


def tells_maturities(scope: Scope) -> bool:
    """Whether the holdings tell what falls due, and what can be redeemed because it never does."""
    return scope.has("holdings", "maturity_date", "amount_cny")


def _running(scope: Scope) -> nw.LazyFrame:
    """Contracts that run on as_of; a matured one without an end runs on only if it renews."""
    columns = ("product_class", "amount_cny", "maturity_date", "end_date", "is_auto_renew")
    rows = scope.rows("holdings", *KEYS, *columns)
    due = nw.col("maturity_date")
    is_due = due <= midnight(scope.as_of)
    is_over = is_due.fill_null(False) & ~nw.col("is_auto_renew").fill_null(False)
    # ends after as_of are hidden by bank.until
    running = rows.filter(nw.col("end_date").is_null() & ~is_over)
    classes = scope.rules.product_classes.items()
    no_assets = [name for name, rule in classes if rule.kind in _NO_ASSETS]
    asset = ~nw.col("product_class").is_in(no_assets)
    soon = scope.in_days(scope.rules.man.need.window_maturing_days)
    is_maturing = asset & ~is_due & (due <= soon)
    is_redeemable = (nw.col("product_class") == "wmp") & due.is_null()
    amount = fen(nw.col("amount_cny"))
    return running.with_columns(
        _maturing=nw.when(is_maturing).then(amount),
        _redeemable=nw.when(is_redeemable).then(amount),
        _due=nw.when(asset & ~is_due).then(due),
    )
