"""Whether the difficulty coefficients keep their promise: success falls, effort rises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from stockcust.present import style
from stockcust.present.texts import Texts

if TYPE_CHECKING:
    from stockcust.man import Calibration
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

_WRONG = {"success": "success_rises", "effort": "effort_falls"}
_FIGURES = {"success": "success_share", "effort": "mean_contacts"}


def plot_calibration(
    calibration: Calibration,
    rules: Rulebook,
    *,
    against: Literal["success", "effort"] = "success",
    lang: Lang = "zh",
    ax: Axes | None = None,
) -> Axes:
    """Draw the success share with its interval, or the contacts it took, by coefficient.

    Coefficients that are developed first are blue; an orange line joins neighbours whose order is
    clearly wrong.

    Parameters
    ----------
    calibration : from `calibrate`.
    rules : the rulebook with the active coefficients.
    against : what past assignments brought, or what they took.
    lang : language of the words.
    ax : axes to draw on; by default those of a new figure.
    """
    t = Texts(lang)
    ax = ax or style.new_axes((6.0, 4.4))
    rows = calibration.table.set_index("difficulty")
    values = rows[_FIGURES[against]]
    if not values.notna().any():
        return style.say_nothing_to_show(ax, t("calibration.name"), t("nothing.no_contacts"))
    if against == "success":
        _draw_success(ax, rows, rules, t)
    else:
        _draw_effort(ax, rows, rules, t)
    _mark_wrong_order(ax, calibration.warnings, values, _WRONG[against])
    _label(ax, rows, rules, t)
    trend = calibration.success if against == "success" else calibration.effort
    finding = t(f"calibration.{against}.{trend.verdict}")
    style.set_heading(ax, finding, t("calibration.basis", n=t.count(rows["n"].sum())))
    return ax


def _colors(rows: pd.DataFrame, rules: Rulebook) -> list[str]:
    first = rules.man.priority_coefficients
    return [style.MAIN if difficulty in first else style.NEUTRAL for difficulty in rows.index]


def _draw_success(ax: Axes, rows: pd.DataFrame, rules: Rulebook, t: Texts) -> None:
    known = rows[rows["success_share"].notna()]
    colors = _colors(known, rules)
    ax.vlines(known.index, known["ci_low"], known["ci_high"], colors=colors, lw=2.4)
    ax.scatter(known.index, known["success_share"], color=colors, s=42, zorder=3)
    for x, share in known["success_share"].items():
        ax.annotate(
            t.percent(share), (float(str(x)), share), xytext=(7, 0), textcoords="offset points",
            va="center", fontsize=style.SMALL_SIZE,
        )  # fmt: skip
    ax.set_ylim(0, min(1.0, known["ci_high"].max() * 1.1))
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    ax.grid(axis="y")
    ax.set_ylabel(t("calibration.success.y"))


def _draw_effort(ax: Axes, rows: pd.DataFrame, rules: Rulebook, t: Texts) -> None:
    ax.bar(rows.index, rows["mean_contacts"], width=0.62, color=_colors(rows, rules))
    for x, contacts, minutes in zip(rows.index, rows["mean_contacts"], rows["mean_minutes"]):
        text = t("calibration.effort.bar", contacts=f"{contacts:.1f}", minutes=f"{minutes:.0f}")
        ax.text(x, contacts, text, ha="center", va="bottom", fontsize=style.SMALL_SIZE)
    ax.set_ylim(0, rows["mean_contacts"].max() * 1.25 or 1.0)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_ylabel(t("calibration.effort.y"))


def _mark_wrong_order(ax: Axes, warnings: pd.DataFrame, values: pd.Series, code: str) -> None:
    clear = warnings[(warnings["code"] == code) & warnings["is_clear"]]
    for easier, harder in zip(clear["difficulty"], clear["next_difficulty"]):
        pair = [easier, harder]
        ax.plot(pair, values[pair], color=style.ACCENT, lw=2, zorder=4)


def _label(ax: Axes, rows: pd.DataFrame, rules: Rulebook, t: Texts) -> None:
    coefficients = rules.man.coefficients
    labels = []
    for difficulty, n in rows["n"].items():
        groups = "\n".join(g for g, value in coefficients.items() if value == difficulty)
        labels.append(f"{difficulty}\n{groups}\nn={t.count(n)}")
    ax.set_xticks(rows.index, labels, fontsize=style.SMALL_SIZE, linespacing=1.2)
    ax.set_xlim(min(rows.index) - 0.6, max(rows.index) + 0.7)
    ax.set_xlabel(t("calibration.x"))
