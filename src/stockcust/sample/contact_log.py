"""The managers' work log: real contacts with all the faults that such logs have."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockcust.sample import ids
from stockcust.sample.care_frames import moments
from stockcust.sample.clock import dates
from stockcust.sample.plan import CLASSES, words
from stockcust.sample.profile import pick, where_known
from stockcust.sample.prospects import prospect_contacts, prospect_ids
from stockcust.sample.relationships import CONTACT_KINDS
from stockcust.sample.state import Journal, World

PURPOSES = np.array(["care", "service", "information", "other"], dtype=object)
ASKED_BY = ("phone", "branch_meet", "branch_meet", "wecom")
CALLED_BY = ("phone",) * 9 + ("wecom",) * 5 + ("branch_meet",) * 3 + ("face_visit",) * 3
NOTES = (("method", 0.5), ("insight", 0.22), ("reflection", 0.15), ("next_action", 0.3))
MINUTES = {"phone": 7, "face_visit": 40, "wecom": 4, "branch_meet": 18, "event": 75}
COSTS = {"face_visit": 20.0, "event": 35.0, "phone": 1.0, "gift": 0.0}


def contacts(
    world: World, journal: Journal, invited: pd.DataFrame, given: pd.DataFrame
) -> pd.DataFrame:
    """One row per logged contact or touch, in order of time."""
    rng = np.random.default_rng([world.seed, 27])
    talks = _with_attempts(world, _talks(world, journal, invited, rng), rng)
    talks = pd.concat([talks, _repeats(talks, rng)], ignore_index=True)
    talks = _with_texts(world, _with_log_times(world, talks, rng), rng)
    frame = pd.concat(
        [talks, _messages(world, journal, rng), _gift_touches(given), prospect_contacts(world)],
        ignore_index=True,
    )
    frame = frame[frame["minute"] // 1440 <= world.clock.end[-1]]
    return _as_table(
        world, frame.sort_values(["minute", "owner"], kind="stable", ignore_index=True)
    )


def _talks(
    world: World, journal: Journal, invited: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    events = journal.events("contact")
    branch = _branch(world, events)
    events = events.assign(branch=branch)[world.branches.has_contact_log[branch]]
    kinds = np.array(CONTACT_KINDS, dtype=object)[events["kind"].to_numpy(int)]
    n = len(events)
    asked, called = pick(ASKED_BY, rng.random(n)), pick(CALLED_BY, rng.random(n))
    channel = np.select([kinds == "missed", kinds == "inquiry"], ["phone", asked], called)
    day = world.clock.start[events["month"].to_numpy(int)] + events["day"].to_numpy(int) - 1
    frame = events.assign(kind=kinds, channel=channel, day=day).reset_index(drop=True)
    frame = _at_activities(frame, invited)
    frame["minute"] = frame["day"] * 1440.0 + _minute_of_day(frame, rng)
    lonely = frame["manager"].to_numpy(int) < 0
    substitute = lonely | (rng.random(n) < 0.05)
    stand_in = ids.serving_manager(
        world, frame["branch"].to_numpy(int), frame["month"].to_numpy(int), rng.random(n)
    )
    frame["manager"] = np.where(substitute, stand_in, frame["manager"])
    return frame


def _branch(world: World, events: pd.DataFrame) -> np.ndarray:
    return world.people.branch_of(events["owner"].to_numpy(int), events["month"].to_numpy(int))


def _at_activities(frame: pd.DataFrame, invited: pd.DataFrame) -> pd.DataFrame:
    """The routine contact of who came to an activity took place there."""
    came = invited[invited["is_attended"].astype(bool)].set_index(["owner", "month"])["day"]
    key = pd.MultiIndex.from_frame(frame[["owner", "month"]])
    day = came.reindex(key).to_numpy(float)
    at = ~np.isnan(day) & (frame["kind"] == "routine").to_numpy()
    return frame.assign(
        channel=np.where(at, "event", frame["channel"]), day=np.where(at, day, frame["day"])
    )


def _minute_of_day(frame: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    usual = rng.integers(9 * 60, 18 * 60, len(frame))
    odd = rng.random(len(frame)) < 0.004  # nobody calls at four in the morning
    return np.where(odd, rng.integers(4 * 60, 6 * 60, len(frame)), usual)


def _with_attempts(world: World, talks: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Calls in vain before a listed customer is reached: more without need or money."""
    listed = talks[talks["kind"] == "campaign"]
    tries = rng.poisson(np.where(listed["need"] >= 0, 0.2, 0.7))
    vain = listed.loc[listed.index.repeat(tries)].assign(kind="missed", channel="phone", need=-1)
    vain["minute"] -= rng.integers(60, 2 * 1440, len(vain))
    return pd.concat([talks, vain], ignore_index=True)


