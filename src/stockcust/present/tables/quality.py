"""What was read, what was rejected and why, and what else is to be known about the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from stockcust.present.html import Html, paragraph
from stockcust.present.labels import column_name, table_name
from stockcust.present.tables.layout import Column, build_table
from stockcust.present.texts import Texts
from stockcust.tables.codes import NOTICES

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

_FIGURES = ("n_read", "n_kept", "n_rejected", "n_total_rows_dropped", "n_duplicates_merged")
_MOST_EXAMPLES = 3


def quality_line(tables: pd.DataFrame, *, lang: Lang = "zh") -> Html:
    """Say in one sentence how many rows of all tables were read and what became of them.

    Parameters
    ----------
    tables : `DataQuality.tables` or `Bank.counts`: rows by table.
    lang : language of the words.
    """
    t = Texts(lang)
    sums = tables[list(_FIGURES)].sum()
    figures = {name: t.count(sums[name]) for name in _FIGURES}
    n_tables = t.count(tables["table"].nunique())
    return paragraph(t("quality.line", n_tables=n_tables, **figures), "quality-line")


def table_counts(counts: pd.DataFrame, rules: Rulebook, *, lang: Lang = "zh") -> Html:
    """Lay out for each table how many rows were read and what became of them.

    Parameters
    ----------
    counts : `Bank.counts` or `DataQuality.tables`: rows by table, and by file.
    rules : the rulebook of the report.
    lang : language of the words.
    """
    t = Texts(lang)
    figures = [name for name in _FIGURES if name in counts]
    by_table = counts.groupby("table", sort=False)[figures].sum()
    by_table.loc["total"] = by_table.sum()
    rows = by_table.map(t.count)
    rows["table"] = [t("total") if k == "total" else table_name(k, t) for k in by_table.index]
    return build_table(
        rows,
        [
            Column("table", t("quality.table"), "name"),
            *(Column(name, t(f"quality.{name}")) for name in figures),
        ],
        name="counts",
        title=t("quality.counts"),
        notes=[t("quality.adds_up")],
        emphasis=[*[None] * (len(rows) - 1), "total"],
    )


def table_rejects(rejects: pd.DataFrame, rules: Rulebook, *, lang: Lang = "zh") -> Html:
    """Lay out the rejected rows by table, column and reason, with the first places to look.

    Parameters
    ----------
    rejects : `Bank.rejects`, one row per rejected row with values masked where personal; or
        `DataQuality.rejects`, the same summed up with `n`.
    rules : the rulebook of the report.
    lang : language of the words.
    """
    t = Texts(lang)
    known = rejects.fillna({"column": ""}).assign(n=rejects.get("n", 1))
    groups = [rows for _, rows in known.groupby(["table", "column", "reason"], sort=False)]
    groups.sort(key=lambda rows: rows["n"].sum(), reverse=True)
    return _listed(
        [_reject_line(rows, t) for rows in groups],
        [
            Column("where", t("quality.where"), "prose"),
            Column("reason", t("quality.reason"), "prose"),
            Column("n", t("quality.n_rejected")),
            Column("examples", t("quality.examples"), "prose"),
        ],
        "rejects",
        t,
    )


def table_notices(notices: pd.DataFrame, rules: Rulebook, *, lang: Lang = "zh") -> Html:
    """Lay out what was dropped, converted, derived or flagged.

    Parameters
    ----------
    notices : `Bank.notices` or `DataQuality.notices`: table, column, code, detail, n. What is
        absent has a table of its own.
    rules : the rulebook of the report.
    lang : language of the words.
    """
    t = Texts(lang)
    known = notices[~notices["code"].isin(("table_absent", "column_absent"))].fillna("")
    keys = ["table", "column", "code", "detail"]
    rows = known.groupby(keys, sort=False)["n"].sum().reset_index()
    lines = [
        {
            "where": _where(table, column, t),
            "said": t(f"notice.{code}"),
            "n": t.count(n),
            "detail": "" if detail == NOTICES[code] else detail,
        }
        for table, column, code, detail, n in rows.itertuples(index=False)
    ]
    return _listed(
        lines,
        [
            Column("where", t("quality.where"), "prose"),
            Column("said", t("quality.notice"), "prose"),
            Column("n", t("quality.n")),
            Column("detail", t("quality.detail"), "prose"),
        ],
        "notices",
        t,
    )


def table_absent(absent: pd.DataFrame, rules: Rulebook, *, lang: Lang = "zh") -> Html:
    """Lay out the optional tables and columns that were not given, and what they would show.

    Parameters
    ----------
    absent : `DataQuality.absent`: table, column, enables (codes joined by ;).
    rules : the rulebook of the report.
    lang : language of the words.
    """
    t = Texts(lang)
    rows = absent[["table", "column", "enables"]].fillna("")
    lines = [
        {
            "where": _where(table, column, t),
            "enables": t.enumeration(t(f"enables.{code}") for code in enables.split(";") if code),
        }
        for table, column, enables in rows.itertuples(index=False)
    ]
    return _listed(
        lines,
        [
            Column("where", t("quality.where"), "prose"),
            Column("enables", t("quality.would_enable"), "prose"),
        ],
        "absent",
        t,
    )


def _listed(lines: list[dict[str, str]], columns: Sequence[Column], name: str, t: Texts) -> Html:
    """A list, or a sentence that nothing stands in it."""
    if not lines:
        return paragraph(t(f"quality.no_{name}"), name)
    rows = pd.DataFrame(lines, columns=[column.key for column in columns])
    return build_table(rows, columns, name=name, title=t(f"quality.{name}"))


def _reject_line(rows: pd.DataFrame, t: Texts) -> dict[str, str]:
    table, column, reason = rows[["table", "column", "reason"]].iloc[0]
    first = rows.head(_MOST_EXAMPLES)
    values = first.get("value", pd.Series("", index=first.index)).fillna("")
    examples = (
        t("quality.example", file=file, row=row, value=value).strip()
        for file, row, value in zip(first["file"], first["row"], values)
    )
    return {
        "where": _where(table, column, t),
        "reason": t(f"reject.{reason}"),
        "n": t.count(rows["n"].sum()),
        "examples": t("card.separator").join(examples),
    }


def _where(table: str, column: str, t: Texts) -> str:
    name = table_name(table, t)
    return t("quality.place", table=name, column=column_name(table, column, t)) if column else name
