"""The report's totals against the bank's ledger: how much differs, and how much is explained."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from stockcust.present import style
from stockcust.present.texts import Texts
from stockcust.present.wrapping import wrap

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

_COLORS = {
    "off_report": style.NEUTRAL,
    "rejected_rows": style.MAIN_LIGHT,
    "unexplained": style.ACCENT,
}


def plot_reconciliation(
    reconciliation: pd.DataFrame,
    rules: Rulebook,
    *,
    metric: str = "point_aum",
    names: Mapping[str, str] | None = None,
    lang: Lang = "zh",
    ax: Axes | None = None,
) -> Axes:
    """Draw for each branch the difference from the ledger, explained or not.

    Parameters
    ----------
    reconciliation : one row per branch and metric, from `kpis.reconcile`.
    rules : the rulebook of the report.
    metric : which control total.
    names : branch names by id.
    lang : language of the words.
    ax : axes to draw on; by default those of a new figure.
    """
    t = Texts(lang)
    chosen = (reconciliation["metric"] == metric) & reconciliation["difference"].notna()
    rows = reconciliation[chosen].reset_index(drop=True)
    ax = ax or style.new_axes((6.0, min(1.7 + 0.3 * max(len(rows), 4), 40.0)))
    if rows.empty:
        return style.say_nothing_to_show(ax, t("reconciliation.name"), t("nothing.no_totals"))
    say = t.count if metric == "n_customers" else t.money_to_the_cent
    _draw(ax, rows, say, t)
    labels = [wrap((names or {}).get(branch, branch), 12) for branch in rows["branch_id"]]
    ax.set_yticks(np.arange(len(rows))[::-1], labels, fontsize=style.SMALL_SIZE, parse_math=False)
    basis = t("reconciliation.basis", branches=t.count(len(rows)))
    style.set_heading(ax, _finding(rows, t(f"reconciliation.metrics.{metric}"), say, t), basis)
    return ax


def _draw(ax: Axes, rows: pd.DataFrame, say: Callable[[float], str], t: Texts) -> None:
    y = np.arange(len(rows))[::-1]
    for verdict, color in _COLORS.items():
        of_verdict = (rows["verdict"] == verdict).to_numpy()
        if of_verdict.any():
            label = t(f"reconciliation.verdict.{verdict}")
            differences = rows["difference"][of_verdict]
            ax.barh(y[of_verdict], differences, height=0.6, color=color, label=label)
    reach = rows["difference"].abs().max() or 1.0
    for at, difference, verdict in zip(y, rows["difference"], rows["verdict"]):
        text = t("reconciliation.agrees") if verdict == "equal" else _signed(difference, say)
        ax.text(reach * 1.08, at, text, va="center", fontsize=style.SMALL_SIZE)
    ax.axvline(0, color=style.NEUTRAL, lw=0.8)
    ax.set_xlim(-reach * 1.05, reach * 1.9)
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xticks([])
    ax.spines[["left", "bottom"]].set_visible(False)
    if ax.containers:
        ax.legend(loc="upper left", bbox_to_anchor=(0, -0.01), ncols=2)


def _signed(difference: float, say: Callable[[float], str]) -> str:
    return ("+" if difference > 0 else "-") + say(abs(difference))


def _finding(rows: pd.DataFrame, metric: str, say: Callable[[float], str], t: Texts) -> str:
    unexplained = rows.loc[rows["verdict"] == "unexplained", "difference"].abs()
    n_explained = int(rows["verdict"].isin(["off_report", "rejected_rows"]).sum())
    if len(unexplained):
        n, amount = t.count(len(unexplained)), say(unexplained.sum())
        return t("reconciliation.finding_differs", metric=metric, n=n, amount=amount)
    if n_explained:
        return t("reconciliation.finding_explained", metric=metric, n=t.count(n_explained))
    return t("reconciliation.finding_same", metric=metric, branches=t.count(len(rows)))
