"""The few words that frames and indexes of reports need, in the reader's language."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import yaml

from stockcust.errors import CallError


@lru_cache(maxsize=4)
def texts(lang: str) -> dict[str, str]:
    """Texts of one language by key.

    Raises
    ------
    CallError : there are none in this language.
    """
    source = resources.files("stockcust.report") / "assets" / "texts.yaml"
    languages = yaml.safe_load(source.read_text(encoding="utf-8"))
    if lang not in languages:
        raise CallError(f"no texts in language '{lang}'; choose one of: {', '.join(languages)}")
    return languages[lang]
