"""The architecture is what the folder list says, and imports go downwards only."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import stockcust

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "stockcust"
LAYERS = [
    "errors",
    "privacy",
    "rulebook",
    "tables",
    "customers",
    "segmentation",
    "man",
    "kpis",
    "network",
    "present",
    "report",
    "cli",
]
CORE = LAYERS[: LAYERS.index("present")]
NOT_IN_THE_CORE = {"matplotlib", "seaborn", "great_tables", "papermill", "nbconvert", "nbclient"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def _room(module: Path) -> str:
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imports(module: Path) -> set[str]:
    """Dotted names of everything a module imports, at any depth."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{module}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _rooms_imported(module: Path) -> set[str]:
    parts = (name.split(".") for name in _imports(module) if name.startswith("stockcust."))
    return {p[1] for p in parts}


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(PACKAGE)))
def test_a_room_imports_only_rooms_below_it(module):
    room = _room(module)
    if room == "__init__":
        return
    below = {"errors"} if room == "sample" else set(LAYERS[: LAYERS.index(room)])
    allowed = below | {room, "__version__"} | ({"sample"} if room == "cli" else set())
    assert _rooms_imported(module) <= allowed


@pytest.mark.parametrize(
    "module", [m for m in MODULES if _room(m) in CORE], ids=lambda m: str(m.relative_to(PACKAGE))
)
def test_the_core_draws_nothing_and_runs_no_notebook(module):
    assert not {name.split(".")[0] for name in _imports(module)} & NOT_IN_THE_CORE


def test_every_room_is_in_the_order():
    rooms = {_room(m) for m in MODULES} - {"__init__", "__main__", "sample"}
    assert rooms == set(LAYERS)


@pytest.mark.parametrize("name", stockcust.__all__)
def test_every_public_name_exists_and_says_what_it_is(name):
    public = getattr(stockcust, name)
    assert public.__doc__, f"{name} has no docstring"


def test_an_unknown_public_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'read_banks'"):
        _ = stockcust.read_banks


def test_the_top_level_holds_what_the_readme_says():
    wanted = {"notebooks", "src", "data", "reports", "tests", "environment.yml", "README.md"}
    assert wanted <= {p.name for p in ROOT.iterdir()}
