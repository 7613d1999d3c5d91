"""Loading a mapping file: its shape, then what the contract says to it; all problems at once."""

from __future__ import annotations

import contextlib
import copy
import functools
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from stockcust.errors import MappingError, Problem
from stockcust.rulebook.places import did_you_mean
from stockcust.tables.mapping.checks import contract_problems
from stockcust.tables.mapping.model import BankMapping
from stockcust.tables.mapping.tree import Place, Tree, read_tree

_LONGEST = 60


def load_mapping(path: Path) -> tuple[BankMapping, Tree]:
    """Read a mapping file.

    Parameters
    ----------
    path : a YAML file.

    Returns
    -------
    the mapping, and the tree that knows the line of each of its places.

    Raises
    ------
    MappingError : with all problems: open questions, unknown keys, tables, columns and codes.
    """
    tree = read_tree(path)
    try:
        mapping = BankMapping.model_validate(tree.content)
    except ValidationError as error:
        found = [*tree.problems, *_shape_problems(tree, error)]
        with contextlib.suppress(ValidationError):
            rest = BankMapping.model_validate(_without_unknown_keys(tree.content, error))
            found += contract_problems(rest, tree)
        raise MappingError(*found) from None
    problems = [*tree.problems, *contract_problems(mapping, tree)]
    if problems:
        raise MappingError(*problems)
    return mapping, tree


def _without_unknown_keys(content: Any, error: ValidationError) -> Any:
    """What is left can still be held against the contract, so that all is told at once."""
    rest = copy.deepcopy(content)
    for one in error.errors(include_url=False):
        if one["type"] == "extra_forbidden":
            *above, key = one["loc"]
            del functools.reduce(lambda part, step: part[step], above, rest)[key]
    return rest


def _shape_problems(tree: Tree, error: ValidationError) -> list[Problem]:
    asked = {problem.where for problem in tree.problems}
    found = [_shape_problem(tree, one) for one in error.errors(include_url=False)]
    # an open question is no shape problem of its own
    return [problem for problem in found if problem.where not in asked]


def _shape_problem(tree: Tree, error: ErrorDetails) -> Problem:
    place = tuple(part for part in error["loc"] if part != "[key]")
    if error["type"] == "missing":
        return tree.problem(place, "is missing", "add it")
    if error["type"] == "extra_forbidden":
        valid = list(_model_at(place[:-1]).model_fields)
        return tree.problem(place, "is an unknown key", did_you_mean(str(place[-1]), valid))
    wanted = error["msg"].removeprefix("Input should be ")
    if wanted == error["msg"]:
        return tree.problem(place, wanted)
    return tree.problem(place, f"{_short(error['input'])} is wrong", f"it should be {wanted}")


def _short(value: object) -> str:
    return repr(value)[:_LONGEST]


def _model_at(place: Place) -> type[BaseModel]:
    """The model whose keys stand at a place."""
    model: Any = BankMapping
    for part in place:
        model = _step(model, part)
    return model


def _step(annotation: Any, part: str | int) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _bare(annotation.model_fields[str(part)].annotation)
    inner = [argument for argument in annotation.__args__ if argument is not Ellipsis]
    return _bare(inner[-1])


def _bare(annotation: Any) -> Any:
    """X of X | None and of Annotated[X, ...]."""
    if hasattr(annotation, "__metadata__"):
        return _bare(annotation.__origin__)
    arguments = getattr(annotation, "__args__", ())
    inner = [argument for argument in arguments if argument is not type(None)]
    return _bare(inner[0]) if len(inner) == 1 < len(arguments) else annotation
