"""Transactions: what the customer did, what flowed out, what came in."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from stockcust.customers.exact import fen
from stockcust.customers.scope import KEYS, Scope
from stockcust.rulebook.base import to_fen

_SUMS = ("_outflow", "_loan_payout", "_n_self", "_n_agent", "_n_large")


def with_transactions(customers: nw.LazyFrame, scope: Scope) -> nw.LazyFrame:
    """Add per customer and branch, in one pass over the transactions, the sums and last dates.

    Amounts are whole fen. Columns that start with ``_`` are for the rules on activity, money,
    authority and need; `_log_start` is the branch's first transaction.
    """
    if not scope.has("transactions"):
        return customers
    rows = _rows(scope)
    found = rows.group_by(*KEYS).agg(
        nw.col("last_active_date").max(),
        nw.col(*_SUMS).sum(),
        nw.col("_largest_inflow").max(),
    )
    log = rows.group_by("branch_id").agg(_log_start=nw.col("transaction_date").min())
    customers = customers.join(found, on=list(KEYS), how="left")
    customers = customers.join(log, on="branch_id", how="left")
    is_covered = ~nw.col("_log_start").is_null()
    return customers.with_columns(
        nw.when(is_covered).then(nw.col(c).cast(nw.Int64).fill_null(0)).alias(c)
        for c in (*_SUMS, "_largest_inflow")
    )


def tells_activity(scope: Scope) -> bool:
    """Whether the transactions tell the customer's own doing from system postings."""
    return any(scope.has("transactions", column) for column in ("kind", "channel"))


def _rows(scope: Scope) -> nw.LazyFrame:
    columns = ("amount_cny", "direction", "channel", "kind", "operator")
    rows = scope.rows("transactions", *KEYS, "transaction_date", *columns)
    date, amount = nw.col("transaction_date"), nw.col("_amount")
    is_active = ~_is_posted_by_system(scope)
    is_recent = date >= scope.since(months=scope.rules.man.money.window_outflow_months)
    is_out, is_in = (nw.col("direction") == d for d in ("out", "in"))
    is_payout = nw.col("kind").is_in(scope.rules.man.money.excluded_inflow_kinds)
    inflow_days = scope.rules.man.need.window_inflow_days
    is_own_money = is_active & ~is_payout.fill_null(False)
    is_new_inflow = is_in & is_own_money & (date >= scope.since(days=inflow_days))
    return rows.with_columns(_amount=fen(nw.col("amount_cny"))).with_columns(
        last_active_date=nw.when(is_active).then(date),
        _outflow=nw.when(is_out & is_recent).then(amount),
        _loan_payout=nw.when(is_in & is_payout & is_recent).then(amount),
        _largest_inflow=nw.when(is_new_inflow).then(amount),
        **_operations(scope, is_active, is_out),
    )


def _operations(scope: Scope, is_active: nw.Expr, is_out: nw.Expr) -> dict[str, nw.Expr]:
    rule = scope.rules.man.authority
    is_in_window = nw.col("transaction_date") >= scope.since(months=rule.window_operated_months)
    is_self = is_active & is_in_window & (nw.col("operator") == "self")
    is_agent = is_active & is_in_window & (nw.col("operator") == "agent")
    minimum = to_fen(rule.large_transfer_min_cny)
    is_large = is_out & (nw.col("kind") == "transfer") & (nw.col("_amount") >= minimum)
    return {
        "_n_self": nw.when(is_self).then(1),
        "_n_agent": nw.when(is_agent).then(1),
        "_n_large": nw.when(is_self & is_large).then(1),
    }


def _is_posted_by_system(scope: Scope) -> nw.Expr:
    """Interest, fees, batch collections and adjustments; without a kind, the system channel."""
    by_kind = nw.col("kind").is_in(scope.rules.status.dormant.excluded_kinds)
    by_channel = nw.col("channel") == "system"
    return nw.coalesce(by_kind, by_channel).fill_null(False)
