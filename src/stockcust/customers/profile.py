"""Who the customer is: age, time with the bank, validity of the risk evaluation."""

from __future__ import annotations

import datetime as dt

import narwhals.stable.v2 as nw

from stockcust.customers.scope import Scope

_MAX_AGE = 110  # older birth dates are placeholders or slips


def with_profile(people: nw.LazyFrame, scope: Scope) -> nw.LazyFrame:
    """Add age, tenure and validity; what the customer master says as such stays as it is."""
    suitability = scope.rules.compliance.suitability
    new_since = scope.in_days(-scope.rules.status.new_customer.days)
    return people.with_columns(
        age=_age(scope.as_of),
        tenure_months=_full_months(nw.col("open_date"), scope.as_of),
        is_new=nw.col("open_date") >= new_since,
        risk_valid_until=_risk_valid_until(suitability.risk_eval_valid_months),
    ).with_columns(is_minor=nw.col("age") < suitability.minor_under_age)


def _age(as_of: dt.date) -> nw.Expr:
    years = _full_months(nw.col("birth_date"), as_of) // 12
    return nw.when((years >= 0) & (years <= _MAX_AGE)).then(years)


def _full_months(start: nw.Expr, as_of: dt.date) -> nw.Expr:
    years = as_of.year - start.dt.year().cast(nw.Int64)
    months = as_of.month - start.dt.month().cast(nw.Int64)
    is_day_to_come = start.dt.day().cast(nw.Int64) > as_of.day
    return years * 12 + months - is_day_to_come.cast(nw.Int64)


def _risk_valid_until(valid_months: int) -> nw.Expr:
    derived = nw.col("risk_eval_date").dt.offset_by(f"{valid_months}mo")
    return nw.min_horizontal(nw.col("risk_expiry_date"), derived)
