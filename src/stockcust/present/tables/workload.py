"""The hours that the cadences require against the managers', and what to drop first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from stockcust.kpis.workload import BRANCH, GROUP, MANAGER, UNMANAGED
from stockcust.present.html import Html, paragraph
from stockcust.present.labels import group_name
from stockcust.present.tables.layout import Column, Emphasis, build_table
from stockcust.present.texts import Texts
from stockcust.present.totals import NOT_EFFECTIVE, UNKNOWN

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

_NAME = "workload"


def table_workload(
    workload: pd.DataFrame, rules: Rulebook, *, branch_id: str, lang: Lang = "zh"
) -> Html:
    """Say whether a branch's managers have the time that the cadences require, else what to drop.

    Below stand the hours by group, with the customers to drop first, and those of each manager.

    Parameters
    ----------
    workload : one row per branch and line, from `kpis.workload_by_branch`.
    rules : the rulebook with the cadences and the managers' time.
    branch_id : the branch.
    lang : language of the words.
    """
    t = Texts(lang)
    lines = workload[workload["branch_id"] == branch_id]
    if lines.empty:
        return paragraph(t("workload.no_managers"), _NAME)
    of = {kind: lines[lines["line"] == kind] for kind in (GROUP, MANAGER, BRANCH)}
    whole = of[BRANCH].iloc[0]
    rows = pd.DataFrame([*_groups(of[GROUP], rules, t), *_managers(of[MANAGER], t)])
    hours = f"{rules.man.capacity.hours_per_manager_per_month:g}"
    return build_table(
        rows,
        [
            Column("name", t("workload.whose"), "name"),
            Column("n", t("n_customers")),
            Column("required", t("workload.required")),
            Column("available", t("workload.available")),
            Column("remark", t("workload.remark"), "prose"),
        ],
        name=_NAME,
        title=_finding(whole, len(of[MANAGER]), t),
        subtitle=_advice(whole, of, rules, t),
        notes=[t("workload.note", hours=hours)],
        groups=list(rows["heading"]),
        emphasis=list(rows["emphasis"]),
    )


def _finding(whole: pd.Series, n_managers: int, t: Texts) -> str:
    values = {
        "required": _hours(whole["required_hours"]),
        "available": _hours(whole["available_hours"]),
        "n": t.count(n_managers),
    }
    if not whole["is_overloaded"]:
        return t("workload.fits", **values)
    return t("workload.overloaded", excess=_hours(_excess(whole)), **values)


def _advice(whole: pd.Series, of: dict[str, pd.DataFrame], rules: Rulebook, t: Texts) -> str:
    """What to drop first; or, where only some managers are overloaded, to share differently."""
    n_over = int(of[MANAGER]["is_overloaded"].sum())
    if not whole["is_overloaded"]:
        return t("workload.uneven", n=t.count(n_over)) if n_over else ""
    order = {group: place for place, group in enumerate(rules.man.capacity.drop_first)}
    dropped = of[GROUP][of[GROUP]["n_dropped"] > 0]
    dropped = dropped.sort_values("id", key=lambda ids: ids.map(order))
    steps = [
        t("workload.step", group=group_name(id, rules, t), n=t.customers(n), hours=_hours(hours))
        for id, n, hours in zip(dropped["id"], dropped["n_dropped"], dropped["dropped_hours"])
    ]
    said = [t("workload.drop_first", steps=t("card.separator").join(steps))] if steps else []
    left = _excess(whole) - whole["dropped_hours"]
    if left > _NOTHING_HOURS:
        said.append(t("workload.still_short", hours=_hours(left)))
    return t.join(said)


def _groups(lines: pd.DataFrame, rules: Rulebook, t: Texts) -> Iterator[dict[str, Any]]:
    apart = {NOT_EFFECTIVE: t("not_effective"), UNMANAGED: t("workload.unmanaged")}
    row: Any
    for row in lines.itertuples():
        yield {
            "heading": t("group"),
            "name": apart[row.id] if row.id in apart else group_name(row.id, rules, t),
            "n": t.count(row.n_customers),
            "required": t("dash") if row.id == NOT_EFFECTIVE else _hours(row.required_hours),
            "available": t("dash"),
            "remark": _remark(row, t),
            "emphasis": _emphasis(row),
        }


def _emphasis(row: Any) -> Emphasis | None:
    return "apart" if not row.is_managers or row.id == UNKNOWN else None


def _remark(row: Any, t: Texts) -> str:
    if row.id == NOT_EFFECTIVE:
        return t("workload.not_planned")
    if row.id == UNMANAGED:
        return t("workload.not_counted")
    if not row.is_managers:
        return t("workload.of_the_team")
    if not row.n_dropped:
        return ""
    return t("workload.dropped", n=t.customers(row.n_dropped), hours=_hours(row.dropped_hours))


def _managers(lines: pd.DataFrame, t: Texts) -> Iterator[dict[str, Any]]:
    row: Any
    for row in lines.itertuples():
        excess = row.required_hours - row.available_hours
        yield {
            "heading": t("capacity.manager"),
            "name": row.id,
            "n": t.count(row.n_customers),
            "required": _hours(row.required_hours),
            "available": _hours(row.available_hours),
            "remark": t("workload.over", hours=_hours(excess)) if row.is_overloaded else "",
            "emphasis": None,
        }


_NOTHING_HOURS = 0.05  # no tenth of an hour


def _excess(line: pd.Series) -> float:
    return float(line["required_hours"] - line["available_hours"])


def _hours(hours: float) -> str:
    return f"{hours:,.1f}"
