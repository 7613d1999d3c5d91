"""Segmentation in three steps: tier by assets, class by familiarity, group by the grid."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import narwhals.stable.v2 as nw

from stockcust.customers.scope import KEYS
from stockcust.errors import InputError, Problem
from stockcust.segmentation.decision_table import (
    DecisionTable,
    DTypes,
    Factor,
    Frame,
    decide,
    without,
)
from stockcust.segmentation.familiarity import (
    UNKNOWN,
    contact_factor,
    information_factor,
    judge_familiarity,
    new_factor,
    override_factor,
)
from stockcust.segmentation.flags import with_nullable_flags
from stockcust.segmentation.held_tier import HELD, WATCHED, with_held_tier
from stockcust.segmentation.thresholds import whole_fen
from stockcust.segmentation.tiers import refuse_negative, tier_factor

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import FamiliarityId, GroupId, TierId

Native = TypeVar("Native")
NEEDED = ("aum_cny", "n_contacts", "info_share")
SEGMENT_COLUMNS: DTypes = {
    "tier": nw.String,
    "band": nw.String,
    "frequency_level": nw.String,
    "information_level": nw.String,
    "familiarity": nw.String,
    "familiarity_reason": nw.String,
    "group": nw.String,
    "next_group": nw.String,
}
# what the next tier or level takes: needed only until the gaps are computed
_TARGETS: DTypes = {
    "_next_tier_fen": nw.Float64,
    "_next_contacts": nw.Float64,
    "_next_info_share": nw.Float64,
}
GAP_COLUMNS = ("aum_to_next_tier_cny", "contacts_to_next_level", "info_share_to_next_level")


def segment(customers: Native, rules: Rulebook, history: Any = None) -> Native:
    """Place each customer in one tier, one class of familiarity and one group.

    Parameters
    ----------
    customers : one row per customer and branch, as `customers_as_of` gives; needs aum_cny (CNY),
        n_contacts (weighted effective contacts in the window; null where no contact log covers
        the branch) and info_share (0-1), uses is_new, override_familiarity and override_reason
        where they are there.
    rules : tiers, bands, familiarity and grid of the rulebook.
    history : aum_monthly of the bank; only the mode fast_up_slow_down of tiers.status_rule needs
        it, and customer_id, branch_id and month of the customers: the tier is then the one held
        after the last tiers.status_rule.history_months, and is_tier_watched is added.

    Returns
    -------
    The same kind of frame with tier (T1..T5), band, frequency_level and information_level
    (low, mid, high; null unknown), familiarity (F1..F3), familiarity_reason (a code), group
    (G1..G9), next_group (the group to reach), and the distance to the next better cell:
    aum_to_next_tier_cny, contacts_to_next_level, info_share_to_next_level (null: at the top,
    or unknown). What cannot be known is "unknown".

    Raises
    ------
    InputError : a needed column is missing, or an amount of assets is negative.
    CallError : the mode needs the history, and it was not given.
    """
    frame: Frame = nw.from_native(customers)
    columns = frame.collect_schema().names()
    is_instant = rules.tiers.status_rule.mode == "instant"
    _refuse_missing(columns, NEEDED if is_instant else (*KEYS, "month", *NEEDED))
    refuse_negative(frame)
    frame = with_nullable_flags(frame)
    frame = without(frame, (*SEGMENT_COLUMNS, *GAP_COLUMNS, WATCHED))
    if is_instant:
        placed = _place(frame, tier_factor(rules), columns, rules)
    else:
        months = None if history is None else nw.from_native(history)
        frame = with_held_tier(frame, months, rules)
        held = Factor(lambda _: nw.col(HELD), tier_factor(rules).values)
        placed = _place(frame, held, columns, rules).drop(HELD)
    return _with_gaps(placed).to_native()


def _refuse_missing(columns: Collection[str], needed: Collection[str]) -> None:
    missing = [name for name in needed if name not in columns]
    if missing:
        remedy = "make the frame with customers_as_of"
        raise InputError(
            *(Problem("the column is missing", f"customers.{c}", remedy) for c in missing)
        )


def _place(frame: Frame, tier: Factor, columns: Collection[str], rules: Rulebook) -> Frame:
    factors = (
        tier,
        contact_factor(rules),
        information_factor(rules),
        new_factor(columns),
        override_factor(columns, rules),
    )
    ends = {tier.id: tier.max_fen for tier in rules.tiers.active}
    dtypes = {**SEGMENT_COLUMNS, **_TARGETS}
    return decide(frame, DecisionTable(factors, partial(_judge, rules, ends), dtypes))


def _judge(
    rules: Rulebook,
    ends: Mapping[TierId, int | None],
    tier: TierId | None,
    n_contacts: float | None,
    info_share: float | None,
    is_new: bool,
    override: FamiliarityId | None,
) -> dict[str, Any]:
    band = rules.tier_bands[tier] if tier else None
    judged = judge_familiarity(band, n_contacts, info_share, is_new, override, rules)
    group = group_of(tier, judged.familiarity, rules)
    next_step = rules.groups[group].next_step if group else None
    return {
        "tier": tier or UNKNOWN,
        "band": band or UNKNOWN,
        "frequency_level": judged.frequency,
        "information_level": judged.information,
        "familiarity": judged.familiarity,
        "familiarity_reason": judged.reason,
        "group": group or UNKNOWN,
        "next_group": next_step.group if next_step and next_step.kind != "keep" else None,
        "_next_tier_fen": ends[tier] if tier else None,
        "_next_contacts": judged.contacts_for_next,
        "_next_info_share": judged.info_share_for_next,
    }


def group_of(tier: TierId | None, familiarity: str, rules: Rulebook) -> GroupId | None:
    """Read the group off the grid; None where the tier or the class is unknown."""
    cells = rules.grid[tier] if tier else {}
    return next((group for name, group in cells.items() if name == familiarity), None)


def _with_gaps(frame: Frame) -> Frame:
    gaps = (
        # an upgrade that is only waiting for its month has no distance left
        (nw.col("_next_tier_fen") - whole_fen(nw.col("aum_cny"))).clip(lower_bound=0) / 100,
        nw.col("_next_contacts") - nw.col("n_contacts"),
        nw.col("_next_info_share") - nw.col("info_share"),
    )
    named = (gap.alias(name) for gap, name in zip(gaps, GAP_COLUMNS))
    return frame.select(nw.exclude(*_TARGETS), *named)
