"""Small cells: what would tell of a few customers is not shown where many people read it."""

from __future__ import annotations

import numpy as np
import pandas as pd


def hide_small(counts: pd.DataFrame, least: int) -> pd.DataFrame:
    """Mark the cells that are hidden: small ones, and others that would give them away.

    Where the sum of a row or column is known elsewhere, a single hidden cell could be computed;
    so the smallest of the other cells that are not empty is hidden with it.

    Parameters
    ----------
    counts : customers; rows and columns whose sums may be known.
    least : the smallest count that is shown (`compliance.privacy.min_cell_size`).
    """
    numbers = counts.to_numpy("float64")
    hidden = (numbers > 0) & (numbers < least)
    while _hide_one_more(numbers, hidden) or _hide_one_more(numbers.T, hidden.T):
        pass
    return pd.DataFrame(hidden, index=counts.index, columns=counts.columns)


def _hide_one_more(numbers: np.ndarray, hidden: np.ndarray) -> bool:
    """Hide a second cell in the first row that has a single hidden one and another to hide."""
    for row, (values, mask) in enumerate(zip(numbers, hidden)):
        candidates = (values > 0) & ~mask
        if mask.sum() == 1 and candidates.any():
            hidden[row, np.argmin(np.where(candidates, values, np.inf))] = True
            return True
    return False
