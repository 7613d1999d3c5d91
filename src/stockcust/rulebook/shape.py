"""Checking a rulebook's shape: what pydantic finds, said with the place and the nearest word."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from stockcust.errors import Problem
from stockcust.rulebook.places import did_you_mean

MAX_SHOWN = 60
_QUOTED = re.compile(r"'([^']*)'")


def validate(annotation: Any, content: object, place: str) -> tuple[Any, list[Problem]]:
    """Return the typed value of one section, and all problems of its shape.

    Unknown keys alone leave a value, so that the rules of the section can be checked as well.
    """
    value, errors = _typed(annotation, content)
    problems = [_problem(annotation, place, error) for error in errors]
    if errors and all(_is_unknown_key(error) for error in errors):
        known = deepcopy(content)
        for error in errors:
            _remove(known, _walk(annotation, error)[0])
        value, _ = _typed(annotation, known)
    return value, problems


def _typed(annotation: Any, content: object) -> tuple[Any, list[ErrorDetails]]:
    try:
        # through JSON, so that strict types still read lists as tuples
        text = json.dumps(content, default=_plain)
        return TypeAdapter(annotation).validate_json(text), []
    except ValidationError as error:
        return None, _without_echoes(error.errors(include_url=False))


def _without_echoes(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out lists called too short only because an item in them is wrong."""
    places = [error["loc"] for error in errors]
    return [
        error
        for error in errors
        if error["type"] != "too_short"
        or not any(p != error["loc"] and p[: len(error["loc"])] == error["loc"] for p in places)
    ]


def _is_unknown_key(error: ErrorDetails) -> bool:
    return error["type"] == "extra_forbidden" or "[key]" in error["loc"]


def _remove(content: Any, path: list[int | str]) -> None:
    *parents, last = path
    for part in parents:
        content = content[part]
    del content[last]


def _plain(value: Any) -> Any:
    """Return a number of numpy as plain; anything else as text, for the types to refuse."""
    return value.item() if hasattr(value, "item") else str(value)


def _problem(annotation: Any, place: str, error: ErrorDetails) -> Problem:
    path, parent = _walk(annotation, error)
    where = ".".join([place, *map(str, path)])
    if error["type"] in ("missing", "union_tag_not_found"):
        return Problem("is missing", where, "add it")
    valid = _valid_words(error, parent)
    if _is_unknown_key(error):
        return Problem("unknown key", where, did_you_mean(str(path[-1]), valid))
    if valid:
        word = str(error.get("ctx", {}).get("tag", error["input"]))
        return Problem(f"{word} is not allowed", where, did_you_mean(word, valid))
    return Problem(f"{_short(error['input'])} is wrong", where, _wanted(error))


def _walk(annotation: Any, error: ErrorDetails) -> tuple[list[int | str], Any]:
    """Follow an error's location down the types; return its path in the content and the parent."""
    path: list[int | str] = []
    parent = annotation
    for part in error["loc"]:
        if part == "[key]":
            continue
        parent = _bare(annotation)
        annotation, is_tag = _step(parent, part)
        if not is_tag:
            path.append(part)
    return [*path, "kind"] if error["type"].startswith("union_tag") else path, parent


def _step(annotation: Any, part: int | str) -> tuple[Any, bool]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        field = annotation.model_fields.get(str(part))
        return (field.annotation if field else None), False
    origin, args = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return next(a for a in args if get_args(a.model_fields["kind"].annotation) == (part,)), True
    if origin is Mapping:
        return args[1], False
    return (args[0] if args else None), False


def _bare(annotation: Any) -> Any:
    """Take off what does not show in a location: Annotated[X, ...] and X | None are X."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    arms = [arm for arm in get_args(annotation) if arm is not type(None)]
    if get_origin(annotation) in (Union, UnionType) and len(arms) == 1:
        return _bare(arms[0])
    return annotation


def _valid_words(error: ErrorDetails, parent: Any) -> list[str]:
    if error["type"] == "extra_forbidden":
        return list(parent.model_fields)
    context = error.get("ctx", {})
    listed = context.get("expected_tags") or context.get("expected") or ""
    return _QUOTED.findall(str(listed))


def _wanted(error: ErrorDetails) -> str:
    wanted = error["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    if error["type"] == "string_type":
        return "a text; put it in quotes"
    return wanted


def _short(value: object) -> str:
    shown = json.dumps(value, ensure_ascii=False, default=str)
    return shown if len(shown) <= MAX_SHOWN else shown[:MAX_SHOWN] + "..."
