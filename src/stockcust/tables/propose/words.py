"""The comments of a proposed mapping."""

from __future__ import annotations

import functools
from importlib.resources import files

import yaml


@functools.cache
def _words() -> dict[str, str]:
    text = files(__package__).joinpath("words.yaml").read_text(encoding="utf-8")
    words: dict[str, str] = yaml.safe_load(text)
    return words


def say(key: str, **values: object) -> str:
    """A comment with its values filled in."""
    return _words()[key].format(**values)
