"""Units of money columns: from the mapping, else from the bank's header, never both differently."""

from __future__ import annotations

from collections.abc import Iterator

from stockcust.tables.contract import Table, load_contract
from stockcust.tables.headers import split_unit
from stockcust.tables.mapping.model import UNITS, Source, Unit
from stockcust.tables.mapping.tree import Place

Found = tuple[Place, str, str]


def declared_units(source: Source, table: Table) -> tuple[dict[str, str], list[Found]]:
    """Units by contract column, in the contract's words; and conflicts as place, what, remedy."""
    units: dict[str, str] = {}
    problems: list[Found] = []
    for column in source.targets:
        if table.columns[column].type != "money":
            continue
        said = source.units.get(column, source.unit)
        named = {unit for header in _headers(source, column) if (unit := split_unit(header)[1])}
        word = _word(said) if said else ""
        problems += _conflicts(column, word, named)
        unit = word or next(iter(sorted(named)), "")
        if unit:
            units[column] = unit
    return units, problems


def _word(unit: Unit) -> str:
    """The contract's word for a unit."""
    return next(word for word, factor in load_contract().units.items() if factor == UNITS[unit])


def _headers(source: Source, column: str) -> tuple[str, ...]:
    if column in source.columns:
        return (source.columns[column],)
    return source.derive[column].headers if column in source.derive else ()


def _conflicts(column: str, said: str, named: set[str]) -> Iterator[Found]:
    factors = load_contract().units
    if len({factors.get(unit) for unit in named | ({said} if said else set())}) > 1:
        shown = ", ".join(sorted(named))
        what = f"the mapping says {said}, the header {shown}" if said else f"headers say {shown}"
        yield ("units", column), f"unit conflict: {what}", "declare the unit that the file has"
