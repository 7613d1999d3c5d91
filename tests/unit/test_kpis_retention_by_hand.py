"""The generated bank's lost and kept customers, counted one by one over the whole network."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
import pytest
from sample_banks import FOLDER

import stockcust as sc
from stockcust.kpis import retention
from stockcust.kpis.retention import NEW_STAYED, OLD_LOST

RULES = sc.load_rulebook()
FIRST, LAST = pd.Period("2024-03"), pd.Period("2026-06")  # of the first list, of the assets
MONTHS_LATER = {30: 1, 100: 3, 180: 6}


@dataclass
class Life:
    """One customer at one branch after another: known averages by month, and how it ended."""

    opened: pd.Timestamp
    ended: pd.Timestamp
    is_out: bool
    averages: dict[pd.Period, float]

    def has_ended(self, month: pd.Period) -> bool:
        return pd.notna(self.ended) and self.ended.to_period("M") <= month

    def outcome(self, month: pd.Period) -> str:
        if self.has_ended(month):
            return "n_excluded" if self.is_out else "n_lost"
        held = self.averages.get(month, math.nan)
        if math.isnan(held):
            return "n_unknown"
        return "n_stayed" if held >= 1000 else "n_lost"


def lives(bank: sc.Bank) -> Iterator[Life]:
    """The last list knows everybody; who moved to another branch keeps the date of opening."""
    people = bank.tables["customers"]
    people = people[people["snapshot_date"] == people["snapshot_date"].max()]
    months = bank.tables["aum_monthly"].merge(people[["customer_id", "branch_id", "open_date"]])
    begun = months.groupby(["customer_id", "branch_id"])["month"].min().rename("begun")
    people = people.join(begun, on=["customer_id", "branch_id"])
    people = people.sort_values("begun", na_position="first")
    by_life = dict(iter(months.groupby(["customer_id", "open_date"])))
    for row in people.drop_duplicates(["customer_id", "open_date"], keep="last").itertuples():
        held = by_life.get((row.customer_id, row.open_date), months.head(0))
        averages = held["average_aum_cny"].fillna(held["point_aum_cny"])
        known = dict(zip(held["month"].dt.to_period("M"), averages))
        is_out = row.close_reason == "bank" or row.status == "deceased"
        yield Life(row.open_date, row.close_date, is_out, known)


@pytest.fixture(scope="module")
def bank() -> sc.Bank:
    return sc.read_bank(FOLDER)


@pytest.fixture(scope="module")
def everybody(bank) -> list[Life]:
    return list(lives(bank))


@pytest.fixture(scope="module")
def table(bank) -> pd.DataFrame:
    return retention(bank, "2026-06-30", RULES).query("branch_id == '*'")


@pytest.mark.parametrize("days", MONTHS_LATER)
def test_the_networks_counts_are_those_of_its_customers(days, everybody, table):
    found = {OLD_LOST: Counter(), NEW_STAYED: Counter()}
    for life in everybody:
        opened = life.opened.to_period("M")
        seen = (life.opened + pd.Timedelta(days=days)).to_period("M")
        if opened >= FIRST and seen <= LAST:
            found[NEW_STAYED][opened, life.outcome(seen)] += 1
        for base in pd.period_range(FIRST, LAST - MONTHS_LATER[days], freq="M"):
            is_old = base.end_time.normalize() - life.opened > pd.Timedelta(days=180)
            if is_old and life.averages.get(base, 0) >= 1000 and not life.has_ended(base):
                found[OLD_LOST][base, life.outcome(base + MONTHS_LATER[days])] += 1
    for measure, hits in ((OLD_LOST, "n_lost"), (NEW_STAYED, "n_stayed")):
        rows = table[(table["measure"] == measure) & (table["days"] == days)]
        assert len(rows) == len({month for month, _ in found[measure]}) > 15
        for row in rows.itertuples():
            month = row.month.to_period("M")
            counts = {name: found[measure][month, name] for name in
                      ("n_stayed", "n_lost", "n_excluded", "n_unknown")}  # fmt: skip
            assert row.numerator == counts[hits], (measure, month)
            assert row.denominator == counts["n_stayed"] + counts["n_lost"], (measure, month)
            assert (row.n_excluded, row.n_unknown) == (counts["n_excluded"], counts["n_unknown"])
