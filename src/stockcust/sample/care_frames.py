"""Tables of care: activities, gifts, service events, service quality of the branches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from stockcust.sample import ids
from stockcust.sample.clock import dates
from stockcust.sample.plan import NATURES, words
from stockcust.sample.profile import pick, where_known
from stockcust.sample.relationships import CONTACT_KINDS, tier_of
from stockcust.sample.state import Journal, World

GIFT_VALUES = np.array([0, 40, 120, 300, 900])


def activities(world: World, journal: Journal) -> pd.DataFrame:
    """Everyone invited to an activity: owner, kind, month, day; who came had a contact that month.

    Each branch with a contact log has one activity per quarter, on the second Saturday of the
    middle month. Who is reached by a routine contact in that month may have come.
    """
    rng = np.random.default_rng([world.seed, 22])
    contacts = journal.events("contact")
    routine = contacts[contacts["kind"] == CONTACT_KINDS.index("routine")]
    kinds = list(words()["activities"])
    chunks = []
    for month in map(int, np.flatnonzero(world.clock.calendar_month % 3 == 2)):
        branch = world.people.branch_at(month)
        kind = (branch + month // 3) % len(kinds)
        met = np.isin(np.arange(world.people.n), routine["owner"][routine["month"] == month])
        fits = _audience(world, journal, month, kind) & world.branches.has_contact_log[branch]
        comes = fits & met & (rng.random(world.people.n) < 0.3)
        invited = comes | (fits & (rng.random(world.people.n) < 0.06))
        owner = np.flatnonzero(invited)
        chunks.append(pd.DataFrame({
            "owner": owner, "month": month, "kind": kind[owner], "branch": branch[owner],
            "day": _second_saturday(world.clock.start[month]), "is_attended": comes[owner],
            "is_signed_up": comes[owner] | (rng.random(len(owner)) < 0.25),
        }))  # fmt: skip
    columns = ["owner", "month", "kind", "branch", "day", "is_attended", "is_signed_up"]
    return pd.concat(chunks, ignore_index=True) if chunks else pd.DataFrame(columns=columns)


def _second_saturday(first_day: int) -> int:
    # 1970-01-01 was a Thursday
    return int(first_day + (2 - first_day) % 7 + 7)


def _audience(world: World, journal: Journal, month: int, kind: np.ndarray) -> np.ndarray:
    people, record = world.people, journal.months[month]
    age = people.age(world.clock.start[month])
    rich = record["average"] >= 50_000
    fits = [
        people.is_female & (age >= 18) & (age <= 70) & rich,
        (people.nature == NATURES.index("farmer")) & (age >= 18),
        (age >= 28) & (age <= 48) & rich,
        (record["average"] >= 200_000) & (age >= 18),
        (age >= 55) & rich,
    ]
    return (
        np.choose(kind, fits) & record["awake"] & ~people.is_do_not_disturb & (people.consent != 1)
    )


def event_attendance(world: World, invited: pd.DataFrame) -> pd.DataFrame:
    """One row per invited customer and activity."""
    rng = np.random.default_rng([world.seed, 23])
    owner, text = invited["owner"].to_numpy(int), words()
    kinds = np.array(list(text["activities"].values()), dtype=object)
    branch = invited["branch"].to_numpy(int)
    month = pd.DatetimeIndex(dates(invited["day"])).strftime("HD%Y%m-")
    tags = pick(sorted(set(text["need_tags"].values())), rng.random(len(owner)))
    tags[~invited["is_attended"].to_numpy(bool) | (rng.random(len(owner)) > 0.45)] = None
    return pd.DataFrame({
        "activity_id": month + pd.Index(ids.branch_ids(world)[branch]).astype("str"),
        "activity_kind": kinds[invited["kind"].to_numpy(int)],
        "activity_date": dates(invited["day"]), "customer_id": ids.customer_ids(world)[owner],
        "branch_id": ids.branch_ids(world)[branch], "is_invited": True,
        "is_signed_up": invited["is_signed_up"].to_numpy(bool),
        "is_attended": invited["is_attended"].to_numpy(bool), "need_tags": tags,
    })  # fmt: skip


def gifts(world: World, journal: Journal) -> pd.DataFrame:
    """Who got which gift when: owner, month, day, value in yuan, manager."""
    rng = np.random.default_rng([world.seed, 24])
    people, clock = world.people, world.clock
    chunks = []
    for month in map(int, np.flatnonzero(clock.is_spring | (clock.calendar_month == 9))):
        record = journal.months[month]
        tier = tier_of(record["average"])
        chosen = record["awake"] & world.branches.has_contact_log[people.branch_at(month)]
        chosen &= rng.random(people.n) < np.array([0, 0.12, 0.4, 0.7, 0.9])[tier]
        owner = np.flatnonzero(chosen)
        value = GIFT_VALUES[tier[owner]] * rng.uniform(0.5, 1.1, len(owner))
        branch = people.branch_at(month)[owner]
        months = np.full(len(owner), month)
        manager = ids.serving_manager(world, branch, months, rng.random(len(owner)))
        chunks.append(pd.DataFrame({
            "owner": owner, "month": month, "branch": branch, "value": value.round(0),
            "day": clock.start[month] + rng.integers(2, 12, len(owner)), "manager": manager,
            "occasion": words()["occasions"][0 if clock.is_spring[month] else 1],
        }))  # fmt: skip
    columns = ["owner", "month", "branch", "value", "day", "manager", "occasion"]
    return pd.concat(chunks, ignore_index=True) if chunks else pd.DataFrame(columns=columns)


def gift_ledger(world: World, given: pd.DataFrame) -> pd.DataFrame:
    """One row per gift."""
    return pd.DataFrame({
        "gift_id": ids.numbered("LP", np.arange(len(given)) + 1, 7),
        "customer_id": ids.customer_ids(world)[given["owner"].to_numpy(int)],
        "branch_id": ids.branch_ids(world)[given["branch"].to_numpy(int)],
        "gift_date": dates(given["day"]), "value_cny": given["value"].to_numpy(float),
        "occasion": given["occasion"].to_numpy(object),
        "manager_id": ids.manager_ids(world)[given["manager"].to_numpy(int)],
    })  # fmt: skip


def service_events(world: World, journal: Journal) -> pd.DataFrame:
    """Complaints, surveys and the rest, one row per event."""
    rng = np.random.default_rng([world.seed, 25])
    awake = {month: record["awake"] for month, record in journal.months.items()}
    chunks = [_complaints(world, journal, rng), _surveys(world, journal, rng)]
    for kind, share in (("praise", 0.002), ("queue", 0.006), ("home_service", 0.001)):
        chunks.append(_incidents(world, awake, kind, share, rng))
    chunks.append(_after_sales(world, journal, rng))
    frame = pd.concat(chunks, ignore_index=True)
    frame = frame[frame["minute"] // 1440 <= world.clock.end[-1]]
    frame = frame.sort_values(["minute", "owner"], kind="stable", ignore_index=True)
    owner, month = frame["owner"].to_numpy(int), frame["month"].to_numpy(int)
    people = world.people
    branch = people.branch_of(owner, month)
    result = pd.DataFrame({
        "event_id": ids.numbered("E", np.arange(len(frame)) + 1, 8),
        "customer_id": ids.customer_ids(world)[owner], "branch_id": ids.branch_ids(world)[branch],
        "kind": frame["kind"], "open_time": moments(frame["minute"]),
        "close_time": moments(frame["closed"]), "category": frame["category"],
        "satisfaction": frame["satisfaction"], "wait_minutes": frame["wait_minutes"],
        "is_resolved_first_time": frame["is_resolved_first_time"].astype("boolean"),
        "nonfinancial_service": frame["nonfinancial_service"],
    })  # fmt: skip
    # some queue records name no customer
    result.loc[(result["kind"] == "queue") & (rng.random(len(result)) < 0.5), "customer_id"] = None
    return result


def moments(minutes: pd.Series | np.ndarray) -> np.ndarray:
    """Minutes since 1970 as datetime64[us]; NaN is no moment."""
    values = np.asarray(minutes, dtype=float)
    whole = np.where(np.isnan(values), 0, values).astype("int64").astype("datetime64[m]")
    return np.where(np.isnan(values), np.datetime64("NaT"), whole.astype("datetime64[us]"))


def _event(
    world: World,
    month: np.ndarray,
    owner: np.ndarray,
    kind: str,
    rng: np.random.Generator,
    **more: Any,
) -> pd.DataFrame:
    # office hours on a day of the second half, so that a month's covariates precede it
    day = world.clock.start[month] + rng.integers(8, 27, len(owner))
    minute = day * 1440.0 + rng.integers(9 * 60, 17 * 60, len(owner))
    frame = pd.DataFrame({
        "owner": owner, "month": month, "kind": kind, "minute": minute, "closed": np.nan,
        "category": None, "satisfaction": np.nan, "wait_minutes": np.nan,
        "is_resolved_first_time": None, "nonfinancial_service": None,
    })  # fmt: skip
    return frame.assign(**more)


def _complaints(world: World, journal: Journal, rng: np.random.Generator) -> pd.DataFrame:
    events = journal.events("complaint")
    owner, month = events["owner"].to_numpy(int), events["month"].to_numpy(int)
    n = len(owner)
    frame = _event(world, month, owner, "complaint", rng)
    closed = frame["minute"] + rng.gamma(2.0, 4 * 1440, n)
    closed = closed.where(closed // 1440 <= world.clock.end[-1])
    return frame.assign(
        closed=closed.round(), category=pick(words()["complaints"], rng.random(n)),
        is_resolved_first_time=where_known(closed.notna().to_numpy(), rng.random(n) < 0.7),
    )  # fmt: skip


def _surveys(world: World, journal: Journal, rng: np.random.Generator) -> pd.DataFrame:
    events = journal.events("survey")
    owner, month = events["owner"].to_numpy(int), events["month"].to_numpy(int)
    frame = _event(world, month, owner, "survey", rng, satisfaction=events["score"].to_numpy(float))
    return frame.assign(closed=frame["minute"] + 6)


def _incidents(
    world: World, awake: dict[int, np.ndarray], kind: str, share: float, rng: np.random.Generator
) -> pd.DataFrame:
    chosen = [np.flatnonzero(a & (rng.random(len(a)) < share)) for a in awake.values()]
    owner = np.concatenate(chosen)
    month = np.repeat(list(awake), [len(c) for c in chosen])
    frame = _event(world, month, owner, kind, rng)
    if kind == "queue":
        town = world.branches.area[world.people.branch[owner]]
        return frame.assign(wait_minutes=rng.gamma(3.0, 4 + 2.0 * (town == 0)).round(0))
    if kind == "home_service":
        return frame.assign(
            nonfinancial_service=pick(words()["nonfinancial"], rng.random(len(owner)))
        )
    return frame


def _after_sales(world: World, journal: Journal, rng: np.random.Generator) -> pd.DataFrame:
    bought = journal.events("purchase").query("is_own")
    bought = bought[rng.random(len(bought)) < 0.25]
    owner, month = bought["owner"].to_numpy(int), bought["month"].to_numpy(int)
    frame = _event(world, month, owner, "after_sale", rng)
    day = bought["day"].to_numpy(int) + rng.integers(5, 12, len(owner))
    return frame.assign(minute=day * 1440.0 + rng.integers(540, 1020, len(owner)))


def branch_service(world: World) -> pd.DataFrame:
    """One row per open branch and month."""
    rng = np.random.default_rng([world.seed, 26])
    n, clock = world.branches.n, world.clock
    month, branch = (
        grid.ravel() for grid in np.meshgrid(np.arange(clock.n_months), np.arange(n), indexing="ij")
    )
    open_still = month < world.branches.closes_in[branch]
    month, branch = month[open_still], branch[open_still]
    quality, noise = world.branches.quality[branch], rng.normal(0, 1, (4, len(branch)))
    return pd.DataFrame({
        "branch_id": ids.branch_ids(world)[branch], "month": dates(clock.end[month]),
        "wait_minutes": (13 - 10 * quality + 1.5 * noise[0]).clip(2, 60).round(1),
        "processing_minutes": (9 - 4 * quality + noise[1]).clip(2, 40).round(1),
        "environment_score": (88 + 12 * quality + 2 * noise[2]).clip(50, 100).round(1),
        "one_stop_share": (0.88 + 0.15 * quality + 0.02 * noise[3]).clip(0.4, 1.0).round(3),
        "is_elderly_friendly": branch % 3 != 1,
    })  # fmt: skip
