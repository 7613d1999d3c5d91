"""The three classes of familiarity: contacts and information judged together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from stockcust.rulebook.base import FAMILIARITIES
from stockcust.segmentation.decision_table import Factor, codes_factor, constant, flag_factor
from stockcust.segmentation.thresholds import SLACK, n_reached

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Band, FamiliarityId, Level

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A class (or unknown), why, and the two levels it rests on with what the next one takes."""

    familiarity: str
    reason: str
    frequency: Level | None
    information: Level | None
    contacts_for_next: float | None
    info_share_for_next: float | None


def contact_factor(rules: Rulebook) -> Factor:
    """Give the contacts by the highest threshold of any band that they reach."""
    levels = rules.frequency_levels.values()
    thresholds = sorted({t for band in levels for t in (band.low_lt, band.high_ge)})
    return _stepped("n_contacts", thresholds)


def information_factor(rules: Rulebook) -> Factor:
    """Give the share of information held by the threshold it reaches."""
    information = rules.familiarity.information
    return _stepped("info_share", (information.low_lt, information.high_ge))


def _stepped(column: str, thresholds: Sequence[float]) -> Factor:
    starts = [threshold - SLACK for threshold in thresholds]
    return Factor(partial(n_reached, nw.col(column), starts), (None, 0.0, *thresholds))


def new_factor(columns: Collection[str]) -> Factor:
    """Whether the customer is new; an absent column says no."""
    return flag_factor(nw.col("is_new")) if "is_new" in columns else constant(False)


def override_factor(columns: Collection[str], rules: Rulebook) -> Factor:
    """Give the class that a manager set by hand, where the rulebook lets it count."""
    rule = rules.familiarity.manual_override
    needed = {"override_familiarity", *(["override_reason"] if rule.needs_reason else [])}
    if not rule.is_allowed or not needed <= set(columns):
        return constant(None)
    wanted = nw.col("override_familiarity")
    if rule.needs_reason:
        wanted = nw.when(~nw.col("override_reason").is_null()).then(wanted)
    return codes_factor(wanted, FAMILIARITIES)


def judge_familiarity(
    band: Band | None,
    n_contacts: float | None,
    info_share: float | None,
    is_new: bool,
    override: FamiliarityId | None,
    rules: Rulebook,
) -> Judgement:
    """Judge one customer's class from contacts, information and a manager's word.

    Parameters
    ----------
    band : asset band, whose contact levels apply; None applies the strictest of all bands.
    n_contacts : weighted effective contacts in the window; None where no log covers the branch.
    info_share : share of information held, 0-1; None where nothing is known about it.
    is_new : opened so recently that a short history says nothing.
    override : class set by a manager, moved to at most the rulebook's number of steps.
    """
    information_levels = rules.familiarity.information
    frequency, contacts_next = _level(n_contacts, *contact_levels(band, rules))
    information, info_next = _level(
        info_share, information_levels.low_lt, information_levels.high_ge
    )
    familiarity, reason = _judge(frequency, information, is_new, override, rules)
    return Judgement(familiarity, reason, frequency, information, contacts_next, info_next)


def _judge(
    frequency: Level | None,
    information: Level | None,
    is_new: bool,
    override: FamiliarityId | None,
    rules: Rulebook,
) -> tuple[str, str]:
    if frequency is None:
        return UNKNOWN, "no_contact_log"
    if information is None:
        return UNKNOWN, "no_information"
    judged = rules.familiarity.joint_matrix[frequency][information]
    if override and override != judged:
        moved = _move(judged, override, rules.familiarity.manual_override.max_step)
        return moved, "override" if moved == override else "override_limited"
    if is_new and judged == FAMILIARITIES[0]:
        return UNKNOWN, "new_customer"
    return judged, "joint"


def _move(judged: FamiliarityId, wanted: FamiliarityId, max_step: int) -> FamiliarityId:
    start, goal = FAMILIARITIES.index(judged), FAMILIARITIES.index(wanted)
    return FAMILIARITIES[max(start - max_step, min(goal, start + max_step))]


def _level(value: float | None, low_lt: float, high_ge: float) -> tuple[Level | None, float | None]:
    """Give the level of a value, and the value that the next level takes."""
    if value is None:
        return None, None
    if value < low_lt:
        return "low", low_lt
    if value < high_ge:
        return "mid", high_ge
    return "high", None


def contact_levels(band: Band | None, rules: Rulebook) -> tuple[float, float]:
    """Where low ends and high begins; for unknown assets what holds whatever the band."""
    if band:
        levels = rules.frequency_levels[band]
        return levels.low_lt, levels.high_ge
    every = rules.frequency_levels.values()
    return max(band.low_lt for band in every), max(band.high_ge for band in every)
