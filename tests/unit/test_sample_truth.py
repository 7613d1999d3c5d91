"""The planted truth is complete, and an analysis that does everything right would find it."""

from __future__ import annotations

import functools
import json

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from sample_banks import large, shipped, truth

PLAN = shipped().truth["plan"]
BOTH_OUTCOMES = ("average_effect_of_list", "mean_if_held_out", "mean_if_listed", "share_reached")


def _effect(campaign: str, strategies: str, outcome: str) -> dict:
    return next(
        e
        for e in large().truth["effects"]
        if (e["campaign_id"], e["strategies"], e["outcome"]) == (campaign, strategies, outcome)
    )


@functools.cache
def _list_with_outcome(campaign: str) -> pd.DataFrame:
    """A campaign's list with purchases of its product class in the window, from the tables alone."""
    frames = large().frames
    listed = frames["assignments"]
    listed = listed[listed["campaign_id"] == campaign].astype({"customer_id": "str"})
    classes = frames["products"].set_index("product_id")["product_class"].astype("str")
    product_class = classes[listed["product_id"].iloc[0]]
    bought = frames["purchases"]
    bought = bought[bought["product_class"] == product_class]
    after = bought["purchase_date"] > listed["assign_date"].iloc[0]
    until = bought["purchase_date"] <= listed["end_date"].iloc[0]
    keys = ["customer_id", "branch_id"]
    buyers = pd.MultiIndex.from_frame(bought.loc[after & until, keys].astype("str"))
    here = pd.MultiIndex.from_frame(listed[keys].astype("str"))
    return listed.assign(y=here.isin(buyers).astype(float))


def test_truth_names_every_arm_and_outcome_with_numbers_while_its_window_is_closed():
    effects = truth()["effects"]
    planned = {
        (c["id"], arm) for c in PLAN["campaigns"] for arm in c["arms"] if c["by"] != "branch"
    }
    assert {(e["campaign_id"], e["strategies"]) for e in effects} == planned
    for effect in effects:
        assert effect["outcome"] in truth()["outcome_definitions"]
        assert effect["scale"] and effect["design"] and effect["first_month"]
        is_open = effect["campaign_id"] == "C06"
        assert is_open or effect["n_population"] > 0, effect
        assert is_open or all(effect[key] is not None for key in BOTH_OUTCOMES)


def test_truth_covers_hazards_shares_attribution_and_settings():
    churn = truth()["churn"]
    assert set(churn["hazards"]) == set(churn["cause_shares"])
    assert sum(churn["cause_shares"].values()) == pytest.approx(1, abs=0.001)
    used = {name for h in churn["hazards"].values() for name in h} - {"baseline"}
    assert used == set(churn["covariates"]) == set(churn["exposure_by_covariate"])
    assert {"n_lost", "n_at_risk", "all_of_these"} < set(churn["attributable_fractions"])
    assert len(churn["events"]["cause"]) == churn["n_events"]
    assert truth()["generator"]["seed"] == shipped().seed
    assert truth()["roll_out"]["effect_by_months_since_start"]["6"]["average_aum_cny"] > 0


def test_truth_is_the_same_after_a_round_through_json():
    assert json.loads(json.dumps(shipped().truth))["effects"] == truth()["effects"]


def test_effects_differ_by_purpose_strategy_and_outcome():
    effects = PLAN["effects"]
    sale, wake = effects["product_sale"], effects["wake_dormant"]
    assert sale["man"]["purchase"] > sale["sanfen"]["purchase"] > sale["soft"]["purchase"]
    assert sale["man"]["satisfaction"] < 0 < sale["soft"]["satisfaction"]
    assert wake["man"]["wake"] < 0 < wake["soft"]["wake"] < wake["sanfen;soft"]["wake"]


@pytest.mark.parametrize("campaign", ["C01", "C02"])
def test_randomised_lists_give_the_average_effect_of_both_potential_outcomes(campaign):
    listed = _list_with_outcome(campaign)
    drawn = listed[~listed["list_reason"].astype("str").str.contains("固定执行")]
    control = drawn.loc[drawn["is_control"], "y"]
    treated = drawn[~drawn["is_control"]]
    for strategies, rows in treated.groupby("strategies", observed=True):
        estimate = rows["y"].mean() - control.mean()
        error = np.sqrt(rows["y"].var() / len(rows) + control.var() / len(control))
        true = _effect(campaign, strategies, "purchase")["average_effect_of_list"]
        assert abs(estimate - true) < 3.5 * error, strategies


