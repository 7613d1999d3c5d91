"""Monthly assets: derived balances, missing months, units against the ledger."""

from __future__ import annotations

import pandas as pd
import pytest

import stockcust as sc
from stockcust.errors import InputError
from stockcust.tables.details import read_detail

BRANCHES = pd.DataFrame({"branch_id": ["b"]})


def bank_of(
    aum: pd.DataFrame, customers: pd.DataFrame | None = None, **more: pd.DataFrame
) -> sc.Bank:
    ids = sorted(aum["customer_id"].unique())
    master = (
        pd.DataFrame({"customer_id": ids, "branch_id": "b"}) if customers is None else customers
    )
    return sc.Bank.from_frames(
        {"customers": master, "aum_monthly": aum, "branches": BRANCHES, **more}
    )


def notice(bank: sc.Bank, code: str) -> dict[str, object]:
    found = bank.notices[bank.notices["code"] == code].to_dict("records")
    return found[0] if found else {}


def months(customer: str, *names: str) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": customer, "month": names, "point_aum_cny": 100.0})


def test_point_balance_is_the_sum_of_the_classes_where_it_is_absent() -> None:
    aum = pd.DataFrame({"customer_id": ["1", "2"], "month": "2026-06", "current_deposit_cny": [1.1, None],
                        "wmp_cny": [2.2, None]})  # fmt: skip
    bank = bank_of(aum)
    assert bank.tables["aum_monthly"]["point_aum_cny"].fillna(-1).tolist() == [3.3, -1]
    assert notice(bank, "derived")["n"] == 1


def test_a_given_point_balance_stays() -> None:
    aum = pd.DataFrame({"customer_id": ["1", "2"], "month": "2026-06", "wmp_cny": [2.0, 5.0],
                        "point_aum_cny": [9.0, None]})  # fmt: skip
    bank = bank_of(aum)
    assert bank.tables["aum_monthly"]["point_aum_cny"].tolist() == [9.0, 5.0]
    assert notice(bank, "sum_mismatch")["n"] == 1


def test_missing_months_count_until_the_last_month_of_the_bank() -> None:
    aum = pd.concat([months("1", "2026-04", "2026-05", "2026-06"), months("2", "2026-04", "2026-06"),
                     months("3", "2026-04")])  # fmt: skip
    bank = bank_of(aum)
    found = notice(bank, "missing_months")
    assert (found["n"], read_detail(found["detail"])) == (3, ("n_customers", {"n": 2}))


def test_closed_customers_need_no_months_after_closing() -> None:
    aum = pd.concat([months("1", "2026-04", "2026-05", "2026-06"), months("2", "2026-04"),
                     months("3", "2026-04")])  # fmt: skip
    customers = pd.DataFrame(
        {
            "customer_id": ["1", "2", "3"],
            "branch_id": "b",
            "status": ["active", "closed", "closed"],
            "close_date": ["", "2026-05-15", ""],
        }
    )
    assert notice(bank_of(aum, customers), "missing_months") == {}


def test_months_the_bank_does_not_have_are_named() -> None:
    bank = bank_of(months("1", "2026-01", "2026-04"))
    detail = notice(bank, "absent_months")["detail"]
    assert read_detail(detail) == ("months", {"months": ["2026-02", "2026-03"]})
    assert notice(bank, "missing_months") == {}


@pytest.mark.parametrize(("ledger", "is_conflict"), [(200.0, False), (0.02, True), (180.0, False)])
def test_a_ledger_in_wan_stops_the_run(ledger: float, is_conflict: bool) -> None:
    aum = pd.concat([months("1", "2026-06"), months("2", "2026-06")])
    totals = pd.DataFrame(
        {"branch_id": ["b"], "month": ["2026-06"], "metric": ["时点AUM"], "value": [ledger]}
    )
    if is_conflict:
        with pytest.raises(InputError, match="unit conflict: point_aum is 0.0001 times"):
            bank_of(aum, control_totals=totals)
    else:
        assert bank_of(aum, control_totals=totals).has("control_totals")


def test_impossible_birthdays_are_left_out_and_told() -> None:
    customers = pd.DataFrame({"customer_id": ["1", "2", "3"], "branch_id": "b",
                              "birth_date": ["2030-01-01", "1901-05-05", "1950-05-05"]})  # fmt: skip
    aum = pd.concat([months(i, "2026-06") for i in "123"])
    bank = bank_of(aum, customers)
    assert bank.tables["customers"]["birth_date"].isna().tolist() == [True, True, False]
    assert notice(bank, "implausible_birth")["n"] == 2
