"""Small banks and frames on every engine, written as tables a person can read.

A table is a text: a header line, then one line per row, cells between bars, a blank for missing::

    customer_id | month   | average_aum_cny
    c1          | 2026-06 | 50000
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import needs
from stockcust.tables import Bank
from stockcust.tables.contract import load_contract
from stockcust.tables.engines import collect

AS_OF = "2026-06-30"
ENGINES = [
    "pandas",
    "polars",
    "duckdb",
    pytest.param("spark", marks=[pytest.mark.spark, needs.spark]),
]
LAZY_ENGINES = ENGINES[1:]
on_every_engine = pytest.mark.parametrize("engine", ENGINES)


def on_engine(frame: pd.DataFrame, engine: str) -> Any:
    """A pandas frame as a native frame of the engine: lazy on all but pandas."""
    if engine == "pandas":
        return frame
    return of_arrow(pa.Table.from_pandas(frame, preserve_index=False), engine)


def of_arrow(table: pa.Table, engine: str) -> Any:
    """An Arrow table as a native frame of a lazy engine; NaN stays NaN."""
    return _FROM_ARROW[engine](table)


def bank_of(engine: str, **tables: str) -> Bank:
    """A bank of text tables; what a test does not speak of is filled in.

    Keys that tell rows apart are numbered, a missing branch is b1. Without customers there are
    those of the other tables; without aum_monthly each has 10,000 yuan in 2026-06.
    """
    frames = {name: _table(name, text) for name, text in tables.items()}
    ids = sorted({i for f in frames.values() if "customer_id" in f for i in f["customer_id"]})
    if "customers" not in frames:
        frames["customers"] = pd.DataFrame({"customer_id": ids, "branch_id": "b1"})
    if "aum_monthly" not in frames:
        keys = frames["customers"][["customer_id", "branch_id"]].drop_duplicates()
        frames["aum_monthly"] = keys.assign(month="2026-06", average_aum_cny="10000")
    if "branches" not in frames:
        branches = sorted({b for f in frames.values() if "branch_id" in f for b in f["branch_id"]})
        frames["branches"] = pd.DataFrame({"branch_id": branches})
    bank = Bank.from_frames({name: on_engine(f, engine) for name, f in frames.items()})
    assert bank.rejects.empty, bank.rejects.to_string()
    return bank


def rows_of(native: Any) -> list[dict[str, Any]]:
    """The rows of any engine's frame as plain Python values, None for missing."""
    frame = collect(native).astype("object")
    return frame.where(frame.notna(), None).to_dict("records")


def check(native: Any, expected: str) -> None:
    """Hold a customers frame to a text table: its columns, for its customers and no others."""
    header, *lines = cells(expected)
    found = sorted(" | ".join(_text(row[name]) for name in header) for row in rows_of(native))
    wanted = sorted(" | ".join(map(_plain, line)) for line in lines)
    differences = "\n".join(difflib.unified_diff(wanted, found, "expected", "found", n=0))
    assert found == wanted, f"{' | '.join(header)}\n{differences}"


def _table(name: str, text: str) -> pd.DataFrame:
    header, *lines = cells(text)
    frame = pd.DataFrame(lines, columns=header, dtype="str").replace("", None)
    contract = load_contract().tables[name]
    for column in contract.key:
        if contract.columns[column].required and column not in frame:
            numbers = [f"{name}{i}" for i in range(len(frame))]
            frame[column] = "b1" if column == "branch_id" else numbers
    if "branch_id" in contract.columns and "branch_id" not in frame:
        frame["branch_id"] = "b1"
    return frame


def cells(text: str) -> list[list[str]]:
    """The cells of a text table, header first."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}"
    return f"{value:.12g}" if isinstance(value, int | float) else str(value)


def _plain(cell: str) -> str:
    """The cell with its number in the shortest form, so that 5.0 is 5."""
    try:
        return f"{float(cell):.12g}"
    except ValueError:
        return cell


def _duckdb(table: pa.Table) -> Any:
    return duckdb.default_connection().from_arrow(table)


def _spark(table: pa.Table) -> Any:
    from pyspark.sql import SparkSession

    return SparkSession.active().createDataFrame(table)


_FROM_ARROW: dict[str, Callable[[pa.Table], Any]] = {
    "polars": lambda table: pl.from_arrow(table).lazy(),  # type: ignore[union-attr]
    "duckdb": _duckdb,
    "spark": _spark,
}
