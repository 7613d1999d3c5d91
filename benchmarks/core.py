"""Customers per second of segment + score_man, beside what an analyst and numpy by hand reach.

Every way reads the same Parquet file and ends with the result's columns in memory. All answers
are compared before anything is timed.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import by_analyst
import by_numpy
import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from made_up import write_customers

import stockcust as sc
from stockcust.man.score import MAN_COLUMNS
from stockcust.segmentation.grouping import GAP_COLUMNS, SEGMENT_COLUMNS

KEYS = ("customer_id", "branch_id", "aum_cny")
SCORE = (
    *KEYS, "tier", "familiarity", "group", "money", "authority", "need", "man_group",
    "difficulty", "is_priority",
)  # fmt: skip
EVERYTHING = (*KEYS, *SEGMENT_COLUMNS, *GAP_COLUMNS, *MAN_COLUMNS)
APPLY_ROWS = 50_000
GOALS = {"stockcust on Polars": 2.0, "stockcust on DuckDB": 1.0, "stockcust on pandas": 1 / 1.8}
NUMPY = "numpy by hand"
RULES = sc.load_rulebook()


@dataclass(frozen=True)
class Way:
    """One way from the file to the result's columns.

    `n` where it takes only the first rows; a slow way is timed once, the others in every round.
    """

    name: str
    run: Callable[[Sequence[str]], Any]
    n: int | None = None
    is_slow: bool = False


def ways(path: Path) -> list[Way]:
    connection = duckdb.connect()
    return [
        Way(
            f"apply, row by row ({APPLY_ROWS:,} rows)",
            lambda _: by_analyst.by_apply(_first_rows(path)),
            n=APPLY_ROWS,
            is_slow=True,
        ),
        Way("np.select on columns", lambda _: by_analyst.by_select(_pandas(path)), is_slow=True),
        Way(NUMPY, lambda wanted: by_numpy.segment_and_score(path, wanted)),
        Way("stockcust on pandas", lambda wanted: _scored(_pandas(path))[list(wanted)]),
        Way(
            "stockcust on Polars",
            lambda wanted: _scored(pl.scan_parquet(path)).select(wanted).collect(),
        ),
        Way(
            "stockcust on DuckDB",
            lambda wanted: (
                _scored(connection.read_parquet(str(path))).select(*wanted).materialize()
            ),
        ),
    ]


def _pandas(path: Path) -> pd.DataFrame:
    table = pq.read_table(path, columns=list(by_numpy.USED))
    return table.to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get)


def _first_rows(path: Path) -> pd.DataFrame:
    few = pq.ParquetFile(path).read_row_group(0, columns=list(by_numpy.USED)).slice(0, APPLY_ROWS)
    frame = few.to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get).astype(object)
    return frame.where(frame.notna(), np.nan)


def _scored(customers: Any) -> Any:
    return sc.score_man(sc.segment(customers, RULES), RULES)


def check_answers(every: list[Way], n: int) -> None:
    """Stop unless all ways give the same answer."""
    for wanted in (SCORE, EVERYTHING):
        expected = _comparable(by_name(every)[NUMPY].run(wanted), wanted)
        for way in every:
            if wanted is EVERYTHING and not _has_reasons(way):
                continue
            found = _comparable(way.run(wanted), wanted)
            pd.testing.assert_frame_equal(
                found, expected.head(way.n or n), check_dtype=False, rtol=0, atol=1e-9, obj=way.name
            )


def _has_reasons(way: Way) -> bool:
    return way.name == NUMPY or way.name.startswith("stockcust")


def _comparable(result: Any, wanted: Sequence[str]) -> pd.DataFrame:
    if isinstance(result, duckdb.DuckDBPyRelation):
        result = result.to_arrow_table()
    if isinstance(result, dict):
        result = pd.DataFrame({name: np.asarray(column) for name, column in result.items()})
    frame = result.to_pandas() if isinstance(result, pl.DataFrame | pa.Table) else result
    frame = frame[list(wanted)].astype(object)
    frame = frame.where(frame.notna(), None).sort_values("customer_id", ignore_index=True)
    numbers = [name for name in ("aum_cny", *GAP_COLUMNS) if name in wanted]
    return frame.astype(dict.fromkeys(numbers, "float64"))


def by_name(every: list[Way]) -> dict[str, Way]:
    return {way.name: way for way in every}


def measure(every: list[Way], wanted: Sequence[str], rounds: int) -> dict[str, tuple[float, float]]:
    """Best wall and processor seconds of each way.

    The ways take turns, so that other work on the machine falls on all of them.
    """
    walls: dict[str, list[float]] = {way.name: [] for way in every}
    cpus: dict[str, list[float]] = {way.name: [] for way in every}
    for i in range(rounds):
        for way in every:
            if i and way.is_slow:
                continue
            wall, cpu = time.perf_counter(), time.process_time()
            way.run(wanted)
            walls[way.name].append(time.perf_counter() - wall)
            cpus[way.name].append(time.process_time() - cpu)
    return {name: (min(walls[name]), min(cpus[name])) for name in walls}


def report(every: list[Way], wanted: Sequence[str], title: str, n: int, rounds: int) -> None:
    """Print the figures of all ways, and whether the goals are reached."""
    print(f"\n{title}")
    print(f"{'':36}{'customers/s':>14}{'seconds':>10}{'CPU-s':>8}{'speed':>9}{'by CPU':>9}")
    taken = measure(every, wanted, rounds)
    base_wall, base_cpu = taken[NUMPY]
    for way in every:
        (wall, cpu), rows = taken[way.name], way.n or n
        speed, by_cpu = base_wall / wall * rows / n, base_cpu / cpu * rows / n
        print(f"{way.name:36}{rows / wall:14,.0f}{wall:10.2f}{cpu:8.2f}{speed:8.2f}x{by_cpu:8.2f}x")
    for name, goal in GOALS.items():
        wall, cpu = taken[name]
        reached = "reached" if base_wall / wall >= goal else "missed"
        by_cpu_seconds = f"{base_cpu / cpu:.2f}x by CPU seconds"
        speed = base_wall / wall
        print(f"{name} v {NUMPY}: {speed:.2f}x, {by_cpu_seconds} (goal {goal:.2f}x {reached})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    n = options.customers
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.parquet"
        write_customers(path, n)
        every = ways(path)
        check_answers(every, n)
        load = os.getloadavg()[0]
        print(f"{n:,} customers, {os.cpu_count()} cores, load {load:.1f}; all answers are equal")
        report(every, SCORE, "the columns of `stockcust score`", n, options.rounds)
        with_reasons = [way for way in every if _has_reasons(way)]
        report(with_reasons, EVERYTHING, "with reasons and distances", n, options.rounds)


if __name__ == "__main__":
    main()
