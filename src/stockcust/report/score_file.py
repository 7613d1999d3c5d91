"""Every customer's segment and MAN as one Parquet file, written batch by batch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa
import pyarrow.parquet as pq

import stockcust as sc
from stockcust.errors import InputError, Problem
from stockcust.privacy import customer_keys
from stockcust.report.files import whole_file

_COLUMNS = (
    *("customer_id", "branch_id", "manager_id", "aum_cny", "tier", "band"),
    *("familiarity", "familiarity_reason", "group"),
    *("aum_to_next_tier_cny", "next_group"),
    *("money", "authority", "need", "money_reason", "authority_reason", "need_reason"),
    *("man_group", "man_code", "difficulty", "is_priority"),
)
_BATCH_ROWS = 100_000
_TYPES: dict[Any, pa.DataType] = {
    nw.Float64: pa.float64(),
    nw.Int64: pa.int64(),
    nw.Boolean: pa.bool_(),
}


def write_scores(
    data: Path,
    out: Path,
    *,
    as_of: str | dt.date | None = None,
    engine: str = "pandas",
    rulebook: Path | None = None,
    mapping: Path | None = None,
) -> int:
    """Score all customers and write them, one row per customer and branch.

    Parameters
    ----------
    data : folder or file of the bank.
    out : Parquet file; it is there whole or not at all. Customer ids in it are keyed hashes.
    as_of : the day; by default the bank's last month end.
    engine : pandas, polars, duckdb or spark.
    rulebook, mapping : paths; by default the standard rules and the contract's own headers.

    Returns
    -------
    number of rows.
    """
    rules = sc.load_rulebook(rulebook)
    bank = sc.read_bank(data, mapping=mapping, engine=engine)
    day = as_of or bank.last_month_end
    bank = bank.until(day)
    customers = sc.customers_as_of(bank, day, rules)
    segments = sc.segment(customers, rules, bank.tables["aum_monthly"])
    frame = nw.from_native(sc.score_man(segments, rules))
    origin = {"as_of": str(day), "data_hash": bank.data_hash, "rulebook_hash": rules.hash}
    origin["rulebook_version"] = str(rules.version)
    return write_frame(frame, out, origin, is_pseudonymous=bank.is_pseudonymous)


def write_frame(
    frame: nw.DataFrame[Any] | nw.LazyFrame[Any],
    out: Path,
    origin: dict[str, str],
    *,
    is_pseudonymous: bool = False,
) -> int:
    """Write scored customers as Parquet, batch by batch, without their ids.

    Parameters
    ----------
    frame : one row per customer and branch, of any engine; only columns of scores are written.
    out : the file; its folder is made if absent.
    origin : what the file says of itself.
    is_pseudonymous : whether the ids are keyed hashes already.

    Returns
    -------
    number of rows.

    Raises
    ------
    InputError : a customer has no id.
    """
    types = frame.collect_schema()
    columns = [name for name in _COLUMNS if name in types.names()]
    schema = pa.schema(
        [(name, _TYPES.get(type(types[name]), pa.string())) for name in columns], metadata=origin
    )
    n_rows = 0
    out.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(out) as file, pq.ParquetWriter(file, schema) as writer:
        for batch in _batches(frame.select(columns)):
            scores = pa.Table.from_batches([batch]).cast(schema)
            writer.write_table(scores if is_pseudonymous else _hide_customers(scores))
            n_rows += scores.num_rows
    return n_rows


def _hide_customers(table: pa.Table) -> pa.Table:
    ids = table["customer_id"].to_pylist()
    if None in ids:
        raise InputError(Problem("a customer has no id", "customers", "check the mapping"))
    position = table.schema.get_field_index("customer_id")
    return table.set_column(position, table.schema.field(position), [pa.array(customer_keys(ids))])


def _batches(frame: nw.DataFrame[Any] | nw.LazyFrame[Any]) -> Iterator[pa.RecordBatch]:
    """Stream a frame of any engine; only Spark and pandas hold it whole."""
    native = frame.to_native()
    if isinstance(frame, nw.DataFrame):
        yield from frame.to_arrow().to_batches(max_chunksize=_BATCH_ROWS)
    elif frame.implementation.is_polars():
        for part in native.collect_batches(chunk_size=_BATCH_ROWS):
            yield from part.to_arrow().to_batches()
    elif frame.implementation.is_spark_like():
        yield from native.toArrow().to_batches(max_chunksize=_BATCH_ROWS)
    else:
        yield from pa.RecordBatchReader.from_stream(native)
