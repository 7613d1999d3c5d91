"""Line breaks for Chinese and Latin text by its width."""

from __future__ import annotations

import math
from unicodedata import category, east_asian_width

# Mean widths in the bundled font, in em
_WIDTHS = {"Zs": 0.22, "Lu": 0.64, "Ll": 0.51, "Nd": 0.56}
_OTHER = 0.4


def wrap(text: str, width: float) -> str:
    """Break a text into lines of at most `width` em.

    Chinese breaks between any two characters but never before a closing mark, Latin at blanks.
    """
    return "\n".join(line for part in text.split("\n") for line in _lines(part, width))


def em(text: str) -> float:
    """Width of a text in em, near enough to wrap it."""
    return sum(1.0 if _is_wide(char) else _WIDTHS.get(category(char), _OTHER) for char in text)


def _lines(text: str, width: float) -> list[str]:
    lines = [""]
    for piece in (part for whole in _pieces(text) for part in _short(whole, width)):
        if lines[-1] and em(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def _short(piece: str, width: float) -> list[str]:
    """A piece that is longer than a line, cut anywhere."""
    n_lines = max(1, math.ceil(em(piece.rstrip()) / width))
    size = math.ceil(len(piece) / n_lines) or 1
    return [piece[i : i + size] for i in range(0, len(piece), size)]


def _pieces(text: str) -> list[str]:
    """The text cut wherever a line may end."""
    pieces = [""]
    for char in text:
        if pieces[-1] and _may_break(pieces[-1][-1], char):
            pieces.append("")
        pieces[-1] += char
    return pieces


def _may_break(before: str, after: str) -> bool:
    if after.isspace() or category(after) in ("Pe", "Pf", "Po"):
        return False
    if category(before) in ("Ps", "Pi"):
        return False
    return before.isspace() or _is_wide(before) or _is_wide(after)


def _is_wide(char: str) -> bool:
    return east_asian_width(char) in "WF"
