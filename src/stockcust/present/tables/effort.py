"""Contacts, hours and costs of the managed customers, beside the change in their assets."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from stockcust.kpis import NETWORK
from stockcust.kpis.costs import KINDS
from stockcust.kpis.workload import BRANCH, MANAGER, UNMANAGED
from stockcust.present.disclosure import hide_small
from stockcust.present.html import Html, paragraph
from stockcust.present.tables.layout import Column, Kind, build_table
from stockcust.present.texts import Texts

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

_NAME = "effort"
_FIGURES = ("n", "contacts", "per_customer", "hours", "cost", "change", "per_contact", "per_hour")
_KINDS: Mapping[str, Kind] = {"cost": "name", "per_contact": "stacked", "per_hour": "stacked"}
_WAN = 10_000


def table_effort(
    effort: pd.DataFrame,
    rules: Rulebook,
    *,
    branch_id: str | None = None,
    names: Mapping[str, str] | None = None,
    lang: Lang = "zh",
) -> Html:
    """Lay out what was spent on the customers of each manager, and what became of their assets.

    Parameters
    ----------
    effort : from `kpis.effort`.
    rules : the rulebook of the report; ``report.baseline_window_months`` is the window.
    branch_id : the branch, with its managers; None for all branches.
    names : branch names by id.
    lang : language of the words.
    """
    t = Texts(lang)
    if effort.empty:
        return paragraph(t("effort.absent"), _NAME)
    lines = _chosen(effort, branch_id)
    if lines.empty:
        return paragraph(t("workload.no_managers"), _NAME)
    if lines["n_contacts"].isna().all():
        return paragraph(t("effort.no_log"), _NAME)
    rows = pd.DataFrame(_rows(lines, names or {}, t))
    if branch_id is None:
        least = rules.compliance.privacy.min_cell_size
        rows.loc[_hidden(lines, least), list(_FIGURES)] = t("withheld")
    has_cost = lines["cost_cny"].notna().any()
    shown = [name for name in _FIGURES if name != "cost" or has_cost]
    whose = t("capacity.manager") if branch_id else t("branch")
    return build_table(
        rows,
        [
            Column("name", whose, "name"),
            *(Column(x, t(f"effort.{x}"), _KINDS.get(x, "figure")) for x in shown),
        ],
        name=_NAME,
        title=_finding(lines[lines["line"] == BRANCH].iloc[-1], t),
        subtitle=t("effort.window", months=rules.report.baseline_window_months),
        notes=list(_notes(lines, rules, t)),
        emphasis=list(rows["emphasis"]),
    )


def _chosen(effort: pd.DataFrame, branch_id: str | None) -> pd.DataFrame:
    """The lines of a branch, its total last; or the totals of all branches, the network's last."""
    if branch_id is None:
        totals = effort[effort["line"] == BRANCH]
        return totals.sort_values("branch_id", key=lambda ids: ids.where(ids != NETWORK, "\uffff"))
    order = {MANAGER: 0, UNMANAGED: 1, BRANCH: 2}
    lines = effort[effort["branch_id"] == branch_id]
    return lines.sort_values(["line", "id"], key=lambda c: c.map(order) if c.name == "line" else c)


def _hidden(lines: pd.DataFrame, least: int) -> list[bool]:
    branches = lines[lines["branch_id"] != NETWORK]
    counts = branches[["n_customers"]].astype("float64")
    return [*hide_small(counts, least)["n_customers"], False]


def _rows(lines: pd.DataFrame, names: Mapping[str, str], t: Texts) -> Iterator[dict[str, Any]]:
    row: Any
    for row in lines.itertuples():
        is_whole = row.line == BRANCH and row.Index == lines.index[-1]
        is_logged = not math.isnan(row.n_contacts)
        yield {
            "name": _whose(row, is_whole, names, t),
            "n": t.count(row.n_customers),
            "contacts": t.count(row.n_contacts) if is_logged else t("dash"),
            "per_customer": _number(row.contacts_per_customer, 2, t),
            "hours": _number(row.minutes / 60, 1, t),
            "cost": _cost(row, t),
            "change": t.money_change(row.aum_change_cny) if row.n_compared else t("dash"),
            "per_contact": _change_per(row, "contact", t),
            "per_hour": _change_per(row, "hour", t),
            "emphasis": "total" if is_whole else None if row.line != UNMANAGED else "apart",
        }


def _whose(row: Any, is_whole: bool, names: Mapping[str, str], t: Texts) -> str:
    if is_whole:
        return t("effort.total")
    return t("effort.unmanaged") if row.line == UNMANAGED else names.get(row.id, row.id)


def _number(value: float, digits: int, t: Texts) -> str:
    return t("dash") if math.isnan(value) else f"{value:,.{digits}f}"


def _cost(row: Any, t: Texts) -> str:
    if math.isnan(row.cost_cny):
        return t("dash")
    cost = t.money(row.cost_cny)
    if math.isnan(row.cost_per_gain):
        return cost
    per_wan = t.money(row.cost_per_gain * _WAN)
    return t("amount_and_share", amount=cost, share=t("effort.per_gain", cost=per_wan))


def _change_per(row: Any, unit: str, t: Texts) -> str:
    value, low, high = (
        getattr(row, f"change_per_{unit}{end}_cny") for end in ("", "_low", "_high")
    )
    if math.isnan(value):
        return t("dash")
    ends = t("interval", low=t.money_change(low), high=f"\n{t.money_change(high)}")
    return f"{t.money_change(value)}\n{ends}".replace(" \n", "\n")


def _finding(whole: pd.Series, t: Texts) -> str:
    values = {
        "n": t.customers(whole["n_customers"]),
        "contacted": t.count(whole["n_contacted"]),
        "contacts": t.count(whole["n_contacts"]),
        "hours": f"{whole['minutes'] / 60:,.0f}",
    }
    return t("effort.finding", **values)


def _notes(lines: pd.DataFrame, rules: Rulebook, t: Texts) -> Iterator[str]:
    yield t("effort.caution")
    yield t("effort.basis", n=rules.report.min_n_rate)
    kinds = [kind for kind in KINDS if lines[f"{kind}_cost_cny"].notna().any()]
    if kinds:
        said = t.enumeration(t(f"effort.kind.{kind}") for kind in kinds)
        yield t("effort.costs", kinds=said)
    else:
        yield t("effort.no_costs")
    estimated = lines.loc[lines["line"] == BRANCH, "n_estimated"].iloc[-1]
    if estimated:
        yield t("effort.estimated", n=t.count(estimated))
    if lines["n_contacts"].isna().any():
        yield t("effort.some_without_log")
