"""Customer pools: who joined, left and stayed since the baseline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from stockcust.kpis import NETWORK, pool_label
from stockcust.present.html import Html, paragraph
from stockcust.present.labels import group_name
from stockcust.present.tables.layout import Column, build_table
from stockcust.present.texts import Texts

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

_NAME = "pools"


def table_pools(
    changes: pd.DataFrame,
    rules: Rulebook,
    *,
    branch_id: str | None = None,
    lang: Lang = "zh",
    as_of: date | str | None = None,
    baseline: date | str | None = None,
) -> Html:
    """Lay out the members of each pool, and how they changed since the baseline.

    Parameters
    ----------
    changes : from `kpis.pool_changes`.
    rules : the rulebook with the pools.
    branch_id : the branch; None for the network.
    lang : language of the words.
    as_of, baseline : the two days; without a baseline only the members of now are shown.
    """
    t = Texts(lang)
    lines = changes[changes["branch_id"] == (branch_id or NETWORK)]
    # a pool of which the bank's files tell nothing stands in no line
    lines = lines[lines["n_now"].notna()]
    if lines.empty:
        return paragraph(t("pools.absent"), _NAME)
    columns = [Column("pool", t("pools.pool"), "name"), Column("now", t("pools.now"))]
    if baseline:
        moves = ("before", "joined", "left", "stayed")
        columns[1:1] = [Column(move, t(f"pools.{move}")) for move in moves]
    columns.append(Column("purpose", t("pools.purpose"), "name"))
    days = [t.date(day) for day in (baseline, as_of) if day]
    between = t("migration.between", before=days[0], after=days[-1]) if len(days) == 2 else ""
    groups = [t("group") if pool in rules.groups else t("pools.others") for pool in lines["pool"]]
    return build_table(
        pd.DataFrame(_rows(lines, rules, t)),
        columns,
        name=_NAME,
        title=t("pools.title"),
        subtitle=between or t.join(t("basis.as_of", day=day) for day in days),
        notes=[t("pools.note"), *([t("pools.sums")] if baseline else []), t("pools.file")],
        groups=groups,
    )


def _rows(lines: pd.DataFrame, rules: Rulebook, t: Texts) -> Iterator[dict[str, str]]:
    row: Any
    for row in lines.itertuples():
        yield {
            "pool": _name(row.pool, rules, t),
            "before": _count(row.n_before, t),
            "joined": _count(row.n_joined, t, "+"),
            "left": _count(row.n_left, t, "-"),
            "stayed": _count(row.n_stayed, t),
            "now": _count(row.n_now, t),
            "purpose": _purpose(row.pool, rules, t),
        }


def _name(pool: str, rules: Rulebook, t: Texts) -> str:
    if pool in rules.groups:
        return group_name(pool, rules, t)
    return pool_label(pool, rules)[t.lang]


def _count(n: Any, t: Texts, sign: str = "") -> str:
    if n is pd.NA:
        return t("dash")
    return f"{sign if n else ''}{t.count(n)}"


def _purpose(pool: str, rules: Rulebook, t: Texts) -> str:
    purpose = None if pool in rules.groups else rules.pools[pool].purpose  # type: ignore[index]
    return rules.purposes.items[purpose].label[t.lang] if purpose else t("dash")
