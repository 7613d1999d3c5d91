"""What every part of a mapping is made of: headers, files, formats of files and dates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from stockcust.tables.mapping.dates import DATE_TOKENS
from stockcust.tables.sources import Declared

Header = Annotated[str, Field(min_length=1)]
Texts = Mapping[str, str]


def problem(kind: str, message: str) -> PydanticCustomError:
    """A problem of a value, to be raised by a validator."""
    return PydanticCustomError(kind, "{said}", {"said": message})


def _inside(pattern: str) -> str:
    if pattern.startswith(("/", "\\", "~")) or re.match(r"[A-Za-z]:", pattern):
        raise problem("outside", "is an absolute path; name files below the data folder")
    if ".." in re.split(r"[/\\]", pattern):
        raise problem("outside", "leaves the data folder; .. is refused")
    return pattern


def as_tuple(value: Any) -> Any:
    """A single text as a list of one."""
    return (value,) if isinstance(value, str) else value


Files = Annotated[
    tuple[Annotated[str, Field(min_length=1), AfterValidator(_inside)], ...],
    BeforeValidator(as_tuple),
    Field(min_length=1),
]
Headers = Annotated[tuple[Header, ...], BeforeValidator(as_tuple), Field(min_length=1)]


class Model(BaseModel):
    """A part of a mapping: frozen, without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Format(Model):
    """How a file is written; what is left out is detected."""

    delimiter: Annotated[str, Field(max_length=1)] = ""
    encoding: str = ""
    quote: Annotated[str, Field(min_length=1, max_length=1)] = '"'
    decimal: Literal[".", ","] = "."
    sheet: str = ""
    header: Annotated[int, Field(ge=0)] | None = None
    names: tuple[Header, ...] = ()

    @property
    def declared(self) -> Declared:
        """The same for the readers."""
        return Declared(
            self.delimiter, self.encoding, self.quote, self.sheet, self.header, self.names
        )

    @model_validator(mode="after")
    def _names_or_header(self) -> Format:
        if (self.header == 0) != bool(self.names):
            raise problem("header", "header: 0 (no header row) and names go together")
        if len(set(self.names)) < len(self.names):
            raise problem("names", "a name stands twice in names")
        return self


class DateFormat(Model):
    """A date written with YYYY YY MM DD hh mm ss; two-digit years from pivot on are 19YY."""

    format: str
    pivot: Annotated[int, Field(ge=0, le=100)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"format": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _complete(self) -> DateFormat:
        tokens = set(DATE_TOKENS.findall(self.format))
        years = tokens & {"YYYY", "YY"}
        if len(years) != 1 or "MM" not in tokens:
            raise problem("date_format", "needs YYYY or YY, and MM, as in YYYYMMDD or DD.MM.YYYY")
        if ("YY" in years) != (self.pivot is not None):
            raise problem(
                "pivot", "YY needs a pivot, such as {format: YYMMDD, pivot: 30}; YYYY none"
            )
        return self


class FileName(Model):
    """Columns read from a file's name; groups named month, quarter and date become dates."""

    pattern: str

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"pattern": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _has_groups(self) -> FileName:
        try:
            groups = re.compile(self.pattern).groupindex
        except re.error as error:
            raise problem("pattern", f"is not a regular expression: {error}") from None
        if not groups:
            raise problem("pattern", "has no named group such as (?P<quarter>\\d{4}q\\d)")
        return self

    @property
    def expression(self) -> re.Pattern[str]:
        """The pattern, ready to search; without case."""
        return re.compile(self.pattern, re.IGNORECASE)

    @property
    def headers(self) -> tuple[str, ...]:
        """The columns it makes."""
        return tuple(self.expression.groupindex)
