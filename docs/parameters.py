"""Write docs/parameters.md from the notebooks' first code cells.

Usage: python docs/parameters.py
"""

from __future__ import annotations

from pathlib import Path

from stockcust.report.parameters import declared_parameters

HERE = Path(__file__).parent
NOTEBOOKS = HERE.parent / "notebooks"
PAGE = HERE / "parameters.md"


def table() -> str:
    """The page: one row per notebook and parameter."""
    rows = [
        f"| {path.stem} | `{p.name}` | {p.type} | `{p.default!r}` | {p.meaning} |"
        for path in sorted(NOTEBOOKS.glob("*.ipynb"))
        for p in declared_parameters(path)
    ]
    head = [
        "# Parameters of the notebooks",
        "They stand in each notebook's first code cell; papermill and `stockcust report` set them.",
        "",
        "| notebook | parameter | type | default | meaning |",
        "| --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *rows]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(table(), encoding="utf-8")
