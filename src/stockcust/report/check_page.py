"""What became of a bank's files: a page for people, lists for a spreadsheet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

from stockcust.present import tables
from stockcust.present.tables.quality import in_words
from stockcust.report.files import write_whole
from stockcust.report.html import page
from stockcust.report.sanitise import sanitise
from stockcust.report.texts import texts
from stockcust.tables import DataQuality, data_quality

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang
    from stockcust.tables import Bank


def write_check(bank: Bank, rules: Rulebook, out: Path, *, lang: Lang) -> DataQuality:
    """Write the data-quality page, and beside it what it shows as CSV, every rejected row in it.

    Parameters
    ----------
    bank : the bank as read; personal values in its rejects are masked.
    rules : the rulebook, for its words.
    out : the page; ``rejects.csv`` and others go to its folder.
    lang : ``zh`` or ``en``.

    Returns
    -------
    the figures.
    """
    quality = data_quality(bank)
    rejects, notices = (in_words(lines, lang=lang) for lines in (bank.rejects, quality.notices))
    replace(quality, rejects=rejects, notices=notices).write(out.parent)
    parts = (
        tables.table_counts(quality.tables, rules, lang=lang),
        tables.table_rejects(bank.rejects, rules, lang=lang),
        tables.table_notices(quality.notices, rules, lang=lang),
        tables.table_absent(quality.absent, rules, lang=lang),
    )
    words = texts(lang)
    sections = "".join(f'<div class="output_html">{part}</div>' for part in parts)
    soup = BeautifulSoup(f"<h1>{words['check_title']}</h1>{sections}", "html.parser")
    sanitise(soup)
    footer = words["check_footer"].format(data=bank.data_hash[:12])
    write_whole(out, page(soup, title=words["check_title"], lang=lang, footer=footer))
    return quality
