"""One validated table on each engine: pandas, Polars, DuckDB and Spark, by way of Arrow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal, get_args

import narwhals.stable.v2 as nw
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from stockcust.errors import CallError, Problem
from stockcust.tables import spark
from stockcust.tables.contract import Column, Table

Engine = Literal["pandas", "polars", "duckdb", "spark"]

_ARROW = {
    "date": pa.timestamp("us"), "datetime": pa.timestamp("us"), "month": pa.timestamp("us"),
    "money": pa.float64(), "number": pa.float64(), "share": pa.float64(),
    "integer": pa.int64(), "flag": pa.bool_(),
}  # fmt: skip
_PANDAS = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}


def check_engine(engine: str) -> Engine:
    """The engine's name, or a CallError that lists the engines there are."""
    if engine not in get_args(Engine):
        raise CallError(f"engine {engine!r} is not one of {', '.join(get_args(Engine))}")
    return engine  # type: ignore[return-value]


def arrow_type(column: Column) -> pa.DataType:
    """The Arrow type of a validated column."""
    return _ARROW.get(column.type, pa.string())


def arrow_schema(table: Table, columns: Iterable[str]) -> pa.Schema:
    """The Arrow schema of a validated table that has these columns."""
    return pa.schema([(name, arrow_type(table.columns[name])) for name in columns])


def to_arrow(frame: pd.DataFrame, table: Table) -> pa.Table:
    """A validated pandas table as Arrow; NaN, NaT and NA become null."""
    schema = arrow_schema(table, frame.columns)
    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False)


def to_pandas(arrow: pa.Table) -> pd.DataFrame:
    """An Arrow table as pandas with nullable integers and booleans."""
    return arrow.to_pandas(types_mapper=_PANDAS.get)


def engine_of(native: Any, table: str) -> Engine:
    """The engine that a native frame belongs to.

    Raises
    ------
    CallError : it is no frame of a supported engine, or its columns are not told apart.
    """
    if isinstance(native, pa.Table):
        return "pandas"
    try:
        implementation = nw.from_native(native).implementation
    except TypeError as error:
        raise CallError(f"{type(native).__name__} is not a frame stockcust can read") from error
    except nw.exceptions.DuplicateError as error:
        raise CallError(Problem("has two columns of one name", table, "rename one")) from error
    if isinstance(native, pd.DataFrame) and native.columns.nlevels > 1:
        raise CallError(Problem("has headers of several levels", table, "join them"))
    name = "spark" if implementation.is_spark_like() else str(implementation.value)
    return check_engine(name)


def collect(native: Any) -> pd.DataFrame:
    """Any engine's frame in pandas; pandas frames pass as they are."""
    if isinstance(native, pd.DataFrame):
        return native
    if isinstance(native, pa.Table):
        return to_pandas(native)
    frame = nw.from_native(native)
    if frame.implementation.is_spark_like():
        frame = spark.as_shown(frame)
    eager = frame.collect("pyarrow") if isinstance(frame, nw.LazyFrame) else frame
    return to_pandas(eager.to_arrow())


def midnight(day: dt.date) -> nw.Expr:
    """The first moment of a day, to compare times with.

    No datetime of Python's: Spark would take it for an instant on this machine's clock and
    compare it with times of the session's clock.
    """
    return nw.lit(day, nw.Datetime("us"))


def hand_on(frame: pd.DataFrame, table: Table, engine: Engine) -> Any:
    """A validated pandas table as a native frame of the engine."""
    return frame if engine == "pandas" else of_arrow(to_arrow(frame, table), engine)


def of_arrow(arrow: pa.Table, engine: Engine) -> Any:
    """An Arrow table as a native frame of the engine, lazy on all but pandas."""
    return to_pandas(arrow) if engine == "pandas" else _FROM_ARROW[engine](arrow)


def scan(path: Path, engine: Engine, branch_ids: tuple[str, ...] | None) -> Any:
    """A Parquet file of a prepared bank as a native frame; only pandas reads it now.

    Parameters
    ----------
    path : the file.
    engine : the engine of the frame.
    branch_ids : keep the rows of these branches; None keeps all.
    """
    has_branches = branch_ids is not None and "branch_id" in pq.read_schema(path).names
    if engine == "pandas":
        filters = [("branch_id", "in", list(branch_ids or ()))] if has_branches else None
        return to_pandas(pq.read_table(path, filters=filters))
    native = _SCAN[engine](path)
    if not has_branches:
        return native
    keep = nw.col("branch_id").is_in(list(branch_ids or ()))
    return nw.from_native(native).filter(keep).to_native()


def _polars(arrow: pa.Table) -> Any:
    import polars as pl

    return pl.from_arrow(arrow).lazy()  # type: ignore[union-attr]


def _duckdb(arrow: pa.Table) -> Any:
    # the default connection: relations of one bank must share one, and the user can set its memory
    import duckdb

    return duckdb.default_connection().from_arrow(arrow)


def _scan_polars(path: Path) -> Any:
    import polars as pl

    return pl.scan_parquet(path)


def _scan_duckdb(path: Path) -> Any:
    import duckdb

    return duckdb.default_connection().read_parquet(str(path))


_FROM_ARROW: dict[str, Callable[[pa.Table], Any]] = {
    "polars": _polars, "duckdb": _duckdb, "spark": spark.from_arrow,
}  # fmt: skip
_SCAN: dict[str, Callable[[Path], Any]] = {
    "polars": _scan_polars, "duckdb": _scan_duckdb, "spark": spark.scan,
}  # fmt: skip
