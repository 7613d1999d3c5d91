"""The feature dictionary says of every column what it is."""

from __future__ import annotations

from collections import Counter

import pytest

from stockcust.customers import FEATURES, SALEABLE_CLASSES
from stockcust.errors import RulebookError
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


def test_the_rulebook_sells_what_the_customers_have_signals_of_and_can_sell_nothing_else():
    rules = load_rulebook()
    assert rules.saleable_classes == SALEABLE_CLASSES
    columns = {f.name for f in FEATURES}
    assert {f"has_inquiry_30d__{c}" for c in rules.saleable_classes} <= columns
    for other in set(rules.product_classes) - set(SALEABLE_CLASSES):
        with pytest.raises(RulebookError, match=f"product_classes.{other}.is_saleable"):
            rules.with_changes({f"product_classes.{other}.is_saleable": True})


def test_every_item_of_mans_evidence_is_a_column():
    man = load_rulebook().man
    columns = {f.name for f in FEATURES}
    evidence = {*man.authority.score_items, *man.need.strong, *man.need.weak}
    assert evidence <= columns
