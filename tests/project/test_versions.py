"""Ranges, exact versions and the conda environment tell one story."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import stockcust

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
REQUIREMENTS = [Requirement(r) for r in PROJECT["dependencies"] + sum(EXTRAS.values(), [])]
LOCK_LINES = [
    line
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
LOCK = {canonicalize_name(name): version for name, version in (x.split("==") for x in LOCK_LINES)}
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
FIXED = ["jupyterlab", "pandas", "numpy", "matplotlib", "seaborn", "statsmodels", "papermill"]


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda r: r.name)
def test_the_lock_pins_every_requirement_inside_its_range(requirement):
    assert requirement.specifier.contains(LOCK[canonicalize_name(requirement.name)])


def test_the_lock_holds_exact_versions_without_addresses_or_hashes():
    assert all(re.fullmatch(r"[\w.-]+==[\w.!+]+", line) for line in LOCK_LINES)


@pytest.mark.parametrize("name", [*FIXED, "nbval"])
def test_what_the_product_is_built_on_is_required(name):
    assert name in {canonicalize_name(r.name) for r in REQUIREMENTS}


def test_conda_gives_python_and_pip_gives_the_rest():
    conda = [d for d in ENVIRONMENT["dependencies"] if isinstance(d, str)]
    (pip,) = (d["pip"] for d in ENVIRONMENT["dependencies"] if isinstance(d, dict))
    assert [c.split("=")[0] for c in conda] == ["python", "pip"]
    assert SpecifierSet(PROJECT["requires-python"]).contains(conda[0].split("=")[1] + ".0")
    constraint, editable = pip
    assert (ROOT / constraint.removeprefix("-c ")).is_file()
    assert set(re.search(r"\[(.+)\]", editable)[1].split(",")) <= set(EXTRAS)


def test_the_package_knows_its_version():
    assert stockcust.__version__ == PROJECT["version"]
