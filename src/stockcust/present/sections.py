"""Sections of a report that stand only where they are asked for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from stockcust.present.headings import heading
from stockcust.present.html import Html
from stockcust.present.tables import table_dimension, table_dimension_by_tier
from stockcust.segmentation.dimensions import divide

if TYPE_CHECKING:
    import pandas as pd

    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang


def section_dimension(
    segments: pd.DataFrame,
    rules: Rulebook,
    *,
    dimension: str,
    lang: Lang = "zh",
    as_of: date | str | None = None,
) -> Html | None:
    """Divide customers by another dimension, alone and crossed with the tier.

    Parameters
    ----------
    segments : one row per customer and branch, from `segment`.
    rules : the rulebook; its `dimensions` are what customers can be divided by.
    dimension : a name among them; empty: nothing is shown.
    lang : language of the words.
    as_of : the day that the subtitles name.

    Raises
    ------
    CallError : the rulebook has no such dimension.
    """
    if not dimension:
        return None
    divided = divide(segments, dimension, rules)
    parts = [
        heading("dimension", lang=lang),
        table_dimension(divided, rules, dimension=dimension, lang=lang, as_of=as_of),
        table_dimension_by_tier(divided, rules, dimension=dimension, lang=lang, as_of=as_of),
    ]
    return Html("".join(parts), f"by {dimension}")
