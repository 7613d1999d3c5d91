"""Naming what is wrong in a rulebook: the dotted place and the nearest valid word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from stockcust.errors import Problem

MOST_NAMED = 12


def did_you_mean(word: str, valid: Iterable[str]) -> str:
    """Return the remedy for a word outside a closed list: the nearest, else what is valid."""
    words = list(valid)
    # without case first, because MAN and man are both words and both near to Man
    near = get_close_matches(word, words, n=1, cutoff=0.6)
    near = near or [w for w in words if w.lower() == word.lower()]
    if near:
        return f"did you mean {near[0]}?"
    shown = ", ".join(words[:MOST_NAMED])
    return f"use one of {shown}{', ...' if len(words) > MOST_NAMED else ''}"


def unknown_words(place: str, words: Iterable[str], valid: Iterable[str]) -> Iterator[Problem]:
    """Find words outside a closed list."""
    known = list(valid)
    for word in words:
        if word not in known:
            yield Problem(f"{word} is not in the list", place, did_you_mean(word, known))


def missing_keys(place: str, keys: Iterable[str], table: Iterable[str]) -> Iterator[Problem]:
    """Find keys that a table must have and has not."""
    present = set(table)
    return (Problem("is missing", f"{place}.{key}", "add it") for key in keys if key not in present)
