"""The totals of the tables against the bank's ledger: to the cent, or explained, or not."""

from __future__ import annotations

import datetime as dt
from math import isnan

import pandas as pd
import pytest

from stockcust.kpis import reconcile
from stockcust.tables import Bank

MONTH = dt.date(2026, 6, 30)


def bank(ledger, assets):
    """One branch; assets are pairs of point balances as the file has them and the customer."""
    rows = pd.DataFrame(assets, columns=["customer_id", "point_aum_cny"])
    ids = sorted({customer for customer, _ in assets} | {"C1"})
    totals = pd.DataFrame(ledger, columns=["metric", "value"])
    frames = {
        "customers": pd.DataFrame({"customer_id": ids, "branch_id": "A"}),
        "aum_monthly": rows.assign(month="2026-06-30", branch_id="A").astype("str"),
        "branches": pd.DataFrame({"branch_id": ["A"]}),
        "control_totals": totals.assign(branch_id="A", month="2026-06-30"),
    }
    return Bank.from_frames(frames)


GOOD = [("C1", "100.10"), ("C2", "200.20")]
TWICE = [*GOOD, ("C3", "50.00"), ("C3", "60.00")]  # they differ: both are rejected
NEGATIVE = [*GOOD, ("C3", "-5.00")]
CASES = [
    # what happened, the file, metric, ledger, difference, rejected rows, verdict
    ("all is there", GOOD, "point_aum", 300.30, 0, 0, "equal"),
    ("a cent is missing", GOOD, "point_aum", 300.31, -0.01, 0, "unexplained"),
    ("a cent is too much", GOOD, "point_aum", 300.29, 0.01, 0, "unexplained"),
    ("everybody is there", GOOD, "n_customers", 2, 0, 0, "equal"),
    ("somebody is missing", GOOD, "n_customers", 3, -1, 0, "unexplained"),
    ("the missing row was rejected", TWICE, "point_aum", 360.30, -60, 2, "rejected_rows"),
    ("the missing customer was rejected", TWICE, "n_customers", 3, -1, 2, "rejected_rows"),
    ("more is missing than was rejected", TWICE, "point_aum", 500.30, -200, 2, "unexplained"),
    ("more are missing than were rejected", TWICE, "n_customers", 9, -7, 2, "unexplained"),
    ("rejected rows make nothing too much", TWICE, "point_aum", 290.30, 10, 2, "unexplained"),
    ("the ledger counts an overdraft", NEGATIVE, "point_aum", 295.30, 5, 1, "rejected_rows"),
    ("equal although rows were rejected", TWICE, "point_aum", 300.30, 0, 2, "equal"),
]


@pytest.mark.parametrize(
    ("assets", "metric", "value", "difference", "n_rejected", "verdict"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_a_total_where(assets, metric, value, difference, n_rejected, verdict):
    line = reconcile(bank([(metric, value)], assets), MONTH).iloc[0]
    assert line["difference"] == difference
    assert line["n_rejected"] == n_rejected
    assert line["verdict"] == verdict
    assert line["ours"] == round(value + difference, 2)


# C2 is in the month's list of balances, and no longer among the customers of the report
LEFT = [
    # what happened, the file, metric, ledger, difference, verdict
    ("the ledger counts who has left", GOOD, "point_aum", 300.30, -200.20, "off_report"),
    ("the ledger counts them as customers", GOOD, "n_customers", 2, -1, "off_report"),
    ("the ledger does not count who has left", GOOD, "point_aum", 100.10, 0, "equal"),
    ("more is missing than who has left", GOOD, "point_aum", 310.30, -210.20, "unexplained"),
    ("and a row was rejected", TWICE, "point_aum", 360.30, -260.20, "rejected_rows"),
]


@pytest.mark.parametrize(
    ("assets", "metric", "value", "difference", "verdict"),
    [case[1:] for case in LEFT],
    ids=[case[0] for case in LEFT],
)
def test_a_total_of_the_customers_on_the_report_where(assets, metric, value, difference, verdict):
    shown = pd.DataFrame({"customer_id": ["C1"], "branch_id": ["A"], "aum_cny": [100.10]})
    line = reconcile(bank([(metric, value)], assets), MONTH, shown).iloc[0]
    assert line["ours"] == (1 if metric == "n_customers" else 100.10)
    assert line["difference"] == difference
    assert line["verdict"] == verdict


def test_a_column_the_bank_does_not_deliver_is_no_difference():
    line = reconcile(bank([("average_aum", 300.0)], GOOD), MONTH).iloc[0]
    assert line["verdict"] == "no_data"
    assert isnan(line["ours"]) and isnan(line["difference"])


@pytest.mark.parametrize("month_end", [dt.date(2026, 5, 31), dt.date(2026, 7, 31)])
def test_only_the_month_that_is_asked_for_is_compared(month_end):
    assert reconcile(bank([("point_aum", 1.0)], GOOD), month_end).empty


def test_a_branch_without_rows_has_nothing_and_its_ledger_is_unexplained():
    given = bank([("point_aum", 300.30)], GOOD)
    totals = given.tables["control_totals"]
    other = totals.assign(branch_id="B", value=10.0)
    frames = {
        **given.tables,
        "branches": pd.DataFrame({"branch_id": ["A", "B"]}),
        "control_totals": pd.concat([totals, other], ignore_index=True),
    }
    table = reconcile(Bank.from_frames(frames), MONTH).set_index("branch_id")
    assert table["ours"].tolist() == [300.30, 0]
    assert table["verdict"].tolist() == ["equal", "unexplained"]


def test_without_a_ledger_there_is_nothing_to_reconcile():
    frames = dict(bank([("point_aum", 1.0)], GOOD).tables)
    del frames["control_totals"]
    assert reconcile(Bank.from_frames(frames), MONTH).empty
