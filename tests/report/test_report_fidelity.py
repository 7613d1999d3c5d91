"""The fast engine and the reference leave the same outputs, cell by cell."""

from __future__ import annotations

import base64
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from report_fakes import code_cells, write_notebook

import needs
from stockcust.report.engines import execute
from stockcust.report.freeze import freeze
from stockcust.report.launch import carry_out
from stockcust.report.notebooks import BRANCH, notebook_path
from stockcust.report.prepare import Sources
from stockcust.report.worker import Order

# each of these came out differently in some fast way of running notebooks
CELLS = (
    "import pandas as pd, numpy as np\nimport matplotlib.pyplot as plt",
    "plt.plot([1, 2]);",
    "print('out'); import sys; print('err', file=sys.stderr); print('more')",
    "df = pd.DataFrame({f'c{i}': np.arange(5) * i for i in range(30)})\ndf",
    "df.describe()",
    "pd.Series(range(100))",
    "pd.Categorical(list('abc'))",
    "df.iloc[:2, :2].style.format(precision=1).set_uuid('u')",
    "list(range(2000))",
    "fig, ax = plt.subplots()\nax.plot([1, 2, 3])",
    "plt.figure(figsize=(3, 2)); plt.plot([1, 2]); plt.show()\nplt.figure(); plt.plot([1]);",
    "import seaborn as sns\nsns.histplot([1, 2, 3, 4])",
    "fig",
    "from IPython.display import display, HTML, Markdown, clear_output\n"
    "display(HTML('<b>x</b>')); print('mid'); display(Markdown('## Title'))\n42",
    "handle = display('a', display_id='k')\nfor i in range(3): handle.update(f'b{i}')",
    "print('gone'); clear_output(); print('kept')",
    "print('gone'); clear_output(wait=True); print('kept')",
    "_",
    "'silent';",
    "import asyncio\nawait asyncio.sleep(0)\n'awaited'",
    "%matplotlib inline\nplt.plot([1]);",
    "import warnings; warnings.warn('careful')",
    "class A: ...\nimport pickle; pickle.loads(pickle.dumps(A())).__class__.__name__",
    "from tqdm.auto import tqdm; tqdm.__module__",
    "{k: str(v) for k, v in plt.rcParams.items()}",
    "pd.describe_option('display', _print_desc=False)",
    "import os; os.environ['MPLBACKEND'], plt.get_backend(), __name__, sys.stdout.isatty()",
    "import scipy.stats, statsmodels.api as sm\nsm.OLS([1.0, 2, 4], sm.add_constant([0.0, 1, 2])).fit().params",
    "import stockcust.present.style as style\n"
    "fig, ax = plt.subplots(); ax.set_title('存量客户'); ax.plot([1, 2]);",
    "raise ValueError('so that the notebook is kept')",
)


def signature(output: nbformat.NotebookNode) -> tuple[Any, ...]:
    """Type, mime keys, text and sizes of images; no addresses, no numbers of processes."""
    if output.output_type == "stream":
        return output.output_type, output.name, _plain(output.text)
    if output.output_type == "error":
        return output.output_type, output.ename, output.evalue
    data = {mime: _content(mime, value) for mime, value in output.data.items()}
    return output.output_type, data, output.get("execution_count"), output.metadata


def _content(mime: str, value: str) -> Any:
    if mime != "image/png":
        return _plain(str(value))
    return struct.unpack(">II", base64.b64decode(value)[16:24])


def _plain(text: str) -> str:
    return re.sub(r"ipykernel_\d+", "ipykernel_N", re.sub(r"0x[0-9a-f]{6,}", "0xN", text))


@dataclass
class Pair:
    """One notebook as the reference and as the fast engine left it."""

    kernel: list[nbformat.NotebookNode]
    forked: list[nbformat.NotebookNode]


@pytest.fixture(scope="module")
def pairs(tmp_path_factory, bank) -> dict[str, Pair]:
    if needs.fork.args[0]:
        pytest.skip("needs os.fork")
    folder = tmp_path_factory.mktemp("both")
    frozen = freeze(Sources(bank), folder)
    branch = frozen.network.branches["branch_id"].iloc[0]
    report = nbformat.read(notebook_path(BRANCH), as_version=4)
    report.cells.append(new_code_cell(CELLS[-1]))
    nbformat.write(report, folder / "report.ipynb")
    results = str(frozen.results.resolve())
    orders = [
        _order(write_notebook(folder / "cells.ipynb", CELLS), {"branch_id": "B'\"2"}),
        _order(folder / "report.ipynb", {"results": results, "branch_id": branch, "lang": "zh"}),
    ]
    carry_out(orders, lambda *_: None, engine="fork", workers=2, seconds=100)
    return {Path(order.notebook).stem: _pair(order) for order in orders}


def _order(notebook: Path, parameters: dict[str, str]) -> Order:
    work = notebook.with_suffix(".work")
    work.mkdir()
    return Order(str(work), str(notebook), parameters, "t", "zh", 100.0)


def _pair(order: Order) -> Pair:
    kernel = execute(Path(order.notebook), order.parameters, "kernel", seconds=100).notebook
    forked = nbformat.read(Path(order.work) / "run.failed.ipynb", as_version=4)
    return Pair(code_cells(kernel), code_cells(forked))


def assert_alike(kernel: nbformat.NotebookNode, forked: nbformat.NotebookNode) -> None:
    assert [signature(o) for o in forked.outputs] == [signature(o) for o in kernel.outputs]
    assert forked.execution_count == kernel.execution_count


def test_the_parameters_arrive_alike(pairs):
    kernel, forked = pairs["cells"].kernel[1], pairs["cells"].forked[1]
    assert kernel.source == forked.source
    assert "branch_id" in forked.source


@pytest.mark.parametrize("number", range(len(CELLS)), ids=lambda n: CELLS[n][:30])
def test_a_cell_leaves_the_same(pairs, number):
    assert_alike(pairs["cells"].kernel[number + 2], pairs["cells"].forked[number + 2])


def test_the_report_of_a_branch_is_the_same_to_its_last_cell(pairs):
    kernel, forked = pairs["report"].kernel, pairs["report"].forked
    assert len(kernel) == len(forked)
    for one, other in zip(kernel, forked):
        assert_alike(one, other)
    last = forked[-1].outputs[0]
    assert (last.output_type, last.ename) == ("error", "ValueError")
    pictures = [o for cell in forked for o in cell.outputs if "image/png" in o.get("data", {})]
    assert len(pictures) >= 4
