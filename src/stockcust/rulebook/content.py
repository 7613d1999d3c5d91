"""A rulebook's plain content: a bank's changes merged in, values set at dotted places."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from stockcust.errors import Problem, RulebookError


def merge(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a content with changes on top.

    Mappings merge by key, lists and values replace, an entry that is a mapping set to None goes.
    """
    merged = dict(base)
    for key, value in changes.items():
        old = merged.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            merged[key] = merge(old, value)
        else:
            _set(merged, key, value)
    return merged


def set_places(content: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a content with values set at dotted places; an entry set to None goes.

    Raises
    ------
    RulebookError
        If a place leads through a value.
    """
    changed = deepcopy(dict(content))
    for place, value in values.items():
        *parents, last = place.split(".")
        target = changed
        for depth, key in enumerate(parents, 1):
            target = target.setdefault(key, {})
            if not isinstance(target, dict):
                where = ".".join(parents[:depth])
                raise RulebookError(Problem("is a value, not a section", where, "set it itself"))
        _set(target, last, deepcopy(value))
    return changed


def _set(target: dict[str, Any], key: str, value: Any) -> None:
    if value is None and isinstance(target.get(key), Mapping):
        del target[key]
    else:
        target[key] = value
