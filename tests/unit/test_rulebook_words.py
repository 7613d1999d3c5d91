"""Every word of the rulebook: two languages, closed lists, the columns of the input contract."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import get_args

import pytest
import yaml

from stockcust.rulebook import Rulebook, load_rulebook
from stockcust.rulebook.base import Label
from stockcust.rulebook.places import did_you_mean
from stockcust.rulebook.vocabulary import (
    Channel,
    ChildAgeBand,
    CustomerRisk,
    InformationItem,
    ProductClass,
    ProductRisk,
    TransactionKind,
)

RULES = load_rulebook()
TABLES = yaml.safe_load(files("stockcust.tables").joinpath("contract.yaml").read_bytes())["tables"]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# words and header terms that are compared with what banks write, never shown
COMPARED = {
    "words", "keywords", "terms", "negations", "loan_words", "header_terms", "redacted_terms",
    "promise_words", "occupation", "solar_term",
}  # fmt: skip


def _texts(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _texts(below, name)
    elif isinstance(value, list):
        for below in value:
            yield from _texts(below, key)
    elif isinstance(value, str):
        yield key, value


def _labels(model: object) -> Iterator[Label]:
    if isinstance(model, Label):
        yield model
    elif isinstance(model, dict):
        for below in model.values():
            yield from _labels(below)
    elif isinstance(model, tuple):
        for below in model:
            yield from _labels(below)
    elif hasattr(type(model), "model_fields"):
        for name in type(model).model_fields:
            yield from _labels(getattr(model, name))


def test_chinese_stands_only_in_zh_texts_and_in_words_that_are_compared():
    stray = {(k, t) for k, t in _texts(RULES.content()) if CHINESE.search(t)}
    assert {key for key, _ in stray} <= COMPARED | {"zh"}


def test_every_text_is_there_in_both_languages():
    labels = list(_labels(RULES))
    assert len(labels) > 350
    for label in labels:
        assert label["zh"].strip() == label.zh
        assert label["en"].strip() == label.en


def test_zh_texts_are_chinese_but_for_names_of_letters():
    assert {label.zh for label in _labels(RULES) if not CHINESE.search(label.zh)} == {"MAN"}


@pytest.mark.parametrize(
    "section",
    ["channels", "product_classes", "need_tags", "tools", "owners", "groups", "unknown_plans",
     "bands", "dimensions", "strategies"],
)  # fmt: skip
def test_everything_that_is_named_in_a_section_has_a_label_of_its_own(section):
    entries = getattr(RULES, section)
    for lang in ("zh", "en"):
        labels = [entry.label[lang] for entry in entries.values()]
        assert len(set(labels)) == len(labels) > 0


def _codes(table: str, column: str) -> set[str]:
    return set(TABLES[table]["columns"][column]["codes"])


@pytest.mark.parametrize(
    ("words", "table", "column"),
    [
        (Channel, "contacts", "channel"),
        (ProductClass, "holdings", "product_class"),
        (CustomerRisk, "customers", "risk_level"),
        (ProductRisk, "products", "product_risk"),
        (TransactionKind, "transactions", "kind"),
    ],
)
def test_the_closed_lists_are_the_codes_of_the_contract(words, table, column):
    assert set(get_args(words)) == _codes(table, column)


def test_the_ages_of_children_are_codes_of_the_contract():
    assert {*get_args(ChildAgeBand), "none", "adult"} == _codes("customers", "child_age_band")


def test_information_items_are_columns_of_the_customer_master():
    assert set(get_args(InformationItem)) <= set(TABLES["customers"]["columns"])


@pytest.mark.parametrize("name", ["gender", "income_source", "customer_nature"])
def test_coded_dimensions_list_all_codes_but_the_unknown(name):
    dimension = RULES.dimensions[name]
    assert set(dimension.codes) == _codes("customers", dimension.column) - {"U", "unknown"}


def test_every_channel_and_product_class_has_a_label():
    assert set(RULES.channels) == set(get_args(Channel))
    assert set(RULES.product_classes) == set(get_args(ProductClass))


def test_every_channel_counts_as_contact_or_as_touch():
    frequency = RULES.familiarity.contact_frequency
    assert {*frequency.counted_channels, *frequency.touch_only_channels} == set(RULES.channels)


def test_need_words_are_said_for_one_need_only():
    words = [word for tag in RULES.need_tags.values() for word in tag.words]
    assert len(set(words)) == len(words)


def test_audiences_name_codes_of_the_contract():
    audiences = [a.audience for a in RULES.service.activities.values()]
    audiences += [f.audience for f in RULES.service.care.festivals.values() if f.audience]
    for audience in audiences:
        for column in ("customer_nature", "income_source", "child_age_band"):
            assert set(getattr(audience, column) or ()) <= _codes("customers", column)


def test_purposes_are_purposes_of_the_contract():
    assert set(RULES.purposes.items) <= _codes("assignments", "purpose")


def test_every_tool_and_owner_is_used_by_a_plan():
    plans = [*RULES.groups.values(), *RULES.unknown_plans.values()]
    assert {tool for plan in plans for tool in plan.tools} == set(RULES.tools)
    assert {owner for plan in plans for owner in plan.owners} == set(RULES.owners)


@pytest.mark.parametrize(
    ("word", "remedy"),
    [("grups", "did you mean groups?"), ("TIERS", "did you mean tiers?"), ("zzz", "use one of version")],
)  # fmt: skip
def test_the_nearest_valid_word_is_named(word, remedy):
    assert did_you_mean(word, Rulebook.model_fields).startswith(remedy)
