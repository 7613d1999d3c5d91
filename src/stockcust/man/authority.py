"""Authority: can the customer decide alone? A hard no, the recorded role, else evidence."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from stockcust.man.evidence import at_least, evidence_factor
from stockcust.segmentation.decision_table import (
    DecisionTable,
    DTypes,
    Factor,
    Weigh,
    constant,
    flag_factor,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.man import AuthorityRule

AUTHORITY_COLUMNS: DTypes = {
    "authority": nw.String,
    "authority_reason": nw.String,
    "is_authority_assumed": nw.Boolean,
}
ROLE = "decision_role_"


def authority_table(columns: Collection[str], rules: Rulebook, counts: str) -> DecisionTable:
    """Judge the letter, its reasons, whether it is assumed and, as `counts`, its worth (1, 0)."""
    is_adult = flag_factor(~nw.col("is_minor")) if "is_minor" in columns else constant(False)
    factors = (is_adult, _grounds_factor(columns, rules.man.authority))
    dtypes = {**AUTHORITY_COLUMNS, counts: nw.Int32}
    return DecisionTable(factors, partial(_judge, rules, counts), dtypes)


def _grounds_factor(columns: Collection[str], rule: AuthorityRule) -> Factor:
    """Give what decides alone (a hard no, else a role that is not stale), else the evidence."""
    signs = evidence_factor(
        {
            name: at_least(nw.col(name), item.ge)
            for name, item in rule.score_items.items()
            if name in columns
        }
    )
    rulings = _hard_no(columns, rule) | _roles(columns, rule)

    def code(weigh: Weigh) -> nw.Expr:
        first = signs.code(weigh) + len(rulings)
        for i, flag in reversed(list(enumerate(rulings.values()))):
            first = nw.when(flag).then(nw.lit(i, nw.Int32)).otherwise(first)
        return first

    return Factor(code, (*rulings, *signs.values))


def _hard_no(columns: Collection[str], rule: AuthorityRule) -> dict[str, nw.Expr]:
    found = {
        "is_minor": ("is_minor", nw.col("is_minor")),
        "is_closed_or_deceased": ("status", nw.col("status").is_in(["closed", "deceased"])),
        "is_not_capable": ("is_capable", ~nw.col("is_capable")),
    }
    flags = ((name, *found[name]) for name in rule.hard_no)
    return {name: flag for name, column, flag in flags if column in columns}


def _roles(columns: Collection[str], rule: AuthorityRule) -> dict[str, nw.Expr]:
    if "decision_role" not in columns:
        return {}
    role = nw.col("decision_role")
    if "is_decision_role_stale" not in columns:
        return {f"{ROLE}{name}": role == name for name in rule.decision_role}
    is_current = ~nw.col("is_decision_role_stale").fill_null(False)
    return {f"{ROLE}{name}": (role == name) & is_current for name in rule.decision_role}


def _judge(
    rules: Rulebook, counts: str, is_adult: bool, grounds: str | tuple[str, ...]
) -> dict[str, Any]:
    letter, reason = judge_authority(grounds, rules.man.authority)
    is_assumed = letter == "unknown" and _counts_as_having(is_adult, grounds, rules)
    return {
        "authority": letter,
        "authority_reason": reason,
        "is_authority_assumed": is_assumed,
        counts: int(letter == "has" or is_assumed),
    }


def judge_authority(grounds: str | tuple[str, ...], rule: AuthorityRule) -> tuple[str, str]:
    """Judge one customer: has, lacks or unknown, and the codes of the reasons.

    Parameters
    ----------
    grounds : a hard no or "decision_role_<role>", which decide alone; else the score items found
        true. Without any, nothing is known: silence is no evidence of a missing authority.
    """
    if isinstance(grounds, str):
        roles = {f"{ROLE}{role}": letter for role, letter in rule.decision_role.items()}
        return roles.get(grounds, "lacks"), grounds
    if not grounds:
        return "unknown", "no_evidence"
    score = sum(item.score for name, item in rule.score_items.items() if name in grounds)
    letter = "has" if score >= rule.has_ge else "lacks" if score <= rule.lacks_le else "unknown"
    return letter, ";".join(grounds)


def _counts_as_having(is_adult: bool, grounds: str | tuple[str, ...], rules: Rulebook) -> bool:
    """Whether the rulebook lets a customer of unknown authority count as deciding alone."""
    policy = rules.man.unknown_counts_as.authority
    items = rules.man.authority.score_items.items()
    is_contrary = any(item.score < 0 for name, item in items if name in grounds)
    return policy == "has" or (policy == "has_if_adult" and is_adult and not is_contrary)
