"""A calibration as frames, so that it is frozen and hashed with the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import pandas as pd

from stockcust.man import Calibration, Trend

NAMES = ("calibration", "calibration_trends", "calibration_warnings", "calibration_letters")
_TRENDS = ("success", "effort")


def to_frames(calibration: Calibration) -> dict[str, pd.DataFrame]:
    """Take a calibration apart."""
    trends = pd.DataFrame([asdict(getattr(calibration, name)) for name in _TRENDS])
    trends = trends.assign(preset=calibration.preset, min_n=calibration.min_n)
    parts = (calibration.table, trends, calibration.warnings, calibration.letters)
    return dict(zip(NAMES, parts))


def from_frames(frames: Mapping[str, pd.DataFrame]) -> Calibration:
    """Put it together again."""
    table, trends, warnings, letters = (frames[name] for name in NAMES)
    rows = trends[["statistic", "p_value", "n", "verdict"]].to_dict("records")
    made = {name: Trend(**{str(k): v for k, v in row.items()}) for name, row in zip(_TRENDS, rows)}
    preset, min_n = str(trends["preset"].iloc[0]), int(trends["min_n"].iloc[0])
    return Calibration(
        table=table, warnings=warnings, letters=letters, preset=preset, min_n=min_n, **made
    )
