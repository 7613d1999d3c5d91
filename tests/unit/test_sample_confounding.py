"""What the files hold suffices to mend one campaign's confounding and not the other's."""

from __future__ import annotations

import numpy as np
import pandas as pd
import statsmodels.api as sm
from sample_banks import large

KEYS = ["customer_id", "branch_id"]


def _with_text_keys(table: str) -> pd.DataFrame:
    return large().frames[table].astype(dict.fromkeys(KEYS, "str"))


def _per_customer(rows: pd.DataFrame, people: pd.MultiIndex) -> np.ndarray:
    return rows.groupby(KEYS).size().reindex(people, fill_value=0).to_numpy()


def _known_before(day: pd.Timestamp, people: pd.MultiIndex) -> pd.DataFrame:
    """Assets, talks, purchases and maturities of the people as the tables show them on a day."""
    aum = _with_text_keys("aum_monthly")
    aum = aum[aum["month"] == day - pd.Timedelta(days=1)]
    assets = np.log10(aum.set_index(KEYS)["average_aum_cny"].reindex(people).clip(lower=10))
    talks = _with_text_keys("contacts")
    since = day - pd.DateOffset(months=11)
    talks = talks[talks["is_effective"].fillna(False) & talks["campaign_id"].isna()]
    talks = talks[(talks["contact_time"] >= since) & (talks["contact_time"] < day)]
    buys = _with_text_keys("purchases").query("purchase_date < @day")
    held = _with_text_keys("holdings").query("product_class != 'loan' and start_date < @day")
    held = held[~(held["end_date"] < day) & (held["maturity_date"] >= day)]
    held = held[held["maturity_date"] < day + pd.Timedelta(days=60)]
    matures = held.groupby(KEYS)["amount_cny"].sum().reindex(people, fill_value=0) >= 5000
    return pd.DataFrame({
        "const": 1.0, "assets": assets.to_numpy(), "assets_squared": assets.to_numpy() ** 2,
        "talks": np.minimum(_per_customer(talks, people), 6),
        "has_bought": (_per_customer(buys, people) > 0).astype(float),
        "matures": matures.to_numpy(float),
    })  # fmt: skip


def _study(campaign: str, arm: str) -> tuple[float, float, float, float]:
    """True, adjusted and naive effect of a list on purchases, and the adjusted one's error."""
    outcomes = large().potential_outcomes.query("campaign_id == @campaign")
    outcomes = outcomes.astype(dict.fromkeys(KEYS, "str"))
    control = outcomes[outcomes["arm"] == "control"].set_index(KEYS)
    treated = outcomes[outcomes["arm"] == arm].set_index(KEYS).reindex(control.index)
    chosen = control["is_listed"].to_numpy(bool)
    y = np.where(chosen, treated["purchase"], control["purchase"])
    x = _known_before(control["month"].iloc[0], control.index).to_numpy()
    propensity = sm.Logit(chosen.astype(float), x).fit(disp=0).predict().clip(0.02, 0.98)
    if_listed = sm.Logit(y[chosen], x[chosen]).fit(disp=0).predict(x)
    if_not = sm.Logit(y[~chosen], x[~chosen]).fit(disp=0).predict(x)
    weighed = np.where(chosen, (y - if_listed) / propensity, -(y - if_not) / (1 - propensity))
    influence = if_listed - if_not + weighed
    true = (treated["purchase"] - control["purchase"]).mean()
    naive = y[chosen].mean() - y[~chosen].mean()
    return true, influence.mean(), naive, influence.std() / np.sqrt(len(y))


def test_adjusting_for_the_files_mends_the_managers_choice():
    true, adjusted, naive, error = _study("C03", "man;sanfen")
    assert abs(adjusted - true) < 3.5 * error
    assert abs(naive - true) > 10 * error


def test_adjusting_for_the_files_does_not_mend_the_hidden_choice():
    true, adjusted, _, error = _study("C04", "man")
    assert abs(true) < 0.003
    assert adjusted > 3 * error
