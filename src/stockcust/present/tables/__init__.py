"""Tables: a frame of results in, HTML out."""

from stockcust.present.tables.base import table_dimension, table_groups, table_tiers
from stockcust.present.tables.branches import table_branches
from stockcust.present.tables.calibration import table_calibration, table_letters
from stockcust.present.tables.calls import table_call_order, table_capacity
from stockcust.present.tables.cards import table_strategy_cards
from stockcust.present.tables.crossed import table_dimension_by_tier, table_man_by_group
from stockcust.present.tables.definitions import table_definitions
from stockcust.present.tables.effort import table_effort
from stockcust.present.tables.figures import KEY_FIGURES, table_figures
from stockcust.present.tables.gaps import table_gaps
from stockcust.present.tables.man_groups import table_man
from stockcust.present.tables.moves import table_migration, table_overrides, table_what_if
from stockcust.present.tables.outreach import table_outreach
from stockcust.present.tables.pools import table_pools
from stockcust.present.tables.quality import (
    table_absent,
    table_counts,
    table_notices,
    table_rejects,
)
from stockcust.present.tables.ranking import table_ranking
from stockcust.present.tables.reasons import table_reasons
from stockcust.present.tables.reconciliation import table_reconciliation
from stockcust.present.tables.retention import table_retention
from stockcust.present.tables.stickiness import table_stickiness
from stockcust.present.tables.tool_use import table_tools
from stockcust.present.tables.workload import table_workload

__all__ = [
    "KEY_FIGURES",
    "table_absent",
    "table_branches",
    "table_calibration",
    "table_call_order",
    "table_capacity",
    "table_counts",
    "table_definitions",
    "table_dimension",
    "table_dimension_by_tier",
    "table_effort",
    "table_figures",
    "table_gaps",
    "table_groups",
    "table_letters",
    "table_man",
    "table_man_by_group",
    "table_migration",
    "table_notices",
    "table_outreach",
    "table_overrides",
    "table_pools",
    "table_ranking",
    "table_reasons",
    "table_reconciliation",
    "table_rejects",
    "table_retention",
    "table_stickiness",
    "table_strategy_cards",
    "table_tiers",
    "table_tools",
    "table_what_if",
    "table_workload",
]
