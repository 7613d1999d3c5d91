"""MAN: how many remain when money, authority and need are asked for, and the eight groups."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from stockcust.present import style
from stockcust.present.basis import basis_of
from stockcust.present.plots.bars import label_bars
from stockcust.present.texts import Texts
from stockcust.present.totals import UNKNOWN, by_man_group, lines_by

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

STAGES = {"all": "", "money": "M", "authority": "MA", "need": "MAN"}


def plot_man_funnel(
    man: pd.DataFrame,
    rules: Rulebook,
    *,
    lang: Lang = "zh",
    ax: Axes | None = None,
    as_of: date | str | None = None,
) -> Axes:
    """Draw how many customers remain as money, authority and need are asked for in turn.

    The pale part has its authority assumed, not proved.

    Parameters
    ----------
    man : one row per customer and branch, from `score_man`.
    rules : the rulebook that made the groups.
    lang : language of the words.
    ax : axes to draw on; by default those of a new figure.
    as_of : the day that the subtitle names.
    """
    t = Texts(lang)
    ax = ax or style.new_axes((6.0, 3.6))
    if man.empty:
        return style.say_nothing_to_show(ax, t("man.funnel"), t("nothing.no_customers"))
    stages = _stages(man)
    _draw_stages(ax, stages, t)
    finding = _angels(man, stages["n_customers"], rules, t)
    style.set_heading(ax, finding, basis_of(lines_by(man, ["man_group"]), t, as_of))
    return ax


def plot_man_groups(
    man: pd.DataFrame,
    rules: Rulebook,
    *,
    lang: Lang = "zh",
    ax: Axes | None = None,
    as_of: date | str | None = None,
) -> Axes:
    """Draw the eight MAN groups from the easiest to the hardest, those to develop first marked.

    Parameters
    ----------
    man : one row per customer and branch, from `score_man`.
    rules : the rulebook that made the groups; its active coefficients give the order.
    lang : language of the words.
    ax : axes to draw on; by default those of a new figure.
    as_of : the day that the subtitle names.
    """
    t = Texts(lang)
    ax = ax or style.new_axes((6.0, 4.8))
    if man.empty:
        return style.say_nothing_to_show(ax, t("man.groups"), t("nothing.no_customers"))
    difficulty = rules.man.coefficients
    order = sorted(rules.man.groups, key=lambda g: difficulty[g])
    rows = by_man_group(man).reindex(order, fill_value=0)
    first = [difficulty[g] in rules.man.priority_coefficients for g in order]
    _draw_groups(ax, rows, first, t)
    names = [f"{difficulty[g]}  {g} {rules.man.groups[g].label[lang]}" for g in order]
    ax.set_yticks(np.arange(len(order))[::-1], names, fontsize=style.SMALL_SIZE)
    preset = rules.man.coefficient_presets[rules.man.coefficient_preset].label[lang]
    ax.set_ylabel(t("man.difficulty_axis", preset=preset), fontsize=style.SMALL_SIZE)
    n = rows.loc[first, "n_customers"].sum()
    share = t.percent(n / rows["n_customers"].sum(), 1)
    finding = t("man.priority_finding", n=t.count(n), share=share)
    style.set_heading(ax, finding, basis_of(lines_by(man, ["man_group"]), t, as_of))
    return ax


def _angels(man: pd.DataFrame, counts: pd.Series, rules: Rulebook, t: Texts) -> str:
    """How many have all three; where nobody's letter is known, that they cannot be told."""
    angels, everyone = counts.iloc[-1], counts.iloc[0]
    label = rules.man.groups["MAN"].label[t.lang]
    unknown = [
        rule.label[t.lang]
        for name, rule in rules.man.letters.items()
        if (man[name] == UNKNOWN).all()
    ]
    if unknown and not angels:
        return t("man.cannot_tell", letters=t.enumeration(unknown), label=label)
    share = t.percent(angels / everyone, 1)
    return t("man.finding", label=label, n=t.count(angels), share=share)


def _stages(man: pd.DataFrame) -> pd.DataFrame:
    """How many are left at each stage, and of how many of them the authority is assumed."""
    none = pd.Series(False, index=man.index)
    assumed = man.get("is_authority_assumed", none).astype("boolean").fillna(False)
    kept = {stage: man["man_group"].str.startswith(start) for stage, start in STAGES.items()}
    n_assumed = {
        stage: (rows & assumed).sum() if "A" in STAGES[stage] else 0 for stage, rows in kept.items()
    }
    n_customers = {stage: rows.sum() for stage, rows in kept.items()}
    return pd.DataFrame({"n_customers": n_customers, "n_assumed": n_assumed})


def _draw_stages(ax: Axes, stages: pd.DataFrame, t: Texts) -> None:
    y = np.arange(len(stages))[::-1]
    proved = stages["n_customers"] - stages["n_assumed"]
    ax.barh(y, proved, height=0.6, color=style.MAIN)
    if stages["n_assumed"].any():
        ax.barh(y, stages["n_assumed"], left=proved, height=0.6, color=style.MAIN_LIGHT,
                label=t("man.assumed"))  # fmt: skip
        ax.legend(loc="lower right")
    counts = stages["n_customers"]
    shares = counts / counts.iloc[0]
    said = [
        t("man.stage_count", n=t.count(n), share=t.percent(share, 1))
        for n, share in zip(counts, shares)
    ]
    label_bars(ax, y, counts, said)
    ax.set_yticks(y, [t(f"man.stage.{stage}") for stage in stages.index])


def _draw_groups(ax: Axes, rows: pd.DataFrame, first: list[bool], t: Texts) -> None:
    y = np.arange(len(rows))[::-1]
    colors = [style.MAIN if is_first else style.NEUTRAL for is_first in first]
    ax.barh(y, rows["n_customers"], height=0.62, color=colors)
    said = [
        f"{t.customers(n)}  {t.money(aum)}" for n, aum in zip(rows["n_customers"], rows["aum_cny"])
    ]
    label_bars(ax, y, rows["n_customers"], said)
