"""Customers counted by two ways of dividing them at once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from stockcust.present.basis import basis_of
from stockcust.present.html import Html
from stockcust.present.tables.layout import Column, build_table
from stockcust.present.tables.lines import (
    TOTAL,
    Lines,
    dimension_lines,
    emphasis_of,
    group_lines,
    man_lines,
    tier_lines,
)
from stockcust.present.texts import Texts
from stockcust.present.totals import UNKNOWN, lines_by, named_lines

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang


def table_man_by_group(
    man: pd.DataFrame,
    rules: Rulebook,
    *,
    lang: Lang = "zh",
    as_of: date | str | None = None,
) -> Html:
    """Lay out how many customers of each of the nine groups are in each MAN group.

    Parameters
    ----------
    man : one row per customer and branch, from `score_man`, with `group`.
    rules : the rulebook that made the groups.
    lang : language of the words.
    as_of : the day that the subtitle names.
    """
    t = Texts(lang)
    title = t("crossed.title", rows=t("groups.name"), columns=t("man.groups"))
    return _crossed(man, group_lines(rules, t), man_lines(rules, t), title, t, as_of)


def table_dimension_by_tier(
    divided: pd.DataFrame,
    rules: Rulebook,
    *,
    dimension: str,
    lang: Lang = "zh",
    as_of: date | str | None = None,
) -> Html:
    """Lay out how many customers of each class of another dimension are in each tier.

    Parameters
    ----------
    divided : one row per customer and branch, from `divide`, with `tier`.
    rules : the rulebook that divided them.
    dimension : its name in the rulebook's `dimensions`.
    lang : language of the words.
    as_of : the day that the subtitle names.
    """
    t = Texts(lang)
    classes, tiers = dimension_lines(dimension, rules, t), tier_lines(rules, t, with_range=False)
    title = t("crossed.title", rows=classes.heading, columns=tiers.heading)
    return _crossed(divided, classes, tiers, title, t, as_of)


def _crossed(
    frame: pd.DataFrame,
    rows: Lines,
    columns: Lines,
    title: str,
    t: Texts,
    as_of: date | str | None,
) -> Html:
    counts = pd.crosstab(named_lines(frame, rows.key), frame[columns.key].fillna(UNKNOWN))
    counts = counts.reindex(
        index=rows.in_order(counts.index), columns=columns.in_order(counts.columns), fill_value=0
    )
    counts[TOTAL] = counts.sum(axis="columns")
    counts.loc[TOTAL] = counts.sum()
    words = counts.map(lambda n: t.count(n) if n else t("dash"))
    figures = zip(counts.columns, columns.named(list(counts.columns), t))
    return build_table(
        words.assign(name=rows.named(list(counts.index), t)),
        [Column("name", rows.heading, "name"), *(Column(key, name) for key, name in figures)],
        name=f"{rows.key}-by-{columns.key}",
        title=title,
        subtitle=basis_of(lines_by(frame, [rows.key]), t, as_of),
        emphasis=emphasis_of(list(counts.index)),
    )
