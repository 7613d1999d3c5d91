"""Texts by key with named values, and amounts, shares, counts and dates as a reader expects."""

from __future__ import annotations

import difflib
import functools
import math
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

import pandas as pd
import yaml

from stockcust.errors import CallError
from stockcust.rulebook.base import Lang

T = TypeVar("T")
LANGUAGES: tuple[Lang, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class MoneyUnit:
    """A unit that a whole axis or column shares: yuan per unit, and its name."""

    yuan: float
    name: str


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one language.

    Parameters
    ----------
    lang : ``"zh"`` or ``"en"``.

    Raises
    ------
    CallError : the language is not one of these.
    """

    lang: Lang

    def __post_init__(self) -> None:
        if self.lang not in LANGUAGES:
            raise CallError(f"no texts in language {self.lang!r}; choose one of {LANGUAGES}")

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key with its values filled in.

        Raises
        ------
        CallError : an unknown key, or values that are not exactly those the text names.
        """
        text = self._entry(key)
        names = placeholders(text)
        if names != values.keys():
            raise CallError(f"text {key!r} takes {sorted(names)}, got {sorted(values)}")
        return text.format(**values)

    def keys(self, prefix: str) -> list[str]:
        """Last parts of the keys under a prefix, in the order of the file."""
        start = prefix + "."
        return [key.removeprefix(start) for key in load_texts(self.lang) if key.startswith(start)]

    def money_unit(self, largest: float) -> MoneyUnit:
        """The unit in which amounts up to `largest` yuan read well."""
        # A little below a unit's start the shorter figure would already round up to it
        ladder = [
            (unit, float(self._entry(f"money.{unit}.yuan"))) for unit in ("big", "mid", "one")
        ]
        unit, yuan = next((step for step in ladder if abs(largest) >= 0.9995 * step[1]), ladder[-1])
        return MoneyUnit(yuan, self._entry(f"money.{unit}.name"))

    def money(self, yuan: float | None) -> str:
        """An amount with its unit: three figures that matter, never cents of a million."""
        if not _is_there(yuan):
            return self("unknown")
        unit = self.money_unit(yuan)
        return self("money.pattern", value=_three_figures(yuan / unit.yuan), unit=unit.name)

    def money_to_the_cent(self, yuan: float) -> str:
        """An amount of which every cent counts."""
        name = self._entry("money.one.name")
        return self("money.pattern", value=f"{yuan:,.2f}", unit=name)

    def money_range(self, low: float, high: float) -> str:
        """Two amounts in the unit of the higher."""
        unit = self.money_unit(high)
        both = (f"{yuan / unit.yuan:,.6g}" for yuan in (low, high))
        return self("money.pattern", value="-".join(both), unit=unit.name)

    def money_change(self, yuan: float | None) -> str:
        """An amount with its sign."""
        if not _is_there(yuan):
            return self("unknown")
        sign = "+" if yuan > 0 else "-" if yuan < 0 else ""
        return sign + self.money(abs(yuan))

    def percent(self, share: float | None, digits: int = 0) -> str:
        """A share 0-1 as per cent; what is neither none nor all never rounds to 0 % or 100 %."""
        if not _is_there(share):
            return self("unknown")
        if share in (0, 1):
            return f"{share:.0%}"
        least = 10.0**-digits / 2
        if 0 < share * 100 < least:
            return f"<{10.0**-digits:.{digits}f}%"
        if 100 - least < share * 100 < 100:
            return f">{100 - 10.0**-digits:.{digits}f}%"
        return f"{share * 100:.{digits}f}%"

    def share_of(self, part: float, whole: float) -> str:
        """What part of a whole it is, a dash where there is no whole."""
        return self.percent(part / whole, 1) if whole else self("dash")

    def rate(self, numerator: float, denominator: float, min_n: int) -> str:
        """A share with its cases; under `min_n` cases the counts alone."""
        counts = f"{numerator:,.0f}/{denominator:,.0f}"
        if denominator < min_n:
            return counts
        return f"{self.percent(numerator / denominator)} ({counts})"

    def interval(self, low: float, high: float) -> str:
        """A 95 % interval of a share, a dash where there is none."""
        if not _is_there(low):
            return self("dash")
        return self("interval", low=self.percent(low, 1), high=self.percent(high, 1))

    def count(self, number: float | None) -> str:
        """A count with thousands marks."""
        return f"{number:,.0f}" if _is_there(number) else self("unknown")

    def small_count(self, number: float, least: int) -> str:
        """A count that many people read: one to `least` - 1 is only said to be few."""
        return self("few", n=least) if 0 < number < least else self.count(number)

    def short_count(self, number: float) -> str:
        """A count for a narrow cell: five figures and more in a larger unit."""
        if number < 10_000:
            return self.count(number)
        unit = float(self._entry("short_count.unit"))
        return self("short_count.pattern", value=_three_figures(number / unit))

    def customers(self, number: float) -> str:
        """So many customers."""
        return self("customer" if number == 1 else "customers", n=self.count(number))

    def date(self, day: date | str | None) -> str:
        """A day, year first."""
        return f"{pd.Timestamp(str(day)):%Y-%m-%d}" if _is_there(day) else self("unknown")

    def join(self, parts: Iterable[str]) -> str:
        """Several clauses as one sentence."""
        return self._entry("clause_separator").join(parts)

    def enumeration(self, parts: Iterable[str]) -> str:
        """Several words side by side."""
        return self._entry("enumeration_separator").join(parts)

    def _entry(self, key: str) -> str:
        entries = load_texts(self.lang)
        if key in entries:
            return entries[key]
        near = difflib.get_close_matches(key, entries, n=1)
        raise CallError(f"no text {key!r}" + (f"; did you mean {near[0]!r}?" if near else ""))


def placeholders(text: str) -> set[str]:
    """Names of the values that a text takes."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@functools.cache
def load_texts(lang: Lang) -> Mapping[str, str]:
    """All texts of a language, by dotted key."""
    return dict(_flat(yaml.safe_load(texts_file(lang).read_text(encoding="utf-8"))))


def texts_file(lang: Lang) -> Path:
    """The file that holds a language."""
    return Path(__file__).parent / f"{lang}.yaml"


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)


def _is_there(value: T | None) -> TypeGuard[T]:
    return value is not None and value is not pd.NA and value == value


def _three_figures(value: float) -> str:
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    rounded = float(f"{value:.3g}")
    if rounded == round(rounded):
        return f"{rounded:,.0f}"
    return f"{rounded:.{min(2, 2 - math.floor(math.log10(abs(rounded))))}f}"
