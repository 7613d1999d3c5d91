"""Execute one notebook through papermill: in a kernel of its own, or in this very process."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import papermill
from IPython.core.interactiveshell import InteractiveShell
from nbclient.exceptions import CellTimeoutError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from stockcust.privacy import redact
from stockcust.report import outputs
from stockcust.report.shell import ZMQReportShell

KERNEL = "kernel"
SHELL = "shell"
SUMMARY_CHARACTERS = 400
# papermill's default is TCP, readable by everyone on a shared server; Windows has no other
_TRANSPORT = "tcp" if sys.platform == "win32" else "ipc"
_CONFIG = Config(
    {
        "KernelManager": {"transport": _TRANSPORT},
        "AsyncKernelManager": {"transport": _TRANSPORT},
    }
)


class DeadlinePassed(BaseException):
    """Not an Exception, so that no cell's ``except Exception`` swallows it."""


@dataclass(slots=True)
class Execution:
    """A notebook that was run, and why it failed if it did."""

    seconds: float = float("inf")
    notebook: NotebookNode = field(default_factory=NotebookNode)
    failure: str | None = None
    is_late: bool = False


class _Client(PapermillNotebookClient):
    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: Any, cell_index: int
    ) -> NotebookNode | None:
        if msg["msg_type"] == "stream":
            content = msg["content"]
            content["text"] = self._limit_of(cell_index).cut(content["name"], content["text"])
            if not content["text"]:
                return None
        return super().output(outs, msg, display_id, cell_index)

    def _limit_of(self, cell_index: int) -> outputs.StreamLimit:
        if getattr(self, "_limited_cell", None) != cell_index:
            self._limited_cell, self._limit = cell_index, outputs.StreamLimit()
        return self._limit


class KernelEngine(Engine):
    """A Jupyter kernel of its own for the notebook: the reference."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        execution: Execution,
        **_: Any,
    ) -> None:
        """Execute the notebook by nbclient, the deadline being what is left for each cell."""
        execution.notebook = nb_man.nb
        deadline = time.monotonic() + execution.seconds

        def remaining(_: NotebookNode) -> float:
            return max(deadline - time.monotonic(), 0.1)

        _Client(
            nb_man,
            kernel_name=kernel_name,
            timeout_func=remaining,
            shutdown_kernel="immediate",
            config=_CONFIG,
        ).execute()


class ShellEngine(Engine):
    """The shell of this process; what a cell changes stays changed, so run one notebook only."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        execution: Execution,
        **_: Any,
    ) -> None:
        """Execute the notebook cell by cell, up to the first that raises."""
        execution.notebook = nb_man.nb
        shell = InteractiveShell.instance()
        assert isinstance(shell, ZMQReportShell)
        with _alarm(execution.seconds):
            for index, cell in enumerate(nb_man.nb.cells):
                if not _runs(cell):
                    continue
                nb_man.cell_start(cell, index)
                cell.execution_count = shell.execution_count
                cell.outputs, error = shell.run(cell.source)
                if error:
                    nb_man.cell_exception(cell, index, exception=error)
                nb_man.cell_complete(cell, index)
                if error:
                    return


for _name, _engine in {KERNEL: KernelEngine, SHELL: ShellEngine}.items():
    papermill_engines.register(f"stockcust-{_name}", _engine)


def execute(
    notebook: Path,
    parameters: Mapping[str, Any],
    engine: str,
    *,
    seconds: float,
    folder: Path | None = None,
) -> Execution:
    """Run a notebook from top to bottom and say truthfully whether all of it ran.

    Parameters
    ----------
    notebook : path of the ``.ipynb`` file; it is not changed.
    parameters : name -> value, already checked.
    engine : ``kernel`` or ``shell``.
    seconds : wall-clock time that the whole notebook may take.
    folder : working directory of the notebook; by default the one it lies in.

    Returns
    -------
    the execution; ``failure`` is None if no cell raised and every code cell was executed.
    """
    execution = Execution(seconds)
    try:
        papermill.execute_notebook(
            _no_format(notebook),
            None,
            parameters=dict(parameters),
            engine_name=f"stockcust-{engine}",
            kernel_name="python3",
            progress_bar=False,
            cwd=str(folder or notebook.parent),
            execution=execution,
        )
    except CellTimeoutError:
        execution.is_late = True
    except PapermillExecutionError as error:
        execution.is_late = error.ename == DeadlinePassed.__name__
        execution.failure = f"cell {error.exec_count}: {error.ename}: {error.evalue}"
    except Exception as error:
        execution.failure = f"{type(error).__name__}: {error}"
    _settle(execution)
    return execution


def _no_format(path: Path) -> str:
    # papermill formats the path with the parameters
    return str(path).replace("{", "{{").replace("}", "}}")


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(*_: Any) -> None:
        raise DeadlinePassed(f"not done within {seconds:g} seconds")

    if seconds == float("inf"):
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _settle(execution: Execution) -> None:
    cells = execution.notebook.get("cells", [])
    for cell in filter(_runs, cells):
        cell.outputs = outputs.merge_streams(cell.outputs)
        outputs.redact_errors(cell.outputs)
    if execution.is_late:
        execution.failure = f"not done within {execution.seconds:g} seconds"
    execution.failure = execution.failure or _unfinished(execution.notebook)
    if execution.failure:
        execution.failure = redact(execution.failure)[:SUMMARY_CHARACTERS]


def _unfinished(notebook: NotebookNode) -> str | None:
    """What papermill takes for success and is none: sys.exit(0), a dead kernel, a flood."""
    for number, cell in enumerate(filter(_runs, notebook.cells), 1):
        if cell.execution_count is None:
            return f"code cell {number} was not executed"
        if any(output.output_type == "error" for output in cell.outputs):
            return f"code cell {number} ended the notebook early"
    if outputs.size_of(notebook) > outputs.NOTEBOOK_CHARACTERS:
        return f"the outputs are larger than {outputs.NOTEBOOK_CHARACTERS} characters"
    return None


def _runs(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip())
