"""Ratios of two sums over customers, with intervals that let each customer count once."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import t as student
from statsmodels.stats.proportion import proportion_confint

_MOMENTS = ["n", "y", "x", "yy", "xy", "xx"]
_CONFIDENCE = 0.95


def moments(y: pd.Series, x: pd.Series) -> pd.DataFrame:
    """What has to be added up over customers for a ratio of their sums.

    Parameters
    ----------
    y, x : one value per customer; a customer of whom either is unknown does not count.

    Returns
    -------
    One row per customer: n, y, x and the products yy, xy, xx.
    """
    known = y.notna() & x.notna()
    y, x = (part.astype("float64").where(known, 0.0) for part in (y, x))
    values = (known.astype("float64"), y, x, y * y, x * y, x * x)
    return pd.DataFrame(dict(zip(_MOMENTS, values)), index=y.index)


def ratio(sums: pd.DataFrame, min_n: int) -> pd.DataFrame:
    """The ratio of two sums and its interval over customers.

    The variance is the linearised one of a ratio estimator (Cochran, Sampling Techniques, ch. 6),
    the interval Student's.

    Parameters
    ----------
    sums : summed `moments`, one row per line.
    min_n : the fewest customers for a ratio.

    Returns
    -------
    estimate, ci_low and ci_high (95 %), null under ``min_n`` or where the lower sum is zero.
    """
    estimate, std_error = _linearised(sums, min_n)
    half = std_error * student.ppf((1 + _CONFIDENCE) / 2, sums["n"].clip(lower=2) - 1)
    return pd.DataFrame(
        {"estimate": estimate, "ci_low": estimate - half, "ci_high": estimate + half}
    )


def share_of_events(sums: pd.DataFrame, min_n: int) -> pd.DataFrame:
    """A share of events of which a customer may have several, with Wilson's interval.

    The interval is that of as many independent events as would tell as much: those of one customer
    are alike (Korn and Graubard, Survey Methodology 1998).

    Parameters
    ----------
    sums : summed `moments` of the events that hold (y) and of all events (x).
    min_n : the fewest customers for a share.

    Returns
    -------
    estimate, ci_low and ci_high (95 %), null under ``min_n`` customers.
    """
    estimate, std_error = _linearised(sums, min_n)
    variance = std_error**2
    with np.errstate(divide="ignore", invalid="ignore"):
        worth = (estimate * (1 - estimate) / variance).where(variance > 0, sums["n"])
    worth = worth.clip(upper=sums["x"]).where(estimate.notna())
    low, high = proportion_confint(estimate * worth, worth, method="wilson")
    return pd.DataFrame({"estimate": estimate, "ci_low": low, "ci_high": high})


def _linearised(sums: pd.DataFrame, min_n: int) -> tuple[pd.Series, pd.Series]:
    n, x = sums["n"], sums["x"]
    is_enough = (n >= max(min_n, 2)) & (x > 0)
    n, x = n.where(is_enough), x.where(is_enough)
    estimate = sums["y"] / x
    spread = sums["yy"] - 2 * estimate * sums["xy"] + estimate**2 * sums["xx"]
    return estimate, np.sqrt(spread.clip(lower=0) * n / (n - 1)) / x
