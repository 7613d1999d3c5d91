"""What must not be committed, and notebooks that stay thin."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
    return [p for p in ROOT.rglob("*") if p.is_file() and ".venv" not in p.parts]


FILES = _tracked()
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def _texts() -> list[tuple[Path, str]]:
    texts = []
    for file in FILES:
        try:
            texts.append((file, file.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return texts


def test_no_file_names_a_path_of_this_machine():
    here = {str(ROOT), str(Path.home()) + "/"}
    assert not [(f, h) for f, text in _texts() for h in here if h in text]


def test_no_registry_address_and_no_uv_lock_is_committed():
    assert not [f for f in FILES if f.name == "uv.lock"]
    address = re.compile(r"https?://(pypi\.org|files\.pythonhosted|registry\.npmjs)")
    assert not [f for f, text in _texts() if address.search(text) and f.suffix != ".py"]


def test_no_file_is_larger_than_two_megabytes():
    assert not [(f, f.stat().st_size) for f in FILES if f.stat().st_size > 2_000_000]


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda f: f.name)
class TestNotebook:
    def test_is_valid_and_has_one_title(self, file):
        notebook = nbformat.read(file, as_version=4)
        nbformat.validate(notebook)
        prose = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
        assert len(re.findall(r"^# ", prose, flags=re.MULTILINE)) == 1

    def test_is_thin(self, file):
        cells = [c for c in nbformat.read(file, as_version=4).cells if c.cell_type == "code"]
        code = [line for c in cells for line in c.source.splitlines() if line.strip()]
        assert len(code) <= 80
        assert not [line for line in code if re.match(r"\s*(def|class|for|while)\s", line)]

    def test_declares_its_parameters_first_and_names_the_standard_kernel(self, file):
        notebook = nbformat.read(file, as_version=4)
        first = next(c for c in notebook.cells if c.cell_type == "code")
        assert "parameters" in first.metadata.get("tags", [])
        assert notebook.metadata.kernelspec.name == "python3"

    def test_is_committed_executed_and_without_traces_of_the_run(self, file):
        notebook = nbformat.read(file, as_version=4)
        assert any(c.get("outputs") for c in notebook.cells)
        assert "papermill" not in notebook.metadata
        outputs = json.dumps([c.get("outputs") for c in notebook.cells])
        assert '"output_type": "error"' not in outputs
