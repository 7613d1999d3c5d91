"""Who moved from which group to which between two days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from stockcust.present import style
from stockcust.present.disclosure import hide_small
from stockcust.present.labels import group_name
from stockcust.present.texts import Texts
from stockcust.rulebook.base import GROUPS
from stockcust.segmentation.migrations import AFTER, BEFORE, DIRECTIONS

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang
    from stockcust.segmentation.migrations import Migration

_COLORS = {"up": style.MAIN, "down": style.ACCENT, "mixed": "#8C7AA9"}
_GROUPS = [*GROUPS]
_PALEST = 0.15  # depth of the smallest cell


def plot_migration(
    migration: Migration,
    rules: Rulebook,
    *,
    branch_id: str | None = None,
    between: tuple[date | str, date | str] | None = None,
    lang: Lang = "zh",
    ax: Axes | None = None,
) -> Axes:
    """Draw from which group (down) to which group (across) the customers moved.

    Blue cells are rises, orange ones falls, grey ones stayed. Over all branches, cells of a few
    customers are hidden.

    Parameters
    ----------
    migration : from `migration`.
    rules : the rulebook that made the groups.
    branch_id : the branch; None for all of them together.
    between : the two days, for the subtitle.
    lang : language of the words.
    ax : axes to draw on; by default those of a new figure.
    """
    t = Texts(lang)
    ax = ax or style.new_axes((6.4, 5.8))
    counts = _without_empty_lines(migration.matrix(branch_id))
    if counts.empty:
        return style.say_nothing_to_show(ax, t("migration.name"), t("nothing.no_moves"))
    table = migration.table
    rows = table if branch_id is None else table[table["branch_id"] == branch_id]
    if not rows["before"].isin(_GROUPS).any() and not rows["after"].isin(_GROUPS).any():
        return style.say_nothing_to_show(ax, t("migration.name"), t("nothing.no_stayers"))
    least = rules.compliance.privacy.min_cell_size if branch_id is None else 0
    hidden = hide_small(counts, least)
    _draw_cells(ax, counts, hidden, rows, t)
    _label_axes(ax, counts, rules, t)
    parts = [t("migration.hidden", n=least)] if hidden.to_numpy().any() else []
    if between:
        parts.insert(0, t("migration.between", before=t.date(between[0]), after=t.date(between[1])))
    style.set_heading(ax, _finding(rows, rules, t), t.join([_basis(rows, t), *parts]))
    return ax


def _without_empty_lines(counts: pd.DataFrame) -> pd.DataFrame:
    """The nine groups always, other lines only where somebody is on them."""
    if not counts.to_numpy().sum():
        return counts.iloc[:0, :0]
    down = [line for line in BEFORE if line in _GROUPS or counts.loc[line].sum()]
    across = [line for line in AFTER if line in _GROUPS or counts[line].sum()]
    return counts.loc[down, across]


def _draw_cells(
    ax: Axes, counts: pd.DataFrame, hidden: pd.DataFrame, rows: pd.DataFrame, t: Texts
) -> None:
    colors = _cell_colors(rows)
    largest = counts.to_numpy().max()
    for y, before in enumerate(counts.index):
        for x, after in enumerate(counts.columns):
            n = counts.loc[before, after]
            color = _depth(colors.get((before, after), style.NEUTRAL), n, largest)
            cell = Rectangle((x, y), 1, 1, facecolor=color, edgecolor=style.PAPER, lw=1.5)
            ax.add_patch(cell)
            said = t("withheld") if hidden.loc[before, after] else t.short_count(n) if n else ""
            ax.text(
                x + 0.5, y + 0.5, said, ha="center", va="center", fontsize=style.SMALL_SIZE,
                color=style.text_color_on(color),
            )  # fmt: skip
    ax.set_xlim(0, counts.shape[1])
    ax.set_ylim(counts.shape[0], 0)


def _cell_colors(rows: pd.DataFrame) -> dict[tuple[str, str], str]:
    """The colour of the direction that most customers of a cell took."""
    most = rows.groupby(["before", "after", "direction"])["n_customers"].sum().reset_index()
    most = most.sort_values("n_customers").drop_duplicates(["before", "after"], keep="last")
    found = zip(most["before"], most["after"], most["direction"])
    return {(before, after): _COLORS.get(way, style.NEUTRAL) for before, after, way in found}


def _depth(color: str, n: float, largest: float) -> tuple[float, float, float]:
    """A colour between paper and full, deeper for more customers, on a log scale."""
    if not n:
        return to_rgb("#F7F8F9")
    depth = _PALEST + (1 - _PALEST) * np.log1p(n) / np.log1p(largest)
    red, green, blue = (1 - depth * (1 - part) for part in to_rgb(color))
    return red, green, blue


def _label_axes(ax: Axes, counts: pd.DataFrame, rules: Rulebook, t: Texts) -> None:
    def short(line: str) -> str:
        return line if line in rules.groups else t(f"migration.short.{line}")

    def full(line: str) -> str:
        return group_name(line, rules, t) if line in rules.groups else t(f"migration.line.{line}")

    _ticks(ax, [short(line) for line in counts.columns], [full(line) for line in counts.index])
    ax.set_xlabel(t("migration.after"))
    ax.set_ylabel(t("migration.before"))


def _ticks(ax: Axes, across: Sequence[str], down: Sequence[str]) -> None:
    ax.set_xticks(np.arange(len(across)) + 0.5, across, fontsize=style.SMALL_SIZE)
    ax.set_yticks(np.arange(len(down)) + 0.5, down, fontsize=style.SMALL_SIZE)
    ax.spines[["left", "bottom"]].set_visible(False)


def _finding(rows: pd.DataFrame, rules: Rulebook, t: Texts) -> str:
    stayers = rows[rows["direction"].isin(DIRECTIONS)]
    n = stayers["n_customers"].sum()
    up, down = (
        t.rate(
            stayers.loc[stayers["direction"] == way, "n_customers"].sum(),
            n,
            rules.report.min_n_rate,
        )
        for way in ("up", "down")
    )
    return t("migration.finding", up=up, down=down)


def _basis(rows: pd.DataFrame, t: Texts) -> str:
    stayers = rows.loc[rows["direction"].isin(DIRECTIONS), "n_customers"].sum()
    return t("migration.basis", n=t.count(stayers), all=t.count(rows["n_customers"].sum()))
