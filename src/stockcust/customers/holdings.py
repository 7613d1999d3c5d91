"""Holdings: running contracts, what falls due, what can be redeemed."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from stockcust.customers.exact import fen, yuan
from stockcust.customers.scope import KEYS, Scope
from stockcust.tables.engines import midnight

MATURING_DAYS = 30
_CREDIT = ("loan", "card")


def with_holdings(customers: nw.LazyFrame, scope: Scope) -> nw.LazyFrame:
    """Add running contracts, product kinds and the money due in the next 30 days."""
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
    return customers.with_columns(
        nw.col("n_products", "n_kinds").cast(nw.Int64).fill_null(0),
        maturing_30d_cny=yuan(nw.col("_maturing").fill_null(0)),
        redeemable_wmp_cny=yuan(nw.col("_redeemable").fill_null(0)),
    )


def _running(scope: Scope) -> nw.LazyFrame:
    """Contracts that run on as_of; a matured one without an end runs on only if it renews."""
    columns = ("product_class", "amount_cny", "maturity_date", "end_date", "is_auto_renew")
    rows = scope.rows("holdings", *KEYS, *columns)
    due = nw.col("maturity_date")
    is_due = due <= midnight(scope.as_of)
    is_over = is_due.fill_null(False) & ~nw.col("is_auto_renew").fill_null(False)
    # ends after as_of are hidden by bank.until
    running = rows.filter(nw.col("end_date").is_null() & ~is_over)
    asset = ~nw.col("product_class").is_in(_CREDIT)
    is_maturing = asset & ~is_due & (due <= scope.in_days(MATURING_DAYS))
    is_redeemable = (nw.col("product_class") == "wmp") & due.is_null()
    amount = fen(nw.col("amount_cny"))
    return running.with_columns(
        _maturing=nw.when(is_maturing).then(amount),
        _redeemable=nw.when(is_redeemable).then(amount),
        _due=nw.when(asset & ~is_due).then(due),
    )
