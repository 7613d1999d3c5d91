"""Horizontal bars that carry their figures as text instead of an axis."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from stockcust.present import style
from stockcust.present.wrapping import em

_AXES_SHARE = 0.62  # of a figure's width that is left beside the names of the bars
_GAP = 0.012  # between a bar and its text, share of the axis


def label_bars(
    ax: Axes,
    positions: ArrayLike,
    ends: ArrayLike,
    texts: Sequence[str],
    *,
    start: float = 0.0,
) -> None:
    """Write a text right of each bar, and make the axis long enough for all of them.

    Parameters
    ----------
    ax : axes with the bars.
    positions, ends : where each bar lies and how far to the right it reaches.
    texts : what to write; one for each bar.
    start : where the axis begins.
    """
    at, reached = np.asarray(positions, "float64"), np.asarray(ends, "float64")
    width = ax.figure.bbox.width / ax.figure.dpi * 72 * _AXES_SHARE
    shares = (em(text) * style.SMALL_SIZE / width + _GAP for text in texts)
    length = max((end - start) / max(1 - share, 0.2) for end, share in zip(reached, shares))
    ax.set_xlim(start, start + (length or 1.0))
    for y, end, text in zip(at, reached, texts):
        ax.text(end + length * _GAP, y, text, va="center", fontsize=style.SMALL_SIZE)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
