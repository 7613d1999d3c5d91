"""Tables of campaigns, lists, targets and recorded losses."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockcust.sample import ids
from stockcust.sample.campaigns import start_month
from stockcust.sample.clock import dates
from stockcust.sample.plan import WINDOW_MONTHS, Campaign, words
from stockcust.sample.profile import pick, where_known
from stockcust.sample.relationships import tier_of
from stockcust.sample.state import OPEN_END, Journal, World, at

LOW_CONTACTS = np.array([1, 1, 2, 4, 4])
RETURN_DAY = 25  # after the first of the month
HIGH_CONTACTS = np.array([4, 4, 6, 12, 12])


def campaigns(world: World) -> pd.DataFrame:
    """One row per campaign."""
    clock = world.clock
    rows = []
    for entry in world.plan.campaigns:
        start = start_month(world, entry)
        ongoing = entry.monthly or entry.by == "branch"
        if start < 1 and not ongoing:
            continue
        strategies = sorted({strategy for arm in entry.arms for strategy in arm.split(";")})
        last = clock.n_months - 1 if ongoing else start + max(entry.months, WINDOW_MONTHS) - 1
        rows.append({
            "campaign_id": entry.id, "campaign_name": entry.name, "audience": entry.audience,
            "purpose": entry.purpose, "product_id": entry.product,
            "strategies": ";".join(strategies) or None,
            "start_date": clock.start[max(start, 0)],
            "end_date": clock.start[max(start, 0)] + 31 * (last - max(start, 0) + 1) - 3,
            "cost_cny": float(entry.cost), "cost_per_contact_cny": float(entry.cost_per_contact),
        })  # fmt: skip
    frame = pd.DataFrame(rows)
    for name in ("start_date", "end_date"):
        frame[name] = dates(frame[name].to_numpy(int))
    return frame


def assignments(world: World, journal: Journal) -> pd.DataFrame:
    """One row per customer on a list; the labels are frozen as they stood at assignment."""
    events = journal.events("assignment")
    rng = np.random.default_rng([world.seed, 29])
    chunks = []
    for index, entry in enumerate(world.plan.campaigns):
        rows = events[events["campaign"] == index].reset_index(drop=True)
        if len(rows):
            chunks.append(_list_of(world, entry, rows, journal, rng))
    return pd.concat(chunks, ignore_index=True)


def _list_of(
    world: World, entry: Campaign, rows: pd.DataFrame, journal: Journal, rng: np.random.Generator
) -> pd.DataFrame:
    n, clock = len(rows), world.clock
    owner, month = rows["owner"].to_numpy(int), rows["month"].to_numpy(int)
    people = world.people
    branch = people.branch_of(owner, month)
    start, last = clock.start[month], np.minimum(month + WINDOW_MONTHS - 1, clock.n_months - 1)
    held, contacted = rows["held_out"].to_numpy(bool), rows["contacted"].to_numpy(bool)
    executed = ~held & (contacted | (rng.random(n) < 0.5))
    manager = rows["manager"].to_numpy(int)
    stand_in = ids.serving_manager(world, branch, month, rng.random(n))
    result = _outcomes(world, entry, owner, month, journal)
    response = np.where(
        rows["has_need"], pick(["positive", "positive", "neutral"], rng.random(n)),
        pick(["neutral", "neutral", "none", "negative", "positive"], rng.random(n)),
    )  # fmt: skip
    known = ~held & (result["outcome"] != "none")
    # a call in vain is not noted after the customer has already bought
    executed_day = np.minimum(start + rows["day"].to_numpy(int) - 1, result["day"])
    return pd.DataFrame({
        "customer_id": ids.customer_ids(world)[owner], "branch_id": ids.branch_ids(world)[branch],
        "campaign_id": entry.id, "batch_id": pd.Series(dates(start)).dt.strftime("%Y%m"),
        "purpose": entry.purpose, "strategies": np.array(entry.arms, dtype=object)[rows["arm"]],
        "manager_id": ids.manager_ids(world)[np.where(manager < 0, stand_in, manager)],
        "assign_date": dates(start), "end_date": dates(clock.end[last]),
        "list_reason": _reasons(entry, rows), "is_control": held,
        "group_at_assign": _groups(world, rows), "man_at_assign": _man(world, rows),
        "product_id": entry.product, "is_executed": executed,
        "executed_date": dates(np.where(executed, executed_day, OPEN_END)),
        "is_contacted": np.where(held, False, contacted),
        "response": where_known(contacted & ~held, response),
        "outcome": where_known(~held, result["outcome"]),
        "outcome_date": dates(np.where(known, result["day"], OPEN_END)),
        "outcome_amount_cny": np.where(known, result["amount"], np.nan),
    })  # fmt: skip


def _reasons(entry: Campaign, rows: pd.DataFrame) -> np.ndarray:
    text = words()["list_reasons"]
    usual = np.full(
        len(rows), text["win_back" if entry.by == "loss" else entry.purpose], dtype=object
    )
    if entry.by == "rule":
        usual = np.where(rows["arm"] == 0, text["rule_sanfen"], text["rule_man"])
    never = (entry.hold_out > 0) & ~rows["can_be_held_out"].to_numpy(bool)
    return np.where(never, text["never_held_out"], usual)


def _groups(world: World, rows: pd.DataFrame) -> np.ndarray:
    """The nine groups as the bank's own list system saw them."""
    tier = tier_of(rows["average"].to_numpy())
    n_contacts = rows["n_contacts"].to_numpy(int)
    frequency = (n_contacts >= LOW_CONTACTS[tier]).astype(int) + (n_contacts >= HIGH_CONTACTS[tier])
    information = np.digitize(world.people.closeness[rows["owner"].to_numpy(int)], [0.3, 0.65])
    familiarity = np.array([[0, 0, 1], [0, 1, 2], [1, 2, 2]])[frequency, information]
    band = np.array([2, 2, 1, 0, 0])[tier]
    return np.array([f"G{i}" for i in range(1, 10)], dtype=object)[3 * band + 2 - familiarity]


