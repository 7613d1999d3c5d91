"""The hours that the cadences require against the managers', and what to drop first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from stockcust.kpis.workload import BRANCH, GROUP, MANAGER, UNMANAGED
from stockcust.present.disclosure import hide_small
from stockcust.present.html import Html, paragraph
from stockcust.present.labels import group_name
from stockcust.present.tables.layout import Column, Emphasis, build_table
from stockcust.present.texts import Texts
from stockcust.present.totals import NOT_EFFECTIVE, UNKNOWN

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

_NAME = "workload"
_NO_NAMES: Mapping[str, str] = {}
_SUMS = ["n_customers", "required_hours", "available_hours", "n_dropped", "dropped_hours"]


def table_workload(
    workload: pd.DataFrame,
    rules: Rulebook,
    *,
    branch_id: str | None = None,
    names: Mapping[str, str] = _NO_NAMES,
    lang: Lang = "zh",
) -> Html:
    """Say whether the managers have the time that the cadences require, else what to drop.

    Below stand the hours by group, with the customers to drop first, and those of each manager;
    for the network those of each branch, with a branch of a few customers hidden.

    Parameters
    ----------
    workload : one row per branch and line, from `kpis.workload_by_branch`.
    rules : the rulebook with the cadences and the managers' time.
    branch_id : the branch; None for the network, to which the branches are added up.
    names : names of branches by id; by default the id is shown.
    lang : language of the words.
    """
    t = Texts(lang)
    work = _Work.of(workload, rules, branch_id, names)
    if work.books.empty:
        return paragraph(t("workload.no_managers"), _NAME)
    least = rules.compliance.privacy.min_cell_size if branch_id is None else 0
    hidden = hide_small(work.books[["n_customers"]], least)["n_customers"]
    rows = pd.DataFrame([*_groups(work.groups, rules, t), *_books(work, hidden, t)])
    hours = f"{rules.man.capacity.hours_per_manager_per_month:g}"
    return build_table(
        rows,
        [
            Column("name", t(f"workload.whose_{work.kind}"), "name"),
            Column("n", t("n_customers")),
            Column("required", t("workload.required")),
            Column("available", t("workload.available")),
            Column("remark", t("workload.remark"), "prose"),
        ],
        name=_NAME,
        title=_finding(work, t),
        subtitle=_advice(work, rules, t),
        notes=[
            t("workload.note", hours=hours),
            *([t("branches.hidden", n=least)] if hidden.any() else []),
        ],
        groups=list(rows["heading"]),
        emphasis=list(rows["emphasis"]),
    )


@dataclass(frozen=True, slots=True)
class _Work:
    """The lines of one branch, or the branches added up: by group, by book, and all together.

    A book is a manager's; in the network it is a branch's.
    """

    kind: str
    groups: pd.DataFrame
    books: pd.DataFrame
    whole: pd.Series
    n_managers: int

    @classmethod
    def of(
        cls,
        workload: pd.DataFrame,
        rules: Rulebook,
        branch_id: str | None,
        names: Mapping[str, str],
    ) -> _Work:
        lines = workload if branch_id is None else workload[workload["branch_id"] == branch_id]
        by_kind = {kind: lines[lines["line"] == kind] for kind in (GROUP, MANAGER, BRANCH)}
        kind = BRANCH if branch_id is None else MANAGER
        books = by_kind[kind]
        return cls(
            kind,
            _by_group(by_kind[GROUP], rules),
            books.assign(name=books["id"].map(lambda id: names.get(id, id))),
            by_kind[BRANCH][_SUMS].sum(),
            len(by_kind[MANAGER]),
        )

    @property
    def excess_hours(self) -> float:
        """Hours that the managers lack, below zero if they have more than enough."""
        return float(self.whole["required_hours"] - self.whole["available_hours"])


def _by_group(lines: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    sums = {**dict.fromkeys(_SUMS, "sum"), "is_managers": "any"}
    added = lines.groupby("id").agg(sums)
    order = [*rules.groups, UNKNOWN, NOT_EFFECTIVE, UNMANAGED]
    return added.reindex([id for id in order if id in added.index]).reset_index()


def _finding(work: _Work, t: Texts) -> str:
    values = {
        "required": _hours(work.whole["required_hours"]),
        "available": _hours(work.whole["available_hours"]),
        "n": t.count(work.n_managers),
    }
    if work.excess_hours <= 0:
        return t("workload.fits", **values)
    return t("workload.overloaded", excess=_hours(work.excess_hours), **values)


def _advice(work: _Work, rules: Rulebook, t: Texts) -> str:
    """What to drop first; or, where only some are overloaded, to share differently."""
    n_over = int(work.books["is_overloaded"].sum())
    if work.excess_hours <= 0:
        return t(f"workload.uneven_{work.kind}", n=t.count(n_over)) if n_over else ""
    order = {group: place for place, group in enumerate(rules.man.capacity.drop_first)}
    dropped = work.groups[work.groups["n_dropped"] > 0]
    dropped = dropped.sort_values("id", key=lambda ids: ids.map(order))
    steps = [
        t("workload.step", group=group_name(id, rules, t), n=t.customers(n), hours=_hours(hours))
        for id, n, hours in zip(dropped["id"], dropped["n_dropped"], dropped["dropped_hours"])
    ]
    said = [t("workload.drop_first", steps=t("card.separator").join(steps))] if steps else []
    left = work.excess_hours - work.whole["dropped_hours"]
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


def _books(work: _Work, hidden: pd.Series, t: Texts) -> Iterator[dict[str, Any]]:
    row: Any
    for row, is_hidden in zip(work.books.itertuples(), hidden):
        excess = row.required_hours - row.available_hours
        figures = {
            "n": t.count(row.n_customers),
            "required": _hours(row.required_hours),
            "available": _hours(row.available_hours),
        }
        yield {
            "heading": t("branch") if work.kind == BRANCH else t("capacity.manager"),
            "name": row.name,
            **(dict.fromkeys(figures, t("withheld")) if is_hidden else figures),
            "remark": t("workload.over", hours=_hours(excess)) if row.is_overloaded else "",
            "emphasis": None,
        }


_NOTHING_HOURS = 0.05  # no tenth of an hour


def _hours(hours: float) -> str:
    return f"{hours:,.1f}"
