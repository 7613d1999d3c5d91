"""A first mapping for a new bank's files, proposed from their headers and values."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from stockcust.tables.propose.draft import draft, together
from stockcust.tables.propose.heads import read_heads
from stockcust.tables.propose.write import write_mapping

__all__ = ["propose_mapping"]


def propose_mapping(files: Iterable[str | Path]) -> str:
    """Propose a mapping file for a bank's own files, to be checked, answered and passed back.

    Parameters
    ----------
    files : the bank's files; names in the mapping are relative to the folder they share.

    Returns
    -------
    YAML with a comment on how sure each guess is. What cannot be guessed (codes 0 and 1, a unit, a
    missing header) is an open question ``?``, and a mapping with open questions is refused.
    Columns that are never read are not in it, nor any value but codes.

    Raises
    ------
    CallError : no files, or a file is not there.
    InputError : a file cannot be read.
    """
    folder, heads = read_heads([Path(file) for file in files])
    return write_mapping(folder, together(draft(head) for head in heads))
