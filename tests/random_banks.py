"""Random banks that sit on the boundaries of the rules, with gaps in every column."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from stockcust.tables.contract import Column, load_contract

AS_OF = dt.date(2026, 6, 30)
SEEDS = [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 60))]
N_CUSTOMERS = 50
BRANCHES = ["b1", "b2", "b3"]
_ROWS = {
    "holdings": 60,
    "products": 6,
    "transactions": 150,
    "purchases": 60,
    "contacts": 120,
    "assignments": 40,
    "event_attendance": 20,
    "manager_overrides": 20,
}
_DAYS = [0, 1, 29, 30, 31, 89, 90, 91, 179, 180, 181, 364, 365, 366, 729, 730, 731, 2000]
# no two are 10,000 apart: that is how the bank's reader knows a mix of units
_FEN = [0, 37, 9999, 10000, 99999, 100000, 4999999, 5000000, 20000000]
_TEXTS = ["要和家人商量", "不用商量", "不用和家人商量", "回去商量一下", "自己做主", "介绍产品"]
_TAGS = ["理财", "基金", "养老", "购房", "理财;养老", "定期存款", "喝茶", "其他;黄金"]
_CHANNELS = ["phone", "wecom", "face_visit", "sms", "card", "event"]


def random_tables(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Tables of a small bank in the contract's columns, every optional cell at times empty.

    Branch b3 keeps no contact log, and of each optional column one bank in five has none.
    """
    customers = _rows("customers", N_CUSTOMERS, rng)
    customers["customer_id"] = [f"c{i}" for i in range(N_CUSTOMERS)]
    customers["branch_id"] = rng.choice(BRANCHES, N_CUSTOMERS)
    customers["status"] = rng.choice(
        ["active", "deceased", "closed"], N_CUSTOMERS, p=[0.9, 0.05, 0.05]
    )
    if "close_date" in customers:
        customers.loc[rng.random(N_CUSTOMERS) < 0.8, "close_date"] = None
    tables = {
        "customers": customers.drop(columns="snapshot_date", errors="ignore"),
        "branches": pd.DataFrame({"branch_id": BRANCHES}),
        "aum_monthly": _months(customers, rng),
    }
    for name, n in _ROWS.items():
        tables[name] = _with_keys(name, _rows(name, n, rng), customers, rng)
    contacts = tables["contacts"]
    tables["contacts"] = contacts[contacts["branch_id"] != "b3"].reset_index(drop=True)
    return tables


def later_rows(name: str, frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of the table that came to be after AS_OF; none where nothing tells when."""
    table = load_contract().tables[name]
    if not set(table.time) & set(frame):
        return frame.iloc[:0]
    rows = frame.sample(min(8, len(frame)), random_state=int(rng.integers(1 << 31)))
    for key in table.key:
        if table.columns[key].type == "id" and key not in ("customer_id", "branch_id"):
            rows[key] = [f"later{i}" for i in range(len(rows))]
    if name == "customers":
        rows["customer_id"] = [f"later{i}" for i in range(len(rows))]
    for column in table.time:
        if column in frame:
            days = rng.choice([1, 2, 31, 400], len(rows))
            dates = [AS_OF + dt.timedelta(days=int(d)) for d in days]
            rows[column] = "2026-07" if column == "month" else [d.isoformat() for d in dates]
    order = [c for c in table.order if c in rows]
    rows[[c for c in order if c not in table.time]] = None
    return rows


def _months(customers: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    months = [f"{y}-{m:02d}" for y in (2025, 2026) for m in range(1, 13) if (y, m) <= (2026, 6)]
    keys = customers[["customer_id", "branch_id"]].merge(
        pd.DataFrame({"month": months}), how="cross"
    )
    keys = keys[rng.random(len(keys)) < 0.8].reset_index(drop=True)
    rows = _rows("aum_monthly", len(keys), rng).drop(columns=keys.columns, errors="ignore")
    rows = pd.concat([keys, rows], axis=1)
    if not {"average_aum_cny", "point_aum_cny"} & set(rows):
        rows["average_aum_cny"] = 1.0
    return rows


def _with_keys(
    name: str, frame: pd.DataFrame, customers: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    table = load_contract().tables[name]
    if "customer_id" in table.columns:
        owners = customers.iloc[rng.integers(0, len(customers), len(frame))]
        frame = frame.assign(
            customer_id=owners["customer_id"].to_numpy(), branch_id=owners["branch_id"].to_numpy()
        )
    if name == "products":
        return frame.assign(product_id=[f"p{i}" for i in range(len(frame))])
    for key in table.key:
        if table.columns[key].type == "id" and key not in ("customer_id", "branch_id"):
            frame[key] = [f"{name}{i}" for i in range(len(frame))]
    keys = [k for k in table.key if k in frame]
    return frame.drop_duplicates(keys).reset_index(drop=True)


def _rows(name: str, n: int, rng: np.random.Generator) -> pd.DataFrame:
    table = load_contract().tables[name]
    columns = {}
    for column in table.columns.values():
        if column.required or rng.random() < 0.8:
            values = _values(column, n, rng)
            keep = column.not_null or column.required
            columns[column.name] = [v if keep or rng.random() < 0.8 else None for v in values]
    frame = pd.DataFrame(columns)
    for start, end in zip(table.order[:-1], table.order[1:]):
        if start in frame and end in frame:
            wrong = frame[end].notna() & frame[start].notna() & (frame[end] < frame[start])
            frame.loc[wrong, end] = None
    return frame


def _values(column: Column, n: int, rng: np.random.Generator) -> list[object]:
    name = column.name
    if name == "channel":
        return list(rng.choice(_CHANNELS if "phone" in column.codes else [*column.codes], n))
    if column.type == "enum":
        return list(rng.choice([*column.codes], n))
    if column.type in ("date", "datetime"):
        return _dates(column, n, rng)
    if column.type == "flag":
        return list(rng.choice(["yes", "no"], n))
    if column.type in ("money", "number", "share"):
        return list(rng.choice(_FEN, n) / 100)
    if column.type == "integer":
        return list(rng.integers(0, 30, n))
    texts = {"need_tags": _TAGS, "mobile": ["13912345678", "13800000000", "13512345678"]}
    ids = {"product_id": [f"p{i}" for i in range(8)], "manager_id": ["m1", "m2"]}
    return list(rng.choice({**texts, **ids}.get(name, _TEXTS), n))


def _dates(column: Column, n: int, rng: np.random.Generator) -> list[object]:
    ahead = {"maturity_date", "risk_expiry_date", "expires_date", "id_valid_until", "next_date"}
    sign = rng.choice([-1, 1], n) if column.name in ahead else np.where(rng.random(n) < 0.9, -1, 1)
    days = rng.choice(_DAYS, n) * sign
    if column.name == "birth_date":
        days = -np.abs(days) - rng.choice([0, 6570, 6575, 20000, 30000], n)
    moments = [dt.datetime.combine(AS_OF, dt.time()) + dt.timedelta(days=int(d)) for d in days]
    if column.type == "date":
        return [f"{moment:%Y-%m-%d}" for moment in moments]
    minutes = rng.choice([0, 1, 29, 30, 31, 60, 1439], n)
    return [f"{m + dt.timedelta(minutes=int(k)):%Y-%m-%d %H:%M}" for m, k in zip(moments, minutes)]
