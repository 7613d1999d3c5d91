"""Keyed hashes in the place of customers' ids, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from stockcust.privacy import customer_keys

PERSONAL_IDS = ("customer_id", "household_id")


def pseudonymous(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Put customers and households under keyed hashes, the same in every frame."""
    return {
        name: frame.assign(
            **{column: _hashed(frame[column]) for column in PERSONAL_IDS if column in frame}
        )
        for name, frame in frames.items()
    }


def _hashed(ids: pd.Series) -> pd.Series:
    codes, values = pd.factorize(ids)
    keys = pd.Series([*customer_keys(values), None], dtype="str")
    return keys.take(codes).set_axis(ids.index)
