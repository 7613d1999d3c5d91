"""The first phase of a run: the bank's files read and validated once, and kept without names."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path

from stockcust.errors import CallError, Problem
from stockcust.privacy import customer_keys
from stockcust.report.files import made_once
from stockcust.report.ledger import code_hash, hash_of

PREPARED = ".prepared"


@dataclass(frozen=True, slots=True)
class Sources:
    """What the user names: a bank's files and how to read them."""

    data: Path
    as_of: str | dt.date | None = None
    rulebook: Path | None = None
    mapping: Path | None = None

    def require(self) -> None:
        """Refuse paths that lead nowhere.

        Raises
        ------
        CallError : names all of them.
        """
        named = {"data": self.data, "rulebook": self.rulebook, "mapping": self.mapping}
        missing = [
            Problem(f"the {what} does not exist", str(path), "check the path")
            for what, path in named.items()
            if path is not None and not path.exists()
        ]
        if missing:
            raise CallError(*missing)

    def bank_key(self) -> str:
        """Hash of all that the prepared bank depends on: files, code, the installation's secret."""
        secret = customer_keys([""])
        return hash_of(code_hash(), *secret, *map(_hash_of_tree, (self.data, self.mapping)))

    def results_key(self, bank_key: str) -> str:
        """Hash of all that the results depend on: the prepared bank, the day, the rules."""
        return hash_of(bank_key, str(self.as_of), _hash_of_tree(self.rulebook))


def prepare(sources: Sources, out: Path, key: str) -> Path:
    """Write the validated bank without names, or take that of an earlier run of the same files.

    Parameters
    ----------
    sources : the bank's files and the mapping.
    out : folder of the reports; the bank goes to a hidden folder inside that only the owner can
        read, and replaces older ones there.
    key : `Sources.bank_key`.

    Returns
    -------
    folder of the prepared bank.

    Raises
    ------
    StockcustError : the files cannot be used.
    """
    return made_once(out / PREPARED / key[:16], lambda folder: _write(sources, folder))


def _write(sources: Sources, folder: Path) -> None:
    import stockcust as sc
    from stockcust.tables import write_prepared

    write_prepared(sc.read_bank(sources.data, mapping=sources.mapping), folder)


def _hash_of_tree(path: Path | None) -> str:
    if path is None:
        return ""
    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    parts: list[str | bytes] = []
    for file in files:
        parts += [file.relative_to(path.parent).as_posix(), _digest(file)]
    return hash_of(*parts)


def _digest(file: Path) -> bytes:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()
