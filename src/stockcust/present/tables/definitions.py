"""What every word of a report means, and which rulebook says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from stockcust.present.html import Html
from stockcust.present.labels import (
    classes_left_to_right,
    familiarity_name,
    group_name,
    tier_name,
    tier_range,
)
from stockcust.present.tables.layout import Column, build_table
from stockcust.present.tables.retention import define_retention
from stockcust.present.texts import Texts

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang
    from stockcust.rulebook.man import LifeEvent

_Line = tuple[str, str]


def table_definitions(rules: Rulebook, *, lang: Lang = "zh") -> Html:
    """Lay out the definitions in force: presets, thresholds, levels, orders, version and hash.

    Parameters
    ----------
    rules : the rulebook of the report.
    lang : language of the words.
    """
    t = Texts(lang)
    parts = {
        "rulebook": _rulebook(rules, t),
        "tiers": _tiers(rules, t),
        "familiarity": _familiarity(rules, t),
        "groups": _groups(rules, t),
        "man": _man(rules, t),
        "evidence": _evidence(rules, t),
        "states": _states(rules, t),
    }
    rows = [
        (t(f"definition.{part}"), what, said)
        for part, lines in parts.items()
        for what, said in lines
    ]
    lines = pd.DataFrame(rows, columns=["part", "what", "said"])
    return build_table(
        lines,
        [
            Column("what", t("definition.what"), "prose"),
            Column("said", t("definition.said"), "prose"),
        ],
        name="definitions",
        title=t("definition.title"),
        subtitle=t("definition.editable"),
        groups=list(lines["part"]),
    )


def _rulebook(rules: Rulebook, t: Texts) -> Iterator[_Line]:
    yield t("definition.version"), f"{rules.version} ({rules.hash[:12]})"
    dormant = rules.status.dormant
    for part, label in {
        "tiers": rules.tiers.presets[rules.tiers.active_preset].label,
        "man": rules.man.coefficient_presets[rules.man.coefficient_preset].label,
        "dormant": dormant.presets[dormant.preset].label,
        "churn": rules.churn.definitions[rules.churn.definition].label,
    }.items():
        yield t(f"definition.preset.{part}"), f"{label[t.lang]} ({rules.active_presets[part]})"


def _tiers(rules: Rulebook, t: Texts) -> Iterator[_Line]:
    yield t("aum"), t("definition.aum")
    for tier in reversed(rules.tiers.active):
        yield tier_name(tier.id, rules, t), tier_range(tier, t)
    rule = rules.tiers.status_rule
    if rule.mode == "fast_up_slow_down":
        runs = rule.downgrade_after_months.items()
        down = t.enumeration(f"{tier} {months}" for tier, months in runs if months)
        months = {"history": rule.history_months, "up": rule.upgrade_after_months, "down": down}
        yield t("definition.held"), t("definition.held_said", **months)


def _familiarity(rules: Rulebook, t: Texts) -> Iterator[_Line]:
    frequency, information = rules.familiarity.contact_frequency, rules.familiarity.information
    channels = (rules.channels[c].label[t.lang] for c in frequency.counted_channels)
    yield (
        t("definition.contacts"),
        t(
            "definition.contacts_said",
            months=frequency.window_months,
            channels=t.enumeration(channels),
            minutes=frequency.dedup_minutes,
        ),
    )
    for band, levels in rules.frequency_levels.items():
        what = t("definition.frequency", band=rules.bands[band].label[t.lang])
        yield what, t("definition.levels", low=f"{levels.low_lt:g}", high=f"{levels.high_ge:g}")
    low, high = t.percent(information.low_lt), t.percent(information.high_ge)
    yield t("definition.information"), t("definition.levels", low=low, high=high)
    share = t.percent(information.min_delivered_share)
    yield t("definition.delivered"), t("definition.delivered_said", share=share)
    override = rules.familiarity.manual_override
    if override.is_allowed:
        limits = {"steps": override.max_step, "months": override.expires_months}
        yield t("definition.override"), t("definition.override_said", **limits)
    for class_id in classes_left_to_right(rules):
        gloss = rules.familiarity.classes[class_id].gloss[t.lang]
        yield familiarity_name(class_id, rules, t), gloss


def _groups(rules: Rulebook, t: Texts) -> Iterator[_Line]:
    for group, rule in rules.groups.items():
        yield group_name(group, rules, t), rule.cell[t.lang]


def _man(rules: Rulebook, t: Texts) -> Iterator[_Line]:
    coefficients = rules.man.coefficients
    order = sorted(coefficients, key=lambda group: coefficients[group])
    ranks = (f"{group} {coefficients[group]}" for group in order)
    yield t("man.difficulty"), t.enumeration(ranks)
    first = map(str, rules.man.priority_coefficients)
    yield t("definition.priority"), t.enumeration(first)
    for letter, label in rules.man.letters.items():
        policy = getattr(rules.man.unknown_counts_as, letter)
        what = t("definition.unknown_letter", letter=label.label[t.lang])
        yield what, t(f"definition.unknown_as.{policy}")


def _evidence(rules: Rulebook, t: Texts) -> Iterator[_Line]:
    money, authority, need = rules.man.money, rules.man.authority, rules.man.need
    yield t("definition.due"), t("definition.due_said", days=need.window_maturing_days)
    yield t("definition.outflow"), t("definition.outflow_said", months=money.window_outflow_months)
    windows = {
        "operated": authority.window_operated_months,
        "purchases": authority.window_own_purchase_months,
        "logins": authority.window_login_months,
        "notes": authority.family_consult_note.window_months,
    }
    yield t("definition.authority"), t("definition.authority_said", **windows)
    windows = {
        "tags": need.window_need_tag_days,
        "inquiries": need.window_inquiry_days,
        "inflow": need.window_inflow_days,
        "repeat": need.window_repeat_months,
        "bought": need.window_bought_days,
        "refused": need.window_refused_days,
    }
    yield t("definition.need"), t("definition.need_said", **windows)
    yield t("definition.life_event"), t.join(_life_events(need.life_event, t))


def _life_events(rule: LifeEvent, t: Texts) -> Iterator[str]:
    yield t("definition.life_event_tags")
    if rule.child_age_bands:
        yield t("definition.life_event_child", bands=t.enumeration(rule.child_age_bands))
    if rule.before_retirement_years:
        years, age = rule.before_retirement_years, rule.retirement_age
        yield t("definition.life_event_retirement", years=years, age=age)


def _states(rules: Rulebook, t: Texts) -> Iterator[_Line]:
    effective = rules.status.effective_customer
    yield effective.label[t.lang], t("range.from", low=t.money(effective.min_aum_cny))
    dormant = rules.status.dormant
    yield dormant.label[t.lang], dormant.presets[dormant.preset].label[t.lang]
    new = rules.status.new_customer
    yield new.label[t.lang], t("definition.days", days=new.days)
    suitability = rules.compliance.suitability
    yield t("definition.minor"), t("definition.minor_said", age=suitability.minor_under_age)
    valid = suitability.risk_eval_valid_months
    yield t("definition.evaluation"), t("definition.evaluation_said", months=valid)
    yield from define_retention(rules, t).items()
