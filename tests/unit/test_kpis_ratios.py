"""Ratios over customers: right where the answer is known, and a customer counts once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student
from statsmodels.stats.proportion import proportion_confint

from stockcust.kpis.ratios import moments, ratio, share_of_events


def sums(y, x):
    return moments(pd.Series(y, dtype="float64"), pd.Series(x, dtype="float64")).sum().to_frame().T


def test_over_ones_the_ratio_is_the_mean_with_students_interval():
    values = np.array([3.0, 5.0, 4.0, 9.0, 1.0, 6.0, 2.0, 8.0, 7.0, 4.0])
    found = ratio(sums(values, np.ones(10)), 10).iloc[0]
    half = student.ppf(0.975, 9) * values.std(ddof=1) / np.sqrt(10)
    assert found["estimate"] == pytest.approx(values.mean())
    assert (found["ci_low"], found["ci_high"]) == pytest.approx(
        (values.mean() - half, values.mean() + half)
    )


def test_the_interval_of_a_ratio_is_that_of_the_jackknife():
    rng = np.random.default_rng(3)
    x = rng.poisson(3, 400) + 0.0
    y = 50 * x + rng.normal(0, 30, 400)
    found = ratio(sums(y, x), 10).iloc[0]
    left_out = (y.sum() - y) / (x.sum() - x)
    std_error = np.sqrt(399 / 400 * ((left_out - left_out.mean()) ** 2).sum())
    half = (found["ci_high"] - found["ci_low"]) / 2
    assert half == pytest.approx(student.ppf(0.975, 399) * std_error, rel=0.02)


def test_the_interval_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(4)
    covered = 0
    for _ in range(400):
        x = rng.poisson(2, 60) + 0.0
        y = 10 * x + rng.normal(0, 8, 60)
        found = ratio(sums(y, x), 10).iloc[0]
        covered += found["ci_low"] <= 10 <= found["ci_high"]
    assert 0.92 <= covered / 400 <= 0.98


def test_with_one_event_each_the_share_has_wilsons_interval():
    hits = [1] * 7 + [0] * 13
    found = share_of_events(sums(hits, [1] * 20), 10).iloc[0]
    # the variance is estimated from the sample: n - 1 of n events
    low, high = proportion_confint(0.35 * 19, 19, method="wilson")
    assert found.tolist() == pytest.approx([0.35, low, high])


def test_more_events_of_the_same_customers_tell_nothing_new():
    once = share_of_events(sums([1] * 7 + [0] * 13, [1] * 20), 10).iloc[0]
    often = share_of_events(sums([9] * 7 + [0] * 13, [9] * 20), 10).iloc[0]
    assert often.tolist() == pytest.approx(once.tolist())


@pytest.mark.parametrize("hit", [0, 1])
def test_all_or_nothing_is_as_uncertain_as_the_number_of_customers(hit):
    found = share_of_events(sums([5 * hit] * 12, [5] * 12), 10).iloc[0]
    low, high = proportion_confint(12 * hit, 12, method="wilson")
    assert found.tolist() == pytest.approx([hit, low, high])


@pytest.mark.parametrize("of", [ratio, share_of_events])
def test_there_is_no_ratio_of_few_customers_or_of_nothing(of):
    assert of(sums([1] * 9, [1] * 9), 10).isna().all(axis=None)
    assert of(sums([1] * 10, [0] * 10), 10).isna().all(axis=None)
    assert of(sums([None] * 12, [1] * 12), 10).isna().all(axis=None)
    assert of(sums([1] * 10, [1] * 10), 10)["estimate"].notna().all()


def test_of_whom_something_is_unknown_counts_nowhere():
    known = sums([2.0] * 10 + [None, 4.0], [1.0] * 10 + [7.0, None])
    assert known[["n", "y", "x"]].iloc[0].tolist() == [10, 20, 10]


customer = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda p: (p[0], p[0] + p[1]))


@given(st.lists(customer, min_size=2, max_size=40))
def test_a_share_and_its_interval_lie_between_none_and_all(customers):
    y, x = zip(*customers)
    found = share_of_events(sums(y, x), 2).iloc[0]
    if sum(x):
        low, estimate, high = found[["ci_low", "estimate", "ci_high"]]
        assert -1e-9 <= low <= estimate + 1e-9 <= high + 2e-9 <= 1 + 3e-9
        assert estimate == pytest.approx(sum(y) / sum(x))
