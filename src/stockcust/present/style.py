"""One calm look for every picture: font, colours, sizes, titles."""

from __future__ import annotations

import functools
import logging
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation, blended_transform_factory
from matplotlib.typing import ColorType
from pylopdf_fonts_zh_cn import sans_path

from stockcust.present.wrapping import wrap

# Blue against orange stays apart for every common colour blindness; grey is "not known".
INK = "#1F2A33"
MUTED = "#5B6770"
GRID = "#E1E6EA"
PAPER = "#FFFFFF"
MAIN = "#2B6C8F"
MAIN_LIGHT = "#9CC3D6"
ACCENT = "#D4762C"
NEUTRAL = "#B4BCC2"
TINT = LinearSegmentedColormap.from_list("tint", [(0, "#F4F7F9"), (0.65, "#A9CBDC"), (1, MAIN)])

TITLE_SIZE = 13.0
TEXT_SIZE = 11.0
SMALL_SIZE = 9.5  # the smallest text; a picture 6 inches wide still reads on a phone

_SETTINGS: dict[Any, Any] = {
    "font.size": TEXT_SIZE,
    "axes.unicode_minus": False,
    "axes.titlesize": TITLE_SIZE,
    "axes.titleweight": "normal",
    "axes.labelsize": TEXT_SIZE,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": NEUTRAL,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": False,
    "axes.facecolor": PAPER,
    "figure.facecolor": PAPER,
    "figure.dpi": 144,
    "savefig.dpi": 144,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": TEXT_SIZE,
    "ytick.labelsize": TEXT_SIZE,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "legend.fontsize": SMALL_SIZE,
}
_EMPTY = 1.3  # inches high, a picture of which only the reason is left
_OWN = "stockcust"  # marks figures made here, whose size may be changed
_LEFT = 0.012  # where titles begin, share of the figure's width
_GAP = 8.0  # points between picture and subtitle


@functools.cache
def _font_family() -> tuple[str, ...]:
    path = str(sans_path())
    font_manager.fontManager.addfont(path)
    return font_manager.FontProperties(fname=path).get_name(), "DejaVu Sans"


def use_style() -> None:
    """Set matplotlib's defaults for this session: bundled Chinese font, colours and sizes.

    Never call ``seaborn.set_theme`` afterwards: it takes the Chinese font away again.
    The bundled font has one weight, so nothing is set in bold.
    """
    mpl.rcParams.update({**_SETTINGS, "font.family": list(_font_family())})
    # fontTools tells of every table it drops while a font is subset; readers need none of it
    logging.getLogger("fontTools.subset").setLevel(logging.WARNING)


def new_axes(size: tuple[float, float] = (6.0, 4.2)) -> Axes:
    """Make a figure of its own in the house style and return its one axes.

    Parameters
    ----------
    size : width and height in inches; 6 inches fill a phone and half an A4 page.
    """
    use_style()
    figure, axes = plt.subplots(figsize=size, layout="constrained")
    figure.set_gid(_OWN)
    return axes


def set_heading(ax: Axes, title: str, subtitle: str = "") -> None:
    """Write the finding and, under it in small grey, what it rests on; both wrap."""
    figure = ax.figure
    alone = len(figure.axes) == 1
    width = figure.bbox.width / figure.dpi * 72 * (0.97 if alone else ax.get_position().width)
    title = title[:1].upper() + title[1:]
    below = wrap(subtitle, width / SMALL_SIZE)
    above = wrap(title, width / TITLE_SIZE)
    rise = (below.count("\n") + 1) * SMALL_SIZE * 1.4 if subtitle else 0.0
    # Two of the three title slots of an axes: layout engines make room for them by height alone
    lower = ax.set_title(below, loc="left", fontsize=SMALL_SIZE, color=MUTED, linespacing=1.2)
    upper = ax.set_title(above, loc="center", fontsize=TITLE_SIZE, ha="left", linespacing=1.2)
    # Only now: setting one title moves the others back
    for text, pad in ((lower, _GAP), (upper, _GAP + rise)):
        side = figure.transSubfigure if alone else ax.transAxes
        lift = ScaledTranslation(0, pad / 72, figure.dpi_scale_trans)
        text.set_transform(blended_transform_factory(side, ax.transAxes) + lift)
        text.set_x(_LEFT if alone else 0.0)


def say_nothing_to_show(ax: Axes, title: str, reason: str) -> Axes:
    """Leave the axes empty but for the title and a sentence why; a figure made here shrinks."""
    ax.set_axis_off()
    figure = ax.figure
    if isinstance(figure, Figure) and figure.get_gid() == _OWN:
        figure.set_figheight(_EMPTY)
    set_heading(ax, title)
    ax.text(
        0.5, 0.5, wrap(reason, 30), ha="center", va="center", color=MUTED, transform=ax.transAxes
    )
    return ax


def text_color_on(color: ColorType) -> str:
    """Ink or paper, whichever reads better on this background."""
    return max((INK, PAPER), key=lambda text: contrast(text, color))


def contrast(one: ColorType, other: ColorType) -> float:
    """Contrast ratio of two colours as WCAG 2 defines it, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: ColorType) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))
