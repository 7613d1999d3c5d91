"""What the docs say is what the code does."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

import stockcust

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_table_of_parameters_is_that_of_the_notebooks():
    docs = runpy.run_path(str(ROOT / "docs" / "parameters.py"))
    assert docs["PAGE"].read_text(encoding="utf-8") == docs["table"]()


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)]+)\)", README))
def test_every_link_of_the_readme_leads_somewhere(target):
    assert (ROOT / target).exists()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`?make ([a-z-]+)", README))))
def test_every_make_target_of_the_readme_exists(target):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"sc\.(\w+)", README))))
def test_every_function_of_the_readme_is_public(name):
    assert name in stockcust.__all__


def test_the_readme_shows_the_rooms_there_are():
    rooms = re.findall(r"^  (\w+)(?:/|\.py) ", README, flags=re.MULTILINE)
    package = ROOT / "src" / "stockcust"
    there = {p.stem for p in package.iterdir() if p.name[0] not in "_." and p.suffix != ".typed"}
    assert set(rooms) == there - {"errors", "privacy"}
