"""An executed notebook as one HTML file that needs nothing else: no code, no link, no network."""

from __future__ import annotations

import base64
import copy
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

from bs4 import BeautifulSoup
from jinja2 import Environment, Template
from nbconvert.exporters.html import HTMLExporter
from nbformat import NotebookNode

from stockcust.report.fonts import embedded_font
from stockcust.report.paging import keep_together
from stockcust.report.sanitise import sanitise
from stockcust.report.texts import texts

NOTEBOOK_ONLY = "notebook-only"
_LANGUAGES = {"zh": "zh-CN", "en": "en"}
_SHOWN = ["text/html", "text/markdown", "image/png", "image/jpeg", "text/plain"]


def report_html(notebook: NotebookNode, *, title: str, lang: str, footer: str = "") -> str:
    """Turn an executed notebook into a page.

    Parameters
    ----------
    notebook : the executed notebook; it is not changed.
    title : of the browser's window; the page's own heading is the notebook's.
    lang : ``zh`` or ``en``.
    footer : plain text below the report.

    Returns
    -------
    the page: outputs and prose only, cells tagged ``notebook-only`` left out, sanitised, with a
    table of contents, style and font inside.
    """
    body, _ = _exporter().from_notebook_node(_shown(notebook))
    soup = BeautifulSoup(body, "html.parser")
    sanitise(soup)
    _describe_images(soup)
    keep_together(soup)
    _add_contents(soup, texts(lang)["contents"])
    return page(soup, title=title, lang=lang, footer=footer)


def page(
    soup: BeautifulSoup,
    *,
    title: str,
    lang: str,
    footer: str = "",
    script: str = "",
) -> str:
    """Put a body that is already safe into the frame that all pages share.

    Parameters
    ----------
    soup : the body.
    title, lang, footer : as in `report_html`.
    script : own code of the page; no other can run.
    """
    characters = frozenset(soup.get_text() + _attributes(soup) + title + footer + "▲▼")
    values: Mapping[str, Any] = {
        "language": _LANGUAGES[lang],
        "policy": _policy(script),
        "title": title,
        "font": embedded_font(characters),
        "css": asset("report.css"),
        "body": str(soup),
        "footer": footer,
        "script": script,
    }
    return _frame().render(values)


def asset(name: str) -> str:
    """Text of a file that comes with this package."""
    return (resources.files("stockcust.report") / "assets" / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _exporter() -> HTMLExporter:
    exporter = HTMLExporter(
        template_name="basic",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
        exclude_raw=True,
    )
    exporter.config.NbConvertBase.display_data_priority = _SHOWN
    return exporter


@lru_cache(maxsize=1)
def _frame() -> Template:
    return Environment(autoescape=True, trim_blocks=True).from_string(asset("page.html.j2"))


def _shown(notebook: NotebookNode) -> NotebookNode:
    shown = copy.copy(notebook)
    shown.cells = [
        _without_stderr(cell)
        for cell in notebook.cells
        if NOTEBOOK_ONLY not in cell.metadata.get("tags", ())
    ]
    return shown


def _without_stderr(cell: NotebookNode) -> NotebookNode:
    # warnings are for whoever runs the reports: they stand in run.json
    if cell.cell_type != "code":
        return cell
    kept = copy.copy(cell)
    kept.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    return kept


def _add_contents(soup: BeautifulSoup, title: str) -> None:
    """Link to every heading from below the title of the page."""
    entries = soup.new_tag("ol")
    for number, heading in enumerate(soup.find_all(["h2", "h3"]), 1):
        anchor = heading["id"] = f"s{number}"
        link = soup.new_tag("a", attrs={"href": f"#{anchor}"}, string=heading.get_text(" ", True))
        entry = soup.new_tag("li", attrs={"class": f"level-{heading.name}"})
        entry.append(link)
        entries.append(entry)
    if not entries.contents:
        return
    contents = soup.new_tag("nav", attrs={"aria-label": title})
    contents.append(soup.new_tag("p", string=title))
    contents.append(entries)
    if soup.h1:
        soup.h1.insert_after(contents)
    else:
        soup.insert(0, contents)


def _attributes(soup: BeautifulSoup) -> str:
    """Texts that a page shows although they stand in attributes."""
    shown = ("alt", "title", "placeholder", "data-label")
    return "".join(str(tag[name]) for name in shown for tag in soup.select(f"[{name}]"))


def _describe_images(soup: BeautifulSoup) -> None:
    """Give each picture without a description of its own that of the heading it stands under."""
    for image in soup.find_all("img"):
        if str(image.get("alt", "")).startswith("No description has been provided"):
            heading = image.find_previous(["h1", "h2", "h3", "h4"])
            image["alt"] = heading.get_text(" ", strip=True) if heading else ""


def _policy(script: str) -> str:
    rules = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
    rules += "; base-uri 'none'; form-action 'none'"
    if not script:
        return rules
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"{rules}; script-src 'sha256-{digest}'"
