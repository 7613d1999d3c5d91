"""Generated banks that several tests look at, made once."""

from __future__ import annotations

import functools
import json
import tempfile
from pathlib import Path
from typing import Any

from stockcust.sample import SampleBank, generate, write_sample

FOLDER = Path(__file__).parents[2] / "data" / "sample"


@functools.cache
def shipped() -> SampleBank:
    """The bank that data/sample holds."""
    return generate()


@functools.cache
def shipped_again() -> Path:
    """data/sample, written anew."""
    return write_sample(shipped(), tempfile.mkdtemp(prefix="sample"))


@functools.cache
def large() -> SampleBank:
    """A bank large enough for its estimates to be narrow."""
    return generate(10, 7000, 27, seed=11)


def truth() -> dict[str, Any]:
    """What truth.json of data/sample says."""
    return json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
