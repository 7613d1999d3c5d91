"""The branch manager's figures, each with what stands above and below the line."""

from __future__ import annotations

from stockcust.kpis.catalogue import FIGURES, Figure
from stockcust.kpis.costs import costs_in_window
from stockcust.kpis.critical import is_critical
from stockcust.kpis.effort import effort
from stockcust.kpis.figures import NETWORK, figures
from stockcust.kpis.movement import movement
from stockcust.kpis.outreach import outreach
from stockcust.kpis.pools import pool_changes, pool_label, pool_members
from stockcust.kpis.reconcile import reconcile
from stockcust.kpis.retention import retention
from stockcust.kpis.stickiness_groups import stickiness_by_group
from stockcust.kpis.tools import tool_adherence
from stockcust.kpis.waterfall import waterfall
from stockcust.kpis.workload import workload_by_branch

__all__ = [
    "FIGURES",
    "NETWORK",
    "Figure",
    "costs_in_window",
    "effort",
    "figures",
    "is_critical",
    "movement",
    "outreach",
    "pool_changes",
    "pool_label",
    "pool_members",
    "reconcile",
    "retention",
    "stickiness_by_group",
    "tool_adherence",
    "waterfall",
    "workload_by_branch",
]
