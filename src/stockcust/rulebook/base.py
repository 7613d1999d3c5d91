"""What every part of the rulebook is made of: labels, amounts, shares, frozen tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NoReturn, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer
from pydantic_core import PydanticCustomError

K = TypeVar("K")
V = TypeVar("V")

Lang = Literal["zh", "en"]
Basis = Literal["article", "sourced", "convention", "design"]
TierId = Literal["T1", "T2", "T3", "T4", "T5"]
FamiliarityId = Literal["F1", "F2", "F3"]
GroupId = Literal["G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9"]
Band = Literal["high", "mid", "low"]
Level = Literal["low", "mid", "high"]

TIERS: tuple[TierId, ...] = ("T1", "T2", "T3", "T4", "T5")
FAMILIARITIES: tuple[FamiliarityId, ...] = ("F1", "F2", "F3")
GROUPS: tuple[GroupId, ...] = ("G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9")
BANDS: tuple[Band, ...] = ("high", "mid", "low")
LEVELS: tuple[Level, ...] = ("low", "mid", "high")

_CHINESE = re.compile(r"[\u3400-\u9fff]")


class FrozenTable(dict[K, V]):
    """A mapping that cannot change, so that a rulebook always matches its hash."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a rulebook is frozen; use rules.with_changes({...})")

    __setitem__ = __delitem__ = __ior__ = _refuse
    update = pop = popitem = clear = setdefault = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenTable, (dict(self),)

    def __deepcopy__(self, memo: dict[int, Any]) -> FrozenTable[K, V]:
        return self


Table = Annotated[Mapping[K, V], AfterValidator(FrozenTable)]


def _whole_fen(amount: float) -> float:
    if abs(amount * 100 - round(amount * 100)) > 1e-6:
        raise PydanticCustomError("fen", "amounts have at most two decimals (fen)")
    return amount


def _shortest(amount: float) -> float:
    return int(amount) if amount.is_integer() else amount


Money = Annotated[
    float, Field(ge=0), AfterValidator(_whole_fen), PlainSerializer(_shortest, int | float)
]
Share = Annotated[float, Field(ge=0, le=1)]
# a hundred years: no date lies further from another
Days = Annotated[int, Field(ge=0, le=36_500)]
Months = Annotated[int, Field(ge=0, le=1_200)]
WindowDays = Annotated[Days, Field(ge=1)]
WindowMonths = Annotated[Months, Field(ge=1)]
Age = Annotated[int, Field(ge=0, le=130)]
Count = Annotated[int, Field(ge=0)]
Text = Annotated[str, Field(min_length=1, pattern=r"\S")]


def _not_chinese(text: str) -> str:
    if _CHINESE.search(text):
        raise PydanticCustomError("not_english", "the English text contains Chinese")
    return text


class Model(BaseModel):
    """A part of the rulebook: typed, frozen, without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Label(Model):
    """A text in every language of the reports."""

    zh: Text
    en: Annotated[Text, AfterValidator(_not_chinese)]

    def __getitem__(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


def to_fen(amount_cny: float) -> int:
    """Return an amount in yuan as a whole number of fen."""
    return round(amount_cny * 100)
