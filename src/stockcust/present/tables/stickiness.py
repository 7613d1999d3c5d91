"""The stickiness index of each group on two days, and its change in those who stayed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from stockcust.kpis import NETWORK
from stockcust.kpis.stickiness_groups import ALL
from stockcust.present.html import Html, paragraph
from stockcust.present.labels import column_name, group_name, table_name
from stockcust.present.tables.layout import Column, Emphasis, build_table
from stockcust.present.texts import Texts
from stockcust.present.totals import NOT_EFFECTIVE, UNKNOWN

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

_NAME = "stickiness"
_EMPHASIS: dict[str, Emphasis] = {ALL: "total", UNKNOWN: "apart", NOT_EFFECTIVE: "apart"}
_SWITCHES = {
    "n_kinds": ("holdings", "product_class"),
    "has_salary": ("customers", "is_payroll"),
    "is_mobile_active": ("customers", "is_mobile_active"),
    "is_autodebit": ("customers", "is_autodebit"),
    "n_months_held": ("customers", "open_date"),
}


def table_stickiness(
    stickiness: pd.DataFrame,
    rules: Rulebook,
    *,
    branch_id: str | None = None,
    lang: Lang = "zh",
    baseline: date | str | None = None,
) -> Html:
    """Lay out the index by group now and at the baseline.

    Parameters
    ----------
    stickiness : from `kpis.stickiness_by_group`.
    rules : the rulebook with the ties and their weights.
    branch_id : the branch; None for the network.
    lang : language of the words.
    baseline : the earlier day; None without one.
    """
    t = Texts(lang)
    lines = stickiness[stickiness["branch_id"] == (branch_id or NETWORK)].set_index("group")
    if lines.empty:
        return paragraph(t("stickiness.absent", columns=_switches(rules, t)), _NAME)
    lines = lines.reindex(
        [g for g in [*rules.groups, UNKNOWN, NOT_EFFECTIVE, ALL] if g in lines.index]
    )
    columns = [
        Column("group", t("group"), "name"),
        Column("n", t("n_customers")),
        Column("mean", t("stickiness.mean")),
        Column("interval", t("ranking.interval")),
        Column("quartiles", t("stickiness.quartiles")),
    ]
    if baseline:
        columns += [
            Column("before", t("stickiness.before", day=t.date(baseline))),
            Column("quartiles_before", t("stickiness.quartiles_before")),
            Column("change", t("stickiness.change")),
            Column("change_interval", t("ranking.interval")),
        ]
    return build_table(
        pd.DataFrame(_rows(lines, rules, t)),
        columns,
        name=_NAME,
        title=_finding(lines.loc[[ALL]].iloc[0], t),
        notes=list(_notes(lines, rules, t, has_change=baseline is not None)),
        emphasis=[_EMPHASIS.get(group) for group in lines.index],
    )


def _switches(rules: Rulebook, t: Texts) -> str:
    places = (_SWITCHES[tie] for tie, rule in rules.stickiness.ties.items() if rule.weight)
    return t.enumeration(
        t("quality.place", table=table_name(table, t), column=column_name(table, column, t))
        for table, column in places
    )


def _rows(lines: pd.DataFrame, rules: Rulebook, t: Texts) -> Iterator[dict[str, str]]:
    row: Any
    for row in lines.itertuples():
        yield {
            "group": _group(row.Index, rules, t),
            "n": t.count(row.n),
            "mean": _number(row.mean, t),
            "interval": _interval(row.ci_low, row.ci_high, t),
            "quartiles": _quartiles((row.p25, row.median, row.p75), t),
            "before": _with_n(_number(row.mean_before, t), row.n_before, t),
            "quartiles_before": _quartiles((row.p25_before, row.median_before, row.p75_before), t),
            "change": _with_n(_number(row.mean_change, t, "+"), row.n_both, t),
            "change_interval": _interval(row.change_ci_low, row.change_ci_high, t, "+"),
        }


def _group(group: str, rules: Rulebook, t: Texts) -> str:
    others = {ALL: t("total"), NOT_EFFECTIVE: t("not_effective")}
    return others[group] if group in others else group_name(group, rules, t)


def _number(value: float, t: Texts, sign: str = "") -> str:
    # no negative zero
    return t("dash") if math.isnan(value) else f"{round(value, 2) + 0.0:{sign}.2f}"


def _interval(low: float, high: float, t: Texts, sign: str = "") -> str:
    if math.isnan(low):
        return t("dash")
    return t("interval", low=_number(low, t, sign), high=_number(high, t, sign))


def _quartiles(values: tuple[float, ...], t: Texts) -> str:
    if math.isnan(values[0]):
        return t("dash")
    return " / ".join(f"{value:.1f}" for value in values)


def _with_n(value: str, n: float, t: Texts) -> str:
    return f"{value} (n={t.count(n)})"


def _finding(whole: pd.Series, t: Texts) -> str:
    change = _number(whole["mean_change"], t, "+")
    if math.isnan(whole["mean_change"]):
        return t("stickiness.finding", mean=_number(whole["mean"], t))
    if whole["change_ci_low"] <= 0 <= whole["change_ci_high"]:
        return t("stickiness.same", change=change)
    return t("stickiness.risen" if whole["mean_change"] > 0 else "stickiness.fallen", change=change)


def _notes(lines: pd.DataFrame, rules: Rulebook, t: Texts, *, has_change: bool) -> Iterator[str]:
    index = rules.stickiness
    ties = t.enumeration(
        t("stickiness.tie", tie=tie.label[t.lang], weight=f"{tie.weight:g}")
        for tie in index.ties.values()
        if tie.weight
    )
    yield t("stickiness.note", ties=ties, months=index.full_after_months)
    if has_change:
        yield t("stickiness.stayed")
        if not lines["is_dated"].all():
            yield t("stickiness.undated")
    yield t("stickiness.few", n=rules.report.min_n_rate)
