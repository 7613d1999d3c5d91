"""The quadrant chart: assets upwards, familiarity to the right, nine named regions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from stockcust.present import style
from stockcust.present.basis import assets_basis, basis_of
from stockcust.present.labels import (
    classes_left_to_right,
    familiarity_name,
    group_name,
    tier_floor,
    tier_name,
)
from stockcust.present.texts import Texts
from stockcust.present.totals import NOT_EFFECTIVE, UNKNOWN, lines_by
from stockcust.present.wrapping import wrap

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

_APART = 0.22  # gap between the nine regions and who stands apart beside them
_BELOW = 0.8  # height of the row of those below
_AXIS = 1.0  # what the names of the classes take between the regions and that row
_NAME_EM = 8.4  # what fits into the width of a region
RGBA = tuple[float, float, float, float]
_Cell = tuple[int, int]  # column from stranger to familiar, row from the lowest tier up


def plot_quadrants(
    segments: pd.DataFrame,
    rules: Rulebook,
    *,
    lang: Lang = "zh",
    ax: Axes | None = None,
    tint: Literal["aum", "count"] = "aum",
    as_of: date | str | None = None,
) -> Axes:
    """Draw where the customers stand: tier upwards, familiarity from stranger to familiar.

    The fifteen cells merge into the nine groups of the rulebook's grid. Customers whose tier or
    familiarity is unknown stand apart to the right and below, as do those below the
    effective-customer threshold.

    Parameters
    ----------
    segments : one row per customer and branch with `tier`, `familiarity`, `group`, `aum_cny` and,
        if known, `is_effective`; or such rows added up, with `n_customers`.
    rules : the rulebook that made the segments.
    lang : language of the words.
    ax : axes to draw on; by default those of a new figure.
    tint : what the depth of colour shows, on a log scale.
    as_of : the day that the subtitle names.
    """
    t = Texts(lang)
    ax = ax or style.new_axes((6.4, 6.4))
    cells = lines_by(segments, ["tier", "familiarity", "group"])
    if not cells["n_customers"].sum():
        return style.say_nothing_to_show(ax, t("quadrants.name"), t("nothing.no_customers"))
    chart = _Chart(ax, rules, t, cells, tint)
    chart.draw_regions()
    chart.draw_apart()
    chart.label_axes(assets_basis(segments, t))
    style.set_heading(ax, _finding(cells, rules, t), basis_of(cells, t, as_of))
    return ax


class _Chart:
    """What every step of drawing needs to know."""

    def __init__(self, ax: Axes, rules: Rulebook, t: Texts, cells: pd.DataFrame, tint: str) -> None:
        self.ax, self.rules, self.t, self.cells = ax, rules, t, cells
        self.tiers = list(rules.tiers.active)
        self.classes = classes_left_to_right(rules)
        self.column = "aum_cny" if tint == "aum" else "n_customers"
        self.total_aum = cells["aum_cny"].sum()
        self.groups = cells.groupby("group")[["n_customers", "aum_cny"]].sum()

    def draw_regions(self) -> None:
        for group, members in self._regions().items():
            row = self._row_of(group)
            color = self._tint(row[self.column])
            for cell in members:
                self.ax.add_patch(Rectangle(cell, 1, 1, facecolor=color, edgecolor="none"))
            for xs, ys in _outline(members):
                self.ax.plot(xs, ys, color=style.PAPER, lw=3, solid_capstyle="projecting")
            name = group_name(group, self.rules, self.t)
            self._write(*_middle(members), name, row, style.text_color_on(color))

    def draw_apart(self) -> None:
        unknown = self.cells["group"] == UNKNOWN
        no_tier = unknown & (self.cells["tier"] == UNKNOWN)
        width = len(self.classes)
        is_beside = (unknown & ~no_tier).any()
        for members in self._rows_of_bands() if is_beside else []:
            of_band = self.cells["tier"].isin([self.tiers[row].id for row in members])
            self._box((width + _APART, min(members), 1, len(members)), unknown & of_band)
        below = {"tier_unknown": no_tier, "not_effective": self.cells["group"] == NOT_EFFECTIVE}
        below = {name: chosen for name, chosen in below.items() if chosen.any()}
        for i, (name, chosen) in enumerate(below.items()):
            part = width / len(below)
            self._box((i * part, -_AXIS - _BELOW, part, _BELOW), chosen, self.t(name))
        self.ax.set_xlim(0, width + _APART + 1 if is_beside else width)
        self.ax.set_ylim(-_AXIS - _BELOW if below else 0, len(self.tiers))

    def label_axes(self, assets: str) -> None:
        t, ax = self.t, self.ax
        xs = [i + 0.5 for i in range(len(self.classes))]
        names = [wrap(familiarity_name(c, self.rules, t), 9) for c in self.classes]
        if ax.get_xlim()[1] > len(self.classes):
            xs.append(len(self.classes) + _APART + 0.5)
            names.append(wrap(t("familiarity_unknown"), 6))
        ys = [i + 0.5 for i in range(len(self.tiers))]
        levels = [
            f"{wrap(tier_name(tier.id, self.rules, t), 8)}\n{tier_floor(tier, t)}"
            for tier in self.tiers
        ]
        ax.set_xticks(xs, names)
        ax.set_yticks(ys, levels, linespacing=1.25, fontsize=style.SMALL_SIZE)
        ax.set_xlabel(t("quadrants.x"))
        ax.set_ylabel(t("quadrants.y", assets=assets))
        ax.spines["bottom"].set_position(("data", 0))
        ax.spines[["left", "bottom"]].set_visible(False)

    def _regions(self) -> dict[str, list[_Cell]]:
        regions: dict[str, list[_Cell]] = {}
        for y, tier in enumerate(self.tiers):
            for x, familiarity in enumerate(self.classes):
                group = self.rules.grid[tier.id][familiarity]
                regions.setdefault(group, []).append((x, y))
        return regions

    def _rows_of_bands(self) -> Iterable[list[int]]:
        rows = {tier.id: row for row, tier in enumerate(self.tiers)}
        return ([rows[tier] for tier in band.tiers] for band in self.rules.bands.values())

    def _row_of(self, group: str) -> pd.Series:
        return self.groups.reindex([group], fill_value=0).iloc[0]

    def _tint(self, value: float) -> RGBA:
        """Depth of colour from the smallest to the largest group, on a log scale."""
        values = self.groups.loc[self.groups[self.column] > 0, self.column]
        if value <= 0:
            return style.TINT(0.0)
        low, high = np.log(values.min() / 2), np.log(values.max() * 1.2)
        return style.TINT((np.log(value) - low) / (high - low))

    def _box(
        self, place: tuple[float, float, float, float], chosen: pd.Series, name: str = ""
    ) -> None:
        x, y, width, height = place
        frame = Rectangle(
            (x + 0.03, y + 0.03), width - 0.06, height - 0.06,
            facecolor="none", edgecolor=style.NEUTRAL, linestyle=(0, (4, 3)), clip_on=False,
        )  # fmt: skip
        self.ax.add_patch(frame)
        figures = self.cells.loc[chosen, ["n_customers", "aum_cny"]].sum()
        self._write(x + width / 2, y + height / 2, name, figures, style.MUTED, width)

    def _write(
        self, x: float, y: float, name: str, row: pd.Series, color: str, width: float = 1.0
    ) -> None:
        lines = [wrap(name, _NAME_EM * width)] if name else []
        lines.append(self.t.customers(row["n_customers"]))
        if row["aum_cny"]:
            share = self.t.percent(row["aum_cny"] / self.total_aum)
            amount = self.t.money(row["aum_cny"])
            lines.append(self.t("amount_and_share", amount=amount, share=share))
        self.ax.text(
            x, y, "\n".join(lines), ha="center", va="center", color=color,
            fontsize=style.SMALL_SIZE, linespacing=1.3,
        )  # fmt: skip


def _outline(members: list[_Cell]) -> Iterable[tuple[tuple[int, int], tuple[int, int]]]:
    """Edges between a region and anything else."""
    inside = set(members)
    for x, y in members:
        for (dx, dy), edge in {
            (0, 1): ((x, x + 1), (y + 1, y + 1)),
            (0, -1): ((x, x + 1), (y, y)),
            (1, 0): ((x + 1, x + 1), (y, y + 1)),
            (-1, 0): ((x, x), (y, y + 1)),
        }.items():
            if (x + dx, y + dy) not in inside:
                yield edge


def _middle(members: list[_Cell]) -> tuple[float, float]:
    """The centre of a rectangular region; of any other, of the cell nearest to it."""
    points = np.array(members) + 0.5
    centre = points.mean(axis=0)
    spans = np.ptp(points, axis=0) + 1
    if spans.prod() != len(members):
        centre = points[np.argmin(((points - centre) ** 2).sum(axis=1))]
    return float(centre[0]), float(centre[1])


def _finding(cells: pd.DataFrame, rules: Rulebook, t: Texts) -> str:
    known = cells[~cells["group"].isin((UNKNOWN, NOT_EFFECTIVE))]
    if known.empty:
        return t("quadrants.all_unknown")
    stranger = classes_left_to_right(rules)[0]
    aum = known["aum_cny"].sum()
    held = known.loc[known["familiarity"] == stranger, "aum_cny"].sum()
    if not aum:
        return t("quadrants.name")
    label = familiarity_name(stranger, rules, t)
    return t("quadrants.finding", share=t.percent(held / aum), label=label)
