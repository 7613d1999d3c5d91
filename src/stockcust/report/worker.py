"""One report from one order, in a process of its own; all it leaves is files in its work folder."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from stockcust.privacy import redact
from stockcust.report.engines import KERNEL, SUMMARY_CHARACTERS, execute
from stockcust.report.files import write_json, write_whole
from stockcust.report.html import report_html
from stockcust.report.ledger import FAILED, REPORT, now

OUTCOME = "outcome.json"
LOG = "log.txt"
_WARNINGS = 5
# one thread per report: they share the cores already, and sums come out the same everywhere
ENVIRONMENT = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONUTF8": "1",
}


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker needs to know, all of it JSON."""

    work: str
    notebook: str
    parameters: dict[str, Any]
    title: str
    lang: str
    seconds: float
    footer: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went; without one the worker died."""

    error: str | None
    started: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def make_report(order: Order, engine: str) -> None:
    """Execute the notebook and write the page, or the notebook that failed, and the outcome."""
    work, started = Path(order.work), now()
    try:
        outcome = _make(order, work, engine, started)
    except Exception as error:
        traceback.print_exc()
        summary = redact(f"{type(error).__name__}: {error}")
        outcome = Outcome(summary[:SUMMARY_CHARACTERS], started)
    write_json(work / OUTCOME, asdict(outcome))


def read_outcome(work: Path) -> Outcome | None:
    """Read what a worker left; None if it died before it could say anything."""
    try:
        return Outcome(**json.loads((work / OUTCOME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _make(order: Order, work: Path, engine: str, started: str) -> Outcome:
    execution = execute(Path(order.notebook), order.parameters, engine, seconds=order.seconds)
    notebook = execution.notebook
    seconds, warnings = _cell_seconds(notebook), _warnings(notebook)
    if execution.failure:
        notebook.get("metadata", {}).pop("papermill", None)
        write_whole(work / FAILED, nbformat.writes(notebook))
        return Outcome(execution.failure, started, seconds, warnings)
    clock = time.perf_counter()
    page = report_html(notebook, title=order.title, lang=order.lang, footer=order.footer)
    write_whole(work / REPORT, page)
    seconds["html"] = round(time.perf_counter() - clock, 3)
    return Outcome(None, started, seconds, warnings)


def _cell_seconds(notebook: NotebookNode) -> dict[str, float]:
    """Split the time of the cells: those that end in a picture, and all others."""
    seconds = {"compute": 0.0, "plots": 0.0}
    for cell in notebook.get("cells", ()):
        if cell.cell_type == "code":
            draws = any("image/png" in output.get("data", {}) for output in cell.outputs)
            duration = cell.metadata.get("papermill", {}).get("duration") or 0.0
            seconds["plots" if draws else "compute"] += duration
    return {part: round(value, 3) for part, value in seconds.items()}


def _warnings(notebook: NotebookNode) -> list[str]:
    outputs = (output for cell in notebook.get("cells", ()) for output in cell.get("outputs", ()))
    texts = (output.text.strip() for output in outputs if output.get("name") == "stderr")
    return [redact(text)[:SUMMARY_CHARACTERS] for text in texts][:_WARNINGS]


class Process:
    """A worker started as a program of its own, which works on every system."""

    def __init__(self, order: Order) -> None:
        # sockets and connection files of a killed kernel would stay behind for ever
        self.runtime = tempfile.TemporaryDirectory(prefix="stockcust-", ignore_cleanup_errors=True)
        environment = os.environ | ENVIRONMENT | {"JUPYTER_RUNTIME_DIR": self.runtime.name}
        with (Path(order.work) / LOG).open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "stockcust.report.worker"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                text=True,
                encoding="utf-8",
                env=environment,
                start_new_session=True,
            )
        assert self.process.stdin
        with self.process.stdin as stdin:
            json.dump(asdict(order), stdin)

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""
        return self.process.poll()

    def kill(self) -> None:
        """End the process and, where there are process groups, all it started."""
        kill_group(self.process.pid)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.runtime.cleanup()


def kill_group(pid: int) -> None:
    """Kill the process group that a process leads; nothing happens if it has ended."""
    if sys.platform == "win32":
        return
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _end_with(parent: int) -> None:
    """End this process and its kernel soon after the run that started it has died."""
    while os.getppid() == parent:
        time.sleep(1.0)
    shutil.rmtree(os.environ["JUPYTER_RUNTIME_DIR"], ignore_errors=True)
    kill_group(os.getpid())


if __name__ == "__main__":
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    make_report(Order(**json.load(sys.stdin)), KERNEL)
