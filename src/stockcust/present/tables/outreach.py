"""Outreach to strangers beside contacts with existing customers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from stockcust.kpis import NETWORK
from stockcust.kpis.outreach import EXISTING, OUTREACH
from stockcust.present.html import Html, paragraph
from stockcust.present.labels import column_name, table_name
from stockcust.present.tables.layout import Column, build_table
from stockcust.present.texts import Texts

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

_NAME = "outreach"
# what tells the audience of a contact and whether it succeeded
_SWITCHES = (
    ("contacts", "purpose"),
    ("campaigns", "audience"),
    ("contacts", "is_effective"),
)


def table_outreach(
    outreach: pd.DataFrame, rules: Rulebook, *, branch_id: str | None = None, lang: Lang = "zh"
) -> Html:
    """Set success, days and cost of outreach beside those of existing customers.

    Parameters
    ----------
    outreach : from `kpis.outreach`.
    rules : the rulebook of the report.
    branch_id : the branch; None for the network.
    lang : language of the words.
    """
    t = Texts(lang)
    if outreach.empty:
        return paragraph(t("outreach.absent", columns=_switches(t)), _NAME)
    lines = outreach[outreach["branch_id"] == (branch_id or NETWORK)].set_index("audience")
    if lines.empty:
        return paragraph(t("outreach.no_contacts"), _NAME)
    lines = lines.reindex([x for x in (OUTREACH, EXISTING) if x in lines.index])
    months = rules.familiarity.contact_frequency.window_months
    return build_table(
        pd.DataFrame(_rows(lines, t)),
        [
            Column("audience", t("outreach.audience"), "name"),
            Column("people", t("outreach.people")),
            Column("share", t("outreach.share")),
            Column("interval", t("ranking.interval")),
            Column("days", t("outreach.days")),
            Column("per_success", t("outreach.per_success")),
            Column("cost", t("outreach.cost")),
        ],
        name=_NAME,
        title=_finding(lines, months, t),
        subtitle=t("outreach.window", months=months),
        notes=list(_notes(lines, rules, t)),
    )


def _switches(t: Texts) -> str:
    return t.enumeration(
        t("quality.place", table=table_name(table, t), column=column_name(table, column, t))
        for table, column in _SWITCHES
    )


def _rows(lines: pd.DataFrame, t: Texts) -> Iterator[dict[str, str]]:
    row: Any
    for row in lines.itertuples():
        has_share = not math.isnan(row.success_share)
        counts = f"{row.n_successes:,.0f}/{row.n_attempts:,.0f}"
        yield {
            "audience": t(f"outreach.{row.Index}"),
            "people": t.count(row.n_people),
            "share": f"{t.percent(row.success_share)} ({counts})" if has_share else counts,
            "interval": t.interval(row.ci_low, row.ci_high),
            "days": f"{row.median_days:g}" if has_share else t("dash"),
            "per_success": _money(row.cost_per_success_cny, t),
            "cost": _money(row.cost_cny, t),
        }


def _money(value: float, t: Texts) -> str:
    return t("dash") if math.isnan(value) else t.money(value)


def _finding(lines: pd.DataFrame, months: int, t: Texts) -> str:
    if OUTREACH not in lines.index:
        return t("outreach.none", months=months)
    if lines["success_share"].isna().any() or EXISTING not in lines.index:
        return t("outreach.cannot_compare")
    new, old = (lines.loc[[audience]].iloc[0] for audience in (OUTREACH, EXISTING))
    shares = {"new": t.percent(new["success_share"]), "old": t.percent(old["success_share"])}
    if new["ci_high"] < old["ci_low"]:
        return t("outreach.lower", **shares)
    return t("outreach.higher" if new["ci_low"] > old["ci_high"] else "outreach.same", **shares)


def _notes(lines: pd.DataFrame, rules: Rulebook, t: Texts) -> Iterator[str]:
    if OUTREACH in lines.index:
        new = lines.loc[OUTREACH]
        if new["n_strangers"]:
            yield t("outreach.strangers", n=t.count(new["n_strangers"]))
        else:
            yield t("outreach.survivors")
    yield t("outreach.note", n=rules.report.min_n_rate)
    yield t("outreach.caution")
