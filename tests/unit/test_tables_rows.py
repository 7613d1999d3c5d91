"""Rows in = rows kept + rejected + totals + merged, whatever the rows are."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stockcust as sc
from stockcust.errors import InputError
from stockcust.tables import data_quality
from stockcust.tables.codes import REASONS
from stockcust.tables.contract import load_contract
from stockcust.tables.details import read_detail
from stockcust.tables.rejects import shown

CUSTOMERS = pd.DataFrame({"客户号": ["1", "2", "3"], "归属机构": ["b"] * 3})
BRANCHES = pd.DataFrame({"机构号": ["b"]})
GOOD = {"客户号": "1", "数据日期": "2026-06", "时点AUM": "10", "归属机构": "b"}

dirty = st.fixed_dictionaries(
    {
        "客户号": st.sampled_from(["1", "2", "3", "9", "", "1.0", "1E+15", "合计", "x y"]),
        "数据日期": st.sampled_from(["2026-06", "2026-05", "202613", "", "soon", "1900-01-01"]),
        "时点AUM": st.sampled_from(["10", "20", "-1", "", "NULL", "ten", "1,000", "1e15"]),
        "归属机构": st.sampled_from(["b", "b", "b", "", "c"]),
    }
)


@settings(max_examples=25, deadline=None)
@given(st.lists(dirty, max_size=12))
def test_every_row_has_exactly_one_fate(rows: list[dict[str, str]]) -> None:
    aum = pd.DataFrame([GOOD, *rows], dtype="str")
    try:
        bank = sc.Bank.from_frames(
            {"customers": CUSTOMERS, "aum_monthly": aum, "branches": BRANCHES}
        )
    except InputError as error:
        assert "rows are rejected" in str(error)  # the good row too has a conflicting twin
        return
    counts = bank.counts.set_index("table").loc["aum_monthly"]
    assert counts["n_read"] == len(aum)
    assert data_quality(bank).is_reconciled
    assert counts["n_kept"] == len(bank.tables["aum_monthly"])
    rejects = bank.rejects[bank.rejects["table"] == "aum_monthly"]
    assert counts["n_rejected"] == len(rejects)
    assert not rejects["row"].duplicated().any()
    assert set(rejects["reason"]) <= set(REASONS)
    key = bank.tables["aum_monthly"][["customer_id", "branch_id", "month"]]
    assert not key.duplicated().any()
    assert key.notna().all(axis=None)


def test_further_problems_of_a_row_are_named_too() -> None:
    aum = pd.DataFrame([GOOD, GOOD | {"客户号": "1.0", "时点AUM": "-1"}])
    bank = sc.Bank.from_frames({"customers": CUSTOMERS, "aum_monthly": aum, "branches": BRANCHES})
    (reject,) = bank.rejects.to_dict("records")
    assert (reject["row"], reject["column"]) == (3, "customer_id")
    assert reject["also"] == "point_aum_cny:negative_amount"


def test_conflicting_duplicates_say_where_they_differ() -> None:
    aum = pd.DataFrame([GOOD | {"客户号": "2"}, GOOD, GOOD | {"时点AUM": "11"}])
    bank = sc.Bank.from_frames({"customers": CUSTOMERS, "aum_monthly": aum, "branches": BRANCHES})
    assert list(bank.rejects["row"]) == [3, 4]
    code, values = read_detail(bank.rejects["detail"].iloc[0])
    assert (code, values["columns"]) == ("differ", ["point_aum_cny"])
    assert values["keys"] == ["customer_id", "branch_id", "month"]


@pytest.mark.parametrize(
    ("table", "column", "value", "masked"),
    [
        ("customers", "name", "欧阳某某", "欧***"),
        ("customers", "mobile", "13812345678", "138****5678"),
        ("customers", "customer_id", "1.23E+15", "1*******"),
        ("branches", "branch_name", "找张三13812345678", "找张三138****5678"),
    ],
)
def test_personal_values_are_masked_in_rejects(
    table: str, column: str, value: str, masked: str
) -> None:
    assert shown(value, load_contract().tables[table].columns[column]) == masked


def test_most_of_a_file_wrong_for_one_reason_stops_the_run() -> None:
    aum = pd.DataFrame(
        [GOOD, *(GOOD | {"客户号": str(i), "数据日期": "31/05/2026"} for i in range(150))]
    )
    with pytest.raises(
        InputError, match="150 of 151 rows are rejected, 150 for unreadable_date, first in row 3"
    ):
        sc.Bank.from_frames({"customers": CUSTOMERS, "aum_monthly": aum, "branches": BRANCHES})


def test_orphans_of_rejected_customers_say_so() -> None:
    customers = CUSTOMERS.assign(性别=["男", "1", "女"])
    aum = pd.DataFrame([GOOD, GOOD | {"客户号": "2"}, GOOD | {"客户号": "8"}])
    bank = sc.Bank.from_frames({"customers": customers, "aum_monthly": aum, "branches": BRANCHES})
    reasons = bank.rejects.set_index(["table", "row"])["reason"].to_dict()
    assert reasons == {
        ("customers", 3): "undeclared_code",
        ("aum_monthly", 3): "customer_rejected",
        ("aum_monthly", 4): "unknown_customer",
    }
