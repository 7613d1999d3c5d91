"""Run the committed notebooks again and write them so that they read well and compare well.

Usage: python notebooks/refresh.py [NAME...]
"""

from __future__ import annotations

import base64
import io
import sys
import tempfile
from pathlib import Path

import nbformat
import papermill
from nbformat import NotebookNode
from PIL import Image
from tqdm import tqdm
from traitlets.config import Config

HERE = Path(__file__).parent
SECONDS = 300  # for one cell
IPC = Config({"KernelManager": {"transport": "ipc"}, "AsyncKernelManager": {"transport": "ipc"}})


def refresh(path: Path) -> None:
    """Execute one notebook in its folder and write it back normalised."""
    with tempfile.TemporaryDirectory() as folder:
        notebook = papermill.execute_notebook(
            path,
            Path(folder, path.name),
            kernel_name="python3",
            cwd=HERE,
            progress_bar=False,
            execution_timeout=SECONDS,
            config=IPC if sys.platform != "win32" else None,
        )
    nbformat.write(_normalise(notebook), path)


def _normalise(notebook: NotebookNode) -> NotebookNode:
    notebook.metadata = NotebookNode(
        kernelspec={"display_name": "Python 3", "language": "python", "name": "python3"},
        language_info={"name": "python"},
    )
    count = 0
    for number, cell in enumerate(notebook.cells, 1):
        cell["id"] = f"cell-{number:02d}"
        tags = cell.metadata.get("tags")
        cell.metadata = NotebookNode({"tags": tags} if tags else {})
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            for output in cell.outputs:
                _normalise_output(output, count)
    return notebook


def _normalise_output(output: NotebookNode, count: int) -> None:
    if "execution_count" in output:
        output.execution_count = count
    data = output.get("data", {})
    if "image/png" in data:
        data["image/png"] = _smaller(data["image/png"])


def _smaller(png: str) -> str:
    """A picture of flat colours needs no more than 64 of them: a quarter of the bytes."""
    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    reduced = io.BytesIO()
    picture.quantize(64, dither=Image.Dither.NONE).save(reduced, "png", optimize=True)
    return base64.b64encode(reduced.getvalue()).decode()


if __name__ == "__main__":
    names = sys.argv[1:] or sorted(p.stem for p in HERE.glob("*.ipynb"))
    for name in tqdm(names, desc="notebooks"):
        refresh(HERE / f"{name}.ipynb")
