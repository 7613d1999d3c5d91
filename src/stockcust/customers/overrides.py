"""Familiarity set by hand: the manager's last word, as long as the rulebook lets it count."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from stockcust.customers.scope import KEYS, Scope
from stockcust.tables.engines import midnight


def with_overrides(customers: nw.LazyFrame, scope: Scope) -> nw.LazyFrame:
    """Add the override that holds on as_of; a later one replaces an earlier one for good."""
    rule = scope.rules.familiarity.manual_override
    if not (rule.is_allowed and scope.has("manager_overrides")):
        return customers
    rows = scope.rows(
        "manager_overrides", *KEYS, "override_date", "familiarity", "reason", "expires_date"
    )
    date = nw.col("override_date")
    last = rows.with_columns(_last=date.max().over(*KEYS)).filter(date == nw.col("_last"))
    valid = last.filter(_is_valid(scope))
    if rule.needs_reason:
        valid = valid.filter(nw.col("reason").str.len_chars() > 0)
    found = valid.select(
        *KEYS,
        "override_date",
        override_familiarity=nw.col("familiarity"),
        override_reason=nw.col("reason"),
    )
    return customers.join(found, on=list(KEYS), how="left")


def _is_valid(scope: Scope) -> nw.Expr:
    months = scope.rules.familiarity.manual_override.expires_months
    by_rule = nw.col("override_date") >= scope.months_ago(months)
    is_ended = nw.col("expires_date") < midnight(scope.as_of)
    return by_rule & ~is_ended.fill_null(False)
