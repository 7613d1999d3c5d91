"""The bank's register of lost customers: late, partly empty, biased towards the rate."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockcust.sample import ids
from stockcust.sample.churn import KINDS
from stockcust.sample.clock import dates
from stockcust.sample.plan import words
from stockcust.sample.profile import pick
from stockcust.sample.state import OPEN_END, Journal, World

REGISTERED = 0.88
BULK_BRANCH = 0


def churn_records(world: World, journal: Journal) -> pd.DataFrame:
    """One row per registered loss of a customer with at least 50,000 yuan, or of a closure."""
    rng = np.random.default_rng([world.seed, 31])
    events = journal.events("churn")
    in_scope = (events["average"] >= 50_000) | (events["kind"] == KINDS.index("closed"))
    events = events[in_scope & (rng.random(len(events)) < REGISTERED)].reset_index(drop=True)
    owner, month = events["owner"].to_numpy(int), events["month"].to_numpy(int)
    n, people, clock = len(events), world.people, world.clock
    branch = people.branch_of(owner, month)
    day = clock.end[month] + rng.integers(2, 26, n)
    bulk = (branch == BULK_BRANCH) & (month >= clock.n_months - 12) & (month < clock.n_months - 3)
    day = np.where(bulk, clock.end[max(clock.n_months - 3, 0)] - 1, day)
    # two recorders wrote the cause down before the loss
    day = np.where(np.arange(n) % max(n // 2, 1) == 1, clock.start[month] - 3, day)
    true_cause = events["cause"].to_numpy(int)
    cause = _stated(world, true_cause, bulk, rng)
    recorder = ids.serving_manager(world, branch, month, rng.random(n))
    rescue = _rescue(world, events, journal, rng)
    frame = pd.DataFrame({
        "customer_id": ids.customer_ids(world)[owner], "branch_id": ids.branch_ids(world)[branch],
        "churn_month": dates(clock.end[month]),
        "churn_kind": np.array(KINDS, dtype=object)[events["kind"].to_numpy(int)],
        "base_aum_cny": events["base"].to_numpy(), "lost_aum_cny": events["lost"].to_numpy(),
        "stated_cause": cause, "stated_cause_text": _texts(cause, bulk, rng),
        "recorder_id": ids.manager_ids(world)[recorder],
        "record_date": dates(day), "destination": _destination(world, true_cause, rng),
        **rescue,
    })  # fmt: skip
    return frame[day <= clock.end[-1]].sort_values(
        ["churn_month", "customer_id"], ignore_index=True
    )


def _stated(
    world: World, cause: np.ndarray, bulk: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    names = np.array(list(world.plan.raw["churn"]["causes"]), dtype=object)
    u = rng.random(len(cause))
    # recorders blame the price: it is nobody's fault at the branch
    stated = np.select([u < 0.62, u < 0.82], [names[cause], "RATE"], "UNKNOWN").astype(object)
    stated[rng.random(len(cause)) < 0.28] = None
    stated[bulk] = "RATE"
    return stated


def _texts(cause: np.ndarray, bulk: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    text = words()
    result = np.full(len(cause), None, dtype=object)
    for name, choices in text["cause_texts"].items():
        rows = (cause == name) & (rng.random(len(cause)) < 0.7)
        result[rows] = pick(choices, rng.random(rows.sum()))
    for name, negated in text["negated_texts"].items():
        result[(cause == name) & (rng.random(len(cause)) < 0.08)] = negated
    result[bulk] = text["cause_texts"]["RATE"][0]
    return result


def _destination(world: World, cause: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    result = np.full(len(cause), None, dtype=object)
    shown = words()["destinations"]
    for position, shares in enumerate(world.plan.raw["churn"]["destinations"].values()):
        rows = (cause == position) & (rng.random(len(cause)) < 0.6)
        names = np.array([shown[name] for name in shares], dtype=object)
        result[rows] = rng.choice(names, rows.sum(), p=list(shares.values()))
    return result


def _rescue(
    world: World, events: pd.DataFrame, journal: Journal, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    n, clock = len(events), world.clock
    back = journal.events("return")
    back = back.drop_duplicates(["owner", "churned"]) if len(back) else back
    key = pd.MultiIndex.from_frame(events[["owner", "month"]])
    returned = pd.DataFrame(index=key, columns=["month", "amount"], dtype=float)
    if len(back):
        returned = back.set_index(["owner", "churned"])[["month", "amount"]].reindex(key)
    rescued = returned["month"].notna().to_numpy()
    month = np.where(rescued, returned["month"].fillna(0), 0).astype(int)
    age = clock.n_months - 1 - events["month"].to_numpy(int)
    status = np.select(
        [rescued, age > 6, rng.random(n) < 0.5], ["rescued", "failed", "in_progress"], "open"
    ).astype(object)
    actions = pick(words()["actions"], rng.random(n))
    actions[(status == "open") | (rng.random(n) < 0.3)] = None
    return {
        "action": actions, "rescue_status": status,
        "rescue_date": dates(np.where(rescued, clock.start[month] + 25, OPEN_END)),
        "rescued_amount_cny": returned["amount"].to_numpy(float),
    }  # fmt: skip
