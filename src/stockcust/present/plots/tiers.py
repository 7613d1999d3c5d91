"""The base by tier: share of customers against share of assets."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from stockcust.present import style
from stockcust.present.basis import basis_of
from stockcust.present.labels import tier_name, tier_range
from stockcust.present.plots.bars import label_bars
from stockcust.present.texts import Texts
from stockcust.present.totals import NOT_EFFECTIVE, UNKNOWN, lines_by
from stockcust.present.wrapping import wrap

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang


def plot_tiers(
    segments: pd.DataFrame,
    rules: Rulebook,
    *,
    lang: Lang = "zh",
    ax: Axes | None = None,
    as_of: date | str | None = None,
) -> Axes:
    """Draw for each tier its share of the customers and its share of the assets.

    Customers below the effective-customer threshold have bars of their own.

    Parameters
    ----------
    segments : one row per customer and branch with `tier`, `aum_cny` and, if known,
        `is_effective`; or a `base_table` by tier.
    rules : the rulebook that made the segments.
    lang : language of the words.
    ax : axes to draw on; by default those of a new figure.
    as_of : the day that the subtitle names.
    """
    t = Texts(lang)
    ax = ax or style.new_axes((6.0, 5.2))
    lines = lines_by(segments, ["tier"])
    if not lines["n_customers"].sum():
        return style.say_nothing_to_show(ax, t("tiers.name"), t("nothing.no_customers"))
    rows = _rows(lines, rules)
    _draw_bars(ax, rows, t)
    _label_rows(ax, rows, rules, t)
    style.set_heading(ax, _finding(rows, rules, t), basis_of(lines, t, as_of))
    return ax


def _rows(lines: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    """Tiers from the lowest up; unknown and not effective under them if there are any."""
    apart = [line for line in (NOT_EFFECTIVE, UNKNOWN) if (lines["tier"] == line).any()]
    order = [*apart, *(tier.id for tier in rules.tiers.active)]
    rows = lines.set_index("tier").reindex(order, fill_value=0)
    rows["customer_share"] = rows["n_customers"] / rows["n_customers"].sum()
    rows["aum_share"] = rows["aum_cny"] / (rows["aum_cny"].sum() or 1.0)
    return rows


def _draw_bars(ax: Axes, rows: pd.DataFrame, t: Texts) -> None:
    y = np.arange(len(rows))
    customers, aum = rows["customer_share"], rows["aum_share"]
    ax.barh(y + 0.2, customers, height=0.36, color=style.MAIN_LIGHT, label=t("share_of_customers"))
    ax.barh(y - 0.2, aum, height=0.36, color=style.MAIN, label=t("share_of_aum"))
    money = [f"{t.percent(x)}  {t.money(part)}" for x, part in zip(aum, rows["aum_cny"])]
    said = [
        *(f"{t.percent(x)}  {t.count(n)}" for x, n in zip(customers, rows["n_customers"])),
        *(t("assets_unknown") if tier == UNKNOWN else x for tier, x in zip(rows.index, money)),
    ]
    label_bars(ax, [*(y + 0.2), *(y - 0.2)], [*customers, *aum], said)
    ax.legend(loc="lower center", bbox_to_anchor=(0.4, -0.16), ncols=2)


def _label_rows(ax: Axes, rows: pd.DataFrame, rules: Rulebook, t: Texts) -> None:
    ranges = {tier.id: tier_range(tier, t) for tier in rules.tiers.active}
    names = [
        t("not_effective")
        if tier == NOT_EFFECTIVE
        else f"{tier_name(tier, rules, t)}\n{ranges.get(tier, '')}".strip()
        for tier in rows.index
    ]
    names = [wrap(name, 11) for name in names]
    ax.set_yticks(range(len(rows)), names, fontsize=style.SMALL_SIZE, linespacing=1.25)


def _finding(rows: pd.DataFrame, rules: Rulebook, t: Texts) -> str:
    upper = [str(tier.id) for tier in rules.tiers.active[2:]]
    shares = rows.loc[upper, ["customer_share", "aum_share"]].sum()
    low = t.money(rules.tiers.active[2].min_cny)
    if not rows.loc[upper, "n_customers"].sum():
        return t("tiers.finding_none", low=low)
    return t(
        "tiers.finding",
        low=low,
        customers=t.percent(shares["customer_share"], 1),
        aum=t.percent(shares["aum_share"]),
    )
