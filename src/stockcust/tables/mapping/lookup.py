"""Columns taken from another file; a lookup never makes two rows of one."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from stockcust.tables.mapping.cells import texts
from stockcust.tables.mapping.model import Lookup, Where

_SHOWN = 3


def selected(frame: pd.DataFrame, where: Where) -> pd.DataFrame:
    """The rows in which each named column equals one of its values."""
    for header, values in where.items():
        frame = frame[texts(frame[header]).isin(values)]
    return frame


def partners(other: pd.DataFrame, lookup: Lookup) -> pd.DataFrame:
    """The rows of the other file that can be found, each once: key columns, then taken columns."""
    rows = selected(other, lookup.where)
    keys = {f"key {here}": texts(rows[there]) for here, there in lookup.on.items()}
    taken = {name: rows[header] for name, header in lookup.take.items()}
    return pd.DataFrame(keys | taken).dropna(subset=list(keys)).drop_duplicates()


def fan_out(partners: pd.DataFrame, lookup: Lookup, frames: list[pd.DataFrame]) -> str:
    """Say which rows here would find several partners; nothing is the empty text."""
    keys = [f"key {here}" for here in lookup.on]
    repeated = partners[partners.duplicated(keys, keep=False)][keys].drop_duplicates()
    if repeated.empty:
        return ""
    wanted = pd.concat([_keys(frame, lookup.on) for frame in frames], ignore_index=True)
    met = repeated.merge(wanted.drop_duplicates(), on=keys)
    if met.empty:
        return ""
    columns = ", ".join(lookup.on.values())
    shown = "; ".join(", ".join(map(str, row)) for row in met.head(_SHOWN).itertuples(index=False))
    return f"{len(met)} keys ({columns}) stand in several different rows, for example {shown}"


def joined(frame: pd.DataFrame, partners: pd.DataFrame, lookup: Lookup) -> pd.DataFrame:
    """The frame with the taken columns; a row without a partner gets nothing."""
    keys = _keys(frame, lookup.on)
    found = keys.merge(partners, on=list(keys), how="left")
    found.index = frame.index
    return frame.assign(**{name: found[name] for name in lookup.take})


def _keys(frame: pd.DataFrame, on: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame({f"key {here}": texts(frame[here]) for here in on})
