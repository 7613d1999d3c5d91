"""What a rulebook may not say: each line is one change to the default and how it is refused."""

from __future__ import annotations

import pytest

from stockcust.errors import RulebookError
from stockcust.rulebook import load_rulebook
from stockcust.rulebook.stickiness import TIES
from stockcust.rulebook.vocabulary import SALEABLE_CLASSES

LABEL = {"zh": "测试", "en": "test"}
ITEMS = "tiers.presets.standard.items"
CLASSIC = "man.coefficient_presets.classic_rank.coefficients"
COMBO = "service.combos.items.steady_start"
F1_ROW = {"low": "F1", "mid": "F1", "high": "F1"}
RISING_ROW = {"low": "F1", "mid": "F2", "high": "F3"}

# change | where it is wrong | what is said | what would be right
REFUSED = {
    # ---------------------------------------------------------------- keys, words and types
    "an unknown section": ({"tierz": {}}, "tierz", "unknown key", "tiers"),
    "an unknown key": ({f"{ITEMS}.T2.max": 1}, f"{ITEMS}.T2.max", "unknown key", "max_cny"),
    "an unknown key in a list": ({"dimensions.age.bins": [{"ge": 0, "label": LABEL, "lable": 1}]}, "dimensions.age.bins.0.lable", "unknown key", "label"),
    "an unknown channel": ({"familiarity.contact_frequency.counted_channels.fone": 1.0}, "familiarity.contact_frequency.counted_channels.fone", "unknown key", "phone"),
    "an unknown item of information": ({"familiarity.information.items.birthdate": {"label": LABEL, "weight": 1, "topic": "identity"}}, "familiarity.information.items.birthdate", "unknown key", "birth_date"),
    "an unknown group in the grid": ({"grid.T5.F3": "G10"}, "grid.T5.F3", "G10 is not allowed", "G1"),
    "an unknown evidence of authority": ({"man.authority.score_items.is_risk_eval_slf": {"label": LABEL, "score": 1}}, "man.authority.score_items.is_risk_eval_slf", "unknown key", "is_risk_eval_self"),
    "an unknown kind of dimension": ({"dimensions.age.kind": "bin"}, "dimensions.age.kind", "bin is not allowed", "bins"),
    "an unknown column of a dimension": ({"dimensions.age.column": "ages"}, "dimensions.age.column", "ages is not allowed", "age"),
    "a missing section": ({"report": None}, "report", "is missing", "add"),
    "a text for a number": ({"report.min_n_rate": "ten"}, "report.min_n_rate", "ten", "integer"),
    "a number in quotes": ({f"{ITEMS}.T2.max_cny": "200000"}, f"{ITEMS}.T2.max_cny", "200000", "number"),
    "a yes for a number": ({"report.min_n_rate": True}, "report.min_n_rate", "true", "integer"),
    "a number for a text": ({"version": 1}, "version", "1 is wrong", "quotes"),
    "a share above one": ({"hold_out.exploration_share": 5}, "hold_out.exploration_share", "5", "less than or equal to 1"),
    "an infinite amount": ({"man.money.min_amount_cny": float("inf")}, "man.money.min_amount_cny", "Infinity", "finite"),
    "no number at all": ({"man.money.min_amount_cny": float("nan")}, "man.money.min_amount_cny", "NaN", "finite"),
    "a negative amount": ({"man.money.min_amount_cny": -1}, "man.money.min_amount_cny", "-1", "greater than or equal to 0"),
    "an amount in tenths of a fen": ({"man.money.min_amount_cny": 0.001}, "man.money.min_amount_cny", "0.001", "two decimals"),
    "a time without minutes": ({"compliance.contact.quiet_from": "9"}, "compliance.contact.quiet_from", "9", "pattern"),
    "a window that is longer than dates go back": ({"man.need.window_repeat_months": 99999}, "man.need.window_repeat_months", "99999", "less than or equal to 1200"),
    "a window of no day": ({"man.need.window_maturing_days": 0}, "man.need.window_maturing_days", "0", "greater than or equal to 1"),
    "a mean month of no month": ({"man.money.window_outflow_months": 0}, "man.money.window_outflow_months", "0", "greater than or equal to 1"),
    "part of a month": ({"man.authority.window_login_months": 2.5}, "man.authority.window_login_months", "2.5", "integer"),
    "an age before birth": ({"compliance.suitability.minor_under_age": -1}, "compliance.suitability.minor_under_age", "-1", "greater than or equal to 0"),
    "an age nobody reaches": ({"man.need.life_event.retirement_age": 200}, "man.need.life_event.retirement_age", "200", "less than or equal to 130"),
    "an age band that the contract does not have": ({"man.need.life_event.child_age_bands": ["7-12"]}, "man.need.life_event.child_age_bands.0", "7-12 is not allowed", "7-13"),
    "knowing a customer of whom no item is delivered": ({"familiarity.information.min_delivered_share": 0}, "familiarity.information.min_delivered_share", "0", "greater than 0"),
    # ---------------------------------------------------------------- closed lists
    "a class of products left out": ({"product_classes.gold": None}, "product_classes.gold", "is missing", "add"),
    "a channel left out": ({"channels.phone": None}, "channels.phone", "is missing", "add"),
    "a loan that is sold": ({"product_classes.loan.is_saleable": True}, "product_classes.loan.is_saleable", "no need of it is looked for", "false"),
    "nothing that is sold": ({f"product_classes.{c}.is_saleable": False for c in SALEABLE_CLASSES}, "product_classes", "nothing is sold", "true"),
    # ---------------------------------------------------------------- labels
    "no Chinese text": ({"groups.G1.label": {"en": "core"}}, "groups.G1.label.zh", "is missing", "add"),
    "no English text": ({"groups.G1.label": {"zh": "核心"}}, "groups.G1.label.en", "is missing", "add"),
    "an empty text": ({"tools.phone.label.en": "  "}, "tools.phone.label.en", "is wrong", ""),
    "Chinese as the English text": ({"tools.phone.label.en": "电话"}, "tools.phone.label.en", "电话", "Chinese"),
    "a strategy in one language": ({"groups.G1.strategy": [{"zh": "转介绍"}]}, "groups.G1.strategy.0.en", "is missing", "add"),
    # ---------------------------------------------------------------- tiers
    "a gap between tiers": ({f"{ITEMS}.T2.max_cny": 150000}, f"{ITEMS}.T3.min_cny", "leave a gap: T2 ends at 150000, T3 starts at 200000", "150000"),
    "tiers that overlap": ({f"{ITEMS}.T2.max_cny": 250000}, f"{ITEMS}.T3.min_cny", "overlap: T2 ends at 250000, T3 starts at 200000", "250000"),
    "a gap of one fen": ({f"{ITEMS}.T2.max_cny": 199999.99}, f"{ITEMS}.T3.min_cny", "T2 ends at 199999.99", "199999.99"),
    "a lowest tier above zero": ({f"{ITEMS}.T1.min_cny": 1}, f"{ITEMS}.T1.min_cny", "starts at 1", "0"),
    "a highest tier with an end": ({f"{ITEMS}.T5.max_cny": 9e6}, f"{ITEMS}.T5.max_cny", "ends at 9000000", "null"),
    "a middle tier without an end": ({f"{ITEMS}.T3.max_cny": None}, f"{ITEMS}.T3.max_cny", "only the highest", "1000000"),
    "an empty tier": ({f"{ITEMS}.T2.max_cny": 50000, f"{ITEMS}.T3.min_cny": 50000}, f"{ITEMS}.T2", "empty", "above"),
    "four tiers": ({f"{ITEMS}.T5": None}, ITEMS, "exactly five tiers are needed, T5 missing", "T1 to T5"),
    "six tiers": ({f"{ITEMS}.T6": {"label": LABEL, "min_cny": 9e6, "max_cny": None}}, f"{ITEMS}.T6", "unknown key", "T1, T2, T3, T4, T5"),
    "a gap in a preset that is not active": ({"tiers.presets.rural.items.T2.max_cny": 200000}, "tiers.presets.rural.items.T3.min_cny", "leave a gap", "200000"),
    "a history too short for the longest run": ({"tiers.status_rule.downgrade_after_months.T5": 11}, "tiers.status_rule.history_months", "12 months do not show a run of 11", "at least 13"),
    "a preset that does not exist": ({"tiers.active_preset": "rurl"}, "tiers.active_preset", "rurl", "rural"),
    # ---------------------------------------------------------------- grid, bands, groups
    "a grid without a cell": ({"grid.T3": {"F3": "G4", "F2": "G5"}}, "grid.T3.F1", "is missing", "add"),
    "a grid without a row": ({"grid.T3": None}, "grid.T3.F3", "is missing", "add"),
    "a grid that misses a group": ({"grid.T3.F2": "G4"}, "grid", "no cell reaches G5", "G5"),
    "a tier in no band": ({"bands.low.tiers": ["T1"]}, "bands", "T2 stands in 0 bands", "exactly one"),
    "a tier in two bands": ({"bands.mid.tiers": ["T3", "T4"]}, "bands", "T4 stands in 2 bands", "exactly one"),
    "bands upside down": ({"bands.high.tiers": ["T1", "T2"], "bands.low.tiers": ["T4", "T5"]}, "bands", "T1 stands in high", "above"),
    "a group left out": ({"groups.G9": None}, "groups.G9", "is missing", "add"),
    "a plan for unknown customers left out": ({"unknown_plans.mid": None}, "unknown_plans.mid", "is missing", "add"),
    "a tool outside the closed list": ({"groups.G1.tools": ["face_vist"]}, "groups.G1.tools", "face_vist is not in the list", "face_visit"),
    "an owner outside the closed list": ({"groups.G1.owners": ["branch_hed"]}, "groups.G1.owners", "branch_hed", "branch_head"),
    "a group without tools": ({"groups.G1.tools": []}, "groups.G1.tools", "[]", "at least 1"),
    "a group without a strategy": ({"groups.G1.strategy": []}, "groups.G1.strategy", "[]", "at least 1"),
    "a group without a cadence": ({"groups.G9.cadence": {}}, "groups.G9.cadence", "empty", "contacts or touches"),
    "more visits than contacts": ({"groups.G4.cadence.face_visits": {"n": 1, "per": "month"}}, "groups.G4.cadence.face_visits", "12 face visits a year in 8 contacts", "part of"),
    "a cadence that loses the class": ({"groups.G8.cadence": {"touches": {"n": 1, "per": "quarter"}}}, "groups.G8.cadence.contacts", "G8 is F2 and its cadence has no two-way contact", "explicit"),
    # ---------------------------------------------------------------- familiarity
    "contact frequency deciding alone": ({"familiarity.joint_matrix": {level: dict.fromkeys(F1_ROW, f"F{i}") for i, level in enumerate(("low", "mid", "high"), 1)}}, "familiarity.joint_matrix", "contact frequency decides alone", "information"),
    "information deciding alone": ({"familiarity.joint_matrix": dict.fromkeys(("low", "mid", "high"), RISING_ROW)}, "familiarity.joint_matrix", "information decides alone", "frequency"),
    "often in contact and little known, yet familiar": ({"familiarity.joint_matrix.high.low": "F3"}, "familiarity.joint_matrix.high.low", "high frequency with low information is F3", "F2"),
    "well known and never in contact, yet familiar": ({"familiarity.joint_matrix.low.high": "F3"}, "familiarity.joint_matrix.low.high", "low frequency with high information is F3", "F2"),
    "a class that falls as information rises": ({"familiarity.joint_matrix.mid.high": "F1"}, "familiarity.joint_matrix.mid.high", "falls when information rises from mid to high", "F2"),
    "a class that falls as contact rises": ({"familiarity.joint_matrix.high.mid": "F1"}, "familiarity.joint_matrix.high.mid", "falls when contact frequency rises from mid to high", "F2"),
    "a cell left out": ({"familiarity.joint_matrix.mid": {"low": "F1", "mid": "F2"}}, "familiarity.joint_matrix.mid.high", "missing", "F1, F2 or F3"),
    "a class that nobody reaches": ({"familiarity.joint_matrix.high": {"low": "F2", "mid": "F2", "high": "F2"}, "familiarity.joint_matrix.mid.high": "F2"}, "familiarity.joint_matrix", "no cell reaches F3", "three"),
    "a touch that counts as contact": ({"familiarity.contact_frequency.counted_channels.sms": 1.0}, "familiarity.contact_frequency.touch_only_channels", "sms", "touch"),
    "levels of information upside down": ({"familiarity.information.low_lt": 0.9}, "familiarity.information", "0.9 is not below", "low_lt"),
    "information without a purpose": ({"familiarity.information.items.name.topic": "gossip"}, "familiarity.information.items.name.topic", "gossip", "identity"),
    "explicit levels upside down": ({"familiarity.contact_frequency.explicit_levels.high.low_lt": 13}, "familiarity.contact_frequency.explicit_levels.high", "13 is not below", "high_ge"),
    # ---------------------------------------------------------------- MAN
    "losing money made easier": ({f"{CLASSIC}.mAn": 1}, f"{CLASSIC}.mAn", "mAn (1) is below MAn (2)", "at least 2"),
    "a second group as easy as MAN": ({f"{CLASSIC}.MAn": 1}, f"{CLASSIC}.MAn", "not above MAN (1)", "MAN alone"),
    "a group harder than man": ({f"{CLASSIC}.Man": 9}, f"{CLASSIC}.Man", "above man (8)", "highest"),
    "a group without a coefficient": ({f"{CLASSIC}": {"MAN": 1, "man": 8}}, f"{CLASSIC}.MAn", "is missing", "add"),
    "a coefficient of zero": ({f"{CLASSIC}.MAN": 0}, f"{CLASSIC}.MAN", "0", "greater than or equal to 1"),
    "a group outside the eight": ({f"{CLASSIC}.MANN": 3}, f"{CLASSIC}.MANN", "unknown key", "MAN?"),
    "an unknown scale": ({"man.coefficient_preset": "clasic_rank"}, "man.coefficient_preset", "clasic_rank", "classic_rank"),
    "another group's code": ({"man.groups.MAn.code": "M1A0N1"}, "man.groups.MAn.code", "M1A0N1", "M1A1N0"),
    "another condition's letter": ({"man.letters.money": {"label": LABEL, "has": "A", "lacks": "a"}}, "man.letters.money", "A/a", "M/m"),
    "priorities with a hole": ({"man.priority_coefficients": [1, 3]}, "man.priority_coefficients", "[1, 3]", "[1, 2, 3]"),
    "priorities that take in man": ({"man.coefficient_preset": "five_level", "man.priority_coefficients": [1, 2, 3, 4, 5]}, "man.priority_coefficients", "5 takes in man", "below 5"),
    "an authority that nobody can be unsure of": ({"man.authority.lacks_le": 3}, "man.authority", "3 is not below", "lacks_le"),
    "a yes-or-no with a threshold": ({"man.authority.score_items.is_mobile_shared.ge": 1.0}, "man.authority.score_items.is_mobile_shared.ge", "no threshold", "leave"),
    "a number without a threshold": ({"man.need.weak.idle_share.ge": None}, "man.need.weak.idle_share.ge", "is missing", "threshold"),
    "enough held, without saying how much": ({"man.need.blocks.held_share.ge": None}, "man.need.blocks.held_share.ge", "is missing", "threshold"),
    "a group that is never dropped": ({"man.capacity.drop_first": ["G9", "G8"]}, "man.capacity.drop_first", "G1 stands there 0 times", "each group once"),
    "a contact without minutes": ({"man.capacity.minutes_per_contact": {"face_visit": 45}}, "man.capacity.minutes_per_contact.phone", "is missing", "add"),
    # ---------------------------------------------------------------- service and compliance
    "a loan inside a combo": ({f"{COMBO}.items": [{"label": LABEL, "product_class": "loan"}]}, f"{COMBO}.items.0", "test is a loan", "no loan"),
    "a loan under another class": ({f"{COMBO}.items": [{"label": {"zh": "消费贷", "en": "cash"}, "product_class": "wmp"}]}, f"{COMBO}.items.0", "is a loan", "no loan"),
    "a combo riskier than whom it fits": ({f"{COMBO}.items": [{"label": LABEL, "product_class": "wmp", "max_product_risk": "R2"}]}, f"{COMBO}.items.0.max_product_risk", "R2 is above C1", "R1"),
    "a gift tied to deposits": ({"service.care.gift.must_not_depend_on_deposit": False}, "service.care.gift.must_not_depend_on_deposit", "may not depend on deposits", "true"),
    "a gift cap by deposit": ({"service.care.gift.max_value_share_of_deposit": 0.001}, "service.care.gift.max_value_share_of_deposit", "unknown key", "max_value_cny_per_year"),
    "a festival without a day": ({"service.care.festivals.spring.day": None}, "service.care.festivals.spring.day", "is missing", ""),
    "the eve of nothing": ({"service.care.festivals.new_year_eve.eve_of": "sprong"}, "service.care.festivals.new_year_eve.eve_of", "sprong", "spring"),
    "an audience of nobody": ({"service.activities.hair_salon.audience.min_age": 80}, "service.activities.hair_salon.audience", "80 to 70", "min_age"),
    "children marketed to": ({"compliance.suitability.minor_policy": "include"}, "compliance.suitability.minor_policy", "include", "exclude_from_all_marketing"),
    "price by segment": ({"compliance.fairness.has_no_price_by_segment": False}, "compliance.fairness.has_no_price_by_segment", "false", "True"),
    # ---------------------------------------------------------------- states, purposes, churn
    "a ladder that falls": ({"status.level_ladder_cny": [50000, 30000]}, "status.level_ladder_cny", "do not rise", "rising"),
    "a dormancy without an amount": ({"status.dormant.presets.bank_365d.aum_lt_cny": None}, "status.dormant.presets.bank_365d", "no amount", "aum_lt_cny"),
    "new customers without a stage": ({"status.new_customer.days": 200}, "status.new_customer.stages", "end at day 181", "201"),
    "bins that do not rise": ({"dimensions.age.bins": [{"ge": 18, "label": LABEL}, {"ge": 18, "label": LABEL}]}, "dimensions.age.bins.1.ge", "18 is not above 18", "rising"),
    "a purpose with an unknown strategy": ({"purposes.items.anti_churn.steps": [{"strategy": "sanfem", "action": LABEL}]}, "purposes.items.anti_churn.steps.0.strategy", "sanfem", "sanfen"),
    "a pool left out": ({"pools.angels": None}, "pools.angels", "is missing", "add"),
    "a pool that there is not": ({"pools.angel": {"label": LABEL, "purpose": None}}, "pools.angel", "unknown key", "angels"),
    "a pool for an unknown purpose": ({"pools.angels.purpose": "product_sail"}, "pools.angels.purpose", "product_sail", "product_sale"),
    "a tie left out": ({"stickiness.ties.has_salary": None}, "stickiness.ties.has_salary", "is missing", "add"),
    "a tie that pulls": ({"stickiness.ties.has_salary.weight": -1}, "stickiness.ties.has_salary.weight", "-1", "greater than or equal to 0"),
    "an index in which nothing counts": ({f"stickiness.ties.{tie}.weight": 0 for tie in TIES}, "stickiness.ties", "no tie has a weight", "above 0"),
    "an unknown churn definition": ({"churn.definition": "drop_5"}, "churn.definition", "drop_5", "drop_50"),
    "an unknown evidence of churn": ({"churn.causes.RATE.evidence": ["complain"]}, "churn.causes.RATE.evidence", "complain", "complaint"),
    "a cause without a countermeasure": ({"churn.causes.RATE.countermeasures": []}, "churn.causes.RATE.countermeasures", "[]", "at least 1"),
    "stages upside down": ({"churn.trace.warning_share_lt": 0.95}, "churn.trace.warning_share_lt", "0.95 is not below 0.9", "stable"),
    "everybody held out": ({"hold_out.share_by_tier.T1": 1.0}, "hold_out.share_by_tier.T1", "everybody", "below 1"),
    "weights beyond one": ({"process.process_weight": 0.6}, "process", "add up to 1.1", "1"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "where", "what", "remedy"), REFUSED.values(), ids=list(REFUSED)
)
def test_the_rulebook_refuses(changes, where, what, remedy):
    with pytest.raises(RulebookError) as refused:
        load_rulebook().with_changes(changes)
    said = [p for p in refused.value.problems if p.where == where and what in p.what]
    assert said, str(refused.value)
    assert remedy in said[0].remedy


def test_all_problems_are_said_at_once():
    changes = {
        "tiers.active": "standard",
        f"{ITEMS}.T2.max_cny": 150000,
        "grid.T3.F2": "G4",
        "familiarity.joint_matrix": dict.fromkeys(("low", "mid", "high"), RISING_ROW),
        f"{CLASSIC}.mAn": 1,
        "groups.G1.tools": ["telepathy"],
        "report.min_n_rate": "ten",
        f"{COMBO}.items": [{"label": LABEL, "product_class": "loan"}],
    }
    with pytest.raises(RulebookError) as refused:
        load_rulebook().with_changes(changes)
    assert {p.where for p in refused.value.problems} >= {
        "tiers.active",
        f"{ITEMS}.T3.min_cny",
        "grid",
        "familiarity.joint_matrix",
        f"{CLASSIC}.mAn",
        "groups.G1.tools",
        "report.min_n_rate",
        f"{COMBO}.items.0",
    }


def test_a_problem_does_not_bring_others_along():
    with pytest.raises(RulebookError) as refused:
        load_rulebook().with_changes({"dimensions.age.bins": [{"ge": 0, "label": {"zh": "童"}}]})
    assert [p.where for p in refused.value.problems] == ["dimensions.age.bins.0.label.en"]
