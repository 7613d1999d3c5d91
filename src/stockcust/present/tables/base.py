"""The customer base by tier, by group or by any other dimension."""

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
    tier_lines,
)
from stockcust.present.texts import Texts
from stockcust.present.totals import NOT_EFFECTIVE, UNKNOWN, lines_by

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang


def table_tiers(
    segments: pd.DataFrame,
    rules: Rulebook,
    *,
    lang: Lang = "zh",
    as_of: date | str | None = None,
) -> Html:
    """Lay out customers and assets by tier, the highest first.

    Customers below the effective-customer threshold stand on a line of their own.

    Parameters
    ----------
    segments : one row per customer and branch with `tier`, `aum_cny` and, if known,
        `is_effective`; or a `base_table` by it.
    rules : the rulebook that made the segments.
    lang : language of the words.
    as_of : the day that the subtitle names.
    """
    t = Texts(lang)
    return _table(segments, tier_lines(rules, t), t("tiers.name"), rules, t, as_of)


def table_groups(
    segments: pd.DataFrame,
    rules: Rulebook,
    *,
    lang: Lang = "zh",
    as_of: date | str | None = None,
) -> Html:
    """Lay out customers and assets of the nine groups.

    Customers below the effective-customer threshold stand on a line of their own.

    Parameters
    ----------
    segments : one row per customer and branch with `group`, `aum_cny` and, if known,
        `is_effective`; or a `base_table` by it.
    rules : the rulebook that made the segments.
    lang : language of the words.
    as_of : the day that the subtitle names.
    """
    t = Texts(lang)
    return _table(segments, group_lines(rules, t), t("groups.name"), rules, t, as_of)


def table_dimension(
    divided: pd.DataFrame,
    rules: Rulebook,
    *,
    dimension: str,
    lang: Lang = "zh",
    as_of: date | str | None = None,
) -> Html:
    """Lay out customers and assets by another dimension: age, kinds of products, income.

    Parameters
    ----------
    divided : one row per customer and branch, from `divide`.
    rules : the rulebook that divided them.
    dimension : its name in the rulebook's `dimensions`.
    lang : language of the words.
    as_of : the day that the subtitle names.
    """
    t = Texts(lang)
    by = dimension_lines(dimension, rules, t)
    return _table(divided, by, t("dimension.title", name=by.heading), rules, t, as_of)


def _table(
    segments: pd.DataFrame,
    by: Lines,
    title: str,
    rules: Rulebook,
    t: Texts,
    as_of: date | str | None,
) -> Html:
    lines = lines_by(segments, [by.key])
    totals = _with_total(lines, by)
    threshold = t.money(rules.status.effective_customer.min_aum_cny)
    return build_table(
        _words(totals, by, t),
        [
            Column("name", by.heading, "name"),
            Column("n", t("n_customers")),
            Column("n_share", t("share_of_customers")),
            Column("aum", t("aum")),
            Column("aum_share", t("share_of_aum")),
            Column("mean", t("mean_aum")),
        ],
        name=f"base-{by.key}",
        title=title,
        subtitle=basis_of(lines, t, as_of),
        notes=[t("note.not_effective", low=threshold)] if NOT_EFFECTIVE in totals.index else [],
        emphasis=emphasis_of(list(totals.index)),
    )


def _with_total(lines: pd.DataFrame, by: Lines) -> pd.DataFrame:
    totals = lines.set_index(by.key)
    totals = totals.reindex(by.in_order(totals.index), fill_value=0)
    totals.loc[TOTAL] = totals.sum()
    return totals


def _words(totals: pd.DataFrame, by: Lines, t: Texts) -> pd.DataFrame:
    n, aum = totals["n_customers"], totals["aum_cny"]
    words = pd.DataFrame(
        {
            "name": by.named(list(totals.index), t),
            "n": n.map(t.count),
            "n_share": [t.share_of(part, n[TOTAL]) for part in n],
            "aum": aum.map(t.money),
            "aum_share": [t.share_of(part, aum[TOTAL]) for part in aum],
            "mean": [t.money(x / k) if k else t("dash") for x, k in zip(aum, n)],
        },
        index=totals.index,
    )
    if by.key == "tier" and UNKNOWN in words.index:  # unknown assets are not none
        words.loc[UNKNOWN, ["aum", "aum_share", "mean"]] = t("dash")
    return words
