"""Loading a rulebook: the default, and a bank's own changes on top."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from stockcust.rulebook.content import merge
from stockcust.rulebook.model import Rulebook
from stockcust.rulebook.yaml_source import read_yaml

DEFAULT_PATH = Path(__file__).with_name("default.yaml")


def load_rulebook(path: str | Path | None = None) -> Rulebook:
    """Return the default rulebook, changed by a bank's own file.

    Parameters
    ----------
    path
        A YAML file that names only what differs: mappings merge by key, lists and values replace,
        an entry set to null is removed. None: the default.

    Returns
    -------
    Rulebook
        Frozen and valid.

    Raises
    ------
    CallError
        If there is no such file.
    RulebookError
        With everything that is wrong, each with its dotted place and what would be right.
    """
    if path is None:
        return _default()
    return Rulebook.from_content(merge(_default().content(), read_yaml(Path(path))))


@cache
def _default() -> Rulebook:
    return Rulebook.from_content(read_yaml(DEFAULT_PATH))
