"""A mapping file as a tree of texts that still knows the line of each of its places.

Every scalar stays the text that was typed: 007 is a branch and ``no`` is a code, neither is a
number or a truth value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from stockcust.errors import MappingError, Problem

OPEN = "?"
_NOTHING = ("", "null", "~")
_DEEPEST, _MOST_PLACES = 12, 100_000

Place = tuple[str | int, ...]


@dataclass
class Tree:
    """What a mapping file says, and on which line."""

    path: Path
    content: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def where(self, place: Place) -> str:
        """Name a place so that a person finds it: file, line and dotted path."""
        nearest = next(
            (place[:n] for n in range(len(place), -1, -1) if place[:n] in self.lines), ()
        )
        return f"{self.path.name} line {self.lines.get(nearest, 1)}, {dotted(place)}".rstrip(", ")

    def problem(self, place: Place, what: str, remedy: str = "") -> Problem:
        """A problem at a place of this file."""
        return Problem(what, self.where(place), remedy)


def dotted(place: Place) -> str:
    """Write a place as ``tables.customers[0].columns``."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return "".join(parts).lstrip(".")


def read_tree(path: Path) -> Tree:
    """Read a mapping file; what it asks and does not answer stands in the tree's problems.

    Raises
    ------
    MappingError : the file is absent, is not UTF-8 or is not YAML.
    """
    try:
        node = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise MappingError(Problem("cannot be opened", str(path), str(error.strerror))) from None
    except UnicodeDecodeError:
        raise MappingError(Problem("is not UTF-8 text", str(path), "save it as UTF-8")) from None
    except yaml.YAMLError as error:
        raise MappingError(_not_yaml(path, error)) from None
    except RecursionError:
        raise MappingError(Problem("is nested too deeply", path.name, "unfold it")) from None
    tree = Tree(path)
    tree.content = _plain(node, (), tree) if node else {}
    return tree


def _not_yaml(path: Path, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    where = f"{path.name} line {mark.line + 1}" if mark else path.name
    reason = getattr(error, "problem", None) or "it cannot be read"
    return Problem(f"is not valid YAML: {reason}", where, "look for a missing quote or indent")


def _plain(node: yaml.Node, place: Place, tree: Tree) -> Any:
    tree.lines[place] = node.start_mark.line + 1
    if len(tree.lines) > _MOST_PLACES:
        what = "is far too large; anchors that repeat each other make it so"
        raise MappingError(tree.problem((), what, "write out what is meant"))
    if len(place) > _DEEPEST:
        tree.problems.append(tree.problem(place, "is nested too deeply", "unfold it"))
        return None
    if isinstance(node, yaml.MappingNode):
        return dict(_entries(node, place, tree))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*place, i), tree) for i, child in enumerate(node.value)]
    if node.value == OPEN:
        tree.problems.append(tree.problem(place, "is an open question", "put the answer for ?"))
    is_nothing = getattr(node, "style", None) is None and node.value.lower() in _NOTHING
    return None if is_nothing else node.value


def _entries(node: yaml.MappingNode, place: Place, tree: Tree) -> Iterator[tuple[str, Any]]:
    seen: set[str] = set()
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in seen:
            where = (*place, key)
            tree.problems.append(tree.problem(where, "stands here twice", "remove one of them"))
        if key == OPEN and place == ("tables",):
            remedy = "name the table, or take this out"
            tree.problems.append(tree.problem((*place, key), "is an open question", remedy))
        seen.add(key)
        yield key, _plain(value_node, (*place, key), tree)
        tree.lines[(*place, key)] = key_node.start_mark.line + 1
