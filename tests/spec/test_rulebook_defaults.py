"""What the default rulebook says, as tables a banker can check."""

from __future__ import annotations

import pytest

from stockcust.rulebook import load_rulebook
from stockcust.rulebook.coefficients import man_code

RULES = load_rulebook()


def _tier(preset: str, fen: int) -> str:
    tiers = RULES.with_changes({"tiers.active_preset": preset}).tiers.active
    return next(tier.id for tier in tiers if tier.max_fen is None or fen < tier.max_fen)


@pytest.mark.parametrize(
    ("aum", "tier"),
    [
        ("0.00", "T1"),
        ("49999.99", "T1"),
        ("50000.00", "T2"),
        ("199999.99", "T2"),
        ("200000.00", "T3"),
        ("999999.99", "T3"),
        ("1000000.00", "T4"),
        ("5999999.99", "T4"),
        ("6000000.00", "T5"),
    ],
)
def test_standard_tiers_are_closed_below_and_open_above(aum, tier):
    assert _tier("standard", int(aum.replace(".", ""))) == tier


@pytest.mark.parametrize(
    ("preset", "minimums"),
    [
        ("standard", [0, 50_000, 200_000, 1_000_000, 6_000_000]),
        ("rural", [0, 50_000, 300_000, 1_000_000, 3_000_000]),
    ],
)
def test_each_tier_preset_starts_its_tiers_here(preset, minimums):
    tiers = RULES.with_changes({"tiers.active_preset": preset}).tiers.active
    assert [tier.min_cny for tier in tiers] == minimums


@pytest.mark.parametrize(
    ("frequency", "information", "familiarity"),
    [
        ("high", "low", "F2"),
        ("high", "mid", "F3"),
        ("high", "high", "F3"),
        ("mid", "low", "F1"),
        ("mid", "mid", "F2"),
        ("mid", "high", "F3"),
        ("low", "low", "F1"),
        ("low", "mid", "F1"),
        ("low", "high", "F2"),
    ],
)
def test_contact_and_information_together_give_the_class(frequency, information, familiarity):
    assert RULES.familiarity.joint_matrix[frequency][information] == familiarity


@pytest.mark.parametrize(
    ("tier", "F3", "F2", "F1"),
    [
        ("T5", "G1", "G2", "G3"),
        ("T4", "G1", "G2", "G3"),
        ("T3", "G4", "G5", "G6"),
        ("T2", "G7", "G8", "G9"),
        ("T1", "G7", "G8", "G9"),
    ],
)
def test_the_fifteen_cells_are_nine_groups(tier, F3, F2, F1):
    assert RULES.grid[tier] == {"F3": F3, "F2": F2, "F1": F1}


def test_exactly_nine_groups_are_reached():
    reached = {group for row in RULES.grid.values() for group in row.values()}
    assert reached == set(RULES.groups) == {f"G{i}" for i in range(1, 10)}


@pytest.mark.parametrize(
    ("group", "code", "classic_rank", "five_level", "chinese"),
    [
        ("MAN", "M1A1N1", 1, 1, "天使客户"),
        ("MAn", "M1A1N0", 2, 2, "待激发需求客户"),
        ("MaN", "M1A0N1", 3, 4, "待找决策人客户"),
        ("mAN", "M0A1N1", 4, 3, "待补资金客户"),
        ("maN", "M0A0N1", 5, 4, "有需无力客户"),
        ("mAn", "M0A1N0", 6, 4, "仅有决策权客户"),
        ("Man", "M1A0N0", 7, 4, "仅有资金客户"),
        ("man", "M0A0N0", 8, 5, "暂不营销客户"),
    ],
)
def test_the_eight_man_groups(group, code, classic_rank, five_level, chinese):
    five = RULES.with_changes({"man.coefficient_preset": "five_level"})
    assert man_code(group) == code == RULES.man.groups[group].code
    assert RULES.man.coefficients[group] == classic_rank
    assert five.man.coefficients[group] == five_level
    assert RULES.man.groups[group].label.zh == chinese


@pytest.mark.parametrize(
    ("preset", "first"),
    [("classic_rank", {"MAN", "MAn", "MaN"}), ("five_level", {"MAN", "MAn", "mAN"})],
)
def test_the_two_scales_differ_in_the_third_group_that_comes_first(preset, first):
    man = RULES.with_changes({"man.coefficient_preset": preset}).man
    assert {g for g, c in man.coefficients.items() if c in man.priority_coefficients} == first


def test_lending_is_never_the_way_to_invest():
    assert "贷款不得用于投资" in RULES.man.groups["mAN"].action.zh


@pytest.mark.parametrize(
    ("band", "low_lt", "high_ge"), [("high", 6, 12), ("mid", 4, 8), ("low", 1, 2)]
)
def test_contact_levels_follow_from_the_cadences(band, low_lt, high_ge):
    levels = RULES.frequency_levels[band]
    assert (levels.low_lt, levels.high_ge) == (low_lt, high_ge)


@pytest.mark.parametrize(
    ("group", "contacts", "visits", "touches"),
    [
        ("G1", 12, 4, 0),
        ("G2", 12, 4, 0),
        ("G3", 12, 0, 0),
        ("G4", 8, 0, 0),
        ("G5", 4, 0, 0),
        ("G6", 4, 0, 0),
        ("G7", 2, 0, 0),
        ("G8", 1, 0, 4),
        ("G9", 0, 0, 2),
    ],
)
def test_what_each_cadence_is_in_a_year(group, contacts, visits, touches):
    cadence = RULES.groups[group].cadence
    assert cadence.contacts_per_year == contacts
    assert cadence.face_visits_per_year == visits
    assert cadence.touches_per_year == touches


@pytest.mark.parametrize(
    ("definition", "aum_lt", "aum_gt", "days"),
    [("bank_365d", 100, None, 365), ("branch_180d", 1000, None, 180), ("regulator_5y", None, 0, 1825)],
)  # fmt: skip
def test_dormant_means(definition, aum_lt, aum_gt, days):
    dormant = RULES.with_changes({"status.dormant.preset": definition}).status.dormant.active
    assert (dormant.aum_lt_cny, dormant.aum_gt_cny, dormant.inactive_days) == (aum_lt, aum_gt, days)


def test_the_rulebook_says_which_presets_are_active():
    assert RULES.active_presets == {
        "tiers": "standard",
        "man": "classic_rank",
        "dormant": "bank_365d",
        "churn": "bank_two_level",
    }
