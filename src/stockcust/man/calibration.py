"""Whether the coefficients keep their promise: more effort and less success as they rise."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from scipy.stats import mannwhitneyu, spearmanr
from statsmodels.stats.contingency_tables import Table
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint, test_proportions_2indep

from stockcust.man.separation import ALPHA, letter_separation

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook

Verdict = Literal["holds", "contradicted", "not_shown", "cannot_tell"]


@dataclass(frozen=True, slots=True)
class Trend:
    """A test over all coefficients with enough cases.

    Attributes
    ----------
    statistic : z of the Cochran-Armitage test for success, Spearman's rho for effort.
    p_value : two-sided; n : assignments in the test.
    """

    statistic: float
    p_value: float
    n: int
    verdict: Verdict


@dataclass(frozen=True, slots=True, repr=False)
class Calibration:
    """Observed effort and success by difficulty coefficient.

    Attributes
    ----------
    table : one row per difficulty: n, n_success, success_share with its Wilson interval (null
        under min_n), mean_contacts, mean_minutes, mean_cost_cny (per assignment).
    success, effort : whether success falls and effort (contacts) rises with the coefficient.
    warnings : one row per pair of neighbouring coefficients in the wrong order: code
        (success_rises, effort_falls), difficulty, next_difficulty, p_value (Holm), is_clear.
    letters : one row per letter: what having it does to success, the other two letters equal.
    preset : the active preset of coefficients; min_n : the fewest cases for a rate.
    """

    table: pd.DataFrame
    success: Trend
    effort: Trend
    warnings: pd.DataFrame
    letters: pd.DataFrame
    preset: str
    min_n: int

    def summary(self) -> pd.DataFrame:
        """Give the table by difficulty."""
        return self.table

    def __repr__(self) -> str:
        n = int(self.table["n"].sum())
        return (
            f"Calibration({n:,} assignments, success {self.success.verdict}, "
            f"effort {self.effort.verdict})"
        )

    def _repr_html_(self) -> str:
        return self.table.to_html(index=False)


def calibrate(episodes: pd.DataFrame, rules: Rulebook) -> Calibration:
    """Set the difficulty coefficients against what past assignments took and brought.

    Success is tested for a trend by Cochran-Armitage, effort by Spearman's rank correlation.
    Neighbouring coefficients in the wrong order are named, with a p-value corrected for all pairs
    (Holm). Nothing is tuned. Managers choose whom they work on, so these are associations.

    Parameters
    ----------
    episodes : from `past_episodes`.
    rules : `report.min_n_rate` is the fewest assignments for a rate or a test.

    Returns
    -------
    Calibration. A verdict is "cannot_tell" with fewer than two coefficients of enough cases, or
    without any difference in the outcome.
    """
    min_n = rules.report.min_n_rate
    table = _by_difficulty(episodes, min_n)
    enough = table.loc[table["n"] >= min_n, "difficulty"]
    tested = episodes[episodes["difficulty"].isin(enough)]
    warnings = _warnings(tested, list(enough))
    return Calibration(
        table=table,
        success=_success_trend(table[table["n"] >= min_n], warnings),
        effort=_effort_trend(tested, warnings),
        warnings=warnings,
        letters=letter_separation(episodes, min_n),
        preset=rules.man.coefficient_preset,
        min_n=min_n,
    )


def _by_difficulty(episodes: pd.DataFrame, min_n: int) -> pd.DataFrame:
    table = episodes.groupby("difficulty", as_index=False).agg(
        n=("is_success", "size"),
        n_success=("is_success", "sum"),
        mean_contacts=("n_contacts", "mean"),
        mean_minutes=("minutes", "mean"),
        mean_cost_cny=("cost_cny", "mean"),
    )
    table = table.astype({"n": "int64", "n_success": "int64"})
    low, high = proportion_confint(table["n_success"], table["n"], method="wilson")
    share = table["n_success"] / table["n"]
    rates = pd.DataFrame({"success_share": share, "ci_low": low, "ci_high": high})
    return table.join(rates.where(table["n"] >= min_n))


def _success_trend(table: pd.DataFrame, warnings: pd.DataFrame) -> Trend:
    failed, succeeded = table["n"] - table["n_success"], table["n_success"]
    n = int(table["n"].sum())
    if len(table) < 2 or not failed.sum() or not succeeded.sum():
        return Trend(np.nan, np.nan, n, "cannot_tell")
    counts = Table(np.vstack([failed, succeeded]), shift_zeros=False)
    test = counts.test_ordinal_association(col_scores=table["difficulty"].to_numpy("float64"))
    verdict = _verdict(-test.zscore, test.pvalue, _is_clear(warnings, "success_rises"))
    return Trend(float(test.zscore), float(test.pvalue), n, verdict)


def _effort_trend(tested: pd.DataFrame, warnings: pd.DataFrame) -> Trend:
    known = tested[tested["n_contacts"].notna()]
    if known["difficulty"].nunique() < 2 or known["n_contacts"].nunique() < 2:
        return Trend(np.nan, np.nan, len(known), "cannot_tell")
    test = spearmanr(known["difficulty"].to_numpy("float64"), known["n_contacts"])
    verdict = _verdict(test.statistic, test.pvalue, _is_clear(warnings, "effort_falls"))
    return Trend(float(test.statistic), float(test.pvalue), len(known), verdict)


def _is_clear(warnings: pd.DataFrame, code: str) -> bool:
    return bool(warnings.loc[warnings["code"] == code, "is_clear"].any())


def _verdict(towards: float, p_value: float, is_contradicted: bool) -> Verdict:
    """Judge a trend; `towards` is positive where it runs as the coefficients promise."""
    if is_contradicted or (p_value < ALPHA and towards < 0):
        return "contradicted"
    return "holds" if p_value < ALPHA else "not_shown"


def _warnings(tested: pd.DataFrame, difficulties: list[int]) -> pd.DataFrame:
    rows = [
        (code, easier, harder, p_value)
        for easier, harder in pairwise(difficulties)
        for code, p_value in _wrong_order(tested, easier, harder)
    ]
    table = pd.DataFrame(rows, columns=["code", "difficulty", "next_difficulty", "p_value"])
    if table.empty:
        return table.assign(is_clear=pd.Series(dtype="bool"))
    is_clear, corrected, *_ = multipletests(table["p_value"], alpha=ALPHA, method="holm")
    return table.assign(p_value=corrected, is_clear=is_clear)


def _wrong_order(tested: pd.DataFrame, easier: int, harder: int) -> list[tuple[str, float]]:
    """Test the two neighbours, one-sided, where what is observed runs the wrong way."""
    easy, hard = (tested[tested["difficulty"] == d] for d in (easier, harder))
    found = []
    if hard["is_success"].mean() > easy["is_success"].mean():
        test = test_proportions_2indep(
            hard["is_success"].sum(), len(hard), easy["is_success"].sum(), len(easy),
            method="score", alternative="larger",
        )  # fmt: skip
        found.append(("success_rises", float(test.pvalue)))
    if hard["n_contacts"].mean() < easy["n_contacts"].mean():
        effort = mannwhitneyu(hard["n_contacts"], easy["n_contacts"], alternative="less")
        found.append(("effort_falls", float(effort.pvalue)))
    return found
