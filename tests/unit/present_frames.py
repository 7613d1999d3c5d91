"""A small bank's results to draw: made by the package's own rules, not typed in."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd

from stockcust.kpis import retention
from stockcust.man import Calibration, calibrate, score_man
from stockcust.network import Network, compute_network
from stockcust.rulebook import load_rulebook
from stockcust.segmentation import segment
from stockcust.segmentation.migrations import Migration, migration
from stockcust.tables import Bank

RULES = load_rulebook()
AS_OF = "2026-06-30"
HOSTILE = '<script>alert("x")</script>&{{0}}$a^{b}$'
SHARE = "contacted_share"
BRANCHES = {"B01": "城东支行", "B02": "城西支行", "B03": HOSTILE, "B04": "小支行"}
_MONTHS = pd.date_range("2026-01-31", periods=6, freq="ME")


def customers(n: int, *, seed: int = 0, logged: bool = True) -> pd.DataFrame:
    """Customers of one branch with a heavy tail of assets; some things are unknown."""
    rng = np.random.default_rng(seed)
    aum = pd.Series(np.exp(rng.normal(8.5, 2.4, n)).round(2), dtype="float64")
    some = rng.random(n)
    return pd.DataFrame(
        {
            "customer_id": [f"C{i:06d}" for i in range(n)],
            "branch_id": "B01",
            "aum_cny": aum.mask(some < 0.02),
            "point_aum_cny": aum.mask(some < 0.02),
            "is_effective": pd.array(aum >= 1000, dtype="boolean"),
            "n_contacts": rng.poisson(1.5, n).astype("float64") if logged else np.full(n, np.nan),
            "info_share": rng.uniform(0, 1, n),
            "is_new": pd.array(some > 0.95, dtype="boolean"),
            "is_minor": pd.array(some > 0.97, dtype="boolean"),
            "deployable_cny": aum * rng.uniform(0, 1, n),
            "has_inquiry_30d": pd.array(rng.random(n) < 0.2, dtype="boolean"),
            "idle_share": rng.uniform(0, 1, n),
            "has_life_event": pd.array(rng.random(n) < 0.2, dtype="boolean"),
            "self_operated_share_12m": rng.uniform(0.5, 1, n),
            "n_own_purchases_24m": pd.array(rng.poisson(0.5, n), dtype="Int64"),
        }
    )


@functools.cache
def scored(n: int = 3_000, logged: bool = True) -> pd.DataFrame:
    """Segments with the letters of MAN."""
    return score_man(segment(customers(n, logged=logged), RULES), RULES)


@functools.cache
def bank() -> Bank:
    """Four branches of very different size, one of them hostile by name, with a ledger."""
    rng = np.random.default_rng(1)
    sizes = {"B01": 260, "B02": 130, "B03": 60, "B04": 4}
    branch = np.repeat(list(sizes), list(sizes.values()))
    ids = [f"C{i:06d}" for i in range(len(branch))]
    people = _people(ids, branch, rng)
    level = np.exp(rng.normal(9.5, 2.2, len(ids)))
    months = pd.concat([_month(ids, branch, level, month, rng) for month in _MONTHS])
    frames = {
        "customers": people,
        "aum_monthly": months.reset_index(drop=True),
        "contacts": _contacts(people, rng),
        "branches": pd.DataFrame({"branch_id": list(BRANCHES), "branch_name": BRANCHES.values()}),
        "control_totals": _ledger(months),
    }
    return Bank.from_frames(frames)


@functools.cache
def network() -> Network:
    """All results of the small bank."""
    return compute_network(bank(), AS_OF, RULES)


@functools.cache
def moves() -> Migration:
    """Moves between the baseline and the day, over all branches."""
    return migration(network().before, network().segments)


@functools.cache
def calibration() -> Calibration:
    """Past assignments where money helps, one clear step runs the wrong way and one is rare."""
    rng = np.random.default_rng(2)
    n = {"MAN": 80, "MAn": 200, "MaN": 60, "mAN": 90, "maN": 4, "mAn": 300, "Man": 200, "man": 90}
    chance = {"MAN": 0.5, "MAn": 0.4, "MaN": 0.3, "Man": 0.4}
    group = np.repeat(list(n), list(n.values()))
    likely = np.array([chance.get(name, 0.15) for name in group])
    contacts = rng.poisson(2.5, len(group)).astype("float64")
    episodes = pd.DataFrame(
        {
            "man_group": group,
            "difficulty": pd.Series(group).map(dict(RULES.man.coefficients)).astype("Int64"),
            "is_success": rng.random(len(group)) < likely,
            "n_contacts": contacts,
            "minutes": contacts * 10,
            "cost_cny": contacts * 3.5,
        }
    )
    return calibrate(episodes, RULES)


@functools.cache
def cohorts() -> pd.DataFrame:
    """Old customers of whom few leave, new ones of whom many do; a branch of few, one of nobody new."""
    months = pd.date_range("2025-01-31", periods=18, freq="ME")
    rows = [(f"{branch}{i}", branch, "2020-01-01", i % 9 == 0) for branch, n in
            {"B01": 90, "B02": 12, "B03": 40}.items() for i in range(n)]  # fmt: skip
    for month in months[:-1]:
        n = {"B01": 6, "B02": month.month % 2}
        rows += [(f"{branch}{month:%y%m}{i}", branch, f"{month:%Y-%m}-{1 + i % 2 * 14:02d}", i % 3 == 0)
                 for branch in n for i in range(n[branch])]  # fmt: skip
    people = pd.DataFrame(rows, columns=["customer_id", "branch_id", "open_date", "leaves"])
    ago = pd.to_timedelta(np.arange(len(people)) % 300, unit="D")
    closed = (pd.Timestamp("2026-06-20") - ago).where(people.pop("leaves"))
    people["close_date"] = closed.where(closed > pd.to_datetime(people["open_date"]))
    held = people.merge(pd.DataFrame({"month": months}), how="cross")
    is_there = (held["month"] >= held["open_date"]) & ~(held["month"] >= held["close_date"])
    held = held.loc[is_there, ["customer_id", "month"]].assign(average_aum_cny=5000.0)
    frames = {"customers": people, "aum_monthly": held.reset_index(drop=True)}
    branches = pd.DataFrame({"branch_id": ["B01", "B02", "B03"]})
    return retention(Bank.from_frames({**frames, "branches": branches}), AS_OF, RULES)


def _people(ids: list[str], branch: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Every 20th customer opens in May, every 21st closes then; much is not filled in."""
    order = np.arange(len(ids))
    known = {
        "gender": ["男", "女"],
        "occupation": ["教师", "农户"],
        "risk_level": ["C1", "C3"],
        "decision_role": ["本人", "配偶"],
        "marital_status": ["已婚", "未婚"],
        "name": ["张三", "李四"],
        "income_source": ["代发工资", "经营收入"],
        "house_owner": ["自有", "租房"],
        "need_tags": ["理财", "养老"],
        "hobby_tags": ["书法", "钓鱼"],
        "child_age_band": ["3-6岁", "成年"],
        "preferred_channel": ["电话", "短信"],
    }
    filled = {
        name: pd.Series(rng.choice(words, len(ids))).where(rng.random(len(ids)) < 0.6)
        for name, words in known.items()
    }
    opened, closed = pd.Timestamp("2020-01-05"), pd.Timestamp("2026-05-20")
    return pd.DataFrame(
        {
            "customer_id": ids,
            "branch_id": branch,
            "manager_id": rng.choice(["M1", "M2"], len(ids)),
            "open_date": np.where(order % 20, opened, pd.Timestamp("2026-05-04")),
            "close_date": pd.Series(pd.NaT, index=order).mask(order % 21 == 0, closed),
            **filled,
        }
    )


