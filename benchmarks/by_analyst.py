"""What an analyst would write in a notebook: a function per row, or np.select on columns.

The default rules typed in; the result has letters and groups, no reasons.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

NEED_SIGNALS = {
    "has_large_inflow_30d": 1,
    "is_repeat_buyer_24m": 2,
    "has_allocation_gap": 1,
    "has_life_event": 1,
}
AUTHORITY_POINTS = {
    "self_operated_share_12m": (0.8, 2),
    "n_own_purchases_24m": (1, 2),
    "n_own_large_transfers_12m": (1, 1),
    "n_login_days_90d": (3, 1),
    "is_risk_eval_self": (1, 1),
    "is_business_owner": (1, 1),
    "agent_operated_share_12m": (0.5, -3),
    "has_family_consult_note": (1, -2),
    "is_mobile_shared": (1, -1),
}
DIFFICULTY = {"MAN": 1, "MAn": 2, "MaN": 3, "mAN": 4, "maN": 5, "mAn": 6, "Man": 7, "man": 8}
LEVELS = {"T1": (1, 2), "T2": (1, 2), "T3": (4, 8), "T4": (6, 12), "T5": (6, 12)}
MATRIX = {
    ("low", "low"): 1, ("low", "mid"): 1, ("low", "high"): 2,
    ("mid", "low"): 1, ("mid", "mid"): 2, ("mid", "high"): 3,
    ("high", "low"): 2, ("high", "mid"): 3, ("high", "high"): 3,
}  # fmt: skip


def by_apply(customers: pd.DataFrame) -> pd.DataFrame:
    """Call a function for each row."""
    scored = customers.apply(_row, axis=1, result_type="expand")
    return pd.concat([customers[["customer_id", "branch_id", "aum_cny"]], scored], axis=1)


def _row(c: pd.Series) -> dict[str, object]:
    tier = _tier(c["aum_cny"])
    familiarity = _familiarity(c, tier)
    money, authority, need = _money(c), _authority(c), _need(c)
    is_assumed = authority == "unknown" and c["is_minor"] is False and not _is_contrary(c)
    group = (
        ("M" if money == "has" else "m")
        + ("A" if authority == "has" or is_assumed else "a")
        + ("N" if need == "has" else "n")
    )
    return {
        "tier": tier,
        "familiarity": familiarity,
        "group": _group(tier, familiarity),
        "money": money,
        "authority": authority,
        "need": need,
        "man_group": group,
        "difficulty": DIFFICULTY[group],
        "is_priority": DIFFICULTY[group] <= 3,
    }


def _tier(aum: float) -> str:
    if pd.isna(aum):
        return "unknown"
    cuts = {"T5": 6_000_000, "T4": 1_000_000, "T3": 200_000, "T2": 50_000}
    return next((tier for tier, cut in cuts.items() if aum >= cut), "T1")


def _familiarity(c: pd.Series, tier: str) -> str:
    contacts, share = c["n_contacts"], c["info_share"]
    if pd.isna(contacts) or pd.isna(share):
        return "unknown"
    low, high = LEVELS.get(tier, (6, 12))
    frequency = "low" if contacts < low else "high" if contacts >= high else "mid"
    information = "low" if share < 0.4 else "high" if share >= 0.8 else "mid"
    judged = MATRIX[frequency, information]
    if pd.notna(c["override_familiarity"]) and pd.notna(c["override_reason"]):
        judged_by_hand = int(c["override_familiarity"][1])
        if judged_by_hand != judged:
            return f"F{judged + (1 if judged_by_hand > judged else -1)}"
    return "unknown" if judged == 1 and c["is_new"] is True else f"F{judged}"


def _group(tier: str, familiarity: str) -> str:
    if "unknown" in (tier, familiarity):
        return "unknown"
    first = {"T5": 1, "T4": 1, "T3": 4}.get(tier, 7)
    return f"G{first + 3 - int(familiarity[1])}"


def _money(c: pd.Series) -> str:
    if c["is_pass_through"] is True:
        return "lacks"
    if pd.isna(c["deployable_cny"]):
        return "unknown"
    return "has" if c["deployable_cny"] >= 10_000 else "lacks"


def _authority(c: pd.Series) -> str:
    if c["is_minor"] is True or c["status"] in ("closed", "deceased") or c["is_capable"] is False:
        return "lacks"
    if pd.notna(c["decision_role"]) and c["is_decision_role_stale"] is not True:
        return "lacks" if c["decision_role"] == "other" else "has"
    found = [s for name, (ge, s) in AUTHORITY_POINTS.items() if pd.notna(c[name]) and c[name] >= ge]
    if not found:
        return "unknown"
    return "has" if sum(found) >= 3 else "lacks" if sum(found) <= 0 else "unknown"


def _is_contrary(c: pd.Series) -> bool:
    against = {name: ge for name, (ge, score) in AUTHORITY_POINTS.items() if score < 0}
    return any(pd.notna(c[name]) and c[name] >= ge for name, ge in against.items())


def _need(c: pd.Series) -> str:
    strong = [c["has_need_tag_90d"], c["has_inquiry_30d"]]
    if True in strong or c["maturing_30d_cny"] >= 10_000:
        return "has"
    if c["has_refused_90d"] is True:
        return "lacks"
    points = int(c["idle_share"] >= 0.5)
    points += sum(score for name, score in NEED_SIGNALS.items() if c[name] is True)
    if points >= 2:
        return "has"
    return "lacks" if any(pd.notna(said) for said in strong) else "unknown"


def by_select(c: pd.DataFrame) -> pd.DataFrame:
    """Use np.select and columns of flags."""
    yes = {name: c[name].fillna(False).astype(bool) for name in c if c[name].dtype == "boolean"}
    aum = c["aum_cny"]
    tier = np.select(
        [aum.isna(), aum >= 6_000_000, aum >= 1_000_000, aum >= 200_000, aum >= 50_000],
        ["unknown", "T5", "T4", "T3", "T2"],
        default="T1",
    )
    familiarity = _familiarity_by_select(c, tier, yes)
    high, mid = np.isin(tier, ["T4", "T5"]), tier == "T3"
    first = np.select([high, mid], [1, 4], default=7)
    no_group = (tier == "unknown") | (familiarity == 0)
    group = np.where(no_group, "unknown", np.char.add("G", (first + 3 - familiarity).astype(str)))
    money = np.select(
        [yes["is_pass_through"], c["deployable_cny"].isna(), c["deployable_cny"] >= 10_000],
        ["lacks", "unknown", "has"],
        default="lacks",
    )
    authority, is_assumed = _authority_by_select(c, yes)
    need = _need_by_select(c, yes)
    letters = [
        np.where(money == "has", "M", "m"),
        np.where((authority == "has") | is_assumed, "A", "a"),
        np.where(need == "has", "N", "n"),
    ]
    man_group = pd.Series(np.char.add(np.char.add(*letters[:2]), letters[2]))
    difficulty = man_group.map(DIFFICULTY)
    return c[["customer_id", "branch_id", "aum_cny"]].assign(
        tier=tier,
        familiarity=np.where(
            familiarity == 0, "unknown", np.char.add("F", familiarity.astype(str))
        ),
        group=group,
        money=money,
        authority=authority,
        need=need,
        man_group=man_group,
        difficulty=difficulty,
        is_priority=difficulty <= 3,
    )


def _familiarity_by_select(c: pd.DataFrame, tier: np.ndarray, yes: dict) -> np.ndarray:
    levels = pd.DataFrame(LEVELS | {"unknown": (6, 12)}).T
    low, high = levels[0].reindex(tier).to_numpy(), levels[1].reindex(tier).to_numpy()
    contacts, share = c["n_contacts"], c["info_share"]
    frequency = np.select([contacts < low, contacts < high], ["low", "mid"], default="high")
    information = np.select([share < 0.4, share < 0.8], ["low", "mid"], default="high")
    pairs = [(frequency == f) & (information == i) for f, i in MATRIX]
    judged = np.select(pairs, list(MATRIX.values()))
    by_hand = c["override_familiarity"].str[1].astype("float64").where(c["override_reason"].notna())
    moved = judged + np.sign(by_hand.fillna(pd.Series(judged)) - judged).astype(int)
    is_unknown = contacts.isna() | share.isna() | ((moved == 1) & (judged == 1) & yes["is_new"])
    return np.where(is_unknown, 0, moved)


def _authority_by_select(c: pd.DataFrame, yes: dict) -> tuple[np.ndarray, np.ndarray]:
    found = {name: (c[name] >= ge).fillna(False) for name, (ge, _) in AUTHORITY_POINTS.items()}
    score = sum(found[name].astype(int) * points for name, (_, points) in AUTHORITY_POINTS.items())
    anything = np.logical_or.reduce([flag.to_numpy(dtype=bool) for flag in found.values()])
    is_gone, is_capable = c["status"].isin(["closed", "deceased"]), c["is_capable"].fillna(True)
    never = yes["is_minor"] | is_gone | ~is_capable.astype(bool)
    role = c["decision_role"].where(~yes["is_decision_role_stale"])
    authority = np.select(
        [never, role.isin(["self", "joint"]), role == "other", ~anything, score >= 3, score <= 0],
        ["lacks", "has", "lacks", "unknown", "has", "lacks"],
        default="unknown",
    )
    against = [found[name] for name, (_, points) in AUTHORITY_POINTS.items() if points < 0]
    is_adult = ~c["is_minor"].fillna(True).astype(bool)
    is_contrary = np.logical_or.reduce([flag.to_numpy(dtype=bool) for flag in against])
    return authority, (authority == "unknown") & is_adult.to_numpy() & ~is_contrary


def _need_by_select(c: pd.DataFrame, yes: dict) -> np.ndarray:
    maturing = c["maturing_30d_cny"]
    strong = yes["has_need_tag_90d"] | yes["has_inquiry_30d"] | (maturing >= 10_000)
    points = (c["idle_share"] >= 0.5).astype(int)
    points = points + sum(yes[name].astype(int) * score for name, score in NEED_SIGNALS.items())
    known = c["has_need_tag_90d"].notna() | c["has_inquiry_30d"].notna()
    return np.select(
        [strong, yes["has_refused_90d"], points >= 2, ~known],
        ["has", "lacks", "has", "unknown"],
        default="lacks",
    )
