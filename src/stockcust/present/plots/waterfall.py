"""From the opening to the closing assets, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from stockcust.kpis import NETWORK
from stockcust.kpis.waterfall import COMPONENTS
from stockcust.present import style
from stockcust.present.plots.bars import label_bars
from stockcust.present.texts import Texts

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

ENDS = ("opening", "closing")


def plot_waterfall(
    steps: pd.DataFrame,
    rules: Rulebook,
    *,
    branch_id: str | None = None,
    lang: Lang = "zh",
    ax: Axes | None = None,
) -> Axes:
    """Draw what made the assets of a month's beginning into those of its end.

    Parameters
    ----------
    steps : one row per branch and component, from `kpis.waterfall`.
    rules : the rulebook of the report.
    branch_id : the branch; None for the only one there, else for the network.
    lang : language of the words.
    ax : axes to draw on; by default those of a new figure.
    """
    t = Texts(lang)
    chosen = _of_branch(steps, branch_id)
    ax = ax or style.new_axes((6.0, 4.8))
    if chosen.empty or not chosen["aum_cny"].abs().sum():
        return style.say_nothing_to_show(ax, t("waterfall.name"), t("nothing.no_money"))
    bars = _bars(chosen)
    _draw(ax, bars, t)
    opening, closing = (bars.loc[bars["component"] == end, "aum_cny"].sum() for end in ENDS)
    style.set_heading(ax, _finding(opening, closing, bars, t), _basis(bars, t))
    return ax


def _of_branch(steps: pd.DataFrame, branch_id: str | None) -> pd.DataFrame:
    there = list(steps["branch_id"].unique())
    default = there[0] if len(there) == 1 else NETWORK
    return steps[steps["branch_id"] == (branch_id or default)]


def _bars(steps: pd.DataFrame) -> pd.DataFrame:
    """Where each bar starts: ends stand on zero, steps on what came before."""
    bars = steps.set_index("component").loc[list(COMPONENTS)].reset_index()
    is_end = bars["component"].isin(ENDS)
    reached = bars["aum_cny"].where(bars["component"] != "closing", 0.0).cumsum()
    start = np.where(is_end, 0.0, reached - bars["aum_cny"])
    return bars.assign(start=start, is_end=is_end)


def _draw(ax: Axes, bars: pd.DataFrame, t: Texts) -> None:
    y = np.arange(len(bars))[::-1]
    gain = np.where(bars["aum_cny"] >= 0, style.MAIN_LIGHT, style.ACCENT)
    ax.barh(y, bars["aum_cny"], left=bars["start"], height=0.62,
            color=np.where(bars["is_end"], style.MAIN, gain))  # fmt: skip
    ends = bars["start"] + bars["aum_cny"]
    for i in range(len(bars) - 1):
        ax.plot([ends[i]] * 2, [y[i] - 0.31, y[i + 1] + 0.31], color=style.NEUTRAL, lw=0.8)
    floor = _floor(bars, ends)
    said = bars["aum_cny"].map(t.money).where(bars["is_end"], bars["aum_cny"].map(t.money_change))
    texts = [f"{text}  {t.customers(n)}" for text, n in zip(said, bars["n_customers"])]
    label_bars(ax, y, np.maximum(bars["start"], ends), texts, start=floor)
    ax.set_yticks(y, [t(f"waterfall.{name}") for name in bars["component"]])
    if floor > 0:
        ax.set_xlabel(t("waterfall.cut", floor=t.money(floor)), fontsize=style.SMALL_SIZE)


def _floor(bars: pd.DataFrame, ends: pd.Series) -> float:
    """Where the axis begins: steps are small beside the stock, so the end bars may be cut."""
    steps = ~bars["is_end"]
    if not steps.any():
        return 0.0
    low = min(bars.loc[steps, "start"].min(), ends[steps].min())
    high = max(bars["start"].max(), ends.max())
    return min(low, 0.0) if low <= 0 else max(0.0, low - 0.6 * (high - low))


def _finding(opening: float, closing: float, bars: pd.DataFrame, t: Texts) -> str:
    change = closing - opening
    steps = bars[~bars["is_end"]]
    if steps.empty or not change:
        return t("waterfall.unchanged", closing=t.money(closing))
    same_way = steps[np.sign(steps["aum_cny"]) == np.sign(change)]
    largest = same_way.loc[same_way["aum_cny"].abs().idxmax()]
    return t(
        "waterfall.finding_up" if change > 0 else "waterfall.finding_down",
        change=t.money(abs(change)),
        component=t(f"waterfall.{largest['component']}"),
        part=t.money_change(largest["aum_cny"]),
    )


def _basis(bars: pd.DataFrame, t: Texts) -> str:
    counts = bars.set_index("component")["n_customers"]
    opening, closing = (t.count(counts.get(end)) for end in ENDS)
    return t("waterfall.basis", opening=opening, closing=closing)
