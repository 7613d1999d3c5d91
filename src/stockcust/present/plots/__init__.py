"""Pictures: a frame of results in, matplotlib axes out."""

from stockcust.present.plots.book import plot_book
from stockcust.present.plots.calibration import plot_calibration
from stockcust.present.plots.comparison import plot_comparison
from stockcust.present.plots.man_groups import plot_man_funnel, plot_man_groups
from stockcust.present.plots.migration import plot_migration
from stockcust.present.plots.quadrants import plot_quadrants
from stockcust.present.plots.quality import plot_quality
from stockcust.present.plots.reconciliation import plot_reconciliation
from stockcust.present.plots.retention import plot_retention
from stockcust.present.plots.tiers import plot_tiers
from stockcust.present.plots.waterfall import plot_waterfall

__all__ = [
    "plot_book",
    "plot_calibration",
    "plot_comparison",
    "plot_man_funnel",
    "plot_man_groups",
    "plot_migration",
    "plot_quadrants",
    "plot_quality",
    "plot_reconciliation",
    "plot_retention",
    "plot_tiers",
    "plot_waterfall",
]
