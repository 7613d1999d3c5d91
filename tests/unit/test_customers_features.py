"""The feature dictionary says of every column what it is."""

from __future__ import annotations

from collections import Counter

from stockcust.customers import FEATURES, SALEABLE_CLASSES
from stockcust.rulebook import load_rulebook
from stockcust.tables.contract import load_contract


def test_every_column_is_described_once():
    assert max(Counter(feature.name for feature in FEATURES).values()) == 1
    assert all(feature.source for feature in FEATURES)


def test_money_shares_counts_and_flags_are_named_as_such():
    units = {f.name.split("__")[0]: f.unit for f in FEATURES}
    for name, unit in units.items():
        assert name.endswith("_cny") == (unit == "CNY"), name
        assert name.startswith(("is_", "has_")) == (unit == "flag"), name
        assert ("_share_" in f"{name}_") == (unit == "share"), name


def test_sources_name_tables_or_columns_that_exist():
    known = {*load_contract().tables, *(f.name for f in FEATURES)}
    known |= {f.name.split("__")[0] for f in FEATURES} | {"need_tags"}
    for feature in FEATURES:
        first = feature.source.replace(".", " ").replace(":", " ").replace(",", " ").split()[0]
        assert first in known, feature


def test_saleable_classes_are_those_of_the_rulebook():
    classes = load_rulebook().product_classes
    assert {c for c, rule in classes.items() if rule.is_saleable} == set(SALEABLE_CLASSES)


def test_every_item_of_mans_evidence_is_a_column():
    man = load_rulebook().man
    columns = {f.name for f in FEATURES}
    evidence = {*man.authority.score_items, *man.need.strong, *man.need.weak}
    assert evidence <= columns
