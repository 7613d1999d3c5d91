"""The closed list of ways to make a contract column from a bank's columns."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from stockcust.tables.mapping.parts import DateFormat, Header, Headers, Model, problem


class HashBucket(Model):
    """A stable pseudo-branch from a hash of a customer id."""

    column: Header
    buckets: Annotated[int, Field(ge=2, le=10_000)]
    prefix: str = "H"
    name: str = "pseudo-branch"

    @property
    def headers(self) -> tuple[str, ...]:
        """The columns it reads."""
        return (self.column,)


class Joined(Model):
    """Texts of several columns behind each other, after a prefix."""

    columns: Headers
    prefix: str = ""
    separator: str = "-"

    @property
    def headers(self) -> tuple[str, ...]:
        """The columns it reads."""
        return self.columns


class BirthNumber(Model):
    """A Czech birth number YYMMDD..., where women have 50 added to the month."""

    column: Header
    part: Literal["birth_date", "gender"]

    @property
    def headers(self) -> tuple[str, ...]:
        """The columns it reads."""
        return (self.column,)


class PlusMonths(Model):
    """A date some months later."""

    date: Header
    months: Header
    date_format: DateFormat | None = None

    @property
    def headers(self) -> tuple[str, ...]:
        """The columns it reads."""
        return (self.date, self.months)


class Derivation(Model):
    """One way to make a column from others."""

    sum: Headers | None = None
    first_of: Headers | None = None
    joined: Joined | None = None
    hash_bucket: HashBucket | None = None
    czech_birth_number: BirthNumber | None = None
    plus_months: PlusMonths | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Derivation:
        if len(self.model_fields_set) != 1:
            raise problem(
                "derivation", f"must be exactly one of {', '.join(type(self).model_fields)}"
            )
        return self

    @property
    def rule(self) -> Any:
        """The one rule that is given."""
        return getattr(self, next(iter(self.model_fields_set)))

    @property
    def headers(self) -> tuple[str, ...]:
        """The columns it reads."""
        rule = self.rule
        return rule if isinstance(rule, tuple) else rule.headers
