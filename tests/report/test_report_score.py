"""The file of scores that Spark computed is the one that pandas computed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import needs
from stockcust.report.score_file import write_scores

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
# a session of its own, as `stockcust score` starts it, on the clock of another machine
SUBMIT = "--master local[2] --conf spark.ui.enabled=false --conf spark.sql.shuffle.partitions=4"
OF_SPARK = {"TZ": "America/Los_Angeles", "PYSPARK_SUBMIT_ARGS": f"{SUBMIT} pyspark-shell"}


def _in_order(path: Path) -> pd.DataFrame:
    frame = pq.read_table(path).to_pandas()
    return frame.sort_values(["customer_id", "branch_id"], ignore_index=True)


@pytest.mark.spark
@needs.spark
def test_the_command_on_spark_writes_the_scores_of_pandas(tmp_path: Path) -> None:
    here, there = tmp_path / "pandas.parquet", tmp_path / "spark.parquet"
    n_rows = write_scores(SAMPLE, here)
    command = [sys.executable, "-m", "stockcust.cli", "score", str(SAMPLE), "--engine", "spark"]
    ended = subprocess.run(
        [*command, "--out", str(there)],
        env=os.environ | OF_SPARK,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert ended.returncode == 0, ended.stderr
    assert f"{n_rows:,} rows" in ended.stdout
    assert " ERROR " not in ended.stderr
    assert pq.read_schema(there).equals(pq.read_schema(here), check_metadata=True)
    found, expected = _in_order(there), _in_order(here)
    assert len(expected) == n_rows
    pd.testing.assert_frame_equal(found, expected, rtol=1e-9, atol=0)


def test_tiers_that_rise_fast_and_fall_slowly_are_scored_too(tmp_path: Path) -> None:
    rulebook, out = tmp_path / "rules.yaml", tmp_path / "scores.parquet"
    rulebook.write_text("tiers: {status_rule: {mode: fast_up_slow_down}}\n", encoding="utf-8")
    n_rows = write_scores(SAMPLE, out, rulebook=rulebook)
    tiers = pq.read_table(out, columns=["tier"]).to_pandas()["tier"]
    assert len(tiers) == n_rows
    assert set(tiers) <= {"T1", "T2", "T3", "T4", "T5", "unknown"}
