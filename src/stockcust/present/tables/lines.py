"""The lines of a table about all customers: the classes in order, who is in none, the total."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stockcust.present.labels import dimension_labels, group_name, tier_name, tier_range
from stockcust.present.tables.layout import Emphasis
from stockcust.present.texts import Texts
from stockcust.present.totals import NOT_EFFECTIVE, UNKNOWN

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook

TOTAL = "total"
_EMPHASIS: Mapping[str, Emphasis] = {UNKNOWN: "apart", NOT_EFFECTIVE: "apart", TOTAL: "total"}


@dataclass(frozen=True, slots=True)
class Lines:
    """A way to divide customers: its column, a name for each of its values, what it is called."""

    key: str
    names: Mapping[str, str]
    heading: str

    def in_order(self, found: Container[str]) -> list[str]:
        """All lines; unknown and not effective only where there are any."""
        known = [key for key in self.names if key != UNKNOWN]
        return [*known, *(key for key in (UNKNOWN, NOT_EFFECTIVE) if key in found)]

    def named(self, keys: Sequence[str], t: Texts) -> list[str]:
        """How lines are called, the total among them."""
        names = {**self.names, NOT_EFFECTIVE: t("not_effective"), TOTAL: t("total")}
        return [names[key] for key in keys]


def tier_lines(rules: Rulebook, t: Texts, *, with_range: bool = True) -> Lines:
    """The tiers, the highest first, with the assets from which and to which they reach."""
    names: dict[str, str] = {
        tier.id: " ".join(
            [tier_name(tier.id, rules, t), *([tier_range(tier, t)] if with_range else [])]
        )
        for tier in reversed(rules.tiers.active)
    }
    return Lines("tier", {**names, UNKNOWN: t("tier_unknown")}, t("tier"))


def group_lines(rules: Rulebook, t: Texts) -> Lines:
    """The nine groups."""
    names = {group: group_name(group, rules, t) for group in [*rules.groups, UNKNOWN]}
    return Lines("group", names, t("group"))


def man_lines(rules: Rulebook, t: Texts) -> Lines:
    """The eight MAN groups in letters, the easiest first."""
    coefficients = rules.man.coefficients
    easiest_first = sorted(rules.man.groups, key=lambda name: coefficients[name])
    return Lines("man_group", {str(id): str(id) for id in easiest_first}, t("man.group"))


def dimension_lines(dimension: str, rules: Rulebook, t: Texts) -> Lines:
    """The classes of another dimension."""
    heading = rules.dimensions[dimension].label[t.lang]
    return Lines("dimension", dimension_labels(dimension, rules, t), heading)


def emphasis_of(keys: Sequence[str]) -> list[Emphasis | None]:
    """What sets a line apart: that it is the total, or stands beside the classes."""
    return [_EMPHASIS.get(key) for key in keys]
