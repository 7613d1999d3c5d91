"""What the customer master knows of a person, before time and sparsity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from stockcust.sample import ids
from stockcust.sample.clock import dates
from stockcust.sample.plan import NATURES, words
from stockcust.sample.state import OPEN_END, World

INCOME_SOURCES = (
    "payroll", "farming", "business", "payroll", "pension", "payroll", "business", "other", "other",
)  # fmt: skip
Values = np.ndarray | pd.Series | pd.Categorical


def pick(choices: Sequence[str], u: np.ndarray) -> np.ndarray:
    """One of the choices for each number in [0, 1)."""
    return np.array(choices, dtype=object)[(u * len(choices)).astype(int)]


def where_known(known: np.ndarray, values: np.ndarray | pd.Series) -> np.ndarray:
    """Values where they are known, None elsewhere."""
    result = np.full(len(values), None, dtype=object)
    result[known] = np.asarray(values)[known]
    return result


class Chances:
    """Uniform numbers per person, the same in each of the person's branches, one set per topic."""

    def __init__(self, world: World) -> None:
        self._rng = np.random.default_rng([world.seed, 18])
        self._person = world.people.person

    def draw(self) -> np.ndarray:
        """The next set of numbers in [0, 1), one per relationship."""
        return self._rng.random(int(self._person.max()) + 1)[self._person]


def profile(world: World) -> dict[str, Values]:
    """Personal items by column, one value per relationship, all of them filled."""
    people, chance = world.people, Chances(world)
    age = people.age(world.clock.start[0])
    return {
        "name": names(people.is_female, chance.draw(), chance.draw(), chance.draw()),
        "gender": _gender(people.is_female, chance.draw()),
        "birth_date": _birth_dates(world, chance.draw()),
        "birthday_calendar": _calendars(age, chance.draw()),
        "mobile": _mobiles(world, chance.draw()),
        "area": pick(words()["areas"], chance.draw()),
        "occupation": _occupations(world, chance.draw()),
        "customer_nature": _natures(world, chance.draw()),
        "income_source": np.array(INCOME_SOURCES, dtype=object)[people.nature],
        "income_monthly_cny": (people.income / 100).round() * 100.0,
        **_family(age, people.has_authority, chance),
        **_outside(world, chance),
        **_habits(chance),
        "risk_level": "C" + pd.Series(_seen_risk(people.risk, chance.draw())).astype("str"),
        "is_risk_eval_self": pd.Series(
            chance.draw() < np.where(people.has_authority, 0.85, 0.3), dtype="boolean"
        ),
        "id_valid_until": dates(people.open_day + 3650 + (chance.draw() * 5000).astype(int)),
        "household_id": ids.household_ids(world, chance.draw()),
        "refused_channels": _refusals(chance.draw()),
    }


def names(
    is_female: np.ndarray, surname: np.ndarray, middle: np.ndarray, last: np.ndarray
) -> np.ndarray:
    """Chinese names by chance; popular surnames stand first in the list."""
    text = words()
    female, male = pick(text["given_last_f"], last), pick(text["given_last_m"], last)
    first = pick(text["given_first"], np.maximum(middle - 0.22, 0.0) / 0.7801)
    given = np.where(middle < 0.22, "", first) + np.where(is_female, female, male)
    return pick(text["surnames"], surname**2) + given


def _gender(is_female: np.ndarray, u: np.ndarray) -> np.ndarray:
    known = np.where(u < 0.01, "U", np.where(is_female, "F", "M"))
    return where_known(u > 0.004, known)


def _birth_dates(world: World, u: np.ndarray) -> np.ndarray:
    placeholder = np.datetime64("1900-01-01", "D").astype(int)
    birth = np.where(u > 0.985, OPEN_END, world.people.birth)
    return dates(np.where(u < 0.012, placeholder, birth))


def _calendars(age: np.ndarray, u: np.ndarray) -> np.ndarray:
    return where_known(u > 0.35, np.where((age > 55) & (u < 0.7), "lunar", "solar"))


def _mobiles(world: World, u: np.ndarray) -> np.ndarray:
    # 1990 and seven digits: valid in form and from one block, so that nobody mistakes them
    people = world.people
    own = ids.numbered("1990", people.person + 1, 7).to_numpy(dtype=object)
    family = ids.numbered("1990", people.household + 5_000_000, 7).to_numpy(dtype=object)
    shared = (u > 0.94) & (np.bincount(people.household)[people.household] > 1)
    number = np.where(shared, family, own)
    return where_known(u > 0.04, np.where(u < 0.043, "13800000000", number))


def _occupations(world: World, u: np.ndarray) -> np.ndarray:
    jobs = words()["occupations"]
    result = np.full(world.people.n, None, dtype=object)
    for position, nature in enumerate(NATURES):
        rows = world.people.nature == position
        result[rows] = pick(jobs[nature], u[rows])
    return result


def _natures(world: World, u: np.ndarray) -> np.ndarray:
    return np.where(u < 0.12, "unknown", np.array(NATURES, dtype=object)[world.people.nature])


def _family(age: np.ndarray, has_authority: np.ndarray, chance: Chances) -> dict[str, Values]:
    marriage, child, decides, capable = (chance.draw() for _ in range(4))
    married = np.select(
        [age < 25, marriage < 0.08, (age > 70) & (marriage < 0.3)],
        ["single", "divorced", "widowed"], "married",
    )  # fmt: skip
    band = np.select(
        [(age < 27) | (child < 0.15), age < 32, age < 38, age < 45, age < 49],
        ["none", "0-2", "3-6", "7-13", "14-17"], "adult",
    )  # fmt: skip
    alone = np.where(decides < 0.68, "self", "joint")
    other = np.where(decides < 0.15, "joint", "other")
    return {
        "marital_status": married,
        "child_age_band": band,
        "decision_role": np.where(has_authority, alone, other),
        "is_capable": pd.Series(~((age > 78) & (capable < 0.08)), dtype="boolean"),
    }


def _outside(world: World, chance: Chances) -> dict[str, Values]:
    return {
        "house_owner": pick(["owner", "owner", "mortgage", "rent", "other"], chance.draw()),
        "outside_asset_cny": (world.people.outside_assets / 1e4).round() * 1e4,
        "outside_loan_band": pick(words()["loan_bands"], chance.draw()),
    }


def _habits(chance: Chances) -> dict[str, Values]:
    channels = ["phone", "wecom", "face_visit", "branch_meet", "sms"]
    return {
        "need_tags": pick(words()["life_tags"], chance.draw()),
        "hobby_tags": pick(words()["hobby_tags"], chance.draw()),
        "preferred_channel": pick(channels, chance.draw()),
        "preferred_time": pick(words()["times"], chance.draw()),
    }


def _seen_risk(risk: np.ndarray, u: np.ndarray) -> np.ndarray:
    return np.clip(risk + np.select([u < 0.05, u > 0.95], [-1, 1], 0), 1, 5)


def _refusals(u: np.ndarray) -> np.ndarray:
    return where_known(u < 0.055, np.select([u < 0.03, u < 0.045], ["sms", "phone;sms"], "phone"))
