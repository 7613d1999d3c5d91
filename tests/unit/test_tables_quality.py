"""The data-quality page as data, and as words that a branch reads."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

import stockcust as sc
from stockcust.present.tables.quality import in_words, quality_text
from stockcust.present.texts import LANGUAGES
from stockcust.tables.contract import load_contract
from stockcust.tables.details import DETAILS, read_detail, write_detail
from stockcust.tables.quality import DataQuality, data_quality

BOTH = pytest.mark.parametrize("lang", LANGUAGES)
CUSTOMERS = pd.DataFrame({"客户号": ["1", "2", "2"], "机构号": ["b", "b", "c"], "幸运色": "红"})
AUM = pd.DataFrame(
    {
        "客户号": ["1", "1", "1", "9"],
        "机构号": ["b", "b", "b", "b"],
        "月份": ["202605", "202606", "202606", "202606"],
        "时点AUM": ["5", "6", "7", "8"],
        "证件号码": "x",
    }
)


@pytest.fixture(scope="module")
def quality() -> DataQuality:
    branches = pd.DataFrame({"机构号": ["b", "c"]})
    frames = {"customers": CUSTOMERS, "aum_monthly": AUM, "branches": branches}
    return data_quality(sc.Bank.from_frames(frames))


def notices(*details: str, code: str = "mapping_note", file: str = "m.yaml") -> pd.DataFrame:
    lines = [("", file, "", code, detail, 1) for detail in details]
    return pd.DataFrame(lines, columns=["table", "file", "column", "code", "detail", "n"])


def summed(lines: pd.DataFrame) -> pd.DataFrame:
    bank = sc.Bank({}, _NO_REJECTS, _NO_COUNTS, lines, "", pd.DataFrame())
    return data_quality(bank).notices


_NO_REJECTS = pd.DataFrame(columns=["table", "file", "row", "column", "value", "reason", "detail"])
_NO_COUNTS = pd.DataFrame(
    columns=[
        *("table", "file", "n_read", "n_kept", "n_rejected"),
        *("n_total_rows_dropped", "n_duplicates_merged"),
    ]
)


def test_notices_that_say_different_things_stand_apart() -> None:
    first, second = write_detail("text", text="甲"), write_detail("text", text="乙")
    found = summed(notices(first, second, first))
    assert found[["detail", "n"]].to_numpy().tolist() == [[first, 2], [second, 1]]


def test_notices_that_only_show_different_rows_are_one() -> None:
    lines = [
        notices(write_detail("rows", file=name, rows=[row]), code="total_rows", file=name)
        for name, row in (("1.csv", 7), ("2.csv", 9))
    ]
    found = summed(pd.concat(lines))
    assert found[["n", "n_files", "file"]].to_numpy().tolist() == [[2, 2, "1.csv"]]
    assert read_detail(found["detail"][0]) == ("rows", {"file": "1.csv", "rows": [7]})


@pytest.mark.parametrize("text", ["", "a b", '"{}"', "=1+1", "\n", "{x}"])
def test_a_detail_is_read_as_it_was_written(text: str) -> None:
    assert read_detail(write_detail("text", text=text)) == ("text", {"text": text})


def test_no_detail_has_no_code() -> None:
    assert read_detail("") == ("", {})


def test_every_group_of_headers_that_may_be_named_has_a_detail() -> None:
    groups = load_contract().never_load
    assert {name for name, group in groups.items() if not group.withheld} <= set(DETAILS)


@BOTH
def test_the_text_names_each_table_reason_and_notice_in_words(
    quality: DataQuality, lang: str
) -> None:
    text = quality_text(quality, lang=lang)
    codes = {
        *quality.rejects["reason"],
        *quality.notices["code"],
        *map(_code, quality.notices["detail"]),
    }
    assert not [code for code in codes if "_" in code and code in text]
    assert '{"' not in text
    assert "幸运色" in text


def test_a_chinese_reader_meets_no_english_sentence(quality: DataQuality) -> None:
    text = quality_text(quality, lang="zh")
    files = set(quality.files["file"])
    words = set(re.findall(r"[A-Za-z_]{3,}", text)) - files
    assert words <= {"AUM", "MAN"}


@BOTH
def test_the_lists_for_a_spreadsheet_keep_the_codes_and_gain_words(
    quality: DataQuality, lang: str
) -> None:
    for lines in (quality.rejects, quality.notices):
        said = in_words(lines, lang=lang)
        pd.testing.assert_frame_equal(said.drop(columns="said"), lines)
        assert said["said"].str.len().min() > 2
        assert not said["said"].str.contains('{"', regex=False).any()


def test_what_differs_between_conflicting_rows_is_said(quality: DataQuality) -> None:
    said = in_words(quality.rejects, lang="zh").set_index("reason")["said"]
    assert said["conflicting_duplicate"].endswith("时点AUM不同）")


def test_details_are_one_code_and_json() -> None:
    code, _, values = write_detail("rows", file="甲.csv", rows=[1, 2]).partition(" ")
    assert (code, json.loads(values)) == ("rows", {"file": "甲.csv", "rows": [1, 2]})


def _code(detail: str) -> str:
    return read_detail(detail)[0]
