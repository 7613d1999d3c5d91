"""Folder names that any branch id can be given."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

_LONGEST = 150
_DEVICES = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)$")  # names that Windows keeps to itself


def folder_names(branch_ids: Iterable[str]) -> dict[str, str]:
    """Give each branch a folder name that is safe on every file system and can be read back.

    ASCII letters, digits and ``-`` stay; each other byte of the UTF-8 form becomes ``_XX``. Ids
    that differ only by case have their capitals escaped as well, for Windows and macOS. No name
    begins with ``__``, which is left to the program's own folders.

    Returns
    -------
    dict of branch id -> folder name, one to one.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for branch in branch_ids:
        name = _escape(branch)
        if name.casefold() in taken:
            name = _escape(branch, kept="a-z0-9-")
        names[branch] = name
        taken.add(name.casefold())
    return names


def _escape(branch: str, kept: str = "A-Za-z0-9-") -> str:
    pattern = rf"[^{kept}]"
    name = re.sub(pattern, lambda m: "".join(f"_{b:02X}" for b in m[0].encode()), branch)
    if _DEVICES.match(name):
        name = f"_{ord(name[0]):02X}{name[1:]}"
    if len(name) <= _LONGEST:
        return name
    # too long for a file system: no longer readable back, but still one to one
    return f"{name[:100]}__{hashlib.sha256(branch.encode()).hexdigest()[:16]}"
