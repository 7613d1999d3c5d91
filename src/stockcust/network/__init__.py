"""What the reports of all branches show, computed once and frozen in a folder."""

from __future__ import annotations

from stockcust.network.compute import compute_network, find_results
from stockcust.network.results import Network, open_network

__all__ = ["Network", "compute_network", "find_results", "open_network"]
