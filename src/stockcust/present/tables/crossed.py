"""Customers counted by two ways of dividing them at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from stockcust.present.basis import basis_of
from stockcust.present.html import Html
from stockcust.present.labels import dimension_labels, group_name, tier_name
from stockcust.present.tables.layout import Column, Emphasis, build_table
from stockcust.present.texts import Texts
from stockcust.present.totals import NOT_EFFECTIVE, UNKNOWN, lines_by, named_lines

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

_TOTAL = "total"
_EMPHASIS: Mapping[str, Emphasis] = {UNKNOWN: "apart", NOT_EFFECTIVE: "apart", _TOTAL: "total"}


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
    coefficients = rules.man.coefficients
    easiest_first = sorted(rules.man.groups, key=lambda name: coefficients[name])
    groups = {group: group_name(group, rules, t) for group in [*rules.groups, UNKNOWN]}
    rows = _Axis("group", groups, t("group"))
    columns = _Axis(
        "man_group", {str(group): str(group) for group in easiest_first}, t("man.group")
    )
    return _crossed(man, rows, columns, t, as_of)


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
    classes = dimension_labels(dimension, rules, t)
    highest_first = [tier.id for tier in reversed(rules.tiers.active)]
    tiers = {str(tier): tier_name(tier, rules, t) for tier in [*highest_first, UNKNOWN]}
    rows = _Axis("dimension", classes, rules.dimensions[dimension].label[lang])
    return _crossed(divided, rows, _Axis("tier", tiers, t("tier")), t, as_of)


@dataclass(frozen=True, slots=True)
class _Axis:
    """A way to divide: its column, a name for each of its values, and what it is called."""

    key: str
    names: Mapping[str, str]
    heading: str

    def present(self, found: pd.Index) -> list[str]:
        """All lines in order; unknown and not effective only where there are any."""
        known = [key for key in self.names if key != UNKNOWN]
        return [*known, *(key for key in (UNKNOWN, NOT_EFFECTIVE) if key in found)]


def _crossed(
    frame: pd.DataFrame, rows: _Axis, columns: _Axis, t: Texts, as_of: date | str | None
) -> Html:
    counts = pd.crosstab(named_lines(frame, rows.key), frame[columns.key].fillna(UNKNOWN))
    counts = counts.reindex(
        index=rows.present(counts.index), columns=columns.present(counts.columns), fill_value=0
    )
    counts[_TOTAL] = counts.sum(axis="columns")
    counts.loc[_TOTAL] = counts.sum()
    row_names = {**rows.names, NOT_EFFECTIVE: t("not_effective"), _TOTAL: t("total")}
    column_names = {**columns.names, _TOTAL: t("total")}
    words = counts.map(lambda n: t.count(n) if n else t("dash"))
    return build_table(
        words.assign(name=[row_names[key] for key in counts.index]),
        [
            Column("name", rows.heading, "name"),
            *(Column(key, column_names[key]) for key in counts.columns),
        ],
        name=f"{rows.key}-by-{columns.key}",
        title=t("crossed.title", rows=rows.heading, columns=columns.heading),
        subtitle=basis_of(lines_by(frame, [rows.key]), t, as_of),
        emphasis=[_EMPHASIS.get(key) for key in counts.index],
    )
