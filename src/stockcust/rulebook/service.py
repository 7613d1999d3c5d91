"""Soft service: care on festivals and birthdays, service beyond expectation, activities, combos."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from stockcust.errors import Problem
from stockcust.rulebook.base import (
    TIERS,
    Age,
    Band,
    Basis,
    Days,
    Label,
    Model,
    Money,
    Table,
    Text,
    TierId,
)
from stockcust.rulebook.places import missing_keys, unknown_words
from stockcust.rulebook.vocabulary import Channel, CustomerRisk, ProductClass, ProductRisk

CareChannel = Literal["sms", "card", "gift", "tea_party", "phone", "face_visit"]
Pillar = Literal["environment", "process", "warm"]
MonthNumber = Annotated[int, Field(ge=1, le=12)]
DayNumber = Annotated[int, Field(ge=1, le=31)]


class Audience(Model):
    """Conditions that must all hold; consent and do-not-disturb always apply besides."""

    gender: Literal["F", "M"] | None = None
    min_age: Age | None = None
    max_age: Age | None = None
    customer_nature: tuple[str, ...] | None = None
    income_source: tuple[str, ...] | None = None
    occupation: tuple[str, ...] | None = None
    child_age_band: tuple[str, ...] | None = None


class CareChannelRule(Model):
    """A way to show care, how it is logged and how many days ahead it is prepared."""

    label: Label
    logged_as: Channel
    lead_days: Days


class Gift(Model):
    """What gifts may be worth in a year; never tied to a deposit."""

    max_value_cny_per_year: Table[TierId, Money]
    must_not_depend_on_deposit: bool
    basis: Basis


class Festival(Model):
    """A day of the solar or lunar calendar, a solar term, or the eve of another festival."""

    label: Label
    calendar: Literal["solar", "lunar", "solar_term", "eve"]
    month: MonthNumber | None = None
    day: DayNumber | None = None
    solar_term: Text | None = None
    eve_of: Text | None = None
    channels: tuple[CareChannel, ...]
    bands: tuple[Band, ...]
    audience: Audience | None = None
    wording: Label | None = None
    note: Label | None = None


class Lunar(Model):
    """How the lunar calendar is read."""

    leap_month: Literal["ignore"]
    eve: Literal["day_before"]
    first_year: int
    last_year: int


class Birthday(Model):
    """Birthday greetings."""

    default_calendar: Literal["solar", "lunar"]
    feb29_to: Literal["02-28", "03-01"]
    placeholder_dates: tuple[Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")], ...]
    channels: Table[Band, tuple[CareChannel, ...]]
    decade_birthdays: tuple[Age, ...]
    never_for: tuple[Literal["deceased", "open_complaint", "do_not_disturb"], ...]


class Care(Model):
    """Care on festivals and birthdays."""

    channels: Table[CareChannel, CareChannelRule]
    on_time_days_before: Days
    on_time_days_after: Days
    merge_within_days: Days
    gift: Gift
    festivals: Table[str, Festival]
    lunar: Lunar
    birthday: Birthday


class ScoreMeasure(Model):
    """One measure of the scorecard and, where there is one, its target."""

    label: Label
    target_le: float | None = None
    target_ge: float | None = None


class ScorePillar(Model):
    """One part of the scorecard."""

    label: Label
    measures: Table[str, ScoreMeasure]


class ProductTheme(Model):
    """A product that an activity speaks of or a combination holds."""

    label: Label
    product_class: ProductClass
    max_product_risk: ProductRisk | None = None


class Activity(Model):
    """An activity: whom it invites and which products it may speak of."""

    label: Label
    audience: Audience
    bands: tuple[Band, ...]
    products: tuple[ProductTheme, ...]
    is_weekend_only: bool
    invites_guardian: bool
    basis: Basis


class Combo(Model):
    """Products proposed together; each is voluntary and checked separately."""

    label: Label
    items: Annotated[tuple[ProductTheme, ...], Field(min_length=1)]
    fits: Annotated[tuple[CustomerRisk, ...], Field(min_length=1)]


class Combos(Model):
    """Product combinations, and the words that give a loan away."""

    label: Label
    rule: Literal["each_item_checked_separately"]
    loan_words: tuple[Text, ...]
    items: Table[str, Combo]


class Service(Model):
    """The rules of soft service."""

    care: Care
    scorecard: Table[Pillar, ScorePillar]
    scorecard_basis: Basis
    activities: Table[str, Activity]
    combos: Combos


def check_service(service: Service) -> Iterator[Problem]:
    """Find tied gifts, festivals without a day, empty audiences and unsuitable combos."""
    yield from _check_gift(service.care.gift)
    yield from missing_keys(
        "service.scorecard", ("environment", "process", "warm"), service.scorecard
    )
    for name, festival in service.care.festivals.items():
        place = f"service.care.festivals.{name}"
        yield from _check_festival(place, festival, service.care)
    for name, activity in service.activities.items():
        yield from _check_ages(f"service.activities.{name}.audience", activity.audience)
    for name, combo in service.combos.items.items():
        yield from _check_combo(f"service.combos.items.{name}", combo, service.combos.loan_words)


def _check_gift(gift: Gift) -> Iterator[Problem]:
    place = "service.care.gift"
    yield from missing_keys(f"{place}.max_value_cny_per_year", TIERS, gift.max_value_cny_per_year)
    if not gift.must_not_depend_on_deposit:
        found = "a gift may not depend on deposits"
        yield Problem(found, f"{place}.must_not_depend_on_deposit", "true")


def _check_festival(place: str, festival: Festival, care: Care) -> Iterator[Problem]:
    needed = {
        "solar": ("month", "day"),
        "lunar": ("month", "day"),
        "solar_term": ("solar_term",),
        "eve": ("eve_of",),
    }
    for field in ("month", "day", "solar_term", "eve_of"):
        is_given = getattr(festival, field) is not None
        if is_given != (field in needed[festival.calendar]):
            found = "is not used" if is_given else "is missing"
            yield Problem(f"{found} with calendar {festival.calendar}", f"{place}.{field}")
    if festival.eve_of:
        yield from unknown_words(f"{place}.eve_of", [festival.eve_of], care.festivals)
    yield from unknown_words(f"{place}.channels", festival.channels, care.channels)
    if festival.audience:
        yield from _check_ages(f"{place}.audience", festival.audience)


def _check_ages(place: str, audience: Audience) -> Iterator[Problem]:
    if (audience.min_age or 0) > (130 if audience.max_age is None else audience.max_age):
        found = f"nobody is from {audience.min_age} to {audience.max_age} years old"
        yield Problem(found, place, "min_age <= max_age")


def _check_combo(place: str, combo: Combo, loan_words: tuple[str, ...]) -> Iterator[Problem]:
    most = min(combo.fits)[1:]
    for i, item in enumerate(combo.items):
        texts = f"{item.label.zh} {item.label.en}".lower()
        is_loan = item.product_class == "loan" or any(word.lower() in texts for word in loan_words)
        if is_loan:
            yield Problem(f"{item.label.en} is a loan", f"{place}.items.{i}", "no loan in a combo")
        if item.max_product_risk and item.max_product_risk[1:] > most:
            found = f"{item.max_product_risk} is above C{most}, whom the combo fits"
            yield Problem(found, f"{place}.items.{i}.max_product_risk", f"R{most} or lower")
