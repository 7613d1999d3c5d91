"""Contacts, assets, dormancy and maturities as a person would count them, customer by customer."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

import stockcust as sc
from engines import rows_of
from random_banks import AS_OF, SEEDS, random_tables
from stockcust.customers import customers_as_of
from stockcust.tables import Bank

RULES = sc.load_rulebook()
END = dt.datetime.combine(AS_OF, dt.time()) + dt.timedelta(days=1)
COUNTED = {"phone", "wecom", "face_visit", "event"}
TOUCHES = {"sms", "card"}
EXCLUDED = {"interest", "fee", "batch_deduct", "system_adjust"}


def _rows(bank: Bank, table: str) -> list[dict[str, Any]]:
    return rows_of(bank.tables[table])


def _of(rows: list[dict[str, Any]], customer: dict[str, Any]) -> list[dict[str, Any]]:
    return [r for r in rows if r["customer_id"] == customer["customer_id"]]


@pytest.fixture(scope="module", params=SEEDS)
def bank(request: pytest.FixtureRequest) -> Bank:
    return Bank.from_frames(random_tables(np.random.default_rng(request.param)))


@pytest.fixture(scope="module")
def customers(bank: Bank) -> list[dict[str, Any]]:
    return rows_of(customers_as_of(bank, AS_OF, RULES))


def test_contacts(bank, customers):
    log = [r for r in _rows(bank, "contacts") if r["contact_time"] < END]
    start = dt.datetime(2025, 7, 1)
    window = [r for r in log if r["contact_time"] >= start]
    told = bank.has("contacts", "is_effective") or bank.has("contacts", "duration_minutes")
    logged = {r["branch_id"] for r in window}
    for customer in customers:
        if customer["branch_id"] not in logged:
            assert customer["n_contacts"] is customer["n_touches"] is None
            continue
        own = _of(window, customer)
        assert customer["n_touches"] == sum(r["channel"] in TOUCHES for r in own)
        times = sorted(r["contact_time"] for r in own if r["channel"] in COUNTED and _spoke(r))
        sessions = [b - a > dt.timedelta(minutes=30) for a, b in zip(times[:-1], times[1:])]
        expected = len(times[:1]) + sum(sessions) if told else None
        assert customer["n_contacts"] == expected


def _spoke(row: dict[str, Any]) -> bool:
    minutes, effective = row.get("duration_minutes"), row.get("is_effective")
    if minutes == 0:
        return False
    return bool(effective) if effective is not None else minutes is not None


def test_assets(bank, customers):
    months = _rows(bank, "aum_monthly")
    for customer in customers:
        known = {}
        for row in _of(months, customer):
            average, point = row.get("average_aum_cny"), row.get("point_aum_cny")
            known[row["month"]] = (average, point, point if average is None else average)
        for n, name in ((0, "aum_cny"), (1, "aum_1m_ago_cny"), (12, "aum_12m_ago_cny")):
            month = (pd.Timestamp(AS_OF) - pd.offsets.MonthEnd(n)).to_pydatetime()
            assert customer[name] == known.get(month, (None, None, None))[2]
        amounts = [aum for _, _, aum in known.values() if aum is not None]
        assert customer["n_months"] == len(amounts)
        assert customer["aum_peak_cny"] == (max(amounts) if amounts else None)


def test_dormancy(bank, customers):
    if not (bank.has("transactions", "kind") or bank.has("transactions", "channel")):
        assert all(customer["is_dormant"] is None for customer in customers)
        return
    past = [r for r in _rows(bank, "transactions") if r["transaction_date"] < END]
    for customer in customers:
        first = min(
            (r["transaction_date"] for r in past if r["branch_id"] == customer["branch_id"]),
            default=None,
        )
        own = [r["transaction_date"] for r in _of(past, customer) if not _is_posting(r)]
        last = max(own, default=None)
        assert customer["last_active_date"] == last
        assert customer["is_dormant"] is _dormant(
            customer["aum_cny"], _silent(customer, last, first)
        )


def _is_posting(row: dict[str, Any]) -> bool:
    return row["kind"] in EXCLUDED if row.get("kind") else row.get("channel") == "system"


def _silent(customer: dict[str, Any], last: Any, first: Any) -> bool | None:
    recent = END - dt.timedelta(days=365)
    if any(day is not None and day >= recent for day in (last, customer["open_date"])):
        return False
    return True if last is not None or (first is not None and first <= recent) else None


def _dormant(aum: float | None, silent: bool | None) -> bool | None:
    if silent is False or (aum is not None and aum >= 100):
        return False
    return True if silent and aum is not None else None


def test_maturities_and_kinds(bank, customers):
    day = dt.datetime.combine(AS_OF, dt.time())
    held = [r for r in _rows(bank, "holdings") if r["start_date"] < END]
    for customer in customers:
        running = [r for r in _of(held, customer) if _runs(r, day)]
        assert customer["n_products"] == len(running)
        assert customer["n_kinds"] == len({r["product_class"] for r in running})
        due = [
            r.get("amount_cny") or 0
            for r in running
            if r["product_class"] not in ("loan", "card")
            and r.get("maturity_date") is not None
            and day < r["maturity_date"] <= day + dt.timedelta(days=30)
        ]
        told = bank.has("holdings", "maturity_date", "amount_cny")
        assert customer["maturing_30d_cny"] == (pytest.approx(sum(due), abs=1e-9) if told else None)


def _runs(row: dict[str, Any], day: dt.datetime) -> bool:
    if row.get("end_date") is not None and row["end_date"] < END:
        return False
    due = row.get("maturity_date")
    return due is None or due > day or bool(row.get("is_auto_renew"))
