"""A notebook's cells run in this very process, with the outputs that a kernel would send.

Some libraries look at the shell when they are imported (pandas chooses its display widths,
matplotlib its hooks), so the shell must exist before them; `stockcust.report.template` sees to it.
"""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from nbformat import NotebookNode
from nbformat.v4 import new_output
from traitlets import Type
from traitlets.config import Config

from stockcust.report.outputs import StreamLimit


def _shell(part: DisplayHook | DisplayPublisher) -> ZMQReportShell:
    assert isinstance(part.shell, ZMQReportShell)
    return part.shell


class _Results(DisplayHook):
    """Keeps the value of a cell's last expression."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        _shell(self).keep(
            new_output(
                "execute_result",
                data=format_dict,
                metadata=md_dict or {},
                execution_count=self.prompt_count,
            )
        )

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Displays(DisplayPublisher):
    """Keeps what `display` is given; an update replaces the outputs of the same display id."""

    def publish(  # type: ignore[override]
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        self._validate_data(data, metadata)
        shell = _shell(self)
        display_id = (transient or {}).get("display_id")
        if display_id:
            for output in shell.displays.get(display_id, ()):
                output.update(data=data, metadata=metadata or {})
        if update:
            return
        output = new_output("display_data", data=data, metadata=metadata or {})
        shell.keep(output)
        if display_id:
            shell.displays.setdefault(display_id, []).append(output)

    def clear_output(self, wait: bool = False) -> None:
        _shell(self).clear(wait)


class _Stream(io.TextIOBase):
    """Keeps what is printed."""

    def __init__(self, shell: ZMQReportShell, name: str, limit: StreamLimit) -> None:
        self.shell, self.name, self.limit = shell, name, limit

    encoding = "UTF-8"

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return {"stdout": 1, "stderr": 2}[self.name]

    def write(self, text: str) -> int:
        if kept := self.limit.cut(self.name, text):
            self.shell.print(self.name, kept)
        return len(text)


class ZMQReportShell(ZMQInteractiveShell):
    """The shell of one process; pandas takes a shell for a notebook's if ZMQ is in its name."""

    displayhook_class = Type(_Results)  # type: ignore[assignment]
    display_pub_class = Type(_Displays)  # type: ignore[assignment]

    def __init__(self, **settings: Any) -> None:
        self.outputs: list[NotebookNode] = []
        self.printed: list[str] = []  # pieces of a stream's output that is not complete yet
        self.printing = ""
        self.displays: dict[str, list[NotebookNode]] = {}
        self.is_clearing = False
        super().__init__(**settings)

    def run(self, source: str) -> tuple[list[NotebookNode], BaseException | None]:
        """Run one cell; return its outputs and what it raised."""
        self.outputs, self.is_clearing, limit = [], False, StreamLimit()
        with (
            redirect_stdout(_Stream(self, "stdout", limit)),
            redirect_stderr(_Stream(self, "stderr", limit)),
        ):
            result = self.run_cell(source, store_history=True)
        self._end_printing()
        return self.outputs, result.error_before_exec or result.error_in_exec

    def keep(self, output: NotebookNode) -> None:
        """Add an output to the running cell's."""
        self._end_printing()
        self._clear_if_due()
        self.outputs.append(output)

    def print(self, stream: str, text: str) -> None:
        """Add to what the running cell prints."""
        self._clear_if_due()
        if stream != self.printing:
            self._end_printing()
            self.printing = stream
        self.printed.append(text)

    def _end_printing(self) -> None:
        if self.printed:
            text = "".join(self.printed)
            self.outputs.append(new_output("stream", name=self.printing, text=text))
        self.printed, self.printing = [], ""

    def clear(self, wait: bool) -> None:
        """Drop the running cell's outputs, now or when the next one comes."""
        self._end_printing()
        self.is_clearing = True
        if not wait:
            self._clear_if_due()

    def _clear_if_due(self) -> None:
        if self.is_clearing:
            self.outputs, self.is_clearing = [], False

    def enable_gui(self, gui: Any = None) -> None:
        """No window ever opens."""

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self._last_traceback = stb
        self.keep(new_output("error", ename=etype.__name__, evalue=str(evalue), traceback=stb))


def start_shell() -> ZMQReportShell:
    """Make this process's shell, without history file or start-up scripts."""
    settings = Config()
    settings.HistoryManager.enabled = False
    shell = ZMQReportShell.instance(config=settings, compiler_class=XCachingCompiler)
    sys.displayhook = shell.displayhook
    return shell
