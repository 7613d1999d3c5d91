"""The five asset tiers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from stockcust.errors import Problem
from stockcust.rulebook.base import TIERS, Basis, Label, Model, Money, Months, Table, TierId, to_fen
from stockcust.rulebook.places import missing_keys, unknown_words


class TierRange(Model):
    """A tier's label and its range in yuan, closed below and open above."""

    label: Label
    min_cny: Money
    max_cny: Money | None


class TierPreset(Model):
    """One set of five tiers."""

    label: Label
    basis: Basis
    items: Table[TierId, TierRange]


class StatusRule(Model):
    """How a customer's tier follows the assets over time.

    Months are counted in a row; the tier held is followed from history_months before.
    """

    mode: Literal["instant", "fast_up_slow_down"]
    history_months: Annotated[int, Field(ge=2, le=60)]
    upgrade_after_months: Months
    downgrade_after_months: Table[TierId, Months]
    downgrade_to: Literal["last_month_tier", "max_of_window"]
    watch_label: Label


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier of the active preset: min_cny <= assets < max_cny (None: no upper end)."""

    id: TierId
    label: Label
    min_cny: float
    max_cny: float | None

    @property
    def max_fen(self) -> int | None:
        """The upper end in fen, None where it is open."""
        return None if self.max_cny is None else to_fen(self.max_cny)


class Tiers(Model):
    """The tier presets and which of them is active."""

    active_preset: str
    presets: Table[str, TierPreset]
    negative_aum: Literal["reject"]
    status_rule: StatusRule

    @property
    def active(self) -> tuple[Tier, ...]:
        """The five tiers of the active preset, lowest first."""
        items = self.presets[self.active_preset].items
        return tuple(Tier(t, items[t].label, items[t].min_cny, items[t].max_cny) for t in TIERS)


def check_tiers(tiers: Tiers) -> Iterator[Problem]:
    """Find presets that are not five contiguous tiers from 0 to an open end."""
    yield from unknown_words("tiers.active_preset", [tiers.active_preset], tiers.presets)
    for name, preset in tiers.presets.items():
        yield from _check_items(f"tiers.presets.{name}.items", preset.items)
    yield from _check_status_rule(tiers.status_rule)


def _check_status_rule(rule: StatusRule) -> Iterator[Problem]:
    place = "tiers.status_rule"
    yield from missing_keys(f"{place}.downgrade_after_months", TIERS, rule.downgrade_after_months)
    longest = max([rule.upgrade_after_months, *rule.downgrade_after_months.values()])
    # besides the run: the month before it, and the one in which it takes effect
    if rule.history_months < longest + 2:
        found = f"{rule.history_months} months do not show a run of {longest}"
        yield Problem(found, f"{place}.history_months", f"at least {longest + 2}")


def _check_items(place: str, items: Table[TierId, TierRange]) -> Iterator[Problem]:
    missing = [tier for tier in TIERS if tier not in items]
    if missing:
        found = f"exactly five tiers are needed, {', '.join(missing)} missing"
        yield Problem(found, place, "give T1 to T5")
        return
    first, last = items["T1"], items["T5"]
    if first.min_cny != 0:
        yield Problem(f"the lowest tier starts at {first.min_cny:.12g}", f"{place}.T1.min_cny", "0")
    if last.max_cny is not None:
        found = f"the highest tier ends at {last.max_cny:.12g}"
        yield Problem(found, f"{place}.T5.max_cny", "null (no upper end)")
    for lower, upper in zip(TIERS[:-1], TIERS[1:]):
        yield from _check_joint(place, items, lower, upper)


def _check_joint(
    place: str, items: Table[TierId, TierRange], lower: TierId, upper: TierId
) -> Iterator[Problem]:
    low, high = items[lower], items[upper]
    if low.max_cny is None:
        found = "only the highest tier is open above"
        yield Problem(found, f"{place}.{lower}.max_cny", f"{high.min_cny:.12g}")
        return
    if low.max_cny != high.min_cny:
        relation = "leave a gap" if low.max_cny < high.min_cny else "overlap"
        ends = f"{lower} ends at {low.max_cny:.12g}, {upper} starts at {high.min_cny:.12g}"
        found = f"the tiers {relation}: {ends}"
        yield Problem(found, f"{place}.{upper}.min_cny", f"{low.max_cny:.12g}")
    if low.max_cny <= low.min_cny:
        found = f"the tier is empty: it ends at {low.max_cny:.12g} and starts at {low.min_cny:.12g}"
        yield Problem(found, f"{place}.{lower}", "max_cny above min_cny")
