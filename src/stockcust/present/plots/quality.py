"""What was read of each table: kept and rejected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from stockcust.present import style
from stockcust.present.labels import table_name
from stockcust.present.texts import Texts

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang


def plot_quality(
    counts: pd.DataFrame, rules: Rulebook, *, lang: Lang = "zh", ax: Axes | None = None
) -> Axes:
    """Draw for each table how many rows were kept and how many rejected.

    Parameters
    ----------
    counts : one row per table and file with `table`, `n_read`, `n_kept` and `n_rejected`.
    rules : the rulebook of the report.
    lang : language of the words.
    ax : axes to draw on; by default those of a new figure.
    """
    t = Texts(lang)
    rows = counts.groupby("table", sort=False)[["n_read", "n_kept", "n_rejected"]].sum()
    ax = ax or style.new_axes((6.0, 0.38 * max(len(rows), 4) + 1.3))
    if not rows["n_read"].sum():
        return style.say_nothing_to_show(ax, t("quality.name"), t("nothing.no_rows"))
    y = np.arange(len(rows))[::-1]
    read = rows["n_read"].where(rows["n_read"] > 0, 1)
    kept, rejected = rows["n_kept"] / read, rows["n_rejected"] / read
    ax.barh(y, kept, height=0.6, color=style.MAIN_LIGHT, label=t("quality.kept"))
    ax.barh(y, rejected, left=kept, height=0.6, color=style.ACCENT, label=t("quality.rejected"))
    for at, n_kept, n_rejected in zip(y, rows["n_kept"], rows["n_rejected"]):
        text = _row_text(n_kept, n_rejected, t)
        ax.text(0.01, at, text, va="center", fontsize=style.SMALL_SIZE)
    ax.set_yticks(y, [table_name(name, t) for name in rows.index], fontsize=style.SMALL_SIZE)
    ax.set_xlim(0, 1)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.01), ncols=2)
    total = rows.sum()
    share = t.percent(total["n_kept"] / total["n_read"], 1)
    basis = t("quality.basis", read=t.count(total["n_read"]), rejected=t.count(total["n_rejected"]))
    style.set_heading(ax, t("quality.finding", share=share), basis)
    return ax


def _row_text(kept: int, rejected: int, t: Texts) -> str:
    if not rejected:
        return t("quality.row_clean", kept=t.count(kept))
    share = t.percent(rejected / (kept + rejected), 1)
    return t("quality.row", kept=t.count(kept), rejected=t.count(rejected), share=share)
