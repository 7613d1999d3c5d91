"""One share over many branches: dots with intervals, never a false order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from stockcust.present import style
from stockcust.present.estimates import Comparison, compare
from stockcust.present.texts import Texts
from stockcust.present.wrapping import wrap

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

_COLORS = {1: style.MAIN, 0: style.NEUTRAL, -1: style.ACCENT}
_TALLEST = 40.0  # inches; thousands of branches no longer have a line each


def plot_comparison(
    figures: pd.DataFrame,
    rules: Rulebook,
    *,
    figure: str,
    names: Mapping[str, str] | None = None,
    lang: Lang = "zh",
    ax: Axes | None = None,
) -> Axes:
    """Draw a share of each branch with its interval against the network's.

    A branch is coloured only where its interval lies wholly on one side of the network's share;
    a branch with too few cases for a rate stands in the list without a dot.

    Parameters
    ----------
    figures : one row per branch and figure, from `kpis.figures`.
    rules : the rulebook that made the figures.
    figure : id of a share, such as ``"contacted_share"``.
    names : branch names by id.
    lang : language of the words.
    ax : axes to draw on; by default those of a new figure.
    """
    t = Texts(lang)
    name = t(f"figure.{figure}")
    comparison = compare(figures, figure, names, rules)
    rows = comparison.rows.sort_values("estimate", na_position="first", ignore_index=True)
    ax = ax or style.new_axes((6.0, min(1.9 + 0.3 * len(rows), _TALLEST)))
    if not rows["has_rate"].any():
        few = t("nothing.too_few", n=rules.report.min_n_rate)
        return style.say_nothing_to_show(ax, name, few)
    _draw(ax, rows[rows["has_rate"]])
    if comparison.reference is not None:
        ax.axvline(comparison.reference, color=style.MUTED, lw=1, ls=(0, (4, 3)), zorder=0)
    _label(ax, rows, rules, t)
    style.set_heading(ax, _finding(name, rows["side"], t), _basis(comparison, t))
    return ax


def _draw(ax: Axes, rows: pd.DataFrame) -> None:
    colors = [_COLORS[side] for side in rows["side"]]
    ax.hlines(rows.index, rows["ci_low"], rows["ci_high"], colors=colors, lw=2.2)
    ax.scatter(rows["estimate"], rows.index, color=colors, s=34, zorder=3)


def _label(ax: Axes, rows: pd.DataFrame, rules: Rulebook, t: Texts) -> None:
    least = rules.compliance.privacy.min_cell_size
    counts = [t.small_count(n, least) for n in rows["n"]]
    names = [f"{wrap(label, 12)} (n={n})" for label, n in zip(rows["label"], counts)]
    # A $ in a branch's name is a $, no formula
    ax.set_yticks(rows.index, names, fontsize=style.SMALL_SIZE, parse_math=False)
    ax.set_ylim(-0.6, len(rows) - 0.4)
    left = ax.get_xlim()[0]
    for at in np.flatnonzero(~rows["has_rate"]).tolist():
        ax.annotate(
            t("too_few_for_rate"), (left, at), xytext=(5, 0), textcoords="offset points",
            va="center", color=style.MUTED, fontsize=style.SMALL_SIZE,
            bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 1},
        )  # fmt: skip
    ax.set_xlim(left)
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x * 100:.3g}%"))
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)


def _finding(name: str, side: pd.Series, t: Texts) -> str:
    above, below = int((side > 0).sum()), int((side < 0).sum())
    if not above and not below:
        return t("comparison.no_difference", name=name)
    return t("comparison.finding", name=name, above=t.count(above), below=t.count(below))


def _basis(comparison: Comparison, t: Texts) -> str:
    parts = [t("comparison.basis", branches=t.count(len(comparison.rows)))]
    if comparison.reference is not None:
        parts.append(t("comparison.reference", value=t.percent(comparison.reference, 1)))
    return t.join(parts)
