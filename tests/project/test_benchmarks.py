"""The rivals of a benchmark still give the answers that they are timed for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_way_to_score_gives_the_same_answers():
    ended = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks/core.py"), "--customers", "3000", "--rounds", "1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert "all answers are equal" in ended.stdout
