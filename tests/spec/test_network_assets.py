"""The assets on a report are those of its month: nobody with money is missing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import stockcust as sc

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


@pytest.fixture(scope="module")
def bank() -> sc.Bank:
    return sc.read_bank(SAMPLE)


@pytest.mark.parametrize("day", ["2026-06-30", "2026-05-31", "2026-02-28"])
def test_the_assets_on_the_report_are_those_of_the_month(bank: sc.Bank, day: str) -> None:
    # the sample takes its customer snapshots once a quarter: May has customers whom none names yet
    customers = sc.customers_as_of(bank, day, sc.load_rulebook())
    shown = customers.groupby("branch_id")["point_aum_cny"].sum().round(2)
    rows = bank.tables["aum_monthly"]
    of_month = rows[rows["month"] == pd.Timestamp(day)]
    closed = bank.until(day).tables["customers"]
    is_closed = closed["close_date"].notna() | closed["status"].eq("closed")
    keys = ["customer_id", "branch_id"]
    gone = pd.MultiIndex.from_frame(closed.loc[is_closed, keys])
    held = of_month[~pd.MultiIndex.from_frame(of_month[keys]).isin(gone)]
    expected = held.groupby("branch_id")["point_aum_cny"].sum().round(2)
    pd.testing.assert_series_equal(shown[shown > 0], expected, check_names=False)
