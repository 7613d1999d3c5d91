"""The branch manager's figures, each with what stands above and below the line."""

from __future__ import annotations

from stockcust.kpis.catalogue import FIGURES, Figure
from stockcust.kpis.critical import is_critical
from stockcust.kpis.figures import NETWORK, figures
from stockcust.kpis.movement import movement
from stockcust.kpis.reconcile import reconcile
from stockcust.kpis.waterfall import waterfall
from stockcust.kpis.workload import workload_by_branch

__all__ = [
    "FIGURES",
    "NETWORK",
    "Figure",
    "figures",
    "is_critical",
    "movement",
    "reconcile",
    "waterfall",
    "workload_by_branch",
]
