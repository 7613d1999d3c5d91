"""Fixtures of the report run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from report_fakes import BRANCH, FACTS, PARAMETERS, network_of, write_notebook

from stockcust.report.freeze import Frozen
from stockcust.report.plan import Plan, plan_reports
from stockcust.sample import generate, write_sample


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of a small generated bank."""
    return write_sample(generate(2, 150, 8, seed=1), tmp_path_factory.mktemp("bank") / "files")


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a notebook into the test's folder."""

    def write_here(*cells: str, parameters: str = BRANCH, name: str = "report.ipynb") -> Path:
        return write_notebook(tmp_path / name, cells, parameters)

    return write_here


@pytest.fixture
def frozen(tmp_path: Path) -> Frozen:
    """Two branches, frozen."""
    results = tmp_path / "results"
    network = network_of(B1="城东支行", B2="城西支行")
    network.save(results)
    return Frozen(results, FACTS, network)


@pytest.fixture
def plan_of(tmp_path: Path) -> Callable[[Frozen, Path], Plan]:
    """Plan a report of each branch from one notebook, with a short overview."""
    overview = write_notebook(tmp_path / "overview.ipynb", ["#md\n# 全网"], PARAMETERS)

    def plan(frozen: Frozen, notebook: Path, **options: object) -> Plan:
        return plan_reports(
            frozen,
            lang="zh",
            branch_notebook=notebook,
            overview_notebook=overview,
            **options,
        )

    return plan
