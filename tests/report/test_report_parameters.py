"""A notebook gets exactly the parameters that it declares, or it does not run."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stockcust.errors import CallError
from stockcust.report.parameters import Parameter, check_parameters, declared_parameters

CELL = """\
# what the report is about
branch_id: str = "B1"  # id of the branch
results: str | None = None
top: int = 10  # rows shown
share: float = 0.5
columns: list[str] = [
    "a",
]  # columns shown
is_long: bool = False
"""


@pytest.fixture
def notebook(write) -> Path:
    return write(parameters=CELL)


def test_names_types_defaults_and_meanings_are_read_without_running_the_cell(notebook):
    assert declared_parameters(notebook) == (
        Parameter("branch_id", "str", "B1", "id of the branch"),
        Parameter("results", "str | None", None, ""),
        Parameter("top", "int", 10, "rows shown"),
        Parameter("share", "float", 0.5, ""),
        Parameter("columns", "list[str]", ["a"], "columns shown"),
        Parameter("is_long", "bool", False, ""),
    )


def test_a_notebook_without_the_tag_declares_nothing(tmp_path, write):
    path = write(parameters=CELL)
    path.write_text(path.read_text().replace('"parameters"', '"other"'))
    assert declared_parameters(path) == ()


@pytest.mark.parametrize(
    "cell", ["x = 1", "x: int = f()", "x: Frame = None", "import os", "x: int ="]
)
def test_a_cell_that_is_more_than_annotated_literals_is_refused(write, cell):
    with pytest.raises(CallError, match=r"report\.ipynb: the cell tagged 'parameters'"):
        declared_parameters(write(parameters=cell))


def test_what_fits_is_accepted(notebook):
    check_parameters(
        notebook,
        {"branch_id": "B2", "results": "/r", "top": 3, "share": 1, "columns": [], "is_long": True},
    )
    check_parameters(notebook, {"results": None})


def test_an_unknown_name_is_refused_and_the_nearest_named(notebook):
    with pytest.raises(CallError, match="unknown parameter 'brnch'; did you mean 'branch_id'"):
        check_parameters(notebook, {"brnch": "B2"})


def test_code_in_a_name_is_no_parameter(notebook):
    with pytest.raises(CallError, match="unknown parameter"):
        check_parameters(notebook, {"branch_id = 1; import os; x": "B2"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("branch_id", 7),
        ("branch_id", None),
        ("branch_id", Path("B1")),
        ("branch_id", dt.date(2026, 6, 30)),
        ("top", "10"),
        ("top", 1.0),
        ("top", True),
        ("top", np.int64(3)),
        ("share", float("nan")),
        ("share", "0.5"),
        ("columns", ("a", "b")),
        ("columns", ["a", 1]),
        ("is_long", 1),
        ("is_long", "False"),
    ],
)
def test_another_type_is_refused_and_so_is_what_json_has_no_word_for(
    notebook, name: str, value: Any
):
    with pytest.raises(CallError, match=f"parameter '{name}' must be"):
        check_parameters(notebook, {name: value})


def test_all_problems_are_told_at_once(notebook):
    with pytest.raises(CallError) as caught:
        check_parameters(notebook, {"branchid": "B1", "top": "x", "lang": "zh"})
    assert len(caught.value.problems) == 3
