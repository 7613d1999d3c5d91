"""What was read, what was rejected and why, and what else is to be known about the data."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from stockcust.present.html import Html, paragraph
from stockcust.present.labels import column_name, table_name
from stockcust.present.tables.layout import Column, build_table
from stockcust.present.texts import Texts
from stockcust.tables.details import read_detail

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang
    from stockcust.tables import DataQuality

_FIGURES = ("n_read", "n_kept", "n_rejected", "n_total_rows_dropped", "n_duplicates_merged")
_MOST_EXAMPLES = 3
_MOST_NAMES = 30
_WIDEST = 90
_NO_NAMES: Mapping[str, str] = {}


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
    rows, columns = _counts(counts, t)
    return build_table(
        rows,
        columns,
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
    return _listed("rejects", *_rejects(rejects, Texts(lang)), Texts(lang))


def table_notices(notices: pd.DataFrame, rules: Rulebook, *, lang: Lang = "zh") -> Html:
    """Lay out what was dropped, converted, derived or flagged.

    Parameters
    ----------
    notices : `DataQuality.notices`: table, column, code, detail, n, n_files, file. What is absent
        has a table of its own.
    rules : the rulebook of the report.
    lang : language of the words.
    """
    return _listed("notices", *_notices(notices, Texts(lang)), Texts(lang))


def table_absent(
    absent: pd.DataFrame,
    rules: Rulebook,
    *,
    names: Mapping[str, str] = _NO_NAMES,
    lang: Lang = "zh",
) -> Html:
    """Lay out what would be shown if optional tables and columns were given, and which these are.

    Parameters
    ----------
    absent : `DataQuality.absent`: kind, table, column, enables (codes joined by ;). With
        ``branch_id``, as in the results of a network, also tables that hold nothing of a branch.
    rules : the rulebook of the report.
    names : names of branches by id; by default the id is shown.
    lang : language of the words.
    """
    return _listed("absent", *_absent(absent, Texts(lang), names), Texts(lang))


def quality_text(quality: DataQuality, *, lang: Lang = "zh") -> str:
    """The same tables as plain text, for a terminal.

    Parameters
    ----------
    quality : what a bank's files are worth.
    lang : language of the words.
    """
    t = Texts(lang)
    parts = {
        "counts": _counts(quality.tables, t),
        "rejects": _rejects(quality.rejects, t),
        "notices": _notices(quality.notices, t),
        "absent": _absent(quality.absent, t),
    }
    return "\n\n".join(_plain(name, *part, t) for name, part in parts.items())


def in_words(lines: pd.DataFrame, *, lang: Lang = "zh") -> pd.DataFrame:
    """Put beside the codes of rejects or notices what they say, for a spreadsheet.

    Parameters
    ----------
    lines : `Bank.rejects`, or `DataQuality.rejects` or `.notices`.
    lang : language of the words.

    Returns
    -------
    the lines with a column ``said``.
    """
    t = Texts(lang)
    kind, codes = ("reject", "reason") if "reason" in lines else ("notice", "code")
    rows = zip(lines["table"], lines[codes], lines["detail"])
    said = [_say_code(f"{kind}.{code}", detail, table, t) for table, code, detail in rows]
    return lines.assign(said=pd.Series(said, index=lines.index, dtype="str"))


_Part = tuple[pd.DataFrame, list[Column]]


def _plain(name: str, rows: pd.DataFrame, columns: Sequence[Column], t: Texts) -> str:
    if rows.empty:
        return t(f"quality.no_{name}")
    said = rows.set_axis([column.label for column in columns], axis=1)
    with pd.option_context("display.unicode.east_asian_width", True):
        text = said.to_string(index=False, max_colwidth=_WIDEST)
    return f"{t(f'quality.{name}')}\n{text}"


def _listed(name: str, rows: pd.DataFrame, columns: Sequence[Column], t: Texts) -> Html:
    """A list, or a sentence that nothing stands in it."""
    if rows.empty:
        return paragraph(t(f"quality.no_{name}"), name)
    return build_table(rows, columns, name=name, title=t(f"quality.{name}"))


def _part(lines: list[dict[str, str]], columns: list[Column]) -> _Part:
    return pd.DataFrame(lines, columns=[column.key for column in columns]), columns


def _counts(counts: pd.DataFrame, t: Texts) -> _Part:
    figures = [name for name in _FIGURES if name in counts]
    by_table = counts.groupby("table", sort=False)[figures].sum()
    by_table.loc["total"] = by_table.sum()
    names = [t("total") if k == "total" else table_name(k, t) for k in by_table.index]
    rows = by_table.map(t.count)
    rows.insert(0, "table", names)
    columns = [Column(name, t(f"quality.{name}")) for name in figures]
    return rows, [Column("table", t("quality.table"), "name"), *columns]


def _rejects(rejects: pd.DataFrame, t: Texts) -> _Part:
    known = rejects.fillna({"column": ""}).assign(n=rejects.get("n", 1))
    groups = [rows for _, rows in known.groupby(["table", "column", "reason"], sort=False)]
    groups.sort(key=lambda rows: rows["n"].sum(), reverse=True)
    columns = [
        Column("where", t("quality.where"), "prose"),
        Column("reason", t("quality.reason"), "prose"),
        Column("n", t("quality.n_rejected")),
        Column("examples", t("quality.examples"), "prose"),
    ]
    return _part([_reject_line(rows, t) for rows in groups], columns)


def _notices(notices: pd.DataFrame, t: Texts) -> _Part:
    known = notices[~notices["code"].isin(("table_absent", "column_absent"))].fillna("")
    columns = [
        Column("where", t("quality.where"), "prose"),
        Column("said", t("quality.notice"), "prose"),
        Column("n", t("quality.n")),
        Column("detail", t("quality.detail"), "prose"),
    ]
    return _part([_notice_line(notice, t) for notice in known.to_dict("records")], columns)


def _absent(absent: pd.DataFrame, t: Texts, names: Mapping[str, str] = _NO_NAMES) -> _Part:
    columns = [
        Column("enables", t("quality.would_enable"), "prose"),
        Column("where", t("quality.absent_where"), "prose"),
    ]
    lines = [
        {
            "enables": _say("codes", enables.split(";"), "", t),
            "where": t("card.separator").join(
                _places(absent[absent["enables"] == enables], t, names)
            ),
        }
        for enables in absent["enables"].drop_duplicates()
    ]
    return _part(lines, columns)


def _places(absent: pd.DataFrame, t: Texts, names: Mapping[str, str]) -> Iterator[str]:
    """The absent tables, the absent columns of each table, the branches of which one is empty."""
    for kind, table in dict.fromkeys(zip(absent["kind"], absent["table"])):
        rows = absent[(absent["kind"] == kind) & (absent["table"] == table)]
        name = table_name(table, t)
        if kind == "table":
            yield name
        elif kind == "column":
            columns = t.enumeration([column_name(table, c, t) for c in rows["column"]])
            yield t("quality.place", table=name, column=columns)
        else:
            branches = t.enumeration([names.get(id, id) for id in rows["branch_id"]])
            yield t("quality.no_rows", table=name, branches=branches)


def _notice_line(notice: Mapping[Hashable, Any], t: Texts) -> dict[str, str]:
    where = _where(notice["table"], notice["column"], t)
    file, n_files = notice["file"], notice["n_files"]
    return {
        "where": where or (t("quality.files", file=file, n=n_files) if n_files > 1 else file),
        "said": t(f"notice.{notice['code']}"),
        "n": t.count(notice["n"]),
        "detail": _say_detail(notice["detail"], notice["table"], t),
    }


def _reject_line(rows: pd.DataFrame, t: Texts) -> dict[str, str]:
    table, column, reason = rows[["table", "column", "reason"]].iloc[0]
    detail = rows["detail"].iloc[0]
    shared = detail if (rows["detail"] == detail).all() else ""
    first = rows.head(_MOST_EXAMPLES)
    values = first.get("value", pd.Series("", index=first.index)).fillna("")
    examples = (
        t("quality.example", file=file, row=row, value=value).strip()
        for file, row, value in zip(first["file"], first["row"], values)
    )
    return {
        "where": _where(table, column, t),
        "reason": _say_code(f"reject.{reason}", shared, table, t),
        "n": t.count(rows["n"].sum()),
        "examples": t("card.separator").join(examples),
    }


def _say_code(key: str, detail: str, table: str, t: Texts) -> str:
    if not detail:
        return t(key)
    return t("quality.reason_and_detail", reason=t(key), detail=_say_detail(detail, table, t))


def _say_detail(detail: str, table: str, t: Texts) -> str:
    code, values = read_detail(detail)
    said = {name: _say(name, value, table, t) for name, value in values.items()}
    return t(f"detail.{code}", **said) if code else ""


def _say(name: str, value: object, table: str, t: Texts) -> str:
    """A value of a detail, by what its name says that it is."""
    if isinstance(value, list):
        more = ["…"] if len(value) > _MOST_NAMES else []
        return t.enumeration([*(_say(name, v, table, t) for v in value[:_MOST_NAMES]), *more])
    if name in ("column", "columns", "keys"):
        return column_name(table, str(value), t)
    if name == "codes":
        return t(f"enables.{value}")
    return t.count(value) if isinstance(value, int) and name != "rows" else str(value)


def _where(table: str, column: str, t: Texts) -> str:
    name = table_name(table, t)
    return t("quality.place", table=name, column=column_name(table, column, t)) if column else name
