"""The page that lists every branch, with its report or the reason why there is none."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from bs4 import BeautifulSoup
from jinja2 import Environment

from stockcust.report.html import asset, page
from stockcust.report.ledger import REPORT, read_record
from stockcust.report.texts import texts

if TYPE_CHECKING:
    import pandas as pd

State = Literal["done", "unchanged", "failed", "outdated", "missing"]
_FIGURES = {"n_customers": 1, "aum_cny": 1e4, "aum_change_1m_cny": 1e4}  # figure -> unit shown


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the index; ``branch_id`` is None for the overview of the network.

    ``note`` is the reason of a failure.
    """

    branch_id: str | None
    folder: str
    state: State
    note: str = ""


def index_html(
    entries: Sequence[Entry],
    branches: pd.DataFrame,
    *,
    home: Path,
    as_of: str,
    lang: str,
    footer: str,
) -> str:
    """List all branches of a run.

    Parameters
    ----------
    entries : one per branch, and one for the overview if there is one.
    branches : one row per branch with branch_id, branch_name and, where known, n_customers,
        aum_cny and aum_change_1m_cny.
    home : folder of the index; links are relative to it.
    as_of : ISO date.
    lang : ``zh`` or ``en``.
    footer : plain text below.
    """
    words = texts(lang)
    rows = {str(row["branch_id"]): row for row in branches.to_dict("records")}
    overview = next((entry for entry in entries if entry.branch_id is None), None)
    listed = [entry for entry in entries if entry.branch_id is not None]
    figures = [column for column in _FIGURES if column in branches.columns]
    body = _template().render(
        words=words,
        as_of=as_of,
        figures=figures,
        overview=_link(overview, home) if overview else "",
        overview_state=overview.state if overview else "",
        counts=words["counts"].format(**_counts(listed)),
        lines=[_line(entry, rows[str(entry.branch_id)], figures, home) for entry in listed],
    )
    soup = BeautifulSoup(body, "html.parser")
    title = f"{words['index_title']} {as_of}"
    return page(soup, title=title, lang=lang, footer=footer, script=asset("index.js"))


def _template() -> Any:
    return Environment(autoescape=True, trim_blocks=True).from_string(asset("index.html.j2"))


def _line(
    entry: Entry, row: dict[Hashable, Any], figures: Sequence[str], home: Path
) -> dict[str, Any]:
    return {
        "id": entry.branch_id,
        "name": row.get("branch_name") or "",
        "state": entry.state,
        "note": entry.note,
        "link": _link(entry, home),
        "figures": [_figure(row.get(column), _FIGURES[column]) for column in figures],
    }


def _figure(value: Any, unit: float) -> tuple[str, str]:
    """The value to sort by and the text to show; both empty if it is unknown or hidden."""
    if value is None or value != value:
        return "", ""
    text = f"{value:,.0f}" if unit == 1 else f"{value / unit:,.2f}"
    return f"{value}", text


def _link(entry: Entry, home: Path) -> str:
    if not _has_report(entry, home):
        return ""
    return f"{quote(entry.folder)}/{REPORT}"


def _has_report(entry: Entry, home: Path) -> bool:
    record = read_record(home / entry.folder)
    has_file = (home / entry.folder / REPORT).is_file()
    return record is not None and record.good is not None and has_file


def _counts(entries: Sequence[Entry]) -> dict[str, int]:
    return {
        "total": len(entries),
        "good": sum(entry.state in ("done", "unchanged") for entry in entries),
        "failed": sum(entry.state == "failed" for entry in entries),
        "other": sum(entry.state in ("outdated", "missing") for entry in entries),
    }
