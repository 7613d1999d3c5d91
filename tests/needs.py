"""What a test may need of the machine; the only reasons for which a test skips."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)

_probes: dict[str, Callable[[], bool]] = {
    "needs Chromium": lambda: CHROMIUM is not None,
    "needs Java and pyspark": lambda: (
        shutil.which("java") is not None and importlib.util.find_spec("pyspark") is not None
    ),
    "needs the real and published data in ../shared/data": SHARED_DATA.is_dir,
    "needs os.fork": lambda: hasattr(os, "fork"),
}


def _mark(reason: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not _probes[reason](), reason=reason)


chromium = _mark("needs Chromium")
spark = _mark("needs Java and pyspark")
shared_data = _mark("needs the real and published data in ../shared/data")
fork = _mark("needs os.fork")


def avoidable(reason: str) -> bool:
    """Whether a skip was made for something that this machine has, or for no known need."""
    probe = _probes.get(reason)
    return probe is None or probe()
