"""A process with all imports done, forked once for each report; for Unix.

It runs as a program: the first line of its input is the order sheet, each line of its output tells
of one report that has ended, and when its input ends it stops. Importing is nearly all of the time
that a report takes, and a fork carries nothing from one report into the next.
"""

from __future__ import annotations

import ast
import ctypes
import gc
import importlib
import io
import json
import os
import random
import select
import signal
import sys
import traceback
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from stockcust.report.shell import ZMQReportShell, start_shell
from stockcust.report.supervise import GRACE_SECONDS, supervise

if TYPE_CHECKING:
    from stockcust.report.worker import Order

_PR_SET_PDEATHSIG = 1
_WARM_UP = """
import matplotlib.pyplot, pandas
figure, axes = matplotlib.pyplot.subplots(figsize=(2, 2))
axes.plot([1, 2], [1, 2], label="a")
axes.set_title("a")
axes.legend()
pandas.DataFrame({"a": [1.5], "b": ["c"]})._repr_html_()
"""


class Fork:
    """A report made by a copy of this process."""

    def __init__(self, order: Order) -> None:
        self.code: int | None = None
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            _live(order, parent)

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.code = os.waitstatus_to_exitcode(status) if pid else None
        return self.code

    def kill(self) -> None:
        """End the process and all it started."""
        from stockcust.report.worker import kill_group

        kill_group(self.pid)
        if self.code is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)


def _live(order: Order, parent: int) -> None:
    """Be a fork: make the report and end without ever returning."""
    code = 1
    try:
        os.setsid()
        _die_with(parent)
        _redirect(Path(order.work))
        _reseed()
        from stockcust.report.engines import SHELL
        from stockcust.report.worker import make_report

        make_report(order, SHELL)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _die_with(parent: int) -> None:
    # without this a killed template would leave its forks running; Linux only
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _redirect(work: Path) -> None:
    from stockcust.report.worker import LOG

    log = os.open(work / LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)


def _reseed() -> None:
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()


def preload(notebooks: Iterable[Path]) -> None:
    """Import what the notebooks import, and look up what they take from these modules.

    The look-ups matter for packages that import their parts when they are first used. What
    cannot be imported is left for the notebook to complain about.
    """
    for notebook in notebooks:
        names: dict[str, Any] = {}
        nodes = [node for tree in _trees(notebook) for node in ast.walk(tree)]
        for node in nodes:
            if isinstance(node, ast.Import | ast.ImportFrom):
                with suppress(Exception):
                    exec(compile(ast.Module([node], []), str(notebook), "exec"), names)
        for node in nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                with suppress(Exception):
                    getattr(names[node.value.id], node.attr)


def _trees(notebook: Path) -> Iterable[ast.AST]:
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            with suppress(SyntaxError):
                yield ast.parse("".join(cell["source"]))


def _prepare(shell: ZMQReportShell, notebooks: Iterable[Path]) -> None:
    """Import and warm up, then leave everything as a fresh kernel would find it."""
    with shell.builtin_trap:  # libraries look for get_ipython() while they are imported
        importlib.import_module("stockcust.report.worker")
        preload(notebooks)
    # changes no settings of its own; those that matplotlib makes for the shell must stay
    _, error = shell.run(_WARM_UP)
    if error:
        raise error
    _warm_up_page()
    shell.reset(new_session=True)
    shell.outputs = []
    gc.collect()
    gc.freeze()


def _warm_up_page() -> None:
    """Build what every page needs: the exporter, the frame, the font."""
    from nbformat.v4 import new_markdown_cell, new_notebook

    from stockcust.report.html import report_html

    report_html(new_notebook(cells=[new_markdown_cell("# a")]), title="a", lang="zh")


def _own_output() -> TextIO:
    """Keep standard output for the protocol; what imports print goes to the errors."""
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    assert isinstance(sys.stdout, io.TextIOWrapper)
    sys.stdout.reconfigure(encoding="UTF-8")  # spelt as in a kernel; pandas keeps the spelling
    return events


def main() -> None:
    """Read the order sheet, make the reports, tell of each."""
    events = _own_output()
    shell = start_shell()
    sheet = json.loads(sys.stdin.readline())
    _prepare(shell, {Path(order["notebook"]) for order in sheet["orders"]})
    from stockcust.report.worker import Order

    def ended(order: Order, code: int | None) -> None:
        events.write(json.dumps({"work": order.work, "code": code}) + "\n")
        events.flush()

    supervise(
        [Order(**order) for order in sheet["orders"]],
        Fork,
        ended,
        workers=sheet["workers"],
        seconds=sheet["seconds"] + GRACE_SECONDS,
        is_stopped=lambda: bool(select.select([sys.stdin], [], [], 0)[0]),
    )


if __name__ == "__main__":
    main()
