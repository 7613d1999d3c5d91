"""Transactions: every movement of the current accounts as a bank's journal shows it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockcust.sample import ids
from stockcust.sample.clock import dates
from stockcust.sample.money_frames import loans
from stockcust.sample.state import Journal, World
from stockcust.sample.wealth import FLOW_KINDS

# how each flow is booked: kind, day of the month (None = any), usual counterparty
BOOKING: dict[str, tuple[str, int | None, str | None]] = {
    "payroll": ("payroll", 10, "employer"), "pension": ("pension", 15, "other"),
    "business": ("transfer", None, "merchant"), "harvest": ("transfer", None, "other"),
    "salary_elsewhere": ("transfer", None, "same_name_other_bank"),
    "spend": ("payment", None, "merchant"), "transfer_in": ("transfer", None, None),
    "transfer_out": ("transfer", None, None), "opening": ("cash", None, "other"),
    "interest": ("interest", 21, None), "campaign_in": ("transfer", None, "same_name_other_bank"),
    "spike_in": ("transfer", 28, "same_name_other_bank"),
    "spike_out": ("transfer", 2, "same_name_other_bank"),
    "pass_in": ("transfer", None, "merchant"), "pass_out": ("transfer", None, "merchant"),
    "wake": ("transfer", None, "household"), "relapse": ("transfer", None, "same_name_other_bank"),
    "return": ("transfer", None, "same_name_other_bank"), "leave": ("transfer", None, None),
    "fee": ("fee", 20, None), "inheritance": ("transfer", 20, "household"),
}  # fmt: skip
ENUMS = {
    "direction": ("in", "out"),
    "channel": ("counter", "mobile", "online", "atm", "pos", "system"),
    "kind": (
        "transfer", "cash", "payment", "payroll", "pension", "loan_payout", "interest", "fee",
        "batch_deduct",
    ),
    "counterparty": (
        "same_name_other_bank", "securities", "platform", "developer_dealer", "household",
        "merchant", "employer", "other",
    ),
    "operator": ("self", "agent"),
}  # fmt: skip


def transactions(world: World, journal: Journal) -> pd.DataFrame:
    """One row per movement; system postings have no operator."""
    rng = np.random.default_rng([world.seed, 13])
    paid_out = _loan_payouts(world)
    # month by month, so that only one month is ever spelt out
    chunks = [
        _as_table(world, _bookings(world, flows, rng), paid_out[paid_out["month"] == month])
        for month, flows in journal.take_months("flow")
    ]
    table = pd.concat(chunks, ignore_index=True)
    table.insert(0, "transaction_id", ids.numbered("T", np.arange(len(table)) + 1, 10))
    return table


def _bookings(world: World, flows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    owner, month = flows["owner"].to_numpy(int), flows["month"].to_numpy(int)
    code, amount = flows["kind"].to_numpy(int), flows["amount"].to_numpy()
    kind = np.array([_code("kind", BOOKING[k][0]) for k in FLOW_KINDS])[code]
    kind = np.where(_is_deducted(world, owner, code, rng), _code("kind", "batch_deduct"), kind)
    system = np.isin(kind, [_code("kind", k) for k in ("interest", "fee", "batch_deduct")])
    agent = world.people.uses_agent[owner] & (rng.random(len(flows)) < 0.7)
    return pd.DataFrame({
        "owner": owner, "month": month, "day": _days(world, flows, month, code, rng),
        "amount": np.abs(amount).round(2), "direction": (amount < 0).astype(int), "kind": kind,
        "channel": _channel(world, owner, code, system, rng),
        "counterparty": np.where(system, -1, _counterparty(world, flows, code, rng)),
        "operator": np.where(system, -1, agent),
    })  # fmt: skip


def _code(column: str, value: str) -> int:
    return ENUMS[column].index(value)


def _days(
    world: World, flows: pd.DataFrame, month: np.ndarray, code: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    fixed = np.array([BOOKING[k][1] or 0 for k in FLOW_KINDS])[code]
    day = np.where(fixed > 0, fixed, rng.integers(3, 28, len(flows)))
    if "day" in flows:
        day = np.where(flows["day"].notna(), flows["day"].fillna(1), day).astype(int)
    day = world.clock.start[month] + day - 1
    # nothing is booked before the account is opened
    return np.maximum(day, world.people.open_day[flows["owner"].to_numpy(int)])


def _is_deducted(
    world: World, owner: np.ndarray, code: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    spends = code == FLOW_KINDS.index("spend")
    return spends & (world.people.person[owner] % 10 < 3) & (rng.random(len(owner)) < 0.25)


def _channel(
    world: World, owner: np.ndarray, code: np.ndarray, system: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    online = world.people.logins[owner] > 0
    u = rng.random(len(owner))
    usual = np.where(
        online & (u < 0.7),
        _code("channel", "mobile"),
        np.where(u > 0.9, _code("channel", "atm"), _code("channel", "counter")),
    )
    pos = (code == FLOW_KINDS.index("business")) | ((code == FLOW_KINDS.index("spend")) & (u < 0.3))
    paid = np.isin(code, [FLOW_KINDS.index("payroll"), FLOW_KINDS.index("pension")])
    return np.select(
        [system | paid, pos], [_code("channel", "system"), _code("channel", "pos")], usual
    )


def _counterparty(
    world: World, flows: pd.DataFrame, code: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    usual = [BOOKING[k][2] for k in FLOW_KINDS]
    party = np.array([_code("counterparty", p) if p else -1 for p in usual])[code]
    u = rng.random(len(flows))
    names = ("household", "same_name_other_bank", "merchant", "platform", "other")
    mixed = np.array([_code("counterparty", name) for name in names])
    open_ended = mixed[np.searchsorted([0.3, 0.5, 0.75, 0.85], u)]
    party = np.where(party < 0, open_ended, party)
    leaving = np.flatnonzero(code == FLOW_KINDS.index("leave"))
    if not len(leaving):
        return party
    causes = flows["detail"].to_numpy()[leaving].astype(int)
    for cause, shares in enumerate(world.plan.raw["churn"]["destinations"].values()):
        rows = leaving[causes == cause]
        targets = np.array([_code("counterparty", name) for name in shares])
        party[rows] = rng.choice(targets, len(rows), p=list(shares.values()))
    return party


def _loan_payouts(world: World) -> pd.DataFrame:
    borrowed = loans(world).query("start >= 0")
    paid = pd.DataFrame({
        "owner": borrowed["owner"], "month": borrowed["start"], "day": borrowed["day"],
        "amount": borrowed["principal"], "direction": 0, "kind": _code("kind", "loan_payout"),
        "channel": _code("channel", "system"), "counterparty": -1, "operator": -1,
    })  # fmt: skip
    spent = paid.assign(
        direction=1, kind=_code("kind", "payment"), channel=_code("channel", "counter"),
        counterparty=_code("counterparty", "merchant"), operator=0,
    )  # fmt: skip
    both = pd.concat([paid, spent], ignore_index=True)
    return both[both["day"] <= world.clock.end[-1]]


def _as_table(world: World, bookings: pd.DataFrame, paid_out: pd.DataFrame) -> pd.DataFrame:
    frame = pd.concat([bookings, paid_out], ignore_index=True)
    frame = frame.sort_values(["day", "owner"], kind="stable", ignore_index=True)
    owner, month = frame["owner"].to_numpy(int), frame["month"].to_numpy(int)
    table = pd.DataFrame({
        "customer_id": ids.customer_ids(world)[owner],
        "branch_id": ids.branches_of(world, owner, month),
        "transaction_date": dates(frame["day"].to_numpy()), "amount_cny": frame["amount"],
    })  # fmt: skip
    for column, values in ENUMS.items():
        table[column] = ids.labelled(frame[column].to_numpy(np.int8), values)
    return table
