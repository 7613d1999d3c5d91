"""Strategy cards: for each group what to do, with what, how often, by whom, towards what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from stockcust.present.basis import basis_of
from stockcust.present.html import Html
from stockcust.present.labels import group_name
from stockcust.present.tables.layout import Column, build_table
from stockcust.present.texts import Texts
from stockcust.present.totals import UNKNOWN, lines_by

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang
    from stockcust.rulebook.groups import Cadence, Plan, Rhythm


def table_strategy_cards(
    segments: pd.DataFrame,
    rules: Rulebook,
    *,
    lang: Lang = "zh",
    as_of: date | str | None = None,
) -> Html:
    """Lay out one card for each of the nine groups, and for customers without a group.

    Parameters
    ----------
    segments : one row per customer and branch with `tier`, `group`, `aum_cny` and, if known,
        `is_effective`; or a `base_table` by group and tier.
    rules : the rulebook that made the segments; its plans are what the cards say.
    lang : language of the words.
    as_of : the day that the subtitle names.
    """
    t = Texts(lang)
    totals = lines_by(segments, ["group", "tier"])
    lines = pd.DataFrame(_lines(totals, rules, t), columns=["card", "what", "said"])
    return build_table(
        lines,
        [Column("what", t("card.what"), "code"), Column("said", t("card.said"), "prose")],
        name="strategy-cards",
        title=t("card.title"),
        subtitle=basis_of(totals, t, as_of),
        groups=list(lines["card"]),
    )


def _lines(totals: pd.DataFrame, rules: Rulebook, t: Texts) -> Iterator[tuple[str, str, str]]:
    for group, plan in rules.groups.items():
        rows = totals[totals["group"] == group]
        yield from _card(group_name(group, rules, t), plan, plan.cell[t.lang], rows, rules, t)
    without = totals[totals["group"] == UNKNOWN]
    band_of = without["tier"].map(dict(rules.tier_bands)).fillna(UNKNOWN)
    for band, evidence in rules.unknown_plans.items():
        rows = without[band_of == band]
        if not rows.empty:
            yield from _card(evidence.label[t.lang], evidence, t("group_unknown"), rows, rules, t)


def _card(
    heading: str, plan: Plan, cell: str, rows: pd.DataFrame, rules: Rulebook, t: Texts
) -> Iterator[tuple[str, str, str]]:
    number = t.customers(rows["n_customers"].sum())
    base = t("amount_and_share", amount=number, share=t.money(rows["aum_cny"].sum()))
    tools = (rules.tools[tool].label[t.lang] for tool in plan.tools)
    owners = (rules.owners[owner].label[t.lang] for owner in plan.owners)
    for what, said in {
        "base": f"{base}{t('clause_separator')}{cell}",
        "goal": plan.goal[t.lang],
        "strategy": t("card.separator").join(step[t.lang] for step in plan.strategy),
        "tools": t.enumeration(tools),
        "cadence": say_cadence(plan.cadence, t),
        "owner": t.enumeration(owners),
        "next_step": plan.next_step.label[t.lang],
    }.items():
        yield heading, t(f"card.{what}"), said


def say_cadence(cadence: Cadence, t: Texts) -> str:
    """How often customers are contacted, visited and touched, and how soon first."""
    rhythms = {
        "contacts": cadence.contacts,
        "face_visits": cadence.face_visits,
        "touches": cadence.touches,
    }
    parts = [_rhythm(what, rhythm, t) for what, rhythm in rhythms.items() if rhythm]
    if cadence.first_contact_days is not None:
        parts.insert(0, t("cadence.first_contact", days=cadence.first_contact_days))
    return t.join(parts) or t("none")


def _rhythm(what: str, rhythm: Rhythm, t: Texts) -> str:
    return t(f"cadence.{what}", period=t(f"cadence.{rhythm.per}"), n=rhythm.n)
