"""What a cell leaves behind, the same on every engine: streams merged and cut, errors redacted."""

from __future__ import annotations

from collections import defaultdict

from nbformat import NotebookNode

from stockcust.privacy import redact

STREAM_CHARACTERS = 200_000  # of one cell and stream; printing a million lines would take 20 MB
NOTEBOOK_CHARACTERS = 64_000_000
_CUT = "\n... [output cut here]\n"


class StreamLimit:
    """Lets a cell print so much and no more; make a new one for each cell."""

    def __init__(self, limit: int = STREAM_CHARACTERS) -> None:
        self.limit = limit
        self.printed: dict[str, int] = defaultdict(int)

    def cut(self, stream: str, text: str) -> str:
        """Return what of the text may still be kept; the last piece says that it was cut."""
        room = self.limit - self.printed[stream]
        self.printed[stream] += len(text)
        if len(text) <= room:
            return text
        return text[:room] + _CUT if room > 0 else ""


def merge_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join what a cell printed into one output per stream.

    A kernel sends what was printed in pieces that depend on the clock; joined they do not.
    """
    merged: list[NotebookNode] = []
    streams: dict[str, NotebookNode] = {}
    for output in outputs:
        if output.output_type != "stream":
            merged.append(output)
        elif output.name in streams:
            streams[output.name].text += output.text
        else:
            streams[output.name] = output
            merged.append(output)
    return merged


def redact_errors(outputs: list[NotebookNode]) -> None:
    """Mask the personal numbers that an error message may quote from the data."""
    for output in outputs:
        if output.output_type == "error":
            output.evalue = redact(output.evalue)
            output.traceback = [redact(line) for line in output.traceback]


def size_of(notebook: NotebookNode) -> int:
    """Characters in all outputs of a notebook."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    printed = sum(len(output.get("text", "")) for output in outputs)
    parts = (part for output in outputs for part in output.get("data", {}).values())
    return printed + sum(len(str(part)) for part in parts)
