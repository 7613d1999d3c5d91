"""The customer master: a snapshot at the end of each quarter."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockcust.sample import ids
from stockcust.sample.clock import dates
from stockcust.sample.plan import NEVER, contract
from stockcust.sample.profile import Values, profile
from stockcust.sample.state import OPEN_END, Journal, Records, World

# share of files in which the item is filled, before the customer's closeness counts
FILL = {
    "occupation": 0.55, "income_source": 0.45, "income_monthly_cny": 0.32, "marital_status": 0.35,
    "child_age_band": 0.25, "decision_role": 0.2, "hobby_tags": 0.15, "house_owner": 0.22,
    "outside_loan_band": 0.12, "preferred_channel": 0.25,
    "preferred_time": 0.15, "id_valid_until": 0.7, "area": 0.85, "need_tags": 0.15,
}  # fmt: skip
STATUSES = ("active", "closed", "deceased")
CLOSE_REASONS = ("customer", "bank")


def customers(world: World, journal: Journal, snapshots: Records) -> pd.DataFrame:
    """One row per customer, branch and snapshot; a branch that a customer left shows closed."""
    lasting = compact(_lasting(world))
    filled_on = _fill_days(world)
    chunks = [
        _snapshot(world, journal, lasting, filled_on, month, shown)
        for month, shown in snapshots.items()
    ]
    frame = pd.concat(chunks, ignore_index=True)
    return frame[[name for name in contract()["customers"]["columns"] if name in frame]]


def compact(frame: pd.DataFrame, key: str = "") -> pd.DataFrame:
    """Text columns as categoricals, but for the key that tells the rows apart."""
    text = [
        name
        for name in frame
        if frame[name].dtype == object or isinstance(frame[name].dtype, pd.StringDtype)
    ]
    return frame.astype({name: "category" for name in text if name != key})


def has_moved(world: World, month: int, close_day: np.ndarray) -> np.ndarray:
    """Whether a relationship was moved by the end of a month; closed ones stay where they were."""
    people, clock = world.people, world.clock
    start = clock.start[np.minimum(people.transfer_month, clock.n_months - 1)]
    return (people.transfer_month <= month) & (close_day >= start)


def _lasting(world: World) -> pd.DataFrame:
    people = world.people
    return pd.DataFrame({
        "customer_id": ids.customer_ids(world), **profile(world),
        "open_date": dates(people.open_day),
        "marketing_consent": ids.labelled(people.consent, ["Y", "N", "U"]),
        "is_do_not_disturb": people.is_do_not_disturb, "is_pension": people.is_pension,
        "is_merchant": people.is_merchant, "is_autodebit": people.person % 10 < 3,
    })  # fmt: skip


def _snapshot(
    world: World, journal: Journal, lasting: pd.DataFrame, filled_on: dict[str, np.ndarray],
    month: int, shown: dict[str, np.ndarray],
) -> pd.DataFrame:  # fmt: skip
    day, people = world.clock.end[month], world.people
    moved = has_moved(world, month, shown["close_day"])
    branch = np.where(moved, people.next_branch, people.branch)
    frame = lasting.assign(
        branch_id=ids.branch_ids(world)[branch],
        snapshot_date=dates(np.full(people.n, day)),
        manager_id=ids.manager_ids(world)[shown["manager"]],
        is_payroll=shown["is_payroll"],
        is_mobile_active=journal.months[month]["logins"] > 0,
        **_status(shown, day),
        **_renewed(world, day),
    )
    for name, days in filled_on.items():
        frame[name] = frame[name].where(days <= day)
    role_date = pd.Series(dates(filled_on["decision_role"]))
    frame["decision_role_date"] = role_date.where(frame["decision_role"].notna())
    frame.loc[frame["risk_eval_date"].isna(), ["risk_level", "is_risk_eval_self"]] = None
    frame = frame[people.open_month <= month]
    return pd.concat([frame, _left_behind(world, frame[moved[frame.index]])], ignore_index=True)


def _status(shown: dict[str, np.ndarray], day: int) -> dict[str, Values]:
    closed = shown["close_day"] <= day
    reason = np.where(closed & shown["is_alive"], shown["bank_closed"].astype(int), -1)
    status = np.select([~shown["is_alive"], closed], [2, 1], 0)
    return {
        "status": ids.labelled(status, STATUSES),
        "close_date": dates(np.where(closed, shown["close_day"], OPEN_END)),
        "close_reason": ids.labelled(reason, CLOSE_REASONS),
    }


def _left_behind(world: World, frame: pd.DataFrame) -> pd.DataFrame:
    """What the old branch still shows of customers that moved to another one."""
    people, owner = world.people, frame.index.to_numpy()
    nobody = np.full(len(owner), -1)
    return frame.assign(
        branch_id=ids.branch_ids(world)[people.branch[owner]],
        close_date=dates(world.clock.start[people.transfer_month[owner]]),
        status=ids.labelled(np.ones(len(owner), dtype=int), STATUSES),
        manager_id=ids.manager_ids(world)[nobody],
        close_reason=ids.labelled(nobody, CLOSE_REASONS),
    )


def _fill_days(world: World) -> dict[str, np.ndarray]:
    """Day on which each item was entered; far in the future = never."""
    rng = np.random.default_rng([world.seed, 16])
    people, clock = world.people, world.clock
    span = clock.end[-1] - clock.start[0]
    days = {}
    for name, usual in FILL.items():
        share = usual + 0.75 * (people.closeness - 0.35)
        known = rng.random(people.n) < np.where(people.starts_asleep, 0.5 * share, share)
        later = rng.random(people.n) < 0.3
        day = people.open_day + np.where(later, rng.random(people.n) * span, 0).astype(int)
        day = np.where(later, np.maximum(day, clock.start[0]), day)
        days[name] = np.where(known, day, NEVER * 100)
    known = people.knows_outside_assets
    days["outside_asset_cny"] = np.where(known, people.open_day, NEVER * 100)
    return days


def _renewed(world: World, day: int) -> dict[str, Values]:
    """Dates that come round again: risk evaluation and verification of the file."""
    rng = np.random.default_rng([world.seed, 17])
    people, n = world.people, world.people.n
    evaluated = rng.random(n) < 0.4 + 0.5 * people.closeness
    regular = rng.random(n) < 0.45 + 0.4 * people.closeness
    evaluation = _last_round(people.open_day, np.where(regular, 370, 1100), rng.random(n), day)
    verified = _last_round(people.open_day, 1500 - 1200 * people.closeness, rng.random(n), day)
    evaluation = np.where(evaluated & (evaluation <= day), evaluation, OPEN_END)
    return {
        "risk_eval_date": dates(evaluation),
        "risk_expiry_date": dates(np.where(evaluation < OPEN_END, evaluation + 365, OPEN_END)),
        "info_verified_date": dates(np.where(verified <= day, verified, OPEN_END)),
    }


def _last_round(first: np.ndarray, period: np.ndarray, phase: np.ndarray, day: int) -> np.ndarray:
    start = first + (phase * 90).astype(int)
    return (start + np.floor(np.maximum(day - start, 0) / period) * period).astype(int)
