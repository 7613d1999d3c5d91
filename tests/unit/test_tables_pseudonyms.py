"""A pseudonymous bank names nobody, and the rules come to the same results on it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stockcust as sc
from engines import ENGINES, on_engine
from stockcust.privacy import customer_keys, redact
from stockcust.tables import Bank, pseudonymous
from stockcust.tables.engines import collect
from stockcust.tables.pseudonyms import _redacted

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
NOTE = "客户说要和家人商量,电话13912345678"


@pytest.fixture(scope="module")
def sample() -> Bank:
    return sc.read_bank(SAMPLE)


@pytest.fixture(scope="module")
def nameless(sample: Bank) -> Bank:
    return pseudonymous(sample)


def bank_of_two(engine: str = "pandas") -> Bank:
    customers = pd.DataFrame(
        {
            "customer_id": ["c1", "c2"],
            "branch_id": "b1",
            "name": ["张三", "unknown"],
            "mobile": ["13912345678", "13912345678"],
            "occupation": ["教师", None],
            "household_id": ["h1", None],
            "birth_date": ["1970-05-01", None],
        }
    )
    aum = pd.DataFrame(
        {"customer_id": ["c1", "c2"], "month": "2026-06", "average_aum_cny": [10.0, -1.0]}
    )
    contacts = pd.DataFrame(
        {
            "contact_id": ["l1"],
            "customer_id": ["c1"],
            "contact_time": "2026-06-01",
            "channel": "phone",
            "content": [NOTE],
            "method": ["13912345678 打电话"],
        }
    )
    branches = pd.DataFrame({"branch_id": ["b1"]})
    frames = {
        "customers": customers, "aum_monthly": aum, "contacts": contacts, "branches": branches,
    }  # fmt: skip
    return Bank.from_frames({name: on_engine(frame, engine) for name, frame in frames.items()})


def test_ids_are_hashed_names_are_gone_and_notes_lose_their_numbers() -> None:
    bank = pseudonymous(bank_of_two())
    first, second = collect(bank.tables["customers"]).to_dict("records")
    assert [first["customer_id"], second["customer_id"]] == customer_keys(["c1", "c2"])
    assert [first["name"], second["name"]] == ["*", "unknown"]
    assert first["mobile"] == second["mobile"] == customer_keys(["13912345678"])[0]
    assert first["occupation"] == "教师"
    assert first["household_id"] == customer_keys(["h1"])[0]
    assert pd.isna(second["household_id"]) and pd.isna(second["occupation"])
    assert first["birth_date"] == pd.Timestamp("1970-05-01")
    (note,) = collect(bank.tables["contacts"]).to_dict("records")
    assert (note["content"], note["method"]) == ("客户说要和家人商量,电话139****5678", "*")
    assert list(bank.lost_assets["customer_id"]) == customer_keys(["c2"])


def test_no_table_of_the_sample_holds_an_id_a_name_or_a_mobile_of_a_person(
    sample: Bank, nameless: Bank
) -> None:
    people, managers = sample.tables["customers"], sample.tables["managers"]
    columns = ("customer_id", "name", "mobile", "household_id")
    known = {*managers["manager_name"].dropna(), *sample.tables["holdings"]["contract_id"]}
    known |= {value for column in columns for value in people[column].dropna()}
    for name, native in nameless.tables.items():
        texts = collect(native).select_dtypes("str")
        assert not [c for c in texts if set(texts[c].dropna()) & known], name
    assert len(known) > 3 * 1000


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engines_bank_becomes_the_same(engine: str) -> None:
    bank = pseudonymous(bank_of_two(engine))
    for name, native in pseudonymous(bank_of_two()).tables.items():
        pd.testing.assert_frame_equal(collect(bank.tables[name]), collect(native))


def test_a_pseudonymous_bank_is_left_as_it_is(nameless: Bank) -> None:
    assert pseudonymous(nameless) is nameless


def test_customers_are_the_same_but_for_their_ids(sample: Bank, nameless: Bank) -> None:
    rules, day = sc.load_rulebook(), sample.last_month_end
    named = collect(sc.customers_as_of(sample, day, rules))
    hashed = collect(sc.customers_as_of(nameless, day, rules))
    for column in ("customer_id", "household_id"):
        known = named[column].notna()
        named.loc[known, column] = customer_keys(named.loc[known, column])
    named["override_reason"] = named["override_reason"].map(redact, na_action="ignore")
    keys = ["customer_id", "branch_id"]
    pd.testing.assert_frame_equal(
        hashed.sort_values(keys, ignore_index=True), named.sort_values(keys, ignore_index=True)
    )


@given(st.lists(st.text(alphabet="0123456789０１Xx 电话a", max_size=40) | st.none()))
def test_redacting_a_column_is_redacting_each_text(texts: list[str | None]) -> None:
    column = pa.chunked_array([pa.array(texts, pa.string())])
    expected = [None if text is None else redact(text) for text in texts]
    assert _redacted(column).to_pylist() == expected
