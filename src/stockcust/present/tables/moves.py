"""Moves between groups: rates of rising and falling, other rules tried, classes set by hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from stockcust.kpis import NETWORK
from stockcust.present.html import Html, paragraph
from stockcust.present.labels import group_name
from stockcust.present.tables.layout import Column, build_table
from stockcust.present.texts import Texts
from stockcust.present.totals import NOT_EFFECTIVE

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang
    from stockcust.segmentation.migrations import Migration
    from stockcust.segmentation.scenario import WhatIf


def table_migration(
    migration: Migration, rules: Rulebook, *, branch_id: str | None = None, lang: Lang = "zh"
) -> Html:
    """Lay out how many rose, stayed and fell among those in a group on both days.

    Parameters
    ----------
    migration : from `migration`.
    rules : the rulebook that made the groups.
    branch_id : the branch; None for all of them together.
    lang : language of the words.
    """
    t = Texts(lang)
    table = migration.table
    chosen = table.assign(branch_id=NETWORK) if branch_id is None else table
    summary = dataclasses.replace(migration, table=chosen).summary()
    rows = summary[summary["branch_id"] == (branch_id or NETWORK)]
    if not rows["n_customers"].sum():
        return paragraph(t("nothing.no_stayers"), "migration")
    words = pd.DataFrame(
        {
            "direction": [t(f"migration.direction.{way}") for way in rows["direction"]],
            "n": rows["n_customers"].map(t.count),
            "share": [
                t.percent(share, 1) if share == share else t("dash") for share in rows["share"]
            ],
            "interval": [t.interval(*ends) for ends in zip(rows["ci_low"], rows["ci_high"])],
            "aum": rows["aum_change_cny"].map(t.money_change),
        }
    )
    return build_table(
        words,
        [
            Column("direction", t("migration.move"), "code"),
            Column("n", t("n_customers")),
            Column("share", t("share_of_customers")),
            Column("interval", t("ranking.interval")),
            Column("aum", t("migration.aum_change")),
        ],
        name="migration",
        title=t("migration.rates"),
        subtitle=t("migration.stayers", n=t.count(rows["n_customers"].sum())),
    )


def table_what_if(what_if: WhatIf, rules: Rulebook, *, lang: Lang = "zh") -> Html:
    """Lay out what each group is now and would be under the changed rules.

    Parameters
    ----------
    what_if : from `what_if`.
    rules : the rulebook in force.
    lang : language of the words.
    """
    t = Texts(lang)
    summary = what_if.summary()
    words = pd.DataFrame(
        {
            "group": [_line(group, rules, t) for group in summary["group"]],
            "now": summary["n_customers_before"].map(t.count),
            "then": summary["n_customers"].map(t.count),
            "change": [f"{n:+,.0f}" if n else "0" for n in summary["n_change"]],
            "aum_now": summary["aum_before_cny"].map(t.money),
            "aum_then": summary["aum_cny"].map(t.money),
        }
    )
    moved = summary["n_change"] != 0
    return build_table(
        words,
        [
            Column("group", t("group"), "name"),
            Column("now", t("what_if.now")),
            Column("then", t("what_if.then")),
            Column("change", t("what_if.change")),
            Column("aum_now", t("what_if.aum_now")),
            Column("aum_then", t("what_if.aum_then")),
        ],
        name="what-if",
        title=t("what_if.title", n=t.count(len(what_if.movers))),
        emphasis=[None if has_moved else "apart" for has_moved in moved],
    )


def table_overrides(
    audit: pd.DataFrame,
    rules: Rulebook,
    *,
    names: Mapping[str, str] | None = None,
    lang: Lang = "zh",
) -> Html:
    """Lay out how often managers changed a class by hand.

    Parameters
    ----------
    audit : one row per branch, from `audit_overrides`.
    rules : the rulebook; its `familiarity.manual_override.warn_share_gt` is in the note.
    names : branch names by id.
    lang : language of the words.
    """
    t = Texts(lang)
    if not audit["n_asked"].sum():
        return paragraph(t("nothing.no_overrides"), "overrides")
    rated = zip(audit["n_changed"], audit["n_judged"])
    words = pd.DataFrame(
        {
            "branch": [(names or {}).get(branch, branch) for branch in audit["branch_id"]],
            "asked": audit["n_asked"].map(t.count),
            "share": [t.rate(n, of, rules.report.min_n_rate) for n, of in rated],
            "limited": audit["n_limited"].map(t.count),
            "said": [t("overrides.often") if x else "" for x in audit["is_too_often"]],
        }
    )
    limit = t.percent(rules.familiarity.manual_override.warn_share_gt)
    return build_table(
        words,
        [
            Column("branch", t("branch"), "prose"),
            Column("asked", t("overrides.asked")),
            Column("share", t("overrides.share")),
            Column("limited", t("overrides.limited")),
            Column("said", t("overrides.said"), "code"),
        ],
        name="overrides",
        title=t("overrides.title"),
        notes=[t("overrides.note", limit=limit)],
    )


def _line(group: str, rules: Rulebook, t: Texts) -> str:
    return t("not_effective") if group == NOT_EFFECTIVE else group_name(group, rules, t)
