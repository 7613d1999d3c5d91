"""Who decides: the recorded role and what shows that customers run their own money."""

from __future__ import annotations

import re
from collections.abc import Iterable

import narwhals.stable.v2 as nw

from stockcust.customers.exact import any_of
from stockcust.customers.scope import KEYS, Scope
from stockcust.rulebook.man import FamilyConsultNote

_WORDS_BETWEEN = "[\u4e00-\u9fff]{0,6}"
_NOTES = ("content", "insight", "reflection", "feedback")


def with_authority(customers: nw.LazyFrame, people: nw.LazyFrame, scope: Scope) -> nw.LazyFrame:
    """Add evidence on who decides; needs the master, contacts and transactions."""
    stale_months = scope.rules.man.authority.decision_role_stale_months
    is_stale = nw.col("decision_role_date") < scope.months_ago(stale_months)
    customers = customers.with_columns(
        is_decision_role_stale=nw.when(~nw.col("decision_role").is_null()).then(is_stale),
        is_business_owner=_is_business_owner(),
    )
    for add in (_with_operations, _with_consult_notes):
        customers = add(customers, scope)
    return _with_shared_mobiles(customers, people, scope)


def _is_business_owner() -> nw.Expr:
    nature, income = nw.col("customer_nature"), nw.col("income_source")
    known_nature = nw.when(nature != "unknown").then(nature)
    known_income = nw.when(income != "unknown").then(income)
    return any_of(
        [
            known_nature.is_in(("merchant", "enterprise_owner")),
            known_income == "business",
            nw.col("is_merchant"),
        ]
    )


def _with_operations(customers: nw.LazyFrame, scope: Scope) -> nw.LazyFrame:
    if not scope.has("transactions", "operator"):
        return customers
    n = nw.col("_n_self") + nw.col("_n_agent")
    customers = customers.with_columns(
        nw.when(n > 0).then(nw.col(f"_n_{who}").cast(nw.Float64) / n).alias(name)
        for who, name in (
            ("self", "self_operated_share_12m"),
            ("agent", "agent_operated_share_12m"),
        )
    )
    if not scope.has("transactions", "direction", "kind"):
        return customers
    return customers.with_columns(n_own_large_transfers_12m=nw.col("_n_large"))


def _with_consult_notes(customers: nw.LazyFrame, scope: Scope) -> nw.LazyFrame:
    if not any(scope.has("contacts", note) for note in _NOTES):
        return customers
    rule = scope.rules.man.authority.family_consult_note
    if not rule.terms:
        return customers.with_columns(has_family_consult_note=_unless_unlogged(nw.lit(False)))
    log = scope.rows("contacts", *KEYS, "contact_time", *_NOTES)
    log = log.filter(nw.col("contact_time") >= scope.since(months=rule.window_months))
    found = log.filter(_says_must_ask(rule)).group_by(*KEYS).agg(_n_notes=nw.len())
    customers = customers.join(found, on=list(KEYS), how="left")
    has_enough = nw.col("_n_notes").cast(nw.Int64).fill_null(0) >= rule.min_notes
    return customers.with_columns(has_family_consult_note=_unless_unlogged(has_enough))


def _unless_unlogged(flag: nw.Expr) -> nw.Expr:
    return nw.when(nw.col("_is_logged")).then(flag)


def _says_must_ask(rule: FamilyConsultNote) -> nw.Expr:
    text = nw.concat_str(*(nw.col(n).fill_null("") for n in _NOTES), separator="\n")
    if rule.negations:
        # cut out first what is negated: not every engine's patterns can look behind
        text = text.str.replace_all(_negated(rule), "")
    return text.str.contains(_either(rule.terms))


def _negated(rule: FamilyConsultNote) -> str:
    """Pattern of the negations; one that ends in a term also holds with words in between."""
    starts = {n.removesuffix(t) for n in rule.negations for t in rule.terms if n.endswith(t)}
    starts.discard("")
    whole = _either(rule.negations)
    if not starts:
        return whole
    return f"{_either(starts)}{_WORDS_BETWEEN}{_either(rule.terms)}|{whole}"


def _either(phrases: Iterable[str]) -> str:
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return f"(?:{'|'.join(re.escape(phrase) for phrase in longest_first)})"


def _with_shared_mobiles(
    customers: nw.LazyFrame, people: nw.LazyFrame, scope: Scope
) -> nw.LazyFrame:
    if not scope.has("customers", "mobile"):
        return customers
    numbers = people.filter(~nw.col("mobile").is_null()).select("mobile", "customer_id").unique()
    owners = numbers.group_by("mobile").agg(_n_owners=nw.len())
    customers = customers.join(owners, on="mobile", how="left")
    return customers.with_columns(is_mobile_shared=nw.col("_n_owners") > 1)
