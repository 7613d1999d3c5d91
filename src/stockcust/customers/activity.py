"""Dormancy: little money and no doing of the customer's own for a long time."""

from __future__ import annotations

import functools

import narwhals.stable.v2 as nw

from stockcust.customers.exact import any_of, day_number, fen
from stockcust.customers.scope import Scope, unknown
from stockcust.customers.transactions import tells_activity
from stockcust.rulebook.base import to_fen
from stockcust.rulebook.status import DormantPreset, ValuableDormant


def with_activity(customers: nw.LazyFrame, scope: Scope) -> nw.LazyFrame:
    """Add the last own transaction and dormancy; needs the assets and the transactions.

    Without a transaction of the customer the silence counts from the opening of the account or
    from the branch's first transaction in the file, whichever is later: what was before the file
    is not known.
    """
    if not scope.has("transactions") or not tells_activity(scope):
        return customers.with_columns(last_active_date=unknown(nw.Datetime("us")))
    dormant = scope.rules.status.dormant
    today = scope.as_of.toordinal()
    return (
        customers.with_columns(
            days_since_active=today - day_number(nw.col("last_active_date")),
            _is_silent=_is_silent(scope, dormant.active.inactive_days),
        )
        .with_columns(is_dormant=nw.col("_is_silent") & _is_small(dormant.active))
        .with_columns(is_dormant_valuable=nw.col("is_dormant") & _is_valuable(dormant.valuable))
    )


def _is_silent(scope: Scope, days: int) -> nw.Expr:
    """Whether nothing was done in the window; null when the file does not reach back so far."""
    start = scope.since(days=days)
    acted = nw.col("last_active_date") >= start
    opened = nw.col("open_date") >= start
    is_covered = nw.col("_log_start") <= start
    return (
        nw.when(acted | opened)
        .then(nw.lit(False))
        .otherwise(nw.when(~nw.col("last_active_date").is_null() | is_covered).then(nw.lit(True)))
    )


def _is_small(preset: DormantPreset) -> nw.Expr:
    aum = fen(nw.col("aum_cny"))
    bounds = []
    if preset.aum_lt_cny is not None:
        bounds.append(aum < to_fen(preset.aum_lt_cny))
    if preset.aum_gt_cny is not None:
        bounds.append(aum > to_fen(preset.aum_gt_cny))
    return functools.reduce(lambda a, b: a & b, bounds)


def _is_valuable(rule: ValuableDormant) -> nw.Expr:
    signs = [fen(nw.col("aum_peak_cny")) >= to_fen(rule.peak_aum_min_cny)]
    if rule.has_payroll_or_pension:
        signs += [nw.col("is_payroll"), nw.col("is_pension")]
    if rule.has_outside_asset:
        signs.append(nw.col("outside_asset_cny").fill_null(0) > 0)
    return any_of(signs)
