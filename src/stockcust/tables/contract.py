"""The input contract as typed models: tables, columns, codes and what is never read."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, field_validator, model_validator

Type = Literal[
    "id", "text", "tags", "enum", "flag", "date", "datetime", "month",
    "money", "number", "integer", "share",
]  # fmt: skip


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Model):
    """One column: what it holds, how banks call it, what depends on it."""

    name: str
    type: Type
    zh: str
    required: bool = False
    not_null: bool = False
    personal: bool = False
    words: bool = False
    aliases: tuple[str, ...] = ()
    codes: Mapping[str, tuple[str, ...]] = {}
    min: float | None = None
    known_from: str | None = None
    before: str | None = None
    form: Literal["county", "mobile"] | None = None
    enables: tuple[str, ...] = ()

    @property
    def is_text(self) -> bool:
        """Whether the validated column is a string."""
        return self.type in ("id", "text", "tags", "enum")

    @property
    def is_time(self) -> bool:
        """Whether the validated column is a point in time."""
        return self.type in ("date", "datetime", "month")


class Table(_Model):
    """One table: its columns, its key and the time of its rows."""

    name: str
    zh: str
    en: str
    names: tuple[str, ...] = ()
    key: tuple[str, ...]
    time: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    required: bool = False
    enables: tuple[str, ...] = ()
    columns: Mapping[str, Column]

    @field_validator("time", mode="before")
    @classmethod
    def _as_tuple(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="before")
    @classmethod
    def _name_columns(cls, raw: dict[str, Any]) -> dict[str, Any]:
        columns = {name: {"name": name, **column} for name, column in raw["columns"].items()}
        return {**raw, "columns": columns}

    @model_validator(mode="after")
    def _refers_to_own_columns(self) -> Table:
        known_from = [c.known_from for c in self.columns.values() if c.known_from]
        unknown = {*self.key, *self.time, *self.order, *known_from} - set(self.columns)
        if unknown:
            raise ValueError(f"{self.name} refers to columns it does not have: {sorted(unknown)}")
        return self

    @property
    def required_columns(self) -> tuple[str, ...]:
        """The columns without which a file is refused."""
        return tuple(name for name, column in self.columns.items() if column.required)


class NeverLoad(_Model):
    """A group of headers whose values are not read; a withheld group is not even named."""

    patterns: tuple[str, ...]
    withheld: bool = False

    def matches(self, header: str) -> bool:
        """Whether a header belongs to the group."""
        return _any_of(self.patterns).search(header) is not None


@functools.cache
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


class Flags(_Model):
    """Spellings of yes and no."""

    set: tuple[str, ...]
    unset: tuple[str, ...]


class Dates(_Model):
    """Dates that mean nothing or "no end", and the years that are believed."""

    placeholders: tuple[str, ...]
    open_ended: tuple[str, ...]
    first_year: int
    last_year: int
    spelt: str


class Numbers(_Model):
    """Signs that people write at amounts."""

    currency: str
    yuan: str
    scaled: str
    scales: Mapping[str, float]


class Contract(_Model):
    """Everything stockcust knows about a bank's files."""

    version: int
    tables: Mapping[str, Table]
    never_load: Mapping[str, NeverLoad]
    missing: tuple[str, ...]
    flags: Flags
    dates: Dates
    numbers: Numbers
    header_units: tuple[str, ...]
    tag_signs: str
    county: str
    precise_address: str
    total_rows: str
    units: Mapping[str, float]
    foreign_units: tuple[str, ...]

    @model_validator(mode="before")
    @classmethod
    def _name_tables(cls, raw: dict[str, Any]) -> dict[str, Any]:
        tables = {name: {"name": name, **table} for name, table in raw["tables"].items()}
        return {**raw, "tables": tables}

    @property
    def required_tables(self) -> tuple[str, ...]:
        """The tables without which nothing can be said."""
        return tuple(name for name, table in self.tables.items() if table.required)


@functools.cache
def load_contract() -> Contract:
    """The contract of this version of stockcust."""
    return Contract.model_validate(yaml.safe_load(_text()))


@functools.cache
def contract_hash() -> str:
    """sha256 of the contract: what was validated by another one is validated again."""
    return hashlib.sha256(_text().encode()).hexdigest()


def _text() -> str:
    return files(__package__).joinpath("contract.yaml").read_text(encoding="utf-8")
