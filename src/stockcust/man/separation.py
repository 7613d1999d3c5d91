"""What each letter of MAN does to success while the other two stay equal."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from statsmodels.stats.contingency_tables import StratifiedTable

LETTERS = ("money", "authority", "need")
Separates = Literal["yes", "reversed", "not_shown", "cannot_tell"]
ALPHA = 0.05


def letter_separation(episodes: pd.DataFrame, min_n: int) -> pd.DataFrame:
    """Compare success with and without each letter, pooled over the other two letters.

    Parameters
    ----------
    episodes : one row per past assignment with man_group (MAN .. man) and is_success.
    min_n : the fewest assignments on each side for a comparison.

    Returns
    -------
    One row per letter: letter, n_has, n_lacks, odds_ratio (Mantel-Haenszel, of success with the
    letter to without) with ci_low and ci_high (95 %), p_value, and separates: yes (success is
    clearly likelier with the letter), reversed, not_shown or cannot_tell.
    """
    return pd.DataFrame([_compare(episodes, i, min_n) for i in range(len(LETTERS))])


def _compare(episodes: pd.DataFrame, i: int, min_n: int) -> dict[str, object]:
    group = episodes["man_group"].astype("str")
    has = group.str[i].str.isupper().astype("bool")
    counts = {"letter": LETTERS[i], "n_has": int(has.sum()), "n_lacks": int((~has).sum())}
    others = group.str[:i] + group.str[i + 1 :]
    tables = _strata(has, episodes["is_success"].astype("bool"), others)
    unknown = {"odds_ratio": np.nan, "ci_low": np.nan, "ci_high": np.nan, "p_value": np.nan}
    compared = np.sum(tables, axis=0) if tables else np.zeros((2, 2))
    if compared.sum(axis=1).min() < min_n or not compared.all():
        return {**counts, **unknown, "separates": "cannot_tell"}
    pooled = StratifiedTable([table.astype("float64") for table in tables])
    low, high = pooled.oddsratio_pooled_confint()
    p_value = float(pooled.test_null_odds().pvalue)
    ratio = float(pooled.oddsratio_pooled)
    figures = {"odds_ratio": ratio, "ci_low": low, "ci_high": high, "p_value": p_value}
    return {**counts, **figures, "separates": _separates(ratio, p_value)}


def _strata(has: pd.Series, is_success: pd.Series, others: pd.Series) -> list[np.ndarray]:
    """Cross the letter with success, once for each combination of the other letters."""
    tables = []
    for _, index in others.groupby(others).groups.items():
        crossed = pd.crosstab(has[index], is_success[index])
        table = crossed.reindex(index=[True, False], columns=[True, False], fill_value=0).to_numpy()
        if table.sum(axis=1).all() and table.sum(axis=0).all():
            tables.append(table)
    return tables


def _separates(ratio: float, p_value: float) -> Separates:
    if not p_value < ALPHA:
        return "not_shown"
    return "yes" if ratio > 1 else "reversed"
