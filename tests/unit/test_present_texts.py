"""Texts: complete in both languages, strict about keys and values, amounts as readers expect."""

from __future__ import annotations

import itertools
from typing import get_args

import pytest
import yaml
from present_frames import RULES, scored

from stockcust.errors import CallError
from stockcust.man.authority import judge_authority
from stockcust.man.calibration import Verdict
from stockcust.man.need import judge_need
from stockcust.man.priority import LISTED, NO_SELLING, RESERVE, UNASSIGNED
from stockcust.man.score import judge_money
from stockcust.man.separation import Separates
from stockcust.present.reasons import LETTERS, familiarity_reasons, letter_reasons, say_codes
from stockcust.present.texts import LANGUAGES, Texts
from stockcust.present.texts.lookup import load_texts, placeholders, texts_file
from stockcust.segmentation.base_table import NOT_EFFECTIVE
from stockcust.segmentation.familiarity import UNKNOWN, judge_familiarity
from stockcust.segmentation.migrations import DIRECTIONS, LEFT, NEW
from stockcust.tables.codes import NOTICES, REASONS
from stockcust.tables.contract import load_contract
from stockcust.tables.details import DETAILS

BOTH = pytest.mark.parametrize("lang", LANGUAGES)


def test_both_languages_have_the_same_keys_in_the_same_order():
    assert list(load_texts("zh")) == list(load_texts("en"))


def test_both_languages_take_the_same_values_in_each_text():
    zh, en = load_texts("zh"), load_texts("en")
    assert {k: placeholders(zh[k]) for k in zh} == {k: placeholders(en[k]) for k in en}


@BOTH
def test_no_key_stands_twice_and_every_key_is_text(lang):
    def pairs(node, path=()):
        if isinstance(node, yaml.MappingNode):
            names = [key.value for key, _ in node.value]
            assert len(names) == len(set(names)), f"{path} has a key twice"
            for key, value in node.value:
                assert key.tag == "tag:yaml.org,2002:str", f"{path} {key.value} is no text"
                pairs(value, (*path, key.value))

    pairs(yaml.compose(texts_file(lang).read_text(encoding="utf-8")))


def test_english_texts_hold_no_chinese():
    assert not [
        k for k, text in load_texts("en").items() if any("\u3400" <= c <= "\u9fff" for c in text)
    ]


def test_an_unknown_key_is_an_error_that_names_the_nearest():
    with pytest.raises(CallError, match="'quadrants.nam'; did you mean 'quadrants.name'"):
        Texts("zh")("quadrants.nam")


@pytest.mark.parametrize("values", [{}, {"n": 1, "m": 2}, {"m": 1}])
def test_missing_and_superfluous_values_are_errors(values):
    with pytest.raises(CallError, match=r"takes \['n'\]"):
        Texts("en")("customers", **values)


def test_an_unknown_language_is_an_error():
    with pytest.raises(CallError, match="'fr'"):
        Texts("fr")


@pytest.mark.parametrize(
    ("yuan", "zh", "en"),
    [
        (0, "0元", "CNY 0"),
        (0.5, "0.50元", "CNY 0.50"),
        (999.4, "999元", "CNY 999"),
        (999.6, "1,000元", "CNY 1k"),
        (8_523.17, "8,523元", "CNY 8.52k"),
        (50_000, "5万元", "CNY 50k"),
        (123_456, "12.3万元", "CNY 123k"),
        (999_999, "100万元", "CNY 1m"),
        (99_999_999, "1亿元", "CNY 100m"),
        (308_000_000, "3.08亿元", "CNY 308m"),
        (1.5e12, "15,000亿元", "CNY 1,500,000m"),
        (None, "未知", "unknown"),
        (float("nan"), "未知", "unknown"),
    ],
)
def test_amounts_read_as_a_banker_writes_them(yuan, zh, en):
    assert (Texts("zh").money(yuan), Texts("en").money(yuan)) == (zh, en)


@pytest.mark.parametrize(
    ("yuan", "zh", "en"),
    [(12_000, "+1.20万元", "+CNY 12k"), (-500, "-500元", "-CNY 500"), (0, "0元", "CNY 0")],
)
def test_changes_have_a_sign(yuan, zh, en):
    assert (Texts("zh").money_change(yuan), Texts("en").money_change(yuan)) == (zh, en)


