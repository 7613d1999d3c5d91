"""What a page break need not tear: short tables, and the groups of rows in long ones."""

from __future__ import annotations

from itertools import takewhile

from bs4 import BeautifulSoup, Tag

TOGETHER = "together"
ROWS_TOGETHER = 9  # more than that would leave half a page empty
_HEADING = "gt_group_heading_row"


def keep_together(soup: BeautifulSoup) -> None:
    """Mark what is short enough to stand on one page; the style sheet does the rest.

    Parameters
    ----------
    soup : the page, changed in place: each group of rows gets a body of its own.
    """
    for table in soup.find_all("table"):
        groups = [_give_own_body(row, soup) for row in table.select(f"tr.{_HEADING}")]
        for part in (table, *groups):
            if len(part.find_all("tr")) <= ROWS_TOGETHER:
                part["class"] = " ".join((*_classes(part), TOGETHER))


def _give_own_body(heading: Tag, soup: BeautifulSoup) -> Tag:
    whole = heading.parent
    assert whole is not None
    following = heading.find_next_siblings("tr")
    rows = takewhile(lambda row: _HEADING not in _classes(row), following)
    body = soup.new_tag("tbody", attrs={"class": "gt_table_body"})
    whole.insert_before(body)
    body.extend([heading, *rows])
    if not whole.find("tr"):
        whole.decompose()
    return body


def _classes(tag: Tag) -> list[str]:
    return str(" ".join(tag.get_attribute_list("class"))).split() if tag.has_attr("class") else []
