"""One manager's book as points: log assets upwards, familiarity to the right."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from stockcust.present import style
from stockcust.present.basis import assets_basis, basis_of
from stockcust.present.labels import classes_left_to_right, familiarity_name, tier_floor, tier_name
from stockcust.present.texts import Texts
from stockcust.present.totals import UNKNOWN, lines_by
from stockcust.present.wrapping import wrap

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

FLOOR_CNY = 100.0  # a log scale has no zero: below this all stand on the floor
MOST_POINTS = 5_000


def plot_book(
    segments: pd.DataFrame,
    rules: Rulebook,
    *,
    lang: Lang = "zh",
    ax: Axes | None = None,
    as_of: date | str | None = None,
    seed: int = 0,
) -> Axes:
    """Draw each customer of a book as a point, without any id.

    Parameters
    ----------
    segments : one row per customer and branch with `familiarity`, `aum_cny` and, if known,
        `is_effective` and `is_priority` (drawn in the second colour).
    rules : the rulebook that made the segments.
    lang : language of the words.
    ax : axes to draw on; by default those of a new figure.
    as_of : the day that the subtitle names.
    seed : of the sideways jitter, and of the sample drawn from more than 5,000 customers.
    """
    t = Texts(lang)
    ax = ax or style.new_axes((6.0, 5.2))
    known = segments[segments["aum_cny"].notna()]
    if known.empty:
        return style.say_nothing_to_show(ax, t("book.name"), t("nothing.no_customers"))
    shown = known.sample(min(len(known), MOST_POINTS), random_state=seed)
    classes = _classes(shown, rules)
    _draw_points(ax, shown, classes, t, seed)
    _draw_tiers(ax, rules, t, len(classes))
    ax.set_xticks(range(len(classes)), [wrap(familiarity_name(c, rules, t), 9) for c in classes])
    ax.set_xlabel(t("quadrants.x"))
    ax.set_ylabel(t("book.y", assets=assets_basis(segments, t)))
    style.set_heading(ax, _finding(known, rules, t), _basis(segments, shown, t, as_of))
    return ax


def _classes(shown: pd.DataFrame, rules: Rulebook) -> list[str]:
    classes: list[str] = [*classes_left_to_right(rules)]
    return classes if shown["familiarity"].isin(classes).all() else [*classes, UNKNOWN]


def _draw_points(ax: Axes, shown: pd.DataFrame, classes: list[str], t: Texts, seed: int) -> None:
    position = {c: i for i, c in enumerate(classes)}
    middle = shown["familiarity"].map(position).fillna(len(classes) - 1).to_numpy("float64")
    x = middle + np.random.default_rng(seed).uniform(-0.34, 0.34, len(shown))
    y = shown["aum_cny"].clip(lower=FLOOR_CNY).to_numpy("float64")
    none = pd.Series(False, index=shown.index)
    first = shown.get("is_priority", none).fillna(False).to_numpy("bool")
    size, depth = (26, 0.7) if len(shown) < 500 else (10, 0.4)
    for chosen, color, label in (
        (~first, style.MAIN, t("book.others")),
        (first, style.ACCENT, t("book.priority")),
    ):
        ax.scatter(
            x[chosen], y[chosen], s=size, alpha=depth, color=color, label=label,
            linewidths=0, rasterized=True, clip_on=False,
        )  # fmt: skip
    if first.any():
        ax.legend(loc="upper left", bbox_to_anchor=(0, -0.2), ncols=2, handletextpad=0.2)


def _draw_tiers(ax: Axes, rules: Rulebook, t: Texts, n_classes: int) -> None:
    top = max(ax.get_ylim()[1], rules.tiers.active[-1].min_cny * 3)
    ax.set_yscale("log")
    ax.set_ylim(FLOOR_CNY * 0.8, top)
    ax.set_xlim(-0.5, n_classes - 0.5)
    for tier in rules.tiers.active[1:]:
        ax.axhline(tier.min_cny, color=style.NEUTRAL, lw=0.9, zorder=0)
    inside = [tier for tier in rules.tiers.active if tier.min_cny > 0]
    ax.minorticks_off()
    ax.set_yticks(
        [FLOOR_CNY, *(tier.min_cny for tier in inside)],
        [
            t("book.floor", floor=t.money(FLOOR_CNY)),
            *(f"{tier_name(x.id, rules, t)}\n{tier_floor(x, t)}" for x in inside),
        ],
        fontsize=style.SMALL_SIZE,
        linespacing=1.25,
    )


def _finding(known: pd.DataFrame, rules: Rulebook, t: Texts) -> str:
    if (known["familiarity"] == UNKNOWN).all():
        return t("quadrants.all_unknown")
    stranger = classes_left_to_right(rules)[0]
    upper = known["aum_cny"] >= rules.tiers.active[2].min_cny
    n = int((upper & (known["familiarity"] == stranger)).sum())
    return t(
        "book.finding",
        n=t.count(n),
        all=t.count(int(upper.sum())),
        low=t.money(rules.tiers.active[2].min_cny),
        label=familiarity_name(stranger, rules, t),
    )


def _basis(segments: pd.DataFrame, shown: pd.DataFrame, t: Texts, as_of: date | str | None) -> str:
    lines = lines_by(segments, ["familiarity"])
    further = []
    if n_missing := int(segments["aum_cny"].isna().sum()):
        further.append(t("book.missing", n=t.count(n_missing)))
    if len(shown) < len(segments) - n_missing:
        further.append(t("book.sampled", n=t.count(len(shown))))
    return basis_of(lines, t, as_of, *further)
