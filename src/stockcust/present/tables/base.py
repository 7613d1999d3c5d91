"""The customer base by tier, by group or by any other dimension."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from stockcust.present.basis import basis_of
from stockcust.present.html import Html
from stockcust.present.labels import dimension_labels, group_name, tier_name, tier_range
from stockcust.present.tables.layout import Column, Emphasis, build_table
from stockcust.present.texts import Texts
from stockcust.present.totals import NOT_EFFECTIVE, UNKNOWN, lines_by

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

_TOTAL = "total"
_EMPHASIS: Mapping[str, Emphasis] = {UNKNOWN: "apart", NOT_EFFECTIVE: "apart", _TOTAL: "total"}


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
    lines: dict[str, str] = {
        tier.id: f"{tier_name(tier.id, rules, t)} {tier_range(tier, t)}"
        for tier in reversed(rules.tiers.active)
    }
    by = _By("tier", {**lines, UNKNOWN: t("tier_unknown")}, t("tier"), t("tiers.name"))
    return _table(segments, by, rules, t, as_of)


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
    lines = {group: group_name(group, rules, t) for group in [*rules.groups, UNKNOWN]}
    by = _By("group", lines, t("group"), t("groups.name"))
    return _table(segments, by, rules, t, as_of)


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
    lines = dimension_labels(dimension, rules, t)
    name = rules.dimensions[dimension].label[t.lang]
    by = _By("dimension", lines, name, t("dimension.title", name=name))
    return _table(divided, by, rules, t, as_of)


@dataclass(frozen=True, slots=True)
class _By:
    """What the base is divided by: a column, and a name for each of its values."""

    key: str
    lines: Mapping[str, str]
    heading: str
    title: str


def _table(
    segments: pd.DataFrame, by: _By, rules: Rulebook, t: Texts, as_of: date | str | None
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
        title=by.title,
        subtitle=basis_of(lines, t, as_of),
        notes=[t("note.not_effective", low=threshold)] if NOT_EFFECTIVE in totals.index else [],
        emphasis=[_EMPHASIS.get(key) for key in totals.index],
    )


def _with_total(lines: pd.DataFrame, by: _By) -> pd.DataFrame:
    """All lines in order; unknown and not effective only where there are any."""
    totals = lines.set_index(by.key)
    known = [key for key in by.lines if key != UNKNOWN]
    further = [key for key in (UNKNOWN, NOT_EFFECTIVE) if key in totals.index]
    totals = totals.reindex([*known, *further], fill_value=0)
    totals.loc[_TOTAL] = totals.sum()
    return totals


def _words(totals: pd.DataFrame, by: _By, t: Texts) -> pd.DataFrame:
    lines = {**by.lines, NOT_EFFECTIVE: t("not_effective"), _TOTAL: t("total")}
    n, aum = totals["n_customers"], totals["aum_cny"]
    words = pd.DataFrame(
        {
            "name": [lines[key] for key in totals.index],
            "n": n.map(t.count),
            "n_share": [t.share_of(part, n[_TOTAL]) for part in n],
            "aum": aum.map(t.money),
            "aum_share": [t.share_of(part, aum[_TOTAL]) for part in aum],
            "mean": [t.money(x / k) if k else t("dash") for x, k in zip(aum, n)],
        },
        index=totals.index,
    )
    if by.key == "tier" and UNKNOWN in words.index:  # unknown assets are not none
        words.loc[UNKNOWN, ["aum", "aum_share", "mean"]] = t("dash")
    return words
