"""The part of Noto Sans SC that a page needs, small enough to travel inside it."""

from __future__ import annotations

import base64
import io
from functools import lru_cache
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from pylopdf_fonts_zh_cn import sans_path

# vertical writing, kerning and stylistic sets: no report uses them
_DROPPED = ("BASE", "DSIG", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx")
_ALWAYS = "".join(map(chr, range(0x20, 0x7F)))


@lru_cache(maxsize=8)
def embedded_font(characters: frozenset[str]) -> str:
    """Subset the font to the characters of one page.

    Parameters
    ----------
    characters : every character that the page shows.

    Returns
    -------
    ``data:`` address of a WOFF file with these characters and ASCII.
    """
    font = _open()
    options = Options(hinting=False, desubroutinize=True, layout_features=[], name_IDs=[1, 2, 13])
    options.drop_tables += _DROPPED
    subsetter = Subsetter(options)
    subsetter.populate(text=_ALWAYS + "".join(sorted(characters)))
    subsetter.subset(font)
    font.flavor = "woff"
    # the same characters must give the same bytes
    font.recalcTimestamp = False
    file = io.BytesIO()
    font.save(file)
    return "data:font/woff;base64," + base64.b64encode(file.getvalue()).decode()


@lru_cache(maxsize=1)
def _font_bytes() -> bytes:
    return Path(sans_path()).read_bytes()


def _open() -> TTFont:
    return TTFont(io.BytesIO(_font_bytes()), lazy=True, recalcTimestamp=False)
