"""Spark: the session in use, and times that no clock of a session or machine can shift."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa
import pyarrow.parquet as pq

from stockcust.errors import CallError, Problem

_TYPES = {
    pa.timestamp("us"): "timestamp_ntz",
    pa.float64(): "double",
    pa.int64(): "bigint",
    pa.bool_(): "boolean",
    pa.string(): "string",
}
_NEW_SESSION: dict[str, Any] = {
    "spark.app.name": "stockcust",
    "spark.log.level": "ERROR",
    # planning alone, without a row of data, takes more than the usual 1g
    "spark.driver.memory": "4g",
    "spark.ui.showConsoleProgress": "false",
    # which line made a column, at twice the time: it would always be one of narwhals
    "spark.python.sql.dataFrameDebugging.enabled": "false",
}


def from_arrow(arrow: pa.Table) -> Any:
    """A validated table as a Spark frame."""
    return _session().createDataFrame(arrow, _schema(arrow.schema))


def scan(path: Path) -> Any:
    """A Parquet file of a prepared bank as a Spark frame."""
    # with its scheme, as the default of a cluster is another; as_uri() would escape Chinese names
    file = f"file:///{path.resolve().as_posix().lstrip('/')}"
    return _session().read.schema(_schema(pq.read_schema(path))).parquet(file)


def as_shown(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Times as Spark shows them: its usual type is an instant, read on the session's clock."""
    types = frame.collect_schema().items()
    instants = [name for name, t in types if isinstance(t, nw.Datetime) and t.time_zone]
    return frame.with_columns(nw.col(name).cast(nw.Datetime("us")) for name in instants)


def _schema(schema: pa.Schema) -> str:
    # spelt out: left to itself, Spark takes a time without a zone for an instant
    return ", ".join(f"`{field.name}` {_TYPES[field.type]}" for field in schema)


def _session() -> Any:
    """The session in use, as it is; a new one only where there is none."""
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError as error:
        remedy = "pip install 'stockcust[spark]', or use another engine"
        raise CallError(Problem("pyspark is not installed", "engine", remedy)) from error
    try:
        return SparkSession.active()
    except PySparkRuntimeError:
        return _new_session(SparkSession.builder.config(map=_NEW_SESSION))


def _new_session(builder: Any) -> Any:
    from pyspark.errors import PySparkRuntimeError

    try:
        return builder.getOrCreate()
    except PySparkRuntimeError as error:
        remedy = "install Java 17 or newer and set JAVA_HOME, or use another engine"
        raise CallError(Problem("Spark does not start", "engine", remedy)) from error
