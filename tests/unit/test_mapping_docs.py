"""docs/mapping.md names every key of a mapping, shows each one at work, and shows what comes out."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from stockcust.errors import MappingError
from stockcust.tables.mapping.derivations import (
    BirthNumber,
    Derivation,
    HashBucket,
    Joined,
    PlusMonths,
)
from stockcust.tables.mapping.load import load_mapping
from stockcust.tables.mapping.model import BankMapping, LastOfDay, Lookup, MonthlyBalance, Source
from stockcust.tables.mapping.parts import DateFormat, FileName, Format

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "mapping.md").read_text(encoding="utf-8")
DOCS = runpy.run_path(str(ROOT / "docs" / "mapping.py"))
MODELS = {
    "整个文件": BankMapping,
    "一段来源": Source,
    "format": Format,
    "date_format": DateFormat,
    "from_file_name": FileName,
    "lookup": Lookup,
    "derive": Derivation,
    "joined": Joined,
    "hash_bucket": HashBucket,
    "czech_birth_number": BirthNumber,
    "plus_months": PlusMonths,
    "monthly_balance": MonthlyBalance,
    "last_of_day": LastOfDay,
}


def key_tables() -> dict[str, dict[str, bool]]:
    """By what stands above each table of keys: the keys, and whether they are said to be needed."""
    found: dict[str, dict[str, bool]] = {}
    label = ""
    for line in PAGE.splitlines():
        if line.startswith("## ") or line.endswith("："):
            named = re.search(r"`(\w+)`", line)
            label = named[1] if named else line.removeprefix("## ")
        elif row := re.match(r"\| `(\w+)` \| (.*?) ?\|", line):
            found.setdefault(label, {})[row[1]] = row[2] == "必填"
    return found


def examples() -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S)


def models_in(value: object) -> Iterator[BaseModel]:
    """A model and all that stand in it."""
    if isinstance(value, BaseModel):
        yield value
        value = [getattr(value, name) for name in value.model_fields_set]
    if isinstance(value, dict) or hasattr(value, "items"):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from models_in(each)


@pytest.mark.parametrize("label", MODELS)
def test_the_page_names_exactly_the_keys_that_there_are(label: str) -> None:
    fields = MODELS[label].model_fields
    assert key_tables()[label] == {name: field.is_required() for name, field in fields.items()}


def test_no_table_of_keys_is_of_something_else() -> None:
    assert set(key_tables()) == set(MODELS)


def test_every_key_is_used_in_an_example_that_loads(tmp_path: Path) -> None:
    used: dict[type[BaseModel], set[str]] = {model: set() for model in MODELS.values()}
    n_wrong = 0
    for i, text in enumerate(examples()):
        path = tmp_path / f"{i}.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            mapping, _ = load_mapping(path)
        except MappingError:
            n_wrong += 1
            continue
        for model in models_in(mapping):
            used[type(model)] |= model.model_fields_set
    assert n_wrong == 1  # the one that shows what a wrong mapping is told
    assert {
        m: set(m.model_fields) - names for m, names in used.items() if names != set(m.model_fields)
    } == {}


def test_what_comes_out_of_each_example_is_what_the_page_says() -> None:
    assert len(examples()) == PAGE.count("\n```text\n")
    assert DOCS["fresh"](PAGE) == PAGE


def test_the_readme_and_a_proposed_mapping_lead_to_the_page() -> None:
    assert "(docs/mapping.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    words = ROOT / "src" / "stockcust" / "tables" / "propose" / "words.yaml"
    assert "docs/mapping.md" in words.read_text(encoding="utf-8")
