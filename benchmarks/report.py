"""Seconds per branch report: the fork engine against plain papermill and the command lines.

All three make the reports of the same branches of the sample from the same frozen results, and
what the pages show is compared before anything is said about speed.

Usage: python benchmarks/report.py [--branches N]
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean

from bs4 import BeautifulSoup

from stockcust.report.freeze import FROZEN, Frozen, freeze
from stockcust.report.prepare import PREPARED, Sources
from stockcust.report.run import run_reports

ROOT = Path(__file__).parents[1]
SAMPLE, NOTEBOOK = ROOT / "data" / "sample", ROOT / "notebooks" / "90_branch_report.ipynb"
WORKERS = 2


def main(n_branches: int) -> None:
    """Make the reports three ways and print what each took."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        seconds, frozen = _timed(lambda: freeze(Sources(SAMPLE), out / "fork"))
        print(f"prepare and network: {seconds:.1f} s for {len(frozen.network.branches)} branches")
        shutil.copytree(out / "fork" / PREPARED, out / "again" / PREPARED)
        again, _ = _timed(lambda: freeze(Sources(SAMPLE), out / "again"))
        print(f"network alone, as for another day or rulebook: {again:.1f} s")
        branches = list(frozen.network.branches["branch_id"][:n_branches])
        shutil.copytree(out / "fork" / FROZEN, out / "kernel" / FROZEN)
        took = {
            "fork": _timed(lambda: _run(out / "fork", branches, "fork"))[0],
            "kernel": _timed(lambda: _run(out / "kernel", branches, "kernel"))[0],
            "cli": _timed(lambda: _by_command_lines(frozen, branches, out / "cli"))[0],
        }
        _require_same_pages(out, branches)
        _print_split(out / "fork", took["fork"] * WORKERS / len(branches))
    for way, total in took.items():
        per_minute = 60 * len(branches) / total
        print(f"{way}: {total / len(branches):.2f} s per report, {per_minute:.0f} a minute")
    for rival in ("kernel", "cli"):
        print(f"fork v {rival}: {took[rival] / took['fork']:.1f}x")


def _timed(work: Callable[[], object]) -> tuple[float, Frozen]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result  # type: ignore[return-value]


def _run(out: Path, branches: Sequence[str], engine: str) -> None:
    workers = WORKERS if engine == "fork" else 1
    summary = run_reports(
        SAMPLE, out=out, branches=branches, engine=engine, workers=workers, progress=False
    )
    if summary.failed:
        sys.exit(f"{engine}: {summary.failed}")


def _by_command_lines(frozen: Frozen, branches: Sequence[str], out: Path) -> None:
    """What a shell loop over papermill and nbconvert would do."""
    out.mkdir()
    for branch in branches:
        made = out / f"{branch}.ipynb"
        parameters = ["-p", "results", str(frozen.results), "-r", "branch_id", branch]
        _call("papermill", str(NOTEBOOK), str(made), "--no-progress-bar", *parameters)
        _call("nbconvert", "--to", "html", "--no-input", str(made))


def _call(module: str, *arguments: str) -> None:
    command = [sys.executable, "-m", module, *arguments]
    subprocess.run(command, check=True, capture_output=True, cwd=NOTEBOOK.parent)


def _require_same_pages(out: Path, branches: Sequence[str]) -> None:
    for branch in branches:
        pages = {
            "fork": next((out / "fork").glob(f"*/{branch}/report.html")),
            "kernel": next((out / "kernel").glob(f"*/{branch}/report.html")),
            "cli": out / "cli" / f"{branch}.html",
        }
        shown = {way: _shown(page) for way, page in pages.items()}
        if len(set(shown.values())) > 1:
            sys.exit(f"the reports of {branch} differ; nothing is timed")


def _shown(page: Path) -> tuple[int, str]:
    """How many pictures a page has, and what its tables say."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    words = (" ".join(table.get_text(" ").split()) for table in soup.find_all("table"))
    return len(soup.find_all("img")), "\n".join(words)


def _print_split(out: Path, seconds: float) -> None:
    """Where a worker's time goes; what is not measured in the report is start-up."""
    runs = [json.loads(file.read_text(encoding="utf-8")) for file in out.glob("*/*/run.json")]
    parts = {part: mean(run["seconds"][part] for run in runs) for part in runs[0]["seconds"]}
    parts = {"start-up": seconds - sum(parts.values()), **parts}
    print("fork, per report: " + ", ".join(f"{part} {s:.2f} s" for part, s in parts.items()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--branches", type=int, default=8)
    main(parser.parse_args().branches)
