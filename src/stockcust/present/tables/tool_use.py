"""The tools that were used with each group against those that its plan prescribes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from stockcust.kpis import NETWORK
from stockcust.present.html import Html, paragraph
from stockcust.present.labels import group_name
from stockcust.present.tables.layout import Column, build_table
from stockcust.present.texts import Texts
from stockcust.present.totals import UNKNOWN

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

_NAME = "tools"


def table_tools(
    tools: pd.DataFrame,
    rules: Rulebook,
    *,
    branch_id: str | None = None,
    lang: Lang = "zh",
    baseline: date | str | None = None,
) -> Html:
    """Lay out by group how many contacts were made by the tools of the group's plan.

    Parameters
    ----------
    tools : from `kpis.tool_adherence`.
    rules : the rulebook with the plans and the channels of each tool.
    branch_id : the branch; None for the network.
    lang : language of the words.
    baseline : the day of the groups; None if they are those of the report's day.
    """
    t = Texts(lang)
    lines = tools[tools["branch_id"] == (branch_id or NETWORK)].set_index("group")
    if lines.empty:
        return paragraph(t("tool_use.absent"), _NAME)
    lines = lines.reindex([group for group in [*rules.groups, UNKNOWN] if group in lines.index])
    months = rules.report.baseline_window_months
    window = t("tool_use.window", months=months)
    of_day = t("tool_use.groups_of", day=t.date(baseline)) if baseline else t("tool_use.groups_now")
    return build_table(
        pd.DataFrame(_rows(lines, rules, t)),
        [
            Column("group", t("group"), "name"),
            Column("prescribed", t("tool_use.prescribed"), "long"),
            Column("people", t("tool_use.people")),
            Column("share", t("tool_use.share")),
            Column("interval", t("ranking.interval")),
            Column("unused", t("tool_use.unused"), "prose"),
            Column("others", t("tool_use.others"), "prose"),
        ],
        name=_NAME,
        title=_finding(lines, t),
        subtitle=t.join([window, of_day]),
        notes=[t("tool_use.note"), t("tool_use.few", n=rules.report.min_n_rate)],
        emphasis=["apart" if group == UNKNOWN else None for group in lines.index],
    )


def _finding(lines: pd.DataFrame, t: Texts) -> str:
    prescribed, n = lines["n_prescribed"].sum(), lines["n_contacts"].sum()
    if not n:
        return t("tool_use.no_contacts")
    counts = f"{prescribed:,.0f}/{n:,.0f}"
    return t("tool_use.finding", share=t.percent(prescribed / n), counts=counts)


def _rows(lines: pd.DataFrame, rules: Rulebook, t: Texts) -> Iterator[dict[str, str]]:
    row: Any
    for row in lines.itertuples():
        has_share = not math.isnan(row.prescribed_share)
        counts = f"{row.n_prescribed:,.0f}/{row.n_contacts:,.0f}"
        yield {
            "group": group_name(row.Index, rules, t),
            "prescribed": _prescribed(row.Index, rules, t),
            "people": f"{row.n_contacted:,.0f}/{row.n_customers:,.0f}",
            "share": f"{t.percent(row.prescribed_share)} ({counts})" if has_share else counts,
            "interval": t.interval(row.ci_low, row.ci_high),
            "unused": _labels(row.unused_tools, rules.tools, t),
            "others": _labels(row.other_channels, rules.channels, t),
        }


def _prescribed(group: str, rules: Rulebook, t: Texts) -> str:
    if group == UNKNOWN:
        return t("tool_use.of_band")
    tools = rules.groups[group].tools  # type: ignore[index]
    return t.enumeration(rules.tools[tool].label[t.lang] for tool in tools)


def _labels(ids: str, rules: Any, t: Texts) -> str:
    if not ids:
        return t("none")
    return t.enumeration(rules[id].label[t.lang] for id in ids.split(";"))
