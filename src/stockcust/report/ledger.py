"""What is known of each report: how it was made, from what, and whether it may be trusted."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import stockcust
from stockcust.report.files import move_whole, write_json

RECORD = "run.json"
REPORT = "report.html"
FAILED = "run.failed.ipynb"
_PACKAGES = (
    *("pandas", "numpy", "scipy", "statsmodels", "narwhals", "pyarrow"),
    *("matplotlib", "great-tables", "papermill", "nbclient", "nbconvert", "ipykernel"),
)

Status = Literal["done", "failed"]


@dataclass(frozen=True, slots=True)
class Good:
    """The report that lies in the folder, made by this run or an earlier one."""

    inputs: str
    sha256: str
    finished: str


@dataclass(frozen=True, slots=True)
class Record:
    """The last run of one report, as it stands in ``run.json``.

    ``good`` is the report beside it; after a failed run that is an earlier one, or None.
    ``seconds`` splits the run into start-up, compute, plots and html.
    """

    branch_id: str | None
    status: Status
    notebook: str
    parameters: dict[str, Any]
    inputs: str
    engine: str
    started: str
    finished: str
    seconds: dict[str, float] = field(default_factory=dict)
    error: str | None = None
    warnings: list[str] = field(default_factory=list)
    good: Good | None = None
    run: dict[str, Any] = field(default_factory=dict)

    @property
    def is_done(self) -> bool:
        """Whether the last run made its report."""
        return self.status == "done"


def read_record(folder: Path) -> Record | None:
    """Read ``run.json``; None if there is none or it cannot be understood."""
    try:
        content = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        good = content.pop("good")
        return Record(**content, good=Good(**good) if good else None)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def is_current(folder: Path, inputs: str) -> bool:
    """Whether the folder holds, unharmed, the report that these inputs make (their hash)."""
    record = read_record(folder)
    if record is None or record.good is None or record.good.inputs != inputs:
        return False
    report = folder / REPORT
    return report.is_file() and _digest(report) == record.good.sha256


def publish(folder: Path, work: Path, record: Record) -> Record:
    """Put a run's results in their place, the record last; a failure keeps the earlier report.

    Parameters
    ----------
    folder : where the report belongs.
    work : the folder, on the same file system, that the run wrote to.
    record : the run; its ``good`` is filled in here.

    Returns
    -------
    the record as written.
    """
    good: Good | None
    folder.mkdir(parents=True, exist_ok=True)
    if record.is_done:
        move_whole(work / REPORT, folder / REPORT)
        (folder / FAILED).unlink(missing_ok=True)
        good = Good(record.inputs, _digest(folder / REPORT), record.finished)
    else:
        if (work / FAILED).is_file():
            move_whole(work / FAILED, folder / FAILED)
        before = read_record(folder)
        good = before.good if before and (folder / REPORT).is_file() else None
    written = replace(record, good=good)
    write_json(folder / RECORD, asdict(written))
    return written


def package_versions() -> dict[str, str]:
    """Versions that a report may depend on, Python's among them."""
    versions = {name: importlib.metadata.version(name) for name in _PACKAGES}
    return {"stockcust": stockcust.__version__, "python": platform.python_version(), **versions}


@lru_cache(maxsize=1)
def code_hash() -> str:
    """Hash of this package's code, texts and styles, and of the versions it stands on."""
    root = Path(str(resources.files("stockcust")))
    files = [p for p in root.rglob("*") if p.suffix in {".py", ".yaml", ".css", ".j2"}]
    return hash_of(hash_of_files(files), json.dumps(package_versions(), sort_keys=True))


def inputs_of(notebook: Path, parameters: Mapping[str, Any], *data: str) -> str:
    """Hash of all that a report depends on.

    Parameters
    ----------
    notebook : path of the ``.ipynb`` file.
    parameters : those that say what to show; leave out mere places.
    data : hashes of the data and the rules that the notebook reads.
    """
    settings = json.dumps(parameters, sort_keys=True, ensure_ascii=False)
    return hash_of(_content(notebook), settings, code_hash(), *data)


def _content(notebook: Path) -> str:
    """What a notebook does, without the outputs and ids that change when it is saved."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    what = [(c["cell_type"], c["metadata"].get("tags"), "".join(c["source"])) for c in cells]
    return json.dumps(what, ensure_ascii=False)


def hash_of(*parts: str | bytes) -> str:
    """Hash parts one after another so that no two lists of parts give the same text."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def hash_of_files(paths: Iterable[Path]) -> str:
    """Hash the names and contents of files, whatever the order they are given in."""
    return hash_of(*(part for path in sorted(paths) for part in (path.name, path.read_bytes())))


def now() -> str:
    """The moment in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
