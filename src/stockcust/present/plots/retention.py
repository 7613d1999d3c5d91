"""Whether new customers stay as old ones do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from stockcust.kpis import NETWORK
from stockcust.kpis.retention import NEW_STAYED_POOLED, OLD_LOST
from stockcust.present import style
from stockcust.present.texts import Texts
from stockcust.present.wrapping import wrap

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

_STEP = 0.05  # the axis begins at a multiple of it
_MOST_TICKS = 6
_LEGEND_EM = 39.0


def plot_retention(
    retention: pd.DataFrame,
    rules: Rulebook,
    *,
    branch_id: str | None = None,
    lang: Lang = "zh",
    ax: Axes | None = None,
) -> Axes:
    """Draw which share of old and of new customers is still effective after the longest span.

    Both lines run the same way, so that they compare; what the old ones lack to the whole is their
    loss. Cohorts whose days are not over have no point.

    Parameters
    ----------
    retention : one row per branch, month, measure and days, from `kpis.retention`.
    rules : the rulebook that made it.
    branch_id : the branch; None for the network.
    lang : language of the words.
    ax : axes to draw on; by default those of a new figure.
    """
    t = Texts(lang)
    ax = ax or style.new_axes((6.0, 4.6))
    is_shown = (retention["branch_id"] == (branch_id or NETWORK)) & ~retention["is_provisional"]
    rows = retention[is_shown & (retention["days"] == rules.status.new_customer.days)]
    if rows.empty:
        return style.say_nothing_to_show(ax, t("retention.name"), t("nothing.no_retention"))
    months = pd.period_range(rows["month"].min(), rows["month"].max(), freq="M")
    old, new = (_line(rows, measure, months) for measure in (OLD_LOST, NEW_STAYED_POOLED))
    if not (old.has_rate or new.has_rate):
        reasons = (_reason("old", rules, t), _reason("new", rules, t))
        return style.say_nothing_to_show(ax, t("retention.name"), t.join(reasons))
    _draw(ax, old, style.ACCENT, _legend_old(old, t))
    _draw(ax, new, style.MAIN, _legend_new(new, rules, t))
    _label(ax, months, rules, t)
    basis = _basis(ax, old, new, rules, t)
    if not rows["is_leaving_seen"].all():
        basis.append(t("retention.leaving_unseen"))
    style.set_heading(ax, _finding(old, new, rules, t), t.join(basis))
    return ax


@dataclass(frozen=True, slots=True)
class _Line:
    """Who is still effective, by month; months without a rate are gaps."""

    rows: pd.DataFrame

    @property
    def has_rate(self) -> bool:
        return bool(self.rows["stayed"].notna().any())

    @property
    def last(self) -> pd.Series:
        return self.rows[self.rows["stayed"].notna()].iloc[-1]


def _line(rows: pd.DataFrame, measure: str, months: pd.PeriodIndex) -> _Line:
    own = rows[rows["measure"] == measure]
    low, high = own["ci_low"], own["ci_high"]
    shares = {"stayed": own["estimate"], "low": low, "high": high}
    if measure == OLD_LOST:
        shares = {"stayed": 1 - own["estimate"], "low": 1 - high, "high": 1 - low}
    table = pd.DataFrame({**shares, "n": own["denominator"]})
    return _Line(table.set_index(pd.PeriodIndex(own["month"], freq="M")).reindex(months))


def _draw(ax: Axes, line: _Line, color: str, label: str) -> None:
    if not line.has_rate:
        return
    rows, x = line.rows, np.arange(len(line.rows))
    is_point = rows["stayed"].notna().sum() == 1
    ax.fill_between(x, rows["low"], rows["high"], color=color, alpha=0.15, lw=0)
    ax.plot(
        x, rows["stayed"], color=color, lw=2, marker="o" if is_point else None,
        label=wrap(label, _LEGEND_EM), clip_on=False,
    )  # fmt: skip


def _legend_old(old: _Line, t: Texts) -> str:
    if not old.has_rate:
        return ""
    stayed = old.last["stayed"]
    return t(
        "retention.old",
        month=old.last.name,
        n=t.customers(old.last["n"]),
        stayed=t.percent(stayed, 1),
        lost=t.percent(1 - stayed, 1),
    )


def _legend_new(new: _Line, rules: Rulebook, t: Texts) -> str:
    if not new.has_rate:
        return ""
    return t(
        "retention.new",
        month=new.last.name,
        months=rules.report.cohort_window_months,
        n=t.customers(new.last["n"]),
        stayed=t.percent(new.last["stayed"], 1),
    )


def _label(ax: Axes, months: pd.PeriodIndex, rules: Rulebook, t: Texts) -> None:
    lowest = min(band.get_datalim(ax.transData).y0 for band in ax.collections)
    ax.set_ylim(max(0.0, np.floor(lowest / _STEP) * _STEP), 1.0)
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    ax.set_ylabel(t("retention.y", days=rules.status.new_customer.days))
    every = -(len(months) // -_MOST_TICKS)
    ticks = range(len(months) - 1, -1, -every)  # the last month is among them
    ax.set_xticks(ticks, [str(months[i]) for i in ticks], fontsize=style.SMALL_SIZE)
    ax.set_xlabel(t("retention.x"), fontsize=style.SMALL_SIZE)
    ax.grid(axis="y")
    ax.legend(loc="upper left", bbox_to_anchor=(-0.12, -0.16))


def _finding(old: _Line, new: _Line, rules: Rulebook, t: Texts) -> str:
    days = rules.status.new_customer.days
    if not new.has_rate:
        return t("retention.finding_old", days=days, lost=t.percent(1 - old.last["stayed"], 1))
    stayed = t.percent(new.last["stayed"], 1)
    if not old.has_rate:
        return t("retention.finding_new", days=days, stayed=stayed)
    lost = t.percent(1 - old.last["stayed"], 1)
    return t("retention.finding", days=days, lost=lost, stayed=stayed)


def _basis(ax: Axes, old: _Line, new: _Line, rules: Rulebook, t: Texts) -> list[str]:
    parts = [t("retention.basis")]
    floor = ax.get_ylim()[0]
    if floor > 0:
        parts.append(t("retention.cut", floor=t.percent(floor)))
    absent = [name for name, line in (("old", old), ("new", new)) if not line.has_rate]
    return [*parts, *(_reason(name, rules, t) for name in absent)]


def _reason(name: str, rules: Rulebook, t: Texts) -> str:
    n = rules.report.min_n_rate
    if name == "old":
        return t("retention.no_old", n=n)
    return t("retention.no_new", n=n, days=rules.status.new_customer.days)
