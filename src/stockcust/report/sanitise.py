"""Only harmless HTML reaches a report: text that came from the data cannot run or load anything."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag
from bs4.element import PreformattedString


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


_TAGS = _words(
    "a abbr b blockquote br caption code dd del div dl dt em hr i ins kbd li mark ol p pre q s",
    "samp section small span strong sub sup u ul details summary figure figcaption header footer",
    "table thead tbody tfoot tr th td col colgroup h1 h2 h3 h4 h5 h6 img style",
)
_ATTRIBUTES = _words(
    "align alt aria-label border class colspan dir headers height href id lang open role rowspan",
    "scope scoped span src start style title valign width",
)
# dropped with all they hold; other unknown elements only lose their tags
_DROPPED = _words(
    "applet audio base button canvas embed form frame frameset iframe input link math meta",
    "noscript object option script select svg template textarea title video xml",
)
_IMAGE = re.compile(r"data:image/(png|jpeg|gif|svg\+xml);base64,[A-Za-z0-9+/=\s]+\Z")
_LINK = re.compile(r"#|(?![\\/])[^:\\]*\Z")  # within the page, or relative to it
_ACTIVE_CSS = re.compile(r"(?i)url\s*\(|@import|expression\s*\(|behavior|-moz-binding|\\|<")


def sanitise(soup: BeautifulSoup) -> None:
    """Take out of a parsed page whatever runs, loads, submits or leads outside.

    Parameters
    ----------
    soup : the page, changed in place.
    """
    # comments, doctypes and processing instructions are read differently by different browsers
    for node in soup.find_all(string=lambda text: isinstance(text, PreformattedString)):
        node.extract()
    for tag in soup.find_all(True):
        if tag.decomposed:
            continue
        name = tag.name.lower()
        if name in _DROPPED or (name == "style" and _ACTIVE_CSS.search(tag.get_text())):
            tag.decompose()
        elif name not in _TAGS:
            tag.unwrap()
        else:
            tag.attrs = {key: value for key, value in tag.attrs.items() if _is_safe(tag, key)}


def _is_safe(tag: Tag, key: str) -> bool:
    value = str(tag[key]).strip()
    match key:
        case "style":
            return not _ACTIVE_CSS.search(value)
        case "src":
            return tag.name == "img" and bool(_IMAGE.match(value))
        case "href":
            return tag.name == "a" and bool(_LINK.match(value))
    return key in _ATTRIBUTES
