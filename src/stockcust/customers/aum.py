"""Assets: the month average, what it was before, what it consists of; logins beside it."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from stockcust.customers.exact import fen, month_number
from stockcust.customers.features import BALANCE_CLASSES, LAG_MONTHS
from stockcust.customers.scope import KEYS, Scope
from stockcust.rulebook.base import to_fen

_CLASS_COLUMNS = tuple(f"{c}_cny" for c in BALANCE_CLASSES)
_AVERAGE, _POINT = "_average_{}m_ago", "_point_{}m_ago"


def with_aum(customers: nw.LazyFrame, scope: Scope) -> nw.LazyFrame:
    """Add the assets of the month, of exactly 1, 3, 6 and 12 months before, and their history."""
    months = _months(scope)
    now = months.filter(nw.col("month") == scope.month_end(0)).drop("month", "n_login_days")
    minimum = to_fen(scope.rules.status.effective_customer.min_aum_cny)
    for found in (now, _months_ago(months, scope), _history(months, minimum)):
        customers = customers.join(found, on=list(KEYS), how="left")
    return customers.with_columns(
        nw.col("n_months").fill_null(0),
        *(_change(n) for n in LAG_MONTHS),
        month=scope.month_end(0),
        is_aum_fallback=_is_fallback(),
        is_effective=fen(nw.col("aum_cny")) >= minimum,
        idle_share=_idle_share(),
        n_months_held=_months_held(scope),
    )


def _months(scope: Scope) -> nw.LazyFrame:
    amounts = ("average_aum_cny", "point_aum_cny", *_CLASS_COLUMNS)
    rows = scope.rows("aum_monthly", *KEYS, "month", "n_login_days", *amounts)
    return rows.with_columns(
        aum_cny=nw.coalesce(nw.col("average_aum_cny"), nw.col("point_aum_cny"))
    )


def _months_ago(months: nw.LazyFrame, scope: Scope) -> nw.LazyFrame:
    """The months at exactly the lags side by side, and the days of login of the last ones.

    A month that is missing stays unknown.
    """
    is_month = {n: nw.col("month") == scope.month_end(n) for n in LAG_MONTHS}
    values = {"aum_cny": "aum_{}m_ago_cny", "average_aum_cny": _AVERAGE, "point_aum_cny": _POINT}
    columns = {
        name.format(n): nw.when(is_it).then(nw.col(value))
        for n, is_it in is_month.items()
        for value, name in values.items()
    }
    login_months = scope.rules.man.authority.window_login_months
    is_login_month = nw.col("month") > scope.month_end(login_months)
    logins = nw.col("n_login_days")
    return (
        months.filter(nw.any_horizontal(*is_month.values(), is_login_month, ignore_nulls=True))
        .with_columns(**columns, n_login_days=nw.when(is_login_month).then(logins))
        .group_by(*KEYS)
        .agg(nw.col(*columns).max(), logins.sum(), _n_login_months=logins.count())
        .with_columns(n_login_days_90d=nw.when(nw.col("_n_login_months") > 0).then(logins))
        .drop("n_login_days", "_n_login_months")
    )


def _change(n: int) -> nw.Expr:
    # both ends on one basis: an average less a balance would be neither
    by_average = nw.col("average_aum_cny") - nw.col(_AVERAGE.format(n))
    by_point = nw.col("point_aum_cny") - nw.col(_POINT.format(n))
    return nw.coalesce(by_average, by_point).alias(f"aum_change_{n}m_cny")


def _history(months: nw.LazyFrame, minimum_fen: int) -> nw.LazyFrame:
    known = months.filter(~nw.col("aum_cny").is_null())
    known = known.with_columns(
        _low=nw.when(fen(nw.col("aum_cny")) < minimum_fen).then(nw.col("month"))
    )
    return known.group_by(*KEYS).agg(
        nw.col("_low").max(),
        aum_peak_cny=nw.col("aum_cny").max(),
        n_months=nw.len().cast(nw.Int64),
        first_month=nw.col("month").min(),
    )


def _months_held(scope: Scope) -> nw.Expr:
    """Months since assets were last too small, at most since the first month that is known."""
    now = scope.month.year * 12 + scope.month.month
    since_low = now - month_number(nw.col("_low"))
    held = nw.coalesce(since_low, now - month_number(nw.col("first_month")) + 1)
    return nw.when(~nw.col("aum_cny").is_null()).then(held)


def _is_fallback() -> nw.Expr:
    return nw.when(~nw.col("aum_cny").is_null()).then(nw.col("average_aum_cny").is_null())


def _idle_share() -> nw.Expr:
    whole = nw.col("point_aum_cny")
    return nw.when(whole > 0).then(nw.col("current_deposit_cny") / whole)
