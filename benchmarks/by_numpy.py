"""Segmentation and MAN tuned by hand: numpy on Arrow columns, the default rules typed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import compress, product
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

TIER_MIN = np.array([50_000, 200_000, 1_000_000, 6_000_000]) - 0.005
NEXT_TIER = np.array([np.nan, 50_000, 200_000, 1_000_000, 6_000_000, np.nan])
# by tier code (0 unknown, 1..5): band, first contacts of level mid, first of level high
BAND = np.array([3, 0, 0, 1, 2, 2], dtype=np.int8)
MID_CONTACTS = np.array([6.0, 1, 1, 4, 6, 6])
HIGH_CONTACTS = np.array([12.0, 2, 2, 8, 12, 12])
INFO_MID, INFO_HIGH = 0.4, 0.8
JOINT = np.array([1, 1, 2, 1, 2, 3, 2, 3, 3], dtype=np.int8)  # by 3 * frequency + information
SLACK = 1e-9

TIERS = np.array(["unknown", "T1", "T2", "T3", "T4", "T5"], dtype=object)
BANDS = np.array(["low", "mid", "high", "unknown"], dtype=object)
LEVELS = np.array([None, "low", "mid", "high"], dtype=object)
CLASSES = np.array(["unknown", "F1", "F2", "F3"], dtype=object)
WHY = np.array(
    ["joint", "no_contact_log", "no_information", "override", "override_limited", "new_customer"],
    dtype=object,
)
GROUPS = np.array(["unknown", *(f"G{i}" for i in range(1, 10))], dtype=object)
NEXT_GROUPS = np.array([None, None, "G1", "G2", "G1", "G4", "G5", "G4", "G7", "G8"], dtype=object)
LETTERS = np.array(["unknown", "lacks", "has"], dtype=object)
RULINGS = (
    "is_minor", "is_closed_or_deceased", "is_not_capable",
    "decision_role_self", "decision_role_joint", "decision_role_other",
)  # fmt: skip
RULING_LETTER = np.array([0, 1, 1, 1, 2, 2, 1], dtype=np.int8)
AUTHORITY = {
    "self_operated_share_12m": (0.8, 2),
    "n_own_purchases_24m": (1, 2),
    "n_own_large_transfers_12m": (1, 1),
    "n_login_days_90d": (3, 1),
    "is_risk_eval_self": (None, 1),
    "is_business_owner": (None, 1),
    "agent_operated_share_12m": (0.5, -3),
    "has_family_consult_note": (None, -2),
    "is_mobile_shared": (None, -1),
}
STRONG = {"has_need_tag_90d": None, "has_inquiry_30d": None, "maturing_30d_cny": 10_000 - 0.005}
WEAK = {
    "idle_share": (0.5, 1),
    "has_large_inflow_30d": (None, 1),
    "is_repeat_buyer_24m": (None, 2),
    "has_allocation_gap": (None, 1),
    "has_life_event": (None, 1),
}
MONEY_WHY = np.array(["no_evidence", "short", "enough", "pass_through"], dtype=object)
MAN = np.array(["man", "maN", "mAn", "mAN", "Man", "MaN", "MAn", "MAN"], dtype=object)
CODES = np.array([f"M{m}A{a}N{n}" for m, a, n in product((0, 1), repeat=3)], dtype=object)
DIFFICULTY = np.array([8, 5, 6, 4, 7, 3, 2, 1])
USED = (
    "customer_id", "branch_id", "aum_cny", "n_contacts", "info_share", "is_new",
    "override_familiarity", "override_reason", "is_minor", "status", "is_capable",
    "decision_role", "is_decision_role_stale", "deployable_cny", "is_pass_through",
    "has_refused_90d", *AUTHORITY, *STRONG, *WEAK,
)  # fmt: skip


Columns = dict[str, Callable[[], np.ndarray]]


def segment_and_score(path: Path, wanted: Sequence[str]) -> dict[str, np.ndarray | pa.ChunkedArray]:
    """Read the customers and give the columns wanted; keys stay in Arrow as they were read."""
    table = pq.read_table(path, columns=list(USED))
    aum = table["aum_cny"].to_numpy()
    made = _segment(table, aum) | _man(table)
    return {name: made[name]() if name in made else table[name] for name in wanted}


def _number(table: pa.Table, name: str) -> np.ndarray:
    return table[name].to_numpy()


def _flag(table: pa.Table, name: str) -> np.ndarray:
    return pc.fill_null(table[name], False).to_numpy()


def _is(table: pa.Table, name: str, value: str) -> np.ndarray:
    return pc.fill_null(pc.equal(table[name], value), False).to_numpy()


def _segment(table: pa.Table, aum: np.ndarray) -> Columns:
    tier = (np.searchsorted(TIER_MIN, aum, side="right") + 1).astype(np.int8)
    tier[np.isnan(aum)] = 0
    contacts, information = _number(table, "n_contacts"), _number(table, "info_share")
    reached, mid, high = contacts + SLACK, MID_CONTACTS[tier], HIGH_CONTACTS[tier]
    frequency = (reached >= mid).astype(np.int8) + (reached >= high)
    level = (information >= INFO_MID - SLACK).astype(np.int8) + (information >= INFO_HIGH - SLACK)
    no_log, no_information = np.isnan(contacts), np.isnan(information)
    familiarity, why = _familiarity(table, frequency, level, no_log, no_information)
    group = 3 * (2 - BAND[tier]) + 4 - familiarity
    group[(familiarity == 0) | (tier == 0)] = 0
    return {
        "tier": lambda: TIERS[tier],
        "band": lambda: BANDS[BAND[tier]],
        "frequency_level": lambda: LEVELS[np.where(no_log, 0, frequency + 1)],
        "information_level": lambda: LEVELS[np.where(no_information, 0, level + 1)],
        "familiarity": lambda: CLASSES[familiarity],
        "familiarity_reason": lambda: WHY[why()],
        "group": lambda: GROUPS[group],
        "next_group": lambda: NEXT_GROUPS[group],
        "aum_to_next_tier_cny": lambda: np.round(NEXT_TIER[tier] - aum, 2),
        "contacts_to_next_level": lambda: np.choose(frequency, (mid, high, np.nan)) - contacts,
        "info_share_to_next_level": lambda: (
            np.choose(level, (INFO_MID, INFO_HIGH, np.nan)) - information
        ),
    }


def _familiarity(
    table: pa.Table,
    frequency: np.ndarray,
    level: np.ndarray,
    no_log: np.ndarray,
    no_information: np.ndarray,
) -> tuple[np.ndarray, Callable[[], np.ndarray]]:
    judged = JOINT[3 * frequency + level]
    has_reason = table["override_reason"].is_valid().to_numpy()
    wanted = sum(i * _is(table, "override_familiarity", f"F{i}") for i in (1, 2, 3)) * has_reason
    moved = judged + np.clip(wanted - judged, -1, 1)
    is_moved = (wanted > 0) & (moved != judged)
    stranger = (judged == 1) & _flag(table, "is_new") & ~is_moved
    familiarity = np.where(is_moved, moved, judged).astype(np.int8)
    familiarity[stranger | no_log | no_information] = 0

    def why() -> np.ndarray:
        code = np.zeros(len(judged), dtype=np.int8)
        code[is_moved] = np.where(moved[is_moved] == wanted[is_moved], 3, 4)
        code[stranger] = 5
        code[no_information] = 2
        code[no_log] = 1
        return code

    return familiarity, why


def _man(table: pa.Table) -> Columns:
    deployable, passes = _number(table, "deployable_cny"), _flag(table, "is_pass_through")
    money = np.where(deployable >= 10_000 - 0.005, 2, np.where(np.isnan(deployable), 0, 1))
    money[passes] = 1
    authority, authority_why, is_assumed = _authority(table)
    need, need_why = _need(table)
    code = 4 * (money == 2) + 2 * ((authority == 2) | is_assumed) + (need == 2)
    return {
        "money": lambda: LETTERS[money],
        "money_reason": lambda: MONEY_WHY[np.where(passes, 3, money)],
        "authority": lambda: LETTERS[authority],
        "authority_reason": authority_why,
        "is_authority_assumed": lambda: is_assumed,
        "need": lambda: LETTERS[need],
        "need_reason": need_why,
        "man_group": lambda: MAN[code],
        "man_code": lambda: CODES[code],
        "difficulty": lambda: DIFFICULTY[code],
        "is_priority": lambda: DIFFICULTY[code] <= 3,
    }


def _authority(table: pa.Table) -> tuple[np.ndarray, Callable[[], np.ndarray], np.ndarray]:
    mask = np.zeros(len(table), dtype=np.int16)
    for name, (least, _) in AUTHORITY.items():
        sign = _flag(table, name) if least is None else _number(table, name) >= least - SLACK
        mask = mask * 2 + sign
    ruling = sum(
        i * _is(table, "decision_role", r) for i, r in enumerate(("self", "joint", "other"), 4)
    )
    ruling[_flag(table, "is_decision_role_stale")] = 0
    ruling[~pc.fill_null(table["is_capable"], True).to_numpy()] = 3
    ruling[_is(table, "status", "closed") | _is(table, "status", "deceased")] = 2
    ruling[_flag(table, "is_minor")] = 1
    is_adult = ~pc.fill_null(table["is_minor"], True).to_numpy()
    letter, why, is_contrary = _authority_cases()
    authority = np.where(ruling > 0, RULING_LETTER[ruling], letter[mask])
    is_assumed = (authority == 0) & is_adult & ~is_contrary[mask]
    return (
        authority,
        lambda: why[np.where(ruling > 0, len(letter) + ruling - 1, mask)],
        is_assumed,
    )


@cache
def _authority_cases() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    letters, whys, contrary = [], [], []
    for bits in product((0, 1), repeat=len(AUTHORITY)):
        scores = list(compress((score for _, score in AUTHORITY.values()), bits))
        letters.append(0 if not scores else 2 if sum(scores) >= 3 else 1 if sum(scores) <= 0 else 0)
        whys.append(";".join(compress(AUTHORITY, bits)) or "no_evidence")
        contrary.append(any(score < 0 for score in scores))
    return (
        np.array(letters, dtype=np.int8),
        np.array([*whys, *RULINGS], dtype=object),
        np.array(contrary),
    )


def _need(table: pa.Table) -> tuple[np.ndarray, Callable[[], np.ndarray]]:
    mask = np.zeros(len(table), dtype=np.int16)
    is_known = np.zeros(len(table), dtype=bool)
    for name, least in STRONG.items():
        sign = _flag(table, name) if least is None else _number(table, name) >= least
        mask = mask * 2 + sign
        if least is None:  # what the customer said, and its absence too
            is_known |= table[name].is_valid().to_numpy()
    for name, (least, _) in WEAK.items():
        sign = _flag(table, name) if least is None else _number(table, name) >= least - SLACK
        mask = mask * 2 + sign
    mask = mask * 2 + _flag(table, "has_refused_90d")
    letter, why = _need_cases()
    case = 2 * mask + is_known
    return letter[case], lambda: why[case]


@cache
def _need_cases() -> tuple[np.ndarray, np.ndarray]:
    letters, whys = [], []
    for bits in product((0, 1), repeat=len(STRONG) + len(WEAK) + 2):
        *signs, refused, is_known = bits
        strong = list(compress(STRONG, signs[: len(STRONG)]))
        weak = list(compress(WEAK, signs[len(STRONG) :]))
        has = bool(strong) or (not refused and sum(WEAK[name][1] for name in weak) >= 2)
        letters.append(2 if has else 1 if refused or is_known else 0)
        if not has and refused:
            whys.append("refused")
        elif has or is_known:
            whys.append(";".join([*strong, *weak]) or "no_signal")
        else:
            whys.append("no_evidence")
    return np.array(letters, dtype=np.int8), np.array(whys, dtype=object)
