"""The one layout of every table: fixed id, escaped text, readable on a phone and on A4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import great_tables as gt
import pandas as pd

from stockcust.present import style
from stockcust.present.html import Html, escaped

_GROUP = "_group"
_SHADE = "#F4F7F9"
_FONTS = ["Noto Sans SC", "Microsoft YaHei", "PingFang SC", "sans-serif"]
Emphasis = Literal["total", "apart"]
Kind = Literal["figure", "stacked", "code", "name", "prose", "long"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in the rows, its heading, and what it holds."""

    key: str
    label: str
    kind: Kind = "figure"


def build_table(
    rows: pd.DataFrame,
    columns: Sequence[Column],
    *,
    name: str,
    title: str,
    subtitle: str = "",
    notes: Sequence[str] = (),
    groups: Sequence[str] | None = None,
    emphasis: Sequence[Emphasis | None] = (),
) -> Html:
    """Lay out rows of finished text.

    Parameters
    ----------
    rows : one column of text per `Column`; anything in it is shown as text, never as HTML.
    columns : what to show, in this order.
    name : fixed id of the table within a page.
    title, subtitle, notes : text above and below.
    groups : a heading for each row; rows under the same heading stand together.
    emphasis : for each row, a total (ruled off) or apart (grey), or nothing.
    """
    body = pd.DataFrame({c.key: rows[c.key].astype("str") for c in columns}).reset_index(drop=True)
    if groups is not None:
        body[_GROUP] = list(groups)
    table = gt.GT(body, id=f"t-{name}", groupname_col=_GROUP if groups is not None else None)
    title = title[:1].upper() + title[1:]
    table = table.tab_header(_prose(title), _prose(subtitle) if subtitle else None)
    table = table.cols_label({c.key: _as_html(c.label) for c in columns})
    for kind, css in _CELL_CSS.items():
        keys = [c.key for c in columns if c.kind == kind]
        if keys:
            table = table.cols_align("right" if kind in ("figure", "stacked") else "left", keys)
            table = table.tab_style(gt.style.css(css), gt.loc.body(keys))
    first = columns[0].key
    table = table.tab_style(gt.style.css(_PINNED.format(style.PAPER)), gt.loc.body(first))
    table = table.tab_style(gt.style.css(_PINNED.format(_SHADE)), gt.loc.column_labels(first))
    table = table.tab_style(gt.style.css("min-width: 2.8em;"), gt.loc.column_labels())
    for note in notes:
        table = table.tab_source_note(_prose(note))
    table = _with_emphasis(table, emphasis).tab_options(**_OPTIONS)
    return Html(table.as_raw_html(), name, len(body))


def _as_html(text: str) -> gt._text.Html:
    return gt.html(escaped(text))


def _prose(text: str) -> gt._text.Html:
    """Text above or below a table: no wider than the screen where the table itself is."""
    within = "display: inline-block; position: sticky; left: 0; max-width: 88vw;"
    return gt.html(f'<span style="{within}">{escaped(text)}</span>')


def _with_emphasis(table: gt.GT, emphasis: Sequence[Emphasis | None]) -> gt.GT:
    for kind, css in _EMPHASIS_CSS.items():
        rows = [i for i, of_row in enumerate(emphasis) if of_row == kind]
        if rows:
            table = table.tab_style(gt.style.css(css), gt.loc.body(rows=rows))
    return table


_CELL_CSS = {
    "figure": "white-space: nowrap; font-variant-numeric: tabular-nums;",
    # a figure above its interval: neither is torn after a minus sign
    "stacked": "white-space: pre; font-variant-numeric: tabular-nums;",
    "code": "white-space: nowrap;",
    "name": "overflow-wrap: break-word; min-width: 8em;",
    "prose": "overflow-wrap: anywhere; min-width: 8em;",
    "long": "overflow-wrap: anywhere; min-width: 16em;",
}
# A wide table scrolls within its box on a phone; the first column stays in sight
_PINNED = "position: sticky; left: 0; background-color: {};"
_EMPHASIS_CSS = {
    "total": f"border-top: 1.5px solid {style.INK};",
    "apart": f"color: {style.MUTED};",
}
_OPTIONS: dict[str, Any] = {
    "container_padding_y": "4px",
    "table_font_names": _FONTS,
    "table_font_size": "14px",
    "table_font_color": style.INK,
    "table_width": "100%",
    "table_border_top_style": "none",
    "table_border_bottom_color": style.NEUTRAL,
    "heading_align": "left",
    "heading_title_font_size": "16px",
    "heading_subtitle_font_size": "13px",
    "heading_border_bottom_color": style.NEUTRAL,
    "column_labels_font_size": "13px",
    "column_labels_background_color": _SHADE,
    "column_labels_border_bottom_color": style.NEUTRAL,
    "column_labels_border_top_color": style.NEUTRAL,
    "table_body_hlines_color": style.GRID,
    "table_body_border_bottom_color": style.NEUTRAL,
    "row_group_background_color": _SHADE,
    "row_group_font_size": "14px",
    "row_group_border_top_color": style.NEUTRAL,
    "row_group_border_bottom_color": style.GRID,
    "data_row_padding": "6px",
    "source_notes_font_size": "12px",
}
