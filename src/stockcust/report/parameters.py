"""The parameters that a notebook declares, and whether what is passed to it fits."""

from __future__ import annotations

import ast
import difflib
import io
import json
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from stockcust.errors import CallError, Problem

_STRICT = ConfigDict(strict=True)
_TYPES: dict[str, Any] = {t.__name__: t for t in (str, int, float, bool, list, dict)}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a notebook: ``name: type = default  # meaning``."""

    name: str
    type: str
    default: Any
    meaning: str = ""


def declared_parameters(notebook: str | Path) -> tuple[Parameter, ...]:
    """Read what the cell tagged ``parameters`` declares, without running it.

    papermill's own inspection overlooks annotations such as ``str | None``, hence the syntax tree.

    Parameters
    ----------
    notebook : path of an ``.ipynb`` file.

    Returns
    -------
    tuple of parameters in the order of the cell; empty if no cell has the tag.

    Raises
    ------
    CallError : the cell holds anything but annotated literals.
    """
    source = _parameters_cell(Path(notebook))
    meanings = _comments(source)
    try:
        return tuple(_parameter(node, meanings) for node in ast.parse(source).body)
    except (SyntaxError, ValueError) as error:
        raise CallError(
            Problem(
                f"the cell tagged 'parameters' cannot be read: {error}",
                str(notebook),
                "write one line 'name: type = value  # meaning' for each parameter",
            )
        ) from error


def check_parameters(notebook: str | Path, passed: Mapping[str, Any]) -> None:
    """Refuse parameters that the notebook does not declare, or that have another type.

    Parameters
    ----------
    notebook : path of an ``.ipynb`` file.
    passed : parameter name -> value.

    Raises
    ------
    CallError : all unknown names (with the nearest one) and all values of a wrong type.
    """
    declared = {parameter.name: parameter for parameter in declared_parameters(notebook)}
    problems = [_problem(name, value, declared) for name, value in passed.items()]
    if found := [Problem(what, Path(notebook).name) for what in problems if what]:
        raise CallError(*found)


def _parameters_cell(notebook: Path) -> str:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        if "parameters" in cell["metadata"].get("tags", ()):
            return "".join(cell["source"])
    return ""


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT}


def _parameter(node: ast.stmt, meanings: Mapping[int, str]) -> Parameter:
    if not (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value):
        raise ValueError(f"line {node.lineno} is no annotated assignment")
    _type_of(node.annotation)
    return Parameter(
        node.target.id,
        ast.unparse(node.annotation),
        ast.literal_eval(node.value),
        meanings.get(node.end_lineno or node.lineno, ""),
    )


def _type_of(node: ast.expr) -> Any:
    match node:
        case ast.Name(id=name) if name in _TYPES:
            return _TYPES[name]
        case ast.Constant(value=None):
            return None
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _type_of(left) | _type_of(right)
        case ast.Subscript(value=ast.Name(id="list"), slice=item):
            return list[_type_of(item)]  # type: ignore[misc]
    raise ValueError(f"'{ast.unparse(node)}' is none of {', '.join(_TYPES)}, list[...], ... | None")


def _problem(name: str, value: Any, declared: Mapping[str, Parameter]) -> str | None:
    if name not in declared:
        near = difflib.get_close_matches(name, declared, n=1, cutoff=0.3)
        hint = f"did you mean '{near[0]}'?" if near else f"declared are: {', '.join(declared)}"
        return f"unknown parameter '{name}'; {hint}"
    wanted = declared[name].type
    annotation = ast.parse(wanted, mode="eval").body
    try:
        TypeAdapter(_type_of(annotation), config=_STRICT).validate_python(value)
        json.dumps(value, allow_nan=False)
    except (ValidationError, TypeError, ValueError):
        return f"parameter '{name}' must be {wanted}, not {type(value).__name__} {value!r:.60}"
    return None