def _repeats(talks: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    again = talks[(talks["kind"] != "missed") & (rng.random(len(talks)) < 0.02)].copy()
    again["minute"] += rng.integers(3, 28, len(again))
    return again


def _with_log_times(world: World, talks: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    n = len(talks)
    staff = talks["manager"].to_numpy(int)
    delay = rng.lognormal(4.8, 1.2, n)
    delay = np.where(rng.random(n) < 0.05, rng.integers(8 * 1440, 20 * 1440, n), delay)
    end_of_month = world.clock.end[talks["month"].to_numpy(int)] * 1440.0 + rng.integers(
        -300, 1000, n
    )
    bursts = world.managers["logs_late"].to_numpy()[staff] & (rng.random(n) < 0.6)
    logged = np.where(
        bursts, np.maximum(end_of_month, talks["minute"] + 30), talks["minute"] + delay
    )
    return talks.assign(logged=np.floor(logged))


def _with_texts(world: World, talks: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    n, text = len(talks), words()
    kind = talks["kind"].to_numpy(object)
    purpose = _purpose(world, talks, rng)
    content = np.full(n, None, dtype=object)
    for name, choices in text["contents"].items():
        rows = (purpose == name) & (kind == "campaign") | (kind == name)
        if name == "event":
            rows = talks["channel"].to_numpy(object) == "event"
        if name == "unanswered":
            rows = kind == "missed"
        content[rows] = pick(choices, rng.random(rows.sum()))
    content = _about_family(world, talks, content, rng)
    copies = world.managers["copies_text"].to_numpy()[talks["manager"].to_numpy(int)]
    content = np.where(
        copies & (kind != "missed") & (rng.random(n) < 0.6), text["copy_paste"], content
    )
    answered = kind != "missed"
    mood = np.where(
        talks["need"] >= 0,
        "positive",
        pick(["neutral", "neutral", "negative", "positive"], rng.random(n)),
    )
    feedback = np.full(n, None, dtype=object)
    for name, choices in text["feedbacks"].items():
        rows = answered & (mood == name) & (rng.random(n) < 0.6)
        feedback[rows] = pick(choices, rng.random(rows.sum()))
    talks = talks.assign(purpose=purpose, content=content, feedback=feedback)
    for name, share in NOTES:
        written = answered & (rng.random(n) < share)
        talks[name] = where_known(written, pick(text[f"{name}s"], rng.random(n)))
    return talks


def _purpose(world: World, talks: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    usual = PURPOSES[np.searchsorted([0.4, 0.7, 0.9], rng.random(len(talks)))]
    campaign = talks["campaign"].to_numpy(int)
    listed = np.array([c.purpose for c in world.plan.campaigns] + [""], dtype=object)[campaign]
    purpose = np.where(
        talks["kind"] == "inquiry", "inquiry", np.where(campaign >= 0, listed, usual)
    )
    fresh = talks["month"].to_numpy(int) == world.people.open_month[talks["owner"].to_numpy(int)]
    return np.where(fresh & (campaign < 0) & (talks["kind"] != "inquiry"), "outreach", purpose)


def _about_family(
    world: World, talks: pd.DataFrame, content: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Part of the notes says that the family has a say; part says that it has not."""
    decides = world.people.has_authority[talks["owner"].to_numpy(int)]
    u, answered = rng.random(len(talks)), (talks["kind"] != "missed").to_numpy()
    asks = answered & (u < np.where(decides, 0.005, 0.22))
    alone = answered & (u > np.where(decides, 0.92, 0.997))
    extra = np.select(
        [asks, alone],
        [
            pick(words()["consult"], rng.random(len(u))),
            pick(words()["no_consult"], rng.random(len(u))),
        ],
        "",
    )
    return np.where(asks | alone, content + "," + extra, content)


def _messages(world: World, journal: Journal, rng: np.random.Generator) -> pd.DataFrame:
    """Bulk messages: the same text to many customers in the same minute."""
    chunks, text = [], words()["sms"]
    sends = world.clock.is_spring | np.isin(world.clock.calendar_month, (5, 10))
    for month in map(int, np.flatnonzero(sends)):
        people, record = world.people, journal.months[month]
        branch = people.branch_at(month)
        sent = record["is_open"] & (people.consent == 0) & ~people.is_do_not_disturb
        sent &= world.branches.has_contact_log[branch] & (rng.random(people.n) < 0.35)
        owner = np.flatnonzero(sent)
        day = world.clock.start[month] + 5
        is_notice = world.clock.calendar_month[month] == 5
        manager = ids.serving_manager(
            world, branch[owner], np.full(len(owner), month), np.zeros(len(owner))
        )
        chunks.append(pd.DataFrame({
            "owner": owner, "month": month, "branch": branch[owner], "kind": "message",
            "channel": "sms", "minute": day * 1440.0 + 600, "logged": day * 1440.0 + 601,
            "manager": manager, "need": -1, "campaign": -1, "arm": 0,
            "purpose": "other" if is_notice else "care",
            "content": text["notice" if is_notice else "care"],
        }))  # fmt: skip
    return pd.concat(chunks, ignore_index=True) if chunks else pd.DataFrame()


def _gift_touches(given: pd.DataFrame) -> pd.DataFrame:
    touches = given.rename(columns={"occasion": "content"}).drop(columns="value")
    minute = given["day"].to_numpy(float) * 1440 + 15 * 60
    return touches.assign(
        kind="gift", channel="gift", minute=minute, logged=minute + 90, need=-1, campaign=-1, arm=0,
        purpose="care",
    )  # fmt: skip


def _as_table(world: World, frame: pd.DataFrame) -> pd.DataFrame:
    rng = np.random.default_rng([world.seed, 28])
    n, plan = len(frame), world.plan
    kind, channel = frame["kind"].to_numpy(object), frame["channel"].to_numpy(object)
    two_way = np.isin(kind, ["routine", "inquiry", "campaign"])
    minutes = np.array([MINUTES.get(c, 0) for c in channel]) * rng.lognormal(0, 0.35, n)
    minutes = np.where(
        two_way, np.maximum(minutes, 1).round(0), np.where(kind == "missed", 0.0, np.nan)
    )
    minutes[two_way & (rng.random(n) < 0.01)] = 0.0  # marked effective without a minute
    effective = pd.array(two_way, dtype="boolean")
    effective[np.isin(kind, ["message", "gift"])] = pd.NA
    tags = np.array([words()["need_tags"].get(c) for c in CLASSES] + [None], dtype=object)
    need = np.where(two_way & ((kind != "routine") | (rng.random(n) < 0.6)), frame["need"], -1)
    campaign = frame["campaign"].to_numpy(int)
    follow = np.where(
        frame["next_action"].notna(), frame["minute"] // 1440 + rng.integers(3, 30, n), 10**9
    )
    return pd.DataFrame({
        "contact_id": ids.numbered("L", np.arange(n) + 1, 9),
        "customer_id": _whom(world, frame),
        "branch_id": ids.branch_ids(world)[frame["branch"].to_numpy(int)],
        "manager_id": ids.manager_ids(world)[frame["manager"].to_numpy(int)],
        "contact_time": moments(frame["minute"]), "log_time": moments(frame["logged"]),
        "channel": channel, "direction": np.where(kind == "inquiry", "in", "out"),
        "is_effective": effective, "duration_minutes": minutes, "purpose": frame["purpose"],
        "content": frame["content"], "method": frame["method"], "insight": frame["insight"],
        "reflection": frame["reflection"], "feedback": frame["feedback"],
        "need_tags": tags[need.astype(int)], "next_action": frame["next_action"],
        "next_date": dates(follow),
        "campaign_id": np.array([c.id for c in plan.campaigns] + [None], dtype=object)[campaign],
        "strategy": _strategy(world, campaign, frame["arm"].to_numpy(int)),
        "cost_cny": np.array([COSTS.get(c, 0.1) for c in channel]),
    })  # fmt: skip


def _whom(world: World, frame: pd.DataFrame) -> pd.Series:
    """Customers by their own id, and people who are none by another kind of id."""
    owner = frame["owner"].to_numpy(int)
    known = pd.Series(ids.customer_ids(world)[owner], index=frame.index).astype("str")
    return known.where(owner >= 0, prospect_ids(frame["prospect"].fillna(0)))


def _strategy(world: World, campaign: np.ndarray, arm: np.ndarray) -> np.ndarray:
    strategies = np.full(len(campaign), None, dtype=object)
    for index, entry in enumerate(world.plan.campaigns):
        if entry.arms:
            rows = campaign == index
            strategies[rows] = np.array(entry.arms, dtype=object)[arm[rows]]
    return strategies