def test_realised_outcomes_are_those_of_the_arm_that_was_drawn():
    keys = ["customer_id", "branch_id"]
    listed = _list_with_outcome("C01").astype({"branch_id": "str"})
    outcomes = large().potential_outcomes.query("campaign_id == 'C01'")
    outcomes = outcomes.astype(dict.fromkeys(keys, "str"))
    drawn = np.where(outcomes["held_out"], "control", outcomes["own_arm"])
    both = listed.merge(outcomes[outcomes["arm"] == drawn], on=keys, validate="one_to_one")
    assert len(both) == len(listed)
    assert (both["held_out"] == both["is_control"]).all()
    assert both["purchase"].tolist() == both["y"].tolist()


def test_whole_households_are_held_out_and_never_the_upper_tiers():
    outcomes = large().potential_outcomes
    assert not (outcomes["held_out"] & ~outcomes["can_be_held_out"]).any()
    customers = large().frames["customers"].drop_duplicates("customer_id", keep="last")
    household = customers.set_index(customers["customer_id"].astype("str"))["household_id"]
    listed = _list_with_outcome("C01")
    drawn = listed[~listed["list_reason"].astype("str").str.contains("固定执行")]
    home = drawn["customer_id"].map(household.astype("str").where(household.notna()))
    arms = drawn["is_control"].groupby([home, drawn["branch_id"].astype("str")]).nunique()
    assert len(arms) > 50
    assert (arms == 1).all()


def test_comparing_the_chosen_with_the_others_is_far_off():
    effect = _effect("C03", "man;sanfen", "purchase")
    assert effect["naive_difference"] > 1.4 * effect["average_effect_of_list"]
    hidden = _effect("C04", "man", "purchase")
    assert hidden["average_effect_of_list"] == pytest.approx(0, abs=0.003)
    assert hidden["naive_difference"] > 0.03


def test_the_hidden_wish_moves_purchases_without_any_contact():
    outcomes = large().potential_outcomes.query("campaign_id == 'C04' and arm == 'control'")
    share = outcomes.groupby("is_listed")["purchase"].mean()
    assert share[True] > share[False] + 0.03


def test_managers_call_the_rich_and_the_likely_buyers_first():
    frames = large().frames
    aum, talks = frames["aum_monthly"], frames["contacts"]
    aum = aum[aum["month"] == "2026-04-30"].astype({"customer_id": "str"})
    in_may = talks["contact_time"].dt.strftime("%Y-%m") == "2026-05"
    talks = talks[in_may & talks["is_effective"].fillna(False)]
    aum["called"] = aum["customer_id"].isin(set(talks["customer_id"].astype("str")))
    share = aum.groupby(pd.cut(aum["average_aum_cny"], [0, 5e4, 2e5, 1e6, 1e9]))["called"].mean()
    assert share.is_monotonic_increasing
    assert share.iloc[-1] > 3 * share.iloc[0]


def test_few_of_the_held_out_are_contacted_all_the_same():
    share = _effect("C01", "man;sanfen;soft", "purchase")["share_contaminated"]
    assert 0 < share < 0.05


@pytest.mark.parametrize(
    ("cause", "covariate"),
    [
        ("RATE", "maturity_uncaptured_60d"), ("SERVICE", "complaint_90d"),
        ("SERVICE", "no_contact_180d"), ("CHANNEL", "payroll_stopped_90d"),
        ("FUND_USE", "age_25_40"), ("INVEST_OUT", "risk_c4_c5"), ("TRUST", "assets_500k_plus"),
    ],
)  # fmt: skip
def test_the_planted_hazards_come_back_from_the_planted_exposures(cause, covariate):
    exposures = large().exposures
    hazards = PLAN["churn"]["causes"][cause]
    names = [name for name in hazards if name != "baseline"]
    offset = np.log(exposures["n_months"]) + exposures["campaign_shift"]
    if cause == "SERVICE":
        own = np.array(list(large().truth["churn"]["branch_service_log_hazard"].values()))
        offset += own[exposures["branch"]]
    design = sm.add_constant(exposures[names].astype(float))
    fit = sm.GLM(exposures[cause], design, family=sm.families.Poisson(), offset=offset).fit()
    assert abs(fit.params[covariate] - hazards[covariate]) < 3.5 * fit.bse[covariate]
    assert abs(fit.params["const"] - hazards["baseline"]) < 3.5 * fit.bse["const"]


def test_removing_the_antecedents_removes_losses():
    fractions = large().truth["churn"]["attributable_fractions"]
    assert 0.05 < fractions["all_of_these"]["12_months"] < 0.5


def test_some_lost_money_comes_back_by_itself_and_more_after_a_contact():
    soft = _effect("B01", "soft", "recovery")
    assert 0.02 < soft["mean_if_held_out"] < 0.3
    assert soft["average_effect_of_contact"] > 0.02


def test_the_roll_out_lets_assets_grow_month_by_month():
    by_age = large().truth["roll_out"]["effect_by_months_since_start"]
    growth = [by_age[str(age)]["average_aum_share"] for age in range(7)]
    assert growth == sorted(growth)
    assert growth[-1] > growth[0] + 0.01
