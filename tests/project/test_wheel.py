"""What is installed works by itself: outside the checkout, without it, with every data file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "src", "notebooks")
Command = Callable[..., str]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """The installed command, in a folder of its own; returns what it prints."""
    home = tmp_path_factory.mktemp("installed")
    python = _installed(_wheel(home), home)
    # what is not of this package comes from the environment of the tests
    environment = os.environ | {"JUPYTER_PATH": str(Path(sys.prefix, "share", "jupyter"))}

    def run(*arguments: str) -> str:
        program = python.with_name("stockcust")
        ended = subprocess.run(
            [program, *arguments], cwd=home, env=environment, capture_output=True, text=True,
            encoding="utf-8",
        )  # fmt: skip
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    run("sample", "bank", "--branches", "2", "--customers", "150", "--months", "8", "--seed", "1")
    run.home = home  # type: ignore[attr-defined]
    return run


def _wheel(home: Path) -> Path:
    copy = home / "sources"
    copy.mkdir()
    for name in SOURCES:
        place = ROOT / name
        if place.is_dir():
            leave = shutil.ignore_patterns("__pycache__", "*.egg-info", "kernel-ipc*")
            shutil.copytree(place, copy / name, ignore=leave)
        else:
            shutil.copy(place, copy / name)
    _call(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", home, copy)
    shutil.rmtree(copy)
    (wheel,) = home.glob("*.whl")
    return wheel


def _installed(wheel: Path, home: Path) -> Path:
    venv.create(home / "venv", with_pip=True)
    python = home / "venv" / "bin" / "python"
    _call(python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel)
    packages = next((home / "venv").glob("lib/*/site-packages"))
    (packages / "others.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python


def _call(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


def test_a_report_per_branch_is_made(command):
    assert "3 made, 0 unchanged, 0 failed" in command("report", "bank", "--out", "reports")
    assert "0 made, 3 unchanged, 0 failed" in command("report", "bank", "--out", "reports")
    pages = sorted((command.home / "reports").glob("*/*/report.html"))
    assert [page.parent.name for page in pages] == ["0101", "0102", "__network"]


def test_the_reference_engine_finds_the_installed_package(command):
    made = command(
        "report", "bank", "--out", "kernel", "--engine", "kernel", "--branch", "0101",
        "--lang", "en",
    )  # fmt: skip
    assert "1 made, 0 unchanged, 0 failed" in made


def test_files_are_checked_scored_and_mapped(command):
    assert "customers" in command("check", "bank", "--lang", "en", "--out", "check/index.html")
    assert (command.home / "check" / "rejects.csv").is_file()
    command("score", "bank", "--out", "scores.parquet", "--engine", "polars")
    assert len(pd.read_parquet(command.home / "scores.parquet")) > 100
    assert "customer_id: 客户号" in command("init-mapping", "bank/customers.parquet")
