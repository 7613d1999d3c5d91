"""Fonts, colours and line breaks of all pictures."""

from __future__ import annotations

from unicodedata import category

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockcust.present import style
from stockcust.present.wrapping import em, wrap

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=80
)


def test_the_chinese_font_is_the_bundled_one_and_latin_falls_back():
    style.use_style()
    assert mpl.rcParams["font.family"] == ["Noto Sans SC", "DejaVu Sans"]
    assert mpl.rcParams["axes.unicode_minus"] is False


def test_nothing_is_set_in_bold_because_the_font_has_one_weight():
    style.use_style()
    weights = {value for key, value in mpl.rcParams.items() if key.endswith("weight")}
    assert "bold" not in weights


def test_a_new_figure_has_the_size_that_was_asked_for():
    ax = style.new_axes((5.0, 3.0))
    assert tuple(ax.figure.get_size_inches()) == (5.0, 3.0)
    plt.close(ax.figure)


@pytest.mark.parametrize("depth", np.linspace(0, 1, 21))
def test_text_reads_on_every_tint(depth):
    background = style.TINT(depth)
    assert style.contrast(style.text_color_on(background), background) > 3.7


@pytest.mark.parametrize("color", [style.INK, style.MUTED])
def test_text_reads_on_paper(color):
    assert style.contrast(color, style.PAPER) > 4.5


def _as_deuteranope(color):
    """Machado, Oliveira & Fernandes 2009, severity 1."""
    matrix = [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]
    return np.array(matrix) @ np.array(mpl.colors.to_rgb(color))


def test_the_two_main_colours_stay_apart_for_the_colour_blind():
    apart = _as_deuteranope(style.MAIN) - _as_deuteranope(style.ACCENT)
    assert np.linalg.norm(apart) > 0.5


@given(TEXTS, st.floats(2, 40))
def test_wrapping_loses_no_letter(text, width):
    assert "".join(wrap(text, width).split()) == "".join(text.split())


@given(TEXTS, st.floats(4, 40))
def test_no_line_is_much_longer_than_asked_for(text, width):
    assert all(em(line) <= 2 * width for line in wrap(text, width).split("\n"))


# a word with its marks fits on any of the lines; what is longer than a line is cut anywhere
WORDS = st.tuples(
    st.text("存量客户维护", min_size=1, max_size=6) | st.sampled_from([" A1 ", " AUM", "（A1"]),
    st.sampled_from(["", "，", "。", "）", "）；", "）。"]),
)


@given(st.lists(WORDS.map("".join), min_size=1, max_size=15).map("".join), st.floats(5, 20))
def test_no_line_of_chinese_begins_with_a_closing_mark(text, width):
    lines = wrap(text, width).split("\n")
    assert not [line for line in lines[1:] if line and category(line[0]) in ("Pe", "Po")]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("存量客户维护", 4, ["存量客户", "维护"]),
        ("存量客户，维护", 4, ["存量客", "户，维护"]),
        ("key customers to meet", 7, ["key customers", "to meet"]),
        ("", 4, [""]),
        ("one\ntwo", 40, ["one", "two"]),
    ],
)
def test_lines_break_where_a_reader_expects(text, width, lines):
    assert wrap(text, width).split("\n") == lines
