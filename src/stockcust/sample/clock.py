"""Months and days of the simulated period, as whole days since 1970."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

# first day of the lunar year
SPRING_FESTIVALS = (
    "2016-02-08", "2017-01-28", "2018-02-16", "2019-02-05", "2020-01-25", "2021-02-12",
    "2022-02-01", "2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06",
    "2028-01-26", "2029-02-13", "2030-02-03",
)  # fmt: skip


@dataclass(frozen=True)
class Clock:
    """One entry per simulated month: first day, last day, calendar month, festival flag."""

    start: np.ndarray
    end: np.ndarray
    calendar_month: np.ndarray
    is_spring: np.ndarray

    @classmethod
    def ending(cls, end: str, n_months: int) -> Clock:
        """The n_months months up to and including `end` (YYYY-MM)."""
        last = np.datetime64(end, "M")
        months = np.arange(last - n_months + 1, last + 1)
        start = months.astype("datetime64[D]").astype(int)
        after = (months + 1).astype("datetime64[D]").astype(int)
        festivals = np.array(SPRING_FESTIVALS, dtype="datetime64[D]").astype("datetime64[M]")
        return cls(start, after - 1, months.astype(int) % 12 + 1, np.isin(months, festivals))

    @property
    def n_months(self) -> int:
        """Number of months."""
        return len(self.start)

    @property
    def is_quarter_end(self) -> np.ndarray:
        """Whether the month closes a quarter."""
        return self.calendar_month % 3 == 0

    def month_of(self, days: np.ndarray) -> np.ndarray:
        """Month index of each day; negative before the first month."""
        return np.searchsorted(self.start, days, side="right") - 1

    @property
    def snapshot_months(self) -> np.ndarray:
        """Months whose end has a snapshot of the customer master: each quarter and the last."""
        months = np.flatnonzero(self.is_quarter_end)
        return np.union1d(months, [self.n_months - 1])


def dates(days: np.ndarray | pd.Series) -> np.ndarray:
    """Days since 1970 as datetime64[us]; days centuries away stand for none."""
    days = np.asarray(days)
    result = days.astype("int64").astype("datetime64[D]").astype("datetime64[us]")
    result[(days < -60_000) | (days > 60_000)] = np.datetime64("NaT")
    return result
