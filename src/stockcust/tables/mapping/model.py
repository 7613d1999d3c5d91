"""What a mapping file can say: typed, closed, and nothing in it is evaluated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from stockcust.tables.mapping.derivations import Derivation, HashBucket
from stockcust.tables.mapping.parts import (
    DateFormat,
    FileName,
    Files,
    Format,
    Header,
    Model,
    Texts,
    as_tuple,
    problem,
)

Unit = Literal["yuan", "qian", "wan", "yi"]
UNITS: dict[Unit, float] = {"yuan": 1, "qian": 1e3, "wan": 1e4, "yi": 1e8}

Where = Mapping[Header, Annotated[tuple[str, ...], BeforeValidator(as_tuple), Field(min_length=1)]]


class Lookup(Model):
    """Columns taken from another file, at most one of its rows for each row here."""

    files: Files
    format: Format | None = None
    on: Annotated[Texts, Field(min_length=1)]
    where: Where = {}
    take: Annotated[Texts, Field(min_length=1)]


class LastOfDay(Model):
    """Finds a day's last posting in a ledger that is not in posting order: balances must chain."""

    amount: Header
    direction: Header
    incoming: Annotated[tuple[str, ...], BeforeValidator(as_tuple), Field(min_length=1)]


class MonthlyBalance(Model):
    """A ledger with running balances, turned into month-end balances and day-weighted averages."""

    account: Header
    owner: Header
    date: Header
    date_format: DateFormat | None = None
    balance: Header
    order: Header | None = None
    last_of_day: LastOfDay | None = None
    starts_with_opening: bool
    ends: dt.date | None = None

    @property
    def headers(self) -> tuple[str, ...]:
        """The columns it reads."""
        last = self.last_of_day
        optional = (self.order, last and last.amount, last and last.direction)
        return (self.account, self.owner, self.date, self.balance, *(h for h in optional if h))

    @model_validator(mode="after")
    def _one_order(self) -> MonthlyBalance:
        if self.order and self.last_of_day:
            raise problem("order", "give order or last_of_day, not both")
        return self


class Source(Model):
    """Files of one kind, and how they become rows of one contract table."""

    files: Files | None = None
    pseudo_branches: HashBucket | None = None
    format: Format | None = None
    from_file_name: FileName | None = None
    where: Where = {}
    lookup: tuple[Lookup, ...] = ()
    monthly_balance: MonthlyBalance | None = None
    columns: Texts = {}
    constants: Texts = {}
    derive: Mapping[str, Derivation] = {}
    codes: Mapping[str, Mapping[str, str | None]] = {}
    unit: Unit | None = None
    units: Mapping[str, Unit] = {}
    date_format: Mapping[str, DateFormat] = {}
    distinct: bool = False

    @model_validator(mode="after")
    def _files_or_buckets(self) -> Source:
        if (self.files is None) == (self.pseudo_branches is None):
            raise problem("source", "give files or pseudo_branches")
        if self.pseudo_branches and self.model_fields_set != {"pseudo_branches"}:
            raise problem(
                "source", "pseudo_branches stands alone: it makes branch_id and branch_name"
            )
        return self

    @property
    def targets(self) -> tuple[str, ...]:
        """The contract columns it fills, as often as they are given."""
        return (*self.columns, *self.constants, *self.derive)


class BankMapping(Model):
    """A bank's own files turned into the tables of the contract."""

    format: Format = Format()
    notes: tuple[str, ...] = ()
    tables: Annotated[Mapping[str, tuple[Source, ...]], Field(min_length=1)]


def source_headers(source: Source) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Each header of the bank's files that a source names, with its place in the source."""
    for header in source.where:
        yield ("where", header), header
    for i, lookup in enumerate(source.lookup):
        for header in (*lookup.on, *lookup.on.values(), *lookup.where, *lookup.take.values()):
            yield ("lookup", i), header
    if source.monthly_balance:
        for header in source.monthly_balance.headers:
            yield ("monthly_balance",), header
    for column, header in source.columns.items():
        yield ("columns", column), header
    for column, derivation in source.derive.items():
        for header in derivation.headers:
            yield ("derive", column), header
    if source.pseudo_branches:
        yield ("pseudo_branches",), source.pseudo_branches.column
