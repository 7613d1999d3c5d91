"""Customers as tables a person can read: made from a bank's tables, or written down as they are."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw
import pandas as pd

from engines import AS_OF, bank_of, cells, check, on_engine
from stockcust.customers import FEATURES, customers_as_of
from stockcust.man.score import MAN_COLUMNS
from stockcust.rulebook import Rulebook, load_rulebook
from stockcust.segmentation.grouping import SEGMENT_COLUMNS

_DTYPES = {nw.Float64: "float64", nw.Int64: "Int64", nw.Boolean: "boolean", nw.String: "str"}
_FLAGS = {"yes": True, "no": False}
_KNOWN = {**{f.name: f.dtype for f in FEATURES}, **SEGMENT_COLUMNS, **MAN_COLUMNS}


def check_customers(
    engine: str, *, expected: str, rules: Rulebook | None = None, as_of: str = AS_OF, **tables: str
) -> None:
    """Hold the customers that a bank of text tables has on a day to a text table.

    Without a table of customers, the bank has those of its other tables and of `expected`.
    """
    if "customers" not in tables:
        tables["customers"] = _customers_named_in(expected, *tables.values())
    bank = bank_of(engine, **tables)
    check(customers_as_of(bank, as_of, rules or load_rulebook()), expected)


def _customers_named_in(*texts: str) -> str:
    named = []
    for header, *rows in map(cells, texts):
        records = [dict(zip(header, row)) for row in rows]
        named += [
            f"{r['customer_id']} | {r.get('branch_id', 'b1')}"
            for r in records
            if "customer_id" in r
        ]
    return "\n".join(["customer_id | branch_id", *dict.fromkeys(named)])


def customers(text: str, engine: str = "pandas", **same: Any) -> Any:
    """A customers frame of the engine; columns given by keyword are the same in every row."""
    header, *rows = cells(text)
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
