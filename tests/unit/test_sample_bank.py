"""A generated bank is a bank: its money adds up and its people are there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_banks import shipped

import stockcust as sc
from stockcust.sample import generate

CLASSES = (
    "current_deposit", "time_deposit", "large_cd", "structured_deposit", "wmp", "fund",
    "insurance", "treasury_bond", "gold", "trust_other",
)  # fmt: skip


def _frame(name: str) -> pd.DataFrame:
    return shipped().frames[name]


def _last_month() -> pd.DataFrame:
    aum = _frame("aum_monthly")
    return aum[aum["month"] == aum["month"].max()]


@settings(max_examples=4, deadline=None)
@given(
    n_branches=st.integers(1, 7),
    per_branch=st.integers(20, 30),
    n_months=st.integers(6, 10),
    seed=st.integers(0, 10**6),
    end=st.sampled_from(["2018-03", "2024-02", "2026-06", "2029-12"]),
)
def test_a_bank_of_any_size_has_no_row_that_the_contract_refuses(
    n_branches, per_branch, n_months, seed, end
):
    bank = generate(n_branches, n_branches * per_branch, n_months, seed, end)
    assert sc.Bank.from_frames(bank.frames).rejects.empty


@pytest.mark.parametrize(
    "sizes",
    [(0, 100, 12), (1, 10, 12), (4, 79, 12), (1, 100, 5), (1, 100, 12, 1, "2040-01")],
)
def test_impossible_sizes_are_refused(sizes):
    with pytest.raises(ValueError, match="needed"):
        generate(*sizes)


def test_thirty_months_end_in_june_2026():
    months = _frame("aum_monthly")["month"].drop_duplicates().sort_values()
    expected = pd.date_range("2024-01", "2026-06", freq="MS") + pd.offsets.MonthEnd(0)
    assert months.tolist() == expected.tolist()


def test_branches_differ_in_size_and_one_has_less_than_forty_customers():
    sizes = _last_month().groupby("branch_id")["customer_id"].nunique()
    assert sizes.min() < 40
    assert sizes.max() > 8 * sizes.min()


def test_all_tiers_are_there_and_most_customers_are_in_the_first():
    tier = np.digitize(_last_month()["average_aum_cny"], [50_000, 200_000, 1e6, 6e6])
    counts = np.bincount(tier, minlength=5)
    assert counts[0] > len(tier) / 2
    assert (counts >= 5).all()


def test_classes_sum_to_the_point_balance_and_nothing_is_negative():
    aum = _frame("aum_monthly")
    balances = aum[[f"{name}_cny" for name in CLASSES]]
    assert balances.min().min() >= 0
    assert (balances.sum(axis=1) - aum["point_aum_cny"]).abs().max() < 0.02


def test_contracts_that_run_at_month_end_are_the_balances_of_their_class():
    day = pd.Timestamp("2026-06-30")
    held = _frame("holdings")
    runs = held["start_date"].le(day) & ~held["end_date"].le(day) & held["product_class"].eq("wmp")
    by_customer = held[runs].groupby("customer_id")["amount_cny"].sum()
    balance = _last_month().groupby("customer_id")["wmp_cny"].sum()
    by_customer = by_customer[by_customer > 0]
    assert by_customer.tolist() == pytest.approx(balance[balance > 0].tolist())


def test_transactions_explain_the_change_of_assets():
    """Between two month ends assets move by what came in and went out, but for markets."""
    aum, moves = _frame("aum_monthly"), _frame("transactions")
    floating = aum.groupby("customer_id")[["fund_cny", "gold_cny"]].max().sum(axis=1)
    months = aum["customer_id"].value_counts().reindex(floating.index)
    steady = set(floating.index[(floating == 0) & (months == 30)])
    point = aum[aum["customer_id"].isin(steady)].pivot_table(
        index="customer_id", columns="month", values="point_aum_cny", aggfunc="sum"
    )
    sign = np.where(moves["direction"] == "in", 1.0, -1.0)
    moved = moves.assign(
        signed=moves["amount_cny"] * sign,
        month=(moves["transaction_date"] + pd.offsets.MonthEnd(0)).dt.normalize(),
    )
    flows = moved.pivot_table(
        index="customer_id", columns="month", values="signed", aggfunc="sum", observed=True
    )
    flows = flows.reindex(point.index).reindex(columns=point.columns).fillna(0.0)
    assert len(steady) > 500
    gap = (point.diff(axis=1) - flows).iloc[:, 1:].abs()
    assert gap.max().max() < 0.05


def test_control_totals_are_the_sums_of_the_clean_months():
    aum, totals = _frame("aum_monthly"), _frame("control_totals")
    wide = totals.pivot_table(
        index=["branch_id", "month"], columns="metric", values="value", observed=True
    )
    groups = aum.groupby(["branch_id", "month"], observed=True)
    assert wide["point_aum"].tolist() == pytest.approx(groups["point_aum_cny"].sum().tolist())
    assert wide["average_aum"].tolist() == pytest.approx(groups["average_aum_cny"].sum().tolist())
    assert wide["n_customers"].tolist() == groups["customer_id"].nunique().tolist()


def test_money_is_dressed_up_for_the_quarter_end():
    aum = _frame("aum_monthly")
    dressed = aum["month"].dt.month % 3 == 0
    excess = (aum["point_aum_cny"] / aum["average_aum_cny"].clip(lower=1000)).clip(upper=20) > 1.15
    assert excess[dressed].mean() > 1.5 * excess[~dressed].mean()


def test_closed_customers_are_missing_from_later_months():
    customers, aum = _frame("customers"), _frame("aum_monthly")
    last = customers[customers["snapshot_date"] == customers["snapshot_date"].max()]
    closed = last[last["status"] == "closed"].set_index(["customer_id", "branch_id"])["close_date"]
    final = aum.groupby(["customer_id", "branch_id"], observed=True)["month"].max()
    both = pd.concat([closed, final], axis=1, join="inner")
    assert len(both) > 50
    assert (both["month"] < both["close_date"]).all()


def test_some_customers_have_two_branches_some_moved_some_have_no_manager():
    customers = _frame("customers")
    now = customers[customers["snapshot_date"] == customers["snapshot_date"].max()]
    open_now = now[now["status"] == "active"]
    assert (open_now["customer_id"].value_counts() == 2).sum() >= 10
    assert open_now["manager_id"].isna().mean() > 0.2
    moved = shipped().truth["relationships"]["transfers"]
    assert len(moved["customer_id"]) > 20


def test_managers_hand_over_within_their_terms():
    managers, contacts = _frame("managers"), _frame("contacts")
    left = managers.dropna(subset="active_to").set_index("manager_id")["active_to"]
    last = contacts.groupby("manager_id", observed=True)["contact_time"].max()
    after = last.reindex(left.index).dropna() - left.reindex(last.index).dropna()
    assert len(left) >= 3
    # calls in the month of leaving are the last ones
    assert (after.dropna() < pd.Timedelta(days=32)).all()


def test_information_about_customers_has_realistic_gaps():
    customers = _frame("customers")
    filled = customers.notna().mean()
    assert filled["name"] == 1.0
    assert 0.1 < filled["decision_role"] < 0.5
    assert 0.3 < filled["occupation"] < 0.8
    assert customers["mobile"].dropna().str.fullmatch(r"1990\d{7}|13800000000").all()


def test_the_contact_log_has_the_faults_of_real_ones():
    contacts = _frame("contacts").dropna(subset="log_time")
    talks = contacts[contacts["is_effective"].fillna(False)]
    delay = talks["log_time"] - talks["contact_time"]
    assert 0.01 < (delay > pd.Timedelta(days=7)).mean() < 0.4
    by_time = talks.sort_values(["customer_id", "contact_time"])
    gap = by_time.groupby("customer_id", observed=True)["contact_time"].diff()
    assert (gap < pd.Timedelta(minutes=30)).sum() > 50
    messages = contacts[contacts["channel"] == "sms"]
    assert messages.groupby(["contact_time", "branch_id"], observed=True).size().max() > 20
    assert talks["content"].value_counts().iloc[0] > 50
    consult = talks["content"].astype("str")
    assert consult.str.contains("要和家人商量").any()
    assert consult.str.contains("不用和家人商量").any()
    assert (talks["duration_minutes"] == 0).any()


def test_stated_causes_are_partly_empty_and_one_branch_filled_them_in_bulk():
    records = _frame("churn_records")
    assert 0.1 < records["stated_cause"].isna().mean() < 0.5
    same_day = records.groupby(["branch_id", "record_date"], observed=True)["stated_cause"]
    assert same_day.agg(lambda cause: len(cause) >= 5 and set(cause) == {"RATE"}).any()