@pytest.mark.parametrize(
    ("share", "digits", "said"),
    [
        (0, 0, "0%"),
        (1, 1, "100%"),
        (0.384, 0, "38%"),
        (0.0001, 0, "<1%"),
        (0.0001, 1, "<0.1%"),
        (0.9999, 0, ">99%"),
        (0.9999, 1, ">99.9%"),
        (1.2, 0, "120%"),
    ],
)
def test_shares_never_round_to_none_or_all(share, digits, said):
    assert Texts("zh").percent(share, digits) == said


def test_a_rate_on_few_cases_is_shown_as_counts_only():
    t, least = Texts("zh"), RULES.report.min_n_rate
    assert least == 10
    assert t.rate(3, 9, least) == "3/9"
    assert t.rate(4, 10, least) == "40% (4/10)"


@BOTH
def test_every_code_of_reading_a_bank_has_words_and_none_is_left_over(lang):
    t, contract = Texts(lang), load_contract().tables.values()
    parts = [*contract, *(column for table in contract for column in table.columns.values())]
    assert t.keys("reject") == list(REASONS)
    assert set(t.keys("notice")) == set(NOTICES)
    assert set(t.keys("enables")) == {code for part in parts for code in part.enables}


@BOTH
def test_every_detail_of_reading_a_bank_is_worded_with_its_values(lang):
    t = Texts(lang)
    assert {
        code: placeholders(load_texts(lang)[f"detail.{code}"]) for code in t.keys("detail")
    } == {code: set(values) for code, values in DETAILS.items()}


@BOTH
def test_every_code_of_familiarity_has_words(lang):
    codes = set()
    for contacts, share, is_new, override in itertools.product(
        (None, 0.0, 3.0, 99.0), (None, 0.0, 0.5, 1.0), (False, True), (None, "F1", "F2", "F3")
    ):
        codes.add(judge_familiarity("mid", contacts, share, is_new, override, RULES).reason)
    assert len(codes) >= 5
    assert codes <= set(Texts(lang).keys("reason.familiarity"))


@BOTH
def test_every_code_of_money_authority_and_need_has_words(lang):
    t, authority, need = Texts(lang), RULES.man.authority, RULES.man.need
    rulings = [*authority.hard_no, *(f"decision_role_{role}" for role in authority.decision_role)]
    grounds = [(), tuple(authority.score_items), *rulings]
    found = {
        "money": {judge_money(e, p)[1] for e in (None, False, True) for p in (False, True)},
        "authority": {judge_authority(ground, authority)[1] for ground in grounds},
        "need": {
            judge_need(known, signs, for_product, need)[1]
            for known in (False, True)
            for for_product in (False, True)
            for signs in ((), tuple(need.strong), tuple(need.weak), tuple(need.blocks))
        },
    }
    for letter, codes in found.items():
        for code in codes:
            assert say_codes(code, letter, RULES, t)


@BOTH
def test_every_code_of_calibration_priority_and_migration_has_words(lang):
    t = Texts(lang)
    for against in ("success", "effort"):
        assert set(get_args(Verdict)) <= set(t.keys(f"calibration.{against}"))
    assert set(get_args(Separates)) <= set(t.keys("separates"))
    assert set(t.keys("place")) == {LISTED, RESERVE, NO_SELLING, UNASSIGNED}
    assert set(t.keys("migration.direction")) == set(DIRECTIONS)
    assert {NEW, LEFT, UNKNOWN, NOT_EFFECTIVE} == set(t.keys("migration.line"))


@BOTH
def test_each_customer_gets_a_sentence_for_the_class_and_for_each_letter(lang):
    man = scored()
    assert familiarity_reasons(man, RULES, lang=lang).str.len().gt(4).all()
    for letter in LETTERS:
        said = letter_reasons(man, letter, RULES, lang=lang)
        assert said.str.len().ge(4).all()
        assert not said.str.contains("_").any()


def test_the_sentence_for_the_class_names_both_inputs_and_their_levels():
    row = scored().loc[
        lambda f: (f["frequency_level"] == "mid") & (f["information_level"] == "mid")
    ]
    said = familiarity_reasons(row.head(1).assign(n_contacts=3.0, info_share=0.46), RULES).iloc[0]
    assert said == "近12月有效接触3次（中），信息完整度46.0%（中） → 一般客户"


def test_without_a_contact_log_the_sentence_says_so():
    said = familiarity_reasons(scored(50, logged=False), RULES, lang="en")
    assert said.unique().tolist() == ["no contact log of this branch, so not judged"]
