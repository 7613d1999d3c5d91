"""Spark as a bank finds it: its own session, its own types of times, no pyspark at all."""

from __future__ import annotations

import datetime as dt
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import needs
import stockcust as sc
from engines import bank_of
from stockcust.errors import CallError
from stockcust.tables import write_prepared
from stockcust.tables.engines import collect

LAST_MOMENT = "2026-05-31 23:59:59"
RULES = sc.load_rulebook()


def _users_frames(spark: Any) -> dict[str, Any]:
    """Tables as Spark types them: instants, days, decimals."""
    people = [("c1", "b1", dt.date(1980, 1, 1))]
    months = [
        ("c1", dt.date(2026, 5, 31), Decimal("123456.78")),
        ("c1", dt.date(2026, 4, 1), Decimal(0)),
    ]
    return {
        "customers": spark.createDataFrame(
            people, "customer_id string, branch_id string, birth_date date"
        ),
        "aum_monthly": spark.createDataFrame(
            months, "customer_id string, month date, average_aum_cny decimal(38, 18)"
        ),
        "branches": spark.createDataFrame([("b1",)], "branch_id string"),
        "contacts": spark.sql(
            f"SELECT 'k1' contact_id, 'c1' customer_id, timestamp '{LAST_MOMENT}' contact_time, "
            "'phone' channel, true is_effective"
        ),
    }


@pytest.mark.spark
@needs.spark
def test_spark_times_are_read_as_the_sessions_clock_shows_them(spark: Any) -> None:
    bank = sc.Bank.from_frames(_users_frames(spark))
    assert bank.rejects.empty
    contact = collect(bank.tables["contacts"]).iloc[0]
    assert contact["contact_time"] == pd.Timestamp(LAST_MOMENT)
    assert bank.last_month_end == dt.date(2026, 5, 31)
    row = collect(sc.customers_as_of(bank, "2026-05-31", RULES)).iloc[0]
    assert row[["aum_cny", "aum_1m_ago_cny", "age", "n_contacts"]].tolist() == [123456.78, 0, 46, 1]
    assert row["last_contact_date"] == pd.Timestamp("2026-05-31")
    assert collect(bank.until("2026-05-30").tables["contacts"]).empty


@pytest.mark.spark
@needs.spark
def test_the_users_session_is_used_and_none_of_its_settings_changes(
    spark: Any, tmp_path: Path
) -> None:
    before = dict(spark.conf.getAll)
    bank = sc.Bank.from_frames(_users_frames(spark))
    folder = write_prepared(bank, tmp_path / "prepared")
    for found in (bank, sc.read_bank(folder, engine="spark")):
        assert {frame.sparkSession for frame in found.tables.values()} == {spark}
    assert dict(spark.conf.getAll) == before


@pytest.mark.spark
@needs.spark
def test_a_prepared_bank_may_lie_in_a_folder_with_any_name(spark: Any, tmp_path: Path) -> None:
    bank = sc.Bank.from_frames(_users_frames(spark))
    folder = write_prepared(bank, tmp_path / "已核 数据 100%")
    contact = collect(sc.read_bank(folder, engine="spark").tables["contacts"]).iloc[0]
    assert contact["contact_time"] == pd.Timestamp(LAST_MOMENT)


@pytest.mark.spark
@needs.spark
def test_the_held_tier_follows_the_months_of_a_bank_on_spark(spark: Any) -> None:
    rules = RULES.with_changes({"tiers.status_rule.mode": "fast_up_slow_down"})
    months = """
        customer_id | month   | average_aum_cny
        up          | 2026-05 | 60000
        up          | 2026-06 | 60000
        down        | 2026-05 | 60000
        down        | 2026-06 | 10000
        """
    held = []
    for engine in ("pandas", "spark"):
        bank = bank_of(engine, aum_monthly=months)
        customers = sc.customers_as_of(bank, "2026-06-30", rules)
        placed = collect(sc.segment(customers, rules, history=bank.tables["aum_monthly"]))
        held.append(placed.set_index("customer_id")[["tier", "is_tier_watched"]].T.to_dict())
    expected = {
        "up": {"tier": "T2", "is_tier_watched": False},
        "down": {"tier": "T2", "is_tier_watched": True},
    }
    assert held == [expected, expected]


def test_without_pyspark_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    months = "customer_id | month | average_aum_cny\nc1 | 2026-06 | 1"
    folder = write_prepared(bank_of("pandas", aum_monthly=months), tmp_path / "prepared")
    for module in ("pyspark", "pyspark.sql", "pyspark.errors"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(CallError, match=r"stockcust\[spark\]"):
        sc.read_bank(folder, engine="spark")
