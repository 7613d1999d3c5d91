"""The command line answers at once, says what is wrong in one message, and ends with a code."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

import stockcust
from stockcust import cli
from stockcust.errors import CallError, Problem
from stockcust.report import run
from stockcust.report.render import RunSummary

HEAVY = ("pandas", "numpy", "polars", "duckdb", "matplotlib", "papermill", "IPython", "pydantic")


@pytest.fixture
def command(monkeypatch, capsys):
    """Run a command line; return its exit code, output and errors."""

    def run_command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["stockcust", *arguments])
        with pytest.raises(SystemExit) as end:
            cli.main()
        out, err = capsys.readouterr()
        return end.value.code or 0, out, err

    return run_command


@pytest.fixture
def reports(monkeypatch):
    """Let `run_reports` do something else; return what it was called with."""
    called: dict[str, object] = {}

    def replace_by(result: RunSummary | Exception) -> dict[str, object]:
        def fake(data: Path, **options: object) -> RunSummary:
            called.update(data=data, **options)
            if isinstance(result, Exception):
                raise result
            return result

        monkeypatch.setattr(run, "run_reports", fake)
        return called

    return replace_by


def test_help_answers_at_once_and_imports_nothing_heavy():
    code = f"""
import sys
from stockcust.cli import main
sys.argv = ["stockcust", "--help"]
try:
    main()
finally:
    print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)
"""
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        ended = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        seconds.append(time.perf_counter() - started)
        assert ended.stderr.strip() == "[]"
    assert min(seconds) < 0.6
    for name in ("check", "report", "score", "sample", "init-mapping"):
        assert name in ended.stdout


def test_the_version_is_the_packages(command):
    assert command("--version") == (0, f"stockcust {stockcust.__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["report", "--brnch", "B1", "data"], "No such option: --brnch"),
        (["report"], "Missing argument"),
        (["rport", "data"], "No such command 'rport'"),
        (["report", "data", "--lang", "fr"], "'--lang'"),
        (["report", "data", "--workers", "0"], "'--workers'"),
        (["report", "data", "--workers", "two"], "'--workers'"),
        (["report", "data", "--engine", "frok"], "'--engine'"),
        (["score", "data"], "Missing option '--out'"),
        (["score", "data", "--out", "x", "--engine", "dask"], "'--engine'"),
        (["report", "/nowhere/data"], "/nowhere/data: the data does not exist"),
        (["score", "/nowhere/data", "--out", "x.parquet"], "/nowhere/data"),
        (["check", "/nowhere/data"], "/nowhere/data"),
    ],
)
def test_what_is_wrong_is_said_once_without_a_traceback(
    command, arguments, message, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    code, out, err = command(*arguments)
    assert code == 1
    assert message in err
    assert "Traceback" not in out + err


def test_a_mistyped_option_ends_with_1_as_a_program_too():
    ended = subprocess.run(
        [sys.executable, "-m", "stockcust.cli", "report", "--brnch", "B1", "data"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "--brnch" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_options_reach_the_run(command, reports):
    called = reports(RunSummary(Path("reports/2026-06-30"), ("B1", "B2")))
    line = "report data --as-of 2026-06-30 --branch B1 --branch B2 --out o --lang en --workers 2 --dimension age"
    code, out, _ = command(
        *line.split(), *["--rulebook", "r", "--mapping", "m", "--engine", "kernel", "--fresh"]
    )
    assert code == 0
    assert "2 made, 0 unchanged, 0 failed" in out
    assert "index: reports/2026-06-30/index.html" in out
    assert called == {
        "data": Path("data"),
        "as_of": "2026-06-30",
        "out": Path("o"),
        "branches": ["B1", "B2"],
        "lang": "en",
        "dimension": "age",
        "rulebook": Path("r"),
        "mapping": Path("m"),
        "workers": 2,
        "engine": "kernel",
        "fresh": True,
    }


def test_failed_branches_are_listed_and_the_code_is_3(command, reports):
    reports(RunSummary(Path("r"), ("B1",), (), {"B2": "ValueError: no"}))
    code, out, err = command("report", "data")
    assert code == 3
    assert "1 made, 0 unchanged, 1 failed" in out
    assert "failed: B2: ValueError: no" in err


def test_all_problems_of_the_input_are_told(command, reports):
    reports(CallError(Problem("is bad", "a.csv", "mend it"), Problem("is worse", "b.csv")))
    code, _, err = command("report", "data")
    assert code == 1
    assert "a.csv: is bad -> mend it" in err
    assert "b.csv: is worse" in err


def test_a_full_disk_is_one_message(command, reports):
    reports(OSError(28, "No space left on device", "reports/x"))
    assert command("report", "data") == (1, "", "stockcust: No space left on device: reports/x\n")


def test_the_unexpected_leaves_its_details_in_a_file_without_personal_numbers(command, reports):
    reports(RuntimeError("customer 13800001111"))
    code, out, err = command("report", "data")
    assert code == 1
    assert "unexpected error: RuntimeError" in err
    assert "Traceback" not in out + err
    log = Path(re.search(r"details are in (\S+)", err)[1])
    text = log.read_text(encoding="utf-8")
    log.unlink()
    assert "Traceback" in text
    assert "138****1111" in text
    assert "13800001111" not in text
