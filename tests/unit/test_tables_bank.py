"""The bank: types, the door to a day, engines, products."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import narwhals.stable.v2 as nw
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stockcust as sc
from engines import ENGINES, LAZY_ENGINES, on_engine
from stockcust.errors import CallError, InputError
from stockcust.tables.contract import load_contract
from stockcust.tables.details import read_detail
from stockcust.tables.engines import collect

FRAMES = {
    "customers": pd.DataFrame(
        {
            "customer_id": ["c1", "c2", "c3"],
            "branch_id": ["b1", "b1", "b2"],
            "status": ["正常", "销户", "正常"],
            "close_date": ["", "2026-05-10", ""],
            "open_date": ["2020-01-01", "2020-01-01", "2026-06-15"],
            "is_payroll": ["是", "", "否"],
            "need_tags": ["理财;养老", "", ""],
        }
    ),
    "aum_monthly": pd.DataFrame(
        {
            "customer_id": ["c1", "c2", "c1", "c2", "c1", "c3"],
            "month": ["2026-04", "2026-04", "2026-05", "2026-05", "2026-06", "2026-06"],
            "point_aum_cny": [100.0, 200.0, 110.0, None, 120.0, 30.0],
            "n_login_days": [1, 2, 3, 4, None, 6],
        }
    ),
    "branches": pd.DataFrame({"branch_id": ["b2", "b1"]}),
    "products": pd.DataFrame(
        {"product_id": ["P01", "P02"], "product_class": ["理财", "定期"], "term_days": [90, None]}
    ),
    "contacts": pd.DataFrame(
        {
            "contact_id": ["l1", "l2"],
            "customer_id": ["c1", "c1"],
            "contact_time": ["2026-05-31 23:59:59", "2026-06-01 00:00:00"],
            "channel": ["电话", "短信"],
        }
    ),
}  # fmt: skip


def bank_on(engine: str, **changes: pd.DataFrame) -> sc.Bank:
    frames = FRAMES | changes
    return sc.Bank.from_frames({name: on_engine(frame, engine) for name, frame in frames.items()})


def records(frame: Any) -> list[dict[str, Any]]:
    plain = collect(frame)
    plain = plain.astype(object).where(plain.notna(), None)
    return sorted(plain.to_dict("records"), key=str)


@pytest.mark.parametrize("engine", ENGINES)
def test_types_are_the_same_on_every_engine(engine: str) -> None:
    bank = bank_on(engine)
    for table, names in (
        ("customers", {"customer_id": nw.String(), "close_date": nw.Datetime("us"), "is_payroll": nw.Boolean(), "need_tags": nw.String()}),
        ("aum_monthly", {"month": nw.Datetime("us"), "point_aum_cny": nw.Float64(), "n_login_days": nw.Int64()}),
    ):  # fmt: skip
        schema = bank.frame(table).collect_schema()
        assert {name: schema[name] for name in names} == names


def test_pandas_types_hold_missing_values() -> None:
    dtypes = {
        name: str(dtype) for name, dtype in bank_on("pandas").tables["customers"].dtypes.items()
    }
    assert dtypes["is_payroll"] == "boolean"
    assert dtypes["close_date"] == "datetime64[us]"
    assert str(bank_on("pandas").tables["aum_monthly"]["n_login_days"].dtype) == "Int64"


@pytest.mark.parametrize("engine", LAZY_ENGINES)
@pytest.mark.parametrize("as_of", [None, "2026-05-31", "2026-06-15"])
def test_every_engine_shows_the_same_rows(engine: str, as_of: str | None) -> None:
    here, there = bank_on("pandas"), bank_on(engine)
    assert here.data_hash == there.data_hash
    if as_of:
        here, there = here.until(as_of), there.until(as_of)
    assert here.last_month_end == there.last_month_end
    assert here.branch_ids == there.branch_ids == ("b1", "b2")
    for table in here.tables:
        assert records(here.tables[table]) == records(there.tables[table])


@pytest.mark.parametrize("engine", LAZY_ENGINES)
def test_frames_are_lazy_off_pandas(engine: str) -> None:
    assert isinstance(bank_on(engine).frame("customers"), nw.LazyFrame)
    assert isinstance(bank_on("pandas").frame("customers"), nw.DataFrame)


def test_until_ends_at_midnight_and_with_the_last_whole_month() -> None:
    bank = bank_on("pandas").until("2026-05-31")
    assert list(bank.tables["contacts"]["contact_id"]) == ["l1"]
    assert bank.last_month_end == dt.date(2026, 5, 31)
    assert bank_on("pandas").until("2026-05-30").last_month_end == dt.date(2026, 4, 30)


def test_until_hides_what_was_learnt_later() -> None:
    bank = bank_on("pandas")
    before = bank.until("2026-05-09").tables["customers"].set_index("customer_id")
    after = bank.until(dt.date(2026, 5, 10)).tables["customers"].set_index("customer_id")
    assert before.loc["c2", "status"] == "active"
    assert pd.isna(before.loc["c2", "close_date"])
    assert after.loc["c2", "status"] == "closed"
    assert "c3" not in after.index


days = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))


@settings(max_examples=10, deadline=None)
@given(day=days, later=st.lists(days, max_size=5))
def test_until_never_shows_a_later_row(day: dt.date, later: list[dt.date]) -> None:
    """Rows dated after the day change nothing, whatever they are."""
    contacts = FRAMES["contacts"]
    more = pd.DataFrame(
        {
            "contact_id": [f"x{i}" for i in range(len(later))],
            "customer_id": "c1",
            "contact_time": [f"{when:%Y-%m-%d} 12:00" for when in later],
            "channel": "电话",
        }
    )
    with_more = bank_on("pandas", contacts=pd.concat([contacts, more])).until(day)
    shown = with_more.tables["contacts"]
    assert (shown["contact_time"].dt.date <= day).all()
    kept = more[[when <= day for when in later]]
    only_earlier = bank_on("pandas", contacts=pd.concat([contacts, kept])).until(day)
    assert records(shown) == records(only_earlier.tables["contacts"])


def test_until_refuses_a_day_before_the_first_snapshot() -> None:
    customers = FRAMES["customers"].assign(snapshot_date="2026-06-30")
    bank = bank_on("pandas", customers=customers)
    with pytest.raises(CallError, match="snapshot of 2026-06-30"):
        bank.until("2026-05-31")
    assert len(bank.until("2026-06-30").tables["customers"]) == 3


def test_until_cannot_go_back_to_what_it_hid() -> None:
    with pytest.raises(CallError, match="stands for 2026-05-31"):
        bank_on("pandas").until("2026-05-31").until("2026-06-30")


@pytest.mark.parametrize("as_of", ["2026-02-30", "soon", "", None])
def test_until_refuses_what_is_no_day(as_of: Any) -> None:
    with pytest.raises(CallError, match="as_of"):
        bank_on("pandas").until(as_of)


def test_no_month_is_a_clear_error() -> None:
    with pytest.raises(CallError, match="no month"):
        _ = bank_on("pandas").until("2020-01-01").last_month_end


@pytest.mark.parametrize("engine", ENGINES)
def test_product_is_found_or_the_nearest_is_named(engine: str) -> None:
    bank = bank_on(engine)
    product = bank.product("P01")
    assert (product.product_class, product.term_days, product.product_risk) == ("wmp", 90, None)
    assert bank.product("P02").term_days is None
    with pytest.raises(CallError, match="nearest is 'P0"):
        bank.product("P03")


@pytest.mark.parametrize("engine", ENGINES)
def test_only_keeps_the_rows_of_some_branches(engine: str) -> None:
    bank = bank_on(engine).only(["b2"])
    assert {row["customer_id"] for row in records(bank.tables["aum_monthly"])} == {"c3"}
    assert len(records(bank.tables["products"])) == 2


def test_has_asks_for_table_and_columns() -> None:
    bank = bank_on("pandas")
    assert bank.has("contacts")
    assert bank.has("contacts", "channel", "customer_id")
    assert not bank.has("contacts", "is_effective")
    assert not bank.has("holdings")
    with pytest.raises(CallError, match="no table 'holdings'"):
        bank.frame("holdings")


def test_branch_is_taken_from_the_customer_master() -> None:
    assets = bank_on("pandas").tables["aum_monthly"]
    assert dict(zip(assets["customer_id"], assets["branch_id"], strict=True)) == {
        "c1": "b1",
        "c2": "b1",
        "c3": "b2",
    }


def test_a_customer_of_two_branches_needs_a_branch_on_each_row() -> None:
    second = FRAMES["customers"].head(1).assign(branch_id="b2")
    customers = pd.concat([FRAMES["customers"], second])
    with pytest.raises(InputError, match="no branch_id and 1 of its customers"):
        bank_on("pandas", customers=customers)


def test_frames_of_two_engines_are_refused() -> None:
    with pytest.raises(CallError, match="several engines"):
        sc.Bank.from_frames(FRAMES | {"branches": pl.DataFrame({"branch_id": ["b1"]})})


def test_an_unknown_table_and_no_frame_are_refused() -> None:
    with pytest.raises(CallError, match="clients"):
        sc.Bank.from_frames(FRAMES | {"clients": FRAMES["customers"]})
    with pytest.raises(CallError, match="list is not a frame"):
        sc.Bank.from_frames(FRAMES | {"branches": [1]})


def test_missing_tables_are_all_named_at_once() -> None:
    with pytest.raises(InputError) as error:
        sc.Bank.from_frames({})
    assert len(error.value.problems) == len(load_contract().required_tables)


def test_absent_optional_parts_say_what_they_would_enable() -> None:
    notices = bank_on("pandas").notices
    absent = notices[notices["code"] == "table_absent"].set_index("table")["detail"]
    assert "maturities" in read_detail(absent["holdings"])[1]["codes"]
    columns = notices[(notices["code"] == "column_absent") & (notices["table"] == "contacts")]
    assert "is_effective" in set(columns["column"])


def test_data_hash_follows_the_data_and_not_the_order() -> None:
    shuffled = FRAMES["aum_monthly"].sample(frac=1, random_state=1)
    changed = FRAMES["aum_monthly"].assign(point_aum_cny=1.0)
    original = bank_on("pandas").data_hash
    assert bank_on("pandas", aum_monthly=shuffled).data_hash == original
    assert bank_on("pandas", aum_monthly=changed).data_hash != original


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda frame: pd.concat([frame, frame[["branch_id"]]], axis=1), "two columns of one name"),
        (lambda frame: pd.concat({"a": frame}, axis=1), "headers of several levels"),
        (lambda frame: frame["customer_id"], "is not a frame"),
        (lambda frame: None, "is not a frame"),
    ],
)
def test_what_is_no_plain_frame_is_refused(change: Callable[..., object], said: str) -> None:
    with pytest.raises(CallError, match=said):
        sc.Bank.from_frames({**FRAMES, "customers": change(FRAMES["customers"])})


def test_complex_numbers_are_no_amounts() -> None:
    aum = FRAMES["aum_monthly"].assign(point_aum_cny=1 + 2j)
    with pytest.raises(InputError, match="unreadable_number"):
        sc.Bank.from_frames({**FRAMES, "aum_monthly": aum})