def _month(
    ids: list[str],
    branch: np.ndarray,
    level: np.ndarray,
    month: pd.Timestamp,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Month ends; every 20th customer comes in May and every 21st is gone by then."""
    aum = (level * rng.uniform(0.7, 1.4, len(ids))).round(2)
    order = np.arange(len(ids))
    there = np.where(month >= pd.Timestamp("2026-05-31"), order % 21 > 0, order % 20 > 0)
    rows = {
        "customer_id": ids,
        "branch_id": branch,
        "month": month,
        "current_deposit_cny": aum,
        "point_aum_cny": aum,
        "average_aum_cny": aum,
    }
    return pd.DataFrame(rows)[there]


def _contacts(people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """More contacts in the first branch than in the second."""
    weight = people["branch_id"].map({"B01": 4.0, "B02": 1.0, "B03": 2.0, "B04": 2.0}).to_numpy()
    chosen = rng.choice(len(people), 900, p=weight / weight.sum())
    ago = pd.to_timedelta(rng.integers(0, 300, 900), unit="D")
    return pd.DataFrame(
        {
            "contact_id": [f"L{i}" for i in range(900)],
            "customer_id": people["customer_id"].to_numpy()[chosen],
            "branch_id": people["branch_id"].to_numpy()[chosen],
            "contact_time": pd.Timestamp("2026-06-30 10:00") - ago,
            "channel": "电话",
            "is_effective": "是",
        }
    )


def _ledger(months: pd.DataFrame) -> pd.DataFrame:
    """What the bank's books say: the same, but for 12.34 yuan in the second branch."""
    last = months[months["month"] == _MONTHS[-1]].groupby("branch_id")["point_aum_cny"]
    totals = {"point_aum": last.sum().round(2), "n_customers": last.size().astype("float64")}
    totals["point_aum"]["B02"] += 12.34
    parts = [
        pd.DataFrame({"branch_id": s.index, "month": _MONTHS[-1], "metric": m, "value": s.values})
        for m, s in totals.items()
    ]
    return pd.concat(parts, ignore_index=True)


def counts() -> pd.DataFrame:
    """Rows read of four tables; one has many rejects."""
    kept = [4_990, 120_000, 2_400, 10]
    rejected = [10, 0, 600, 0]
    return pd.DataFrame(
        {
            "table": ["customers", "aum_monthly", "contacts", "holdings"],
            "file": ["a.csv", "b.csv", "c.csv", "d.csv"],
            "n_read": np.add(kept, rejected) + [1, 0, 0, 0],
            "n_kept": kept,
            "n_rejected": rejected,
            "n_total_rows_dropped": [1, 0, 0, 0],
            "n_duplicates_merged": 0,
        }
    )
