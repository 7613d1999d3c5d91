"""Reading a rulebook file: plain YAML only, without anything that hides or runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from stockcust.errors import CallError, Problem, RulebookError

MAX_BYTES = 2_000_000
MAX_DEPTH = 20


def read_yaml(path: Path) -> dict[str, Any]:
    """Return a rulebook file's content.

    Parameters
    ----------
    path
        A YAML file in UTF-8: mappings with text keys, lists and values.

    Raises
    ------
    CallError
        If there is no such file.
    RulebookError
        If the file is no plain YAML: tags, anchors, repeated or non-text keys, too large or deep.
    """
    text = _read_text(path)
    try:
        problems = list(_hidden(path.name, text)) or list(_bad_keys(path.name, text))
    except yaml.YAMLError as error:
        raise RulebookError(_syntax_problem(path.name, error)) from None
    if problems:
        raise RulebookError(*problems)
    try:
        content = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        raise RulebookError(_syntax_problem(path.name, error)) from None
    if content is None:
        remedy = "leave the rulebook out to use the default"
        raise RulebookError(Problem("the rulebook is empty", path.name, remedy))
    if not isinstance(content, dict):
        remedy = "start with a key such as tiers:"
        raise RulebookError(Problem("the rulebook is no mapping", path.name, remedy))
    return content


def _read_text(path: Path) -> str:
    if not path.is_file():
        raise CallError(Problem("there is no such rulebook file", str(path), "check the path"))
    data = path.read_bytes()
    if len(data) > MAX_BYTES:
        found = f"the file has {len(data):,} bytes"
        raise RulebookError(Problem(found, path.name, f"at most {MAX_BYTES:,}"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RulebookError(Problem("the file is not UTF-8", path.name, "save as UTF-8")) from None


def _hidden(name: str, text: str) -> Iterator[Problem]:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        place = _place(name, event.start_mark)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            yield Problem(f"nested more than {MAX_DEPTH} deep", place, "keep the default's shape")
            return
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            yield Problem("anchors and aliases are not allowed", place, "write the value out")
        tag = getattr(event, "tag", None)
        if tag:
            yield Problem(f"the tag {tag} is not allowed", place, "write a plain value")


def _bad_keys(name: str, text: str) -> Iterator[Problem]:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    return _bad_keys_below(name, root) if root is not None else iter(())


def _bad_keys_below(name: str, node: yaml.Node) -> Iterator[Problem]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _bad_keys_below(name, item)
    if not isinstance(node, yaml.MappingNode):
        return
    first_lines: dict[str, int] = {}
    for key, value in node.value:
        place = _place(name, key.start_mark)
        if key.tag != "tag:yaml.org,2002:str":
            kind = key.tag.rpartition(":")[2]
            yield Problem(
                f"the key {key.value} reads as {kind}, not text", place, "put it in quotes"
            )
        elif key.value in first_lines:
            found = f"the key {key.value} stands twice, first in line {first_lines[key.value]}"
            yield Problem(found, place, "keep one of them")
        else:
            first_lines[key.value] = key.start_mark.line + 1
        yield from _bad_keys_below(name, value)


def _place(name: str, mark: Any) -> str:
    return f"{name}, line {mark.line + 1}, column {mark.column + 1}" if mark else name


def _syntax_problem(name: str, error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or str(error)
    return Problem(f"no valid YAML: {what}", _place(name, mark), "mend the line")
