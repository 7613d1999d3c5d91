"""stockcust: who are a bank's existing customers, and what should be done with whom.

The names below are the public face; everything else may change. They are imported when they
are first used, so that the command line answers at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stockcust.customers import customers_as_of
    from stockcust.errors import StockcustError
    from stockcust.man import calibrate, order_calls, past_episodes, score_man
    from stockcust.network import Network, compute_network, find_results, open_network
    from stockcust.rulebook import load_rulebook
    from stockcust.segmentation import audit_overrides, divide, migration, segment, what_if
    from stockcust.tables import Bank, data_quality, read_bank

__version__ = "0.1.0"

_HOME = {
    "Bank": "tables",
    "Network": "network",
    "StockcustError": "errors",
    "audit_overrides": "segmentation",
    "calibrate": "man",
    "compute_network": "network",
    "customers_as_of": "customers",
    "data_quality": "tables",
    "divide": "segmentation",
    "find_results": "network",
    "load_rulebook": "rulebook",
    "migration": "segmentation",
    "open_network": "network",
    "order_calls": "man",
    "past_episodes": "man",
    "read_bank": "tables",
    "score_man": "man",
    "segment": "segmentation",
    "what_if": "segmentation",
}

__all__ = [
    "Bank",
    "Network",
    "StockcustError",
    "audit_overrides",
    "calibrate",
    "compute_network",
    "customers_as_of",
    "data_quality",
    "divide",
    "find_results",
    "load_rulebook",
    "migration",
    "open_network",
    "order_calls",
    "past_episodes",
    "read_bank",
    "score_man",
    "segment",
    "what_if",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
