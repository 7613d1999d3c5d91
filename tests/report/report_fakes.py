"""Tiny notebooks and a network phase without a bank, to run reports on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import nbformat
import pandas as pd

from stockcust import load_rulebook
from stockcust.report.freeze import Facts
from stockcust.report.render import How

KERNELSPEC = {"name": "python3", "display_name": "Python 3", "language": "python"}
PARAMETERS = 'results: str | None = None  # frozen results\nlang: str = "zh"  # language\n'
BRANCH = PARAMETERS + 'branch_id: str = "B1"  # branch'
FACTS = Facts("2026-06-30", "d" * 64, "1.0", "r" * 64, {"customers": dict.fromkeys(("n_read",), 9)})


def write_notebook(path: Path, cells: Sequence[str], parameters: str = BRANCH) -> Path:
    """A notebook of cells; one that begins with ``#md`` is prose."""
    first = nbformat.v4.new_code_cell(parameters)
    first.metadata["tags"] = ["parameters"]
    notebook = nbformat.v4.new_notebook(cells=[first], metadata={"kernelspec": KERNELSPEC})
    for source in cells:
        if source.startswith("#md"):
            notebook.cells.append(nbformat.v4.new_markdown_cell(source.removeprefix("#md\n")))
        else:
            notebook.cells.append(nbformat.v4.new_code_cell(source))
    nbformat.write(notebook, path)
    return path


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Without prose, among it the marks that papermill puts beside a cell that raised."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


class FakeNetwork:
    """Branches and their figures; the hash of a branch is that of its row."""

    def __init__(self, branches: pd.DataFrame) -> None:
        self.branches = branches
        self.rules = load_rulebook()

    def input_hash(self, branch_id: str | None) -> str:
        rows = self.branches
        if branch_id is not None:
            rows = rows[rows["branch_id"] == branch_id]
        return rows.to_json()

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "branches.json").write_text(self.branches.to_json(), encoding="utf-8")


def network_of(**names: str) -> FakeNetwork:
    ids = list(names)
    return FakeNetwork(
        pd.DataFrame(
            {
                "branch_id": ids,
                "branch_name": list(names.values()),
                "n_customers": [100 * (n + 1) for n in range(len(ids))],
                "aum_cny": [1_234_567.8 * (n + 1) for n in range(len(ids))],
                "aum_change_1m_cny": [234_567.8, *[float("nan")] * (len(ids) - 1)],
            }
        )
    )


FORK = How("zh", "fork", workers=2, seconds=30)


def record_of(home: Path, folder: str) -> dict:
    return json.loads((home / folder / "run.json").read_text(encoding="utf-8"))
