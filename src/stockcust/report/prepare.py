"""The first two phases of a run: read the bank, compute the network, freeze what reports show."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from stockcust.errors import CallError, Problem
from stockcust.report.files import write_json
from stockcust.report.ledger import code_hash, hash_of

if TYPE_CHECKING:
    import pandas as pd

FROZEN = ".frozen"
_FACTS = "facts.json"
_RESULTS = "results"


class Network(Protocol):
    """What all branches' reports show, computed once."""

    @property
    def branches(self) -> pd.DataFrame:
        """One row per branch: branch_id, branch_name, n_customers, aum_cny ..."""

    def input_hash(self, branch_id: str | None) -> str:
        """Hash of what the report of one branch, or of the network, reads."""

    def save(self, folder: Path) -> object:
        """Write the results folder."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Where frozen results come from; ``rows`` are per table: n_read, n_kept, n_rejected."""

    as_of: str
    data_hash: str
    rulebook_version: str
    rulebook_hash: str
    rows: dict[str, dict[str, int]]


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

    def key(self) -> str:
        """Hash of all that the frozen results depend on: contents of files, day, code."""
        paths = (self.data, self.rulebook, self.mapping)
        return hash_of(str(self.as_of), code_hash(), *map(_hash_of_tree, paths))


@dataclass(frozen=True, slots=True)
class Frozen:
    """Results that no longer change, and the network read back from them."""

    results: Path
    facts: Facts
    network: Network


def compute_results(sources: Sources) -> tuple[Network, Facts]:
    """Read the bank and compute everything that its reports show."""
    import stockcust as sc

    rules = sc.load_rulebook(sources.rulebook)
    bank = sc.read_bank(sources.data, mapping=sources.mapping)
    counts = bank.counts.groupby("table")[["n_read", "n_kept", "n_rejected"]].sum()
    rows = {
        str(table): {str(what): int(n) for what, n in row.items()}
        for table, row in counts.iterrows()
    }
    network = sc.compute_network(bank, sources.as_of, rules)
    facts = Facts(str(network.as_of), bank.data_hash, str(rules.version), rules.hash, rows)
    return network, facts


def open_results(folder: Path) -> Network:
    """Open frozen results with `stockcust.network`."""
    import stockcust as sc

    return sc.open_network(folder)


def freeze(
    sources: Sources,
    out: Path,
    *,
    compute: Callable[[Sources], tuple[Network, Facts]] = compute_results,
    reopen: Callable[[Path], Network] = open_results,
) -> Frozen:
    """Make the frozen results, or take those of an earlier run that read the very same.

    Parameters
    ----------
    sources : the bank's files, the day, the rulebook and the mapping.
    out : folder of the reports; the results go to a folder inside, which replaces older ones.
    compute, reopen : the network phase.

    Raises
    ------
    CallError : a path does not exist.
    StockcustError : the files or the rulebook cannot be used.
    """
    sources.require()
    home = out / FROZEN
    folder = home / sources.key()[:16]
    if not (folder / _FACTS).is_file():
        _save(*compute(sources), folder)
    for other in home.iterdir():
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    facts = Facts(**json.loads((folder / _FACTS).read_text(encoding="utf-8")))
    return Frozen(folder / _RESULTS, facts, reopen(folder / _RESULTS))


def _save(network: Network, facts: Facts, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    network.save(made / _RESULTS)
    write_json(made / _FACTS, asdict(facts))
    made.replace(folder)


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
