"""One share over many branches, without an order where the intervals overlap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from stockcust.present.estimates import compare, possible_ranks
from stockcust.present.html import Html
from stockcust.present.tables.layout import Column, build_table
from stockcust.present.texts import Texts

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

_AGAINST = {1: "ranking.above", 0: "ranking.same", -1: "ranking.below"}


def table_ranking(
    figures: pd.DataFrame,
    rules: Rulebook,
    *,
    figure: str,
    names: Mapping[str, str] | None = None,
    lang: Lang = "zh",
) -> Html:
    """Lay out a share of each branch with the ranks that its interval leaves open.

    Branches whose ranks cannot be told apart stand in the order of their names.

    Parameters
    ----------
    figures : one row per branch and figure, from `kpis.figures`.
    rules : the rulebook that made the figures.
    figure : id of a share, such as ``"contacted_share"``.
    names : branch names by id.
    lang : language of the words.
    """
    t = Texts(lang)
    comparison = compare(figures, figure, names, rules)
    rows = comparison.rows.join(possible_ranks(comparison.rows))
    rows = rows.sort_values(["rank_low", "rank_high", "label"], na_position="last")
    columns = [
        Column("label", t("branch"), "prose"),
        Column("rank", t("ranking.rank"), "code"),
        Column("estimate", t("ranking.share")),
        Column("interval", t("ranking.interval")),
        Column("n", t("ranking.n")),
        Column("against", t("ranking.against"), "code"),
    ]
    reference = comparison.reference
    return build_table(
        pd.DataFrame(_rows(rows, rules, t), columns=[column.key for column in columns]),
        columns,
        name=f"ranking-{figure.replace('_', '-')}",
        title=_title(rows, t(f"figure.{figure}"), t),
        subtitle="" if reference is None else t("ranking.reference", value=t.percent(reference, 1)),
        notes=[t("ranking.note"), t("ranking.few", n=rules.report.min_n_rate)],
        emphasis=[None if rated else "apart" for rated in rows["has_rate"]],
    )


def _rows(rows: pd.DataFrame, rules: Rulebook, t: Texts) -> Iterator[dict[str, str]]:
    least = rules.compliance.privacy.min_cell_size
    row: Any
    for row in rows.itertuples():
        line = {"label": row.label, "n": t.small_count(row.n, least)}
        if not row.has_rate:
            few = dict.fromkeys(("rank", "estimate", "interval"), t("dash"))
            yield {**line, **few, "against": t("too_few_for_rate")}
            continue
        same = row.rank_low == row.rank_high
        yield {
            **line,
            "rank": str(row.rank_low) if same else f"{row.rank_low}-{row.rank_high}",
            "estimate": t.percent(row.estimate, 1),
            "interval": t.interval(row.ci_low, row.ci_high),
            "against": t(_AGAINST[row.side]),
        }


def _title(rows: pd.DataFrame, name: str, t: Texts) -> str:
    """Say that there is no order at all if every rank is open to everyone."""
    rated = rows[rows["has_rate"]]
    if len(rated[["rank_low", "rank_high"]].drop_duplicates()) <= 1:
        return t("comparison.no_difference", name=name)
    return name
