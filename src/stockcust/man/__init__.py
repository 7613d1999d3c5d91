"""MAN: who has money, authority and need, whom to call first, and whether the order holds."""

from __future__ import annotations

from stockcust.man.calibration import Calibration, Trend, calibrate
from stockcust.man.episodes import past_episodes
from stockcust.man.priority import CallOrder, order_calls
from stockcust.man.score import score_man

__all__ = [
    "CallOrder",
    "Calibration",
    "Trend",
    "calibrate",
    "order_calls",
    "past_episodes",
    "score_man",
]
