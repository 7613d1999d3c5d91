"""The members of every customer pool as one Parquet file with its date."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from stockcust.kpis import pool_label
from stockcust.kpis.pools import IDS
from stockcust.report.files import whole_file
from stockcust.report.freeze import Frozen

POOLS = "pools.parquet"


def write_pools(frozen: Frozen, home: Path) -> Path:
    """Write who is in which pool, the same bytes for the same results.

    Parameters
    ----------
    frozen : the results of a run.
    home : folder of the day; the file is there whole or not at all.

    Returns
    -------
    the file: one row per customer, branch and pool with customer_id (keyed hash), branch_id, pool
    and as_of. What it was made from, and the pools' names, stand in its metadata.
    """
    facts, rules = frozen.facts, frozen.network.rules
    names = {pool: pool_label(pool, rules).model_dump() for pool in IDS}
    origin = {
        "data_hash": facts.data_hash,
        "rulebook_hash": facts.rulebook_hash,
        "rulebook_version": facts.rulebook_version,
        "pools": json.dumps(names, ensure_ascii=False),
    }
    table = pa.Table.from_pandas(frozen.network.frames["pools"], preserve_index=False)
    home.mkdir(parents=True, exist_ok=True)
    with whole_file(home / POOLS) as file:
        pq.write_table(table.replace_schema_metadata(origin), file, compression="zstd")
    return home / POOLS