def _man(world: World, rows: pd.DataFrame) -> np.ndarray:
    authority = world.people.has_authority[rows["owner"].to_numpy(int)]
    letters = [
        np.where(flag, letter, letter.lower())
        for flag, letter in ((rows["has_money"], "M"), (authority, "A"), (rows["has_need"], "N"))
    ]
    return letters[0].astype(object) + letters[1] + letters[2]


def _outcomes(
    world: World, entry: Campaign, owner: np.ndarray, month: np.ndarray, journal: Journal
) -> dict[str, np.ndarray]:
    """What the list shows as the result within the window, by the bank's own books."""
    day, amount = np.full(len(owner), OPEN_END), np.full(len(owner), np.nan)
    label = "none"
    if entry.product:
        label, (day, amount) = "purchase", _bought(world, entry, owner, month, journal)
    elif entry.purpose == "wake_dormant":
        label, day = "woken", _woken(world, owner, month, journal)
    elif entry.by == "loss":
        label, (day, amount) = "rescued", _returned(world, owner, month, journal)
    return {"outcome": np.where(day < OPEN_END, label, "none"), "day": day, "amount": amount}


def _bought(
    world: World, entry: Campaign, owner: np.ndarray, month: np.ndarray, journal: Journal
) -> tuple[np.ndarray, np.ndarray]:
    bought, product_class = journal.events("purchase").query("is_own"), world.plan.product_class
    same = product_class[bought["product"].to_numpy(int)]
    bought = bought[same == product_class[world.plan.product_index(str(entry.product))]]
    first = bought.drop_duplicates(["owner", "month"]).set_index(["owner", "month"])
    day, amount = np.full(len(owner), OPEN_END), np.full(len(owner), np.nan)
    for ahead in reversed(range(WINDOW_MONTHS)):
        hit = first.reindex(pd.MultiIndex.from_arrays([owner, month + ahead]))
        found = hit["day"].notna().to_numpy()
        day = np.where(found, hit["day"].fillna(0).to_numpy(int), day)
        amount = np.where(found, hit["amount"].to_numpy(float), amount)
    return day, amount


def _woken(world: World, owner: np.ndarray, month: np.ndarray, journal: Journal) -> np.ndarray:
    last = np.minimum(month + WINDOW_MONTHS - 1, world.clock.n_months - 1)
    awake = at(journal.months, "awake", last, owner) > 0
    return np.where(awake, world.clock.end[last], OPEN_END)


def _returned(
    world: World, owner: np.ndarray, month: np.ndarray, journal: Journal
) -> tuple[np.ndarray, np.ndarray]:
    back = journal.events("return").drop_duplicates(["owner", "churned"])
    back = back.set_index(["owner", "churned"])
    hit = back.reindex(pd.MultiIndex.from_arrays([owner, month - 1]))
    returned = hit["month"].fillna(world.clock.n_months).to_numpy(int)
    found = returned - month < WINDOW_MONTHS
    found &= returned < world.clock.n_months
    day = world.clock.start[np.where(found, returned, 0)] + RETURN_DAY
    amount = np.where(found, hit["amount"].to_numpy(float), np.nan)
    return np.where(found, day, OPEN_END), amount


def targets(world: World, totals: pd.DataFrame) -> pd.DataFrame:
    """Monthly targets of the last twelve months, set on the figures of a year before."""
    rng = np.random.default_rng([world.seed, 30])
    base = totals[totals["metric"].isin(["average_aum", "n_customers"])]
    shifted = base.assign(month=base["month"] + pd.DateOffset(years=1) + pd.offsets.MonthEnd(0))
    shifted = shifted[shifted["month"] <= totals["month"].max()].tail(24 * world.branches.n)
    value = shifted["value"] * rng.uniform(1.04, 1.12, len(shifted))
    shifted = shifted.assign(month=shifted["month"].astype("datetime64[us]"))
    return shifted.assign(value=value.round(0))[["branch_id", "metric", "month", "value"]]
