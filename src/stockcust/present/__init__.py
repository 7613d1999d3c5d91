"""Pictures, tables and words for people, in Chinese and English."""

from stockcust.present.headings import heading, title
from stockcust.present.picker import pick_branch
from stockcust.present.plots import *  # noqa: F403
from stockcust.present.plots import __all__ as _plots
from stockcust.present.sections import section_dimension
from stockcust.present.style import new_axes, use_style
from stockcust.present.tables import *  # noqa: F403
from stockcust.present.tables import __all__ as _tables
from stockcust.present.tables.quality import quality_line
from stockcust.present.texts import Texts

__all__ = [
    "Texts",
    "heading",
    "new_axes",
    "pick_branch",
    "quality_line",
    "section_dimension",
    "title",
    "use_style",
    *_plots,
    *_tables,
]
