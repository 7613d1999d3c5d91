"""Money that can buy: above the buffer, due soon or redeemable; borrowed money is not."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from stockcust.customers.exact import fen, is_share_below, yuan
from stockcust.customers.holdings import tells_maturities
from stockcust.customers.scope import Scope


def with_deployable(customers: nw.LazyFrame, scope: Scope) -> nw.LazyFrame:
    """Add the mean month's outflow, deployable money and whether money only passes through.

    Without transactions no buffer is kept back; without holdings that say when, nothing is due. The
    deployable money is unknown only when the current deposit is.
    """
    if scope.has("transactions", "direction"):
        customers = _with_outflow(customers, scope)
    return customers.with_columns(deployable_cny=_deployable(scope))


def _with_outflow(customers: nw.LazyFrame, scope: Scope) -> nw.LazyFrame:
    rule = scope.rules.man.money
    share = rule.pass_through_balance_to_outflow_lt
    return customers.with_columns(
        outflow_month_cny=yuan(nw.col("_outflow")) / rule.window_outflow_months,
        is_pass_through=is_share_below(fen(nw.col("aum_cny")), nw.col("_outflow"), share),
    )


def _deployable(scope: Scope) -> nw.Expr:
    weights = scope.rules.man.money.deployable_weights
    total = _free_deposit(scope) * weights.current_deposit_cny
    # what managers know of assets elsewhere is written down; a blank is nothing to count on
    total = total + nw.col("outside_asset_cny").fill_null(0) * weights.outside_asset_cny
    if not tells_maturities(scope):
        return total
    total = total + nw.col("maturing_30d_cny") * weights.maturing_30d_cny
    return total + nw.col("redeemable_wmp_cny") * weights.redeemable_wmp_cny


def _free_deposit(scope: Scope) -> nw.Expr:
    """The current deposit above the buffer and above recent loan payouts, never below zero."""
    free = nw.col("current_deposit_cny")
    if scope.has("transactions", "direction"):
        months = scope.rules.man.money.keep_buffer_months_of_outflow
        free = free - (nw.col("outflow_month_cny") * months).fill_null(0)
        free = free - yuan(nw.col("_loan_payout")).fill_null(0)
    return nw.when(free.is_null() | (free > 0)).then(free).otherwise(0.0)
