"""Customers frames written as tables a person can read, with the types of the feature dictionary."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw
import pandas as pd

from engines import on_engine
from stockcust.customers import FEATURES

_DTYPES = {nw.Float64: "float64", nw.Int64: "Int64", nw.Boolean: "boolean", nw.String: "str"}
_FLAGS = {"yes": True, "no": False}
_KNOWN = {feature.name: feature.dtype for feature in FEATURES}


def customers(text: str, engine: str = "pandas", **same: Any) -> Any:
    """A customers frame of the engine; columns given by keyword are the same in every row."""
    header, *rows = [
        [cell.strip() for cell in line.split("|")] for line in text.strip().split("\n")
    ]
    frame = pd.DataFrame(
        {name: _column(name, [r[i] for r in rows]) for i, name in enumerate(header)}
    )
    for name, value in same.items():
        frame[name] = _typed(name, [value] * len(frame))
    if "branch_id" not in frame:
        frame["branch_id"] = "b1"
    return on_engine(frame, engine)


def _column(name: str, cells: list[str]) -> pd.Series:
    return _typed(name, [_FLAGS.get(cell, cell or None) for cell in cells])


def _typed(name: str, values: list[Any]) -> pd.Series:
    dtype = _KNOWN[name]
    if dtype == nw.Datetime("us"):
        return pd.to_datetime(pd.Series(values)).astype("datetime64[us]")
    if dtype in (nw.Float64, nw.Int64):
        numbers = pd.to_numeric(pd.Series(values, dtype="object").fillna(float("nan")))
        return numbers.astype(_DTYPES[dtype])
    return pd.Series(values, dtype=_DTYPES[dtype])
