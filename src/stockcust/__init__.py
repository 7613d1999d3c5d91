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
    from stockcust.man import score_man
    from stockcust.network import Network, compute_network, open_network
    from stockcust.rulebook import load_rulebook
    from stockcust.segment import migration, segment, what_if
    from stockcust.tables import Bank, read_bank

__version__ = "0.1.0"

_HOME = {
    "Bank": "tables",
    "Network": "network",
    "StockcustError": "errors",
    "compute_network": "network",
    "customers_as_of": "customers",
    "load_rulebook": "rulebook",
    "migration": "segment",
    "open_network": "network",
    "read_bank": "tables",
    "score_man": "man",
    "segment": "segment",
    "what_if": "segment",
}

__all__ = [
    "Bank",
    "Network",
    "StockcustError",
    "compute_network",
    "customers_as_of",
    "load_rulebook",
    "migration",
    "open_network",
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
