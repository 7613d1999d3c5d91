"""Figures of a branch: each with its parts, its change and the network's beside it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from stockcust.kpis import NETWORK
from stockcust.present.html import Html, paragraph
from stockcust.present.tables.layout import Column, build_table
from stockcust.present.texts import Texts

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

# what a branch head reads first; the rest stands at the end of the report
KEY_FIGURES = (
    "customers",
    "aum_cny",
    "effective_share",
    "upgrade_share",
    "downgrade_share",
    "gone_share",
    "downgrade_risks",
    "maturing_30d_cny",
    "contacted_share",
    "angels",
)


def table_figures(
    figures: pd.DataFrame,
    rules: Rulebook,
    *,
    branch_id: str | None = None,
    only: Sequence[str] | None = None,
    lang: Lang = "zh",
) -> Html:
    """Lay out the figures of one branch, or of the network.

    Parameters
    ----------
    figures : one row per branch and figure, from `kpis.figures`; with `estimate_last_month` each
        figure has an arrow.
    rules : the rulebook that made the figures.
    branch_id : the branch; None for the network.
    only : ids of the figures to show, in this order; by default all.
    lang : language of the words.
    """
    t = Texts(lang)
    by_branch = figures[figures["branch_id"] == (branch_id or NETWORK)].set_index("figure")
    network = figures[figures["branch_id"] == NETWORK].set_index("figure")
    # without history, or in a branch without customers, some figures are not there
    known = by_branch.index if only is None else [x for x in only if x in by_branch.index]
    rows = by_branch.loc[known]
    if rows.empty:
        return paragraph(t("nothing.no_figures"), "figures")
    columns = [
        Column("figure", t("figures.figure"), "name"),
        Column("value", t("figures.value") if branch_id else t("figures.network")),
        Column("change", t("figures.change")),
        Column("parts", t("figures.parts")),
        Column("interval", t("ranking.interval")),
    ]
    if branch_id:
        columns.insert(2, Column("network", t("figures.network")))
    return build_table(
        pd.DataFrame(_rows(rows, network, t), columns=[column.key for column in columns]),
        columns,
        name="figures" if only is None else "key-figures",
        title=t("figures.title" if only is None else "figures.title_some"),
        notes=list(_notes(rows, rules, t)),
    )


def _notes(rows: pd.DataFrame, rules: Rulebook, t: Texts) -> Iterator[str]:
    yield t("figures.note", n=rules.report.min_n_rate)
    if "estimate_last_month" not in rows or rows["estimate_last_month"].isna().all():
        yield t("figures.no_last_month")


def _rows(rows: pd.DataFrame, network: pd.DataFrame, t: Texts) -> Iterator[dict[str, str]]:
    row: Any
    for row in rows.itertuples():
        everywhere = network["estimate"].get(row.Index, math.nan)
        yield {
            "figure": t(f"figure.{row.Index}"),
            "value": _value(row.estimate, row.Index, row.kind, t),
            "interval": t.interval(row.ci_low, row.ci_high),
            "network": _value(everywhere, row.Index, row.kind, t),
            "change": _change(row, t),
            "parts": _parts(row, t),
        }


def _value(value: float, figure: str, kind: str, t: Texts) -> str:
    if math.isnan(value):
        return t("dash")
    if kind == "share":
        return t.percent(value, 1)
    if kind == "money" or figure.endswith("_cny"):
        return t.money(value)
    return t.count(value) if kind == "count" else f"{value:.2f}"


def _change(row: Any, t: Texts) -> str:
    """The arrow since last month; a change too small to be written is none."""
    change = row.estimate - getattr(row, "estimate_last_month", math.nan)
    if math.isnan(change):
        return t("dash")
    size = (
        t("figures.points", n=f"{abs(change) * 100:.1f}")
        if row.kind == "share"
        else _value(abs(change), row.Index, row.kind, t)
    )
    if not size.strip("0.") or size in (t("figures.points", n="0.0"), t.money(0)):
        return t("figures.same")
    return t("figures.up" if change > 0 else "figures.down", change=size)


def _parts(row: Any, t: Texts) -> str:
    if row.kind in ("count", "money") or not row.denominator:
        return t("dash")
    said = t.money if row.Index.endswith("_cny") else t.count
    return f"{said(row.numerator)} / {t.count(row.denominator)}"
