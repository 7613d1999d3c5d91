"""The second phase of a run: the network computed once, and what reports show frozen."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from stockcust.report.files import made_once, write_json
from stockcust.report.prepare import Sources, prepare

if TYPE_CHECKING:
    import pandas as pd

    from stockcust.rulebook import Rulebook

FROZEN = ".frozen"
_FACTS = "facts.json"
_RESULTS = "results"


class Network(Protocol):
    """What all branches' reports show, computed once."""

    @property
    def branches(self) -> pd.DataFrame:
        """One row per branch: branch_id, branch_name, n_customers, aum_cny ..."""

    @property
    def frames(self) -> Mapping[str, pd.DataFrame]:
        """The results by name, among them the members of pools."""

    @property
    def rules(self) -> Rulebook:
        """The rules that made them."""

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
class Frozen:
    """Results that no longer change, and the network read back from them."""

    results: Path
    facts: Facts
    network: Network


def compute_results(bank_folder: Path, sources: Sources) -> tuple[Network, Facts]:
    """Compute everything that the reports of a prepared bank show."""
    import stockcust as sc

    rules = sc.load_rulebook(sources.rulebook)
    # of Parquet files Polars reads only the columns that the rules ask for
    bank = sc.read_bank(bank_folder, engine="polars")
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


@dataclass(frozen=True, slots=True)
class Phases:
    """What the phases before rendering do; each is skipped if an earlier run has done it."""

    prepare: Callable[[Sources, Path, str], Path] = prepare
    compute: Callable[[Path, Sources], tuple[Network, Facts]] = compute_results
    reopen: Callable[[Path], Network] = open_results


_OWN_PHASES = Phases()


def freeze(sources: Sources, out: Path, phases: Phases = _OWN_PHASES) -> Frozen:
    """Make the frozen results, or take those of an earlier run that read the very same.

    Parameters
    ----------
    sources : the bank's files, the day, the rulebook and the mapping.
    out : folder of the reports; the results go to a hidden folder inside that only the owner can
        read, and replace older ones there.
    phases : what is done.

    Raises
    ------
    CallError : a path does not exist.
    StockcustError : the files or the rulebook cannot be used.
    """
    sources.require()
    bank_key = sources.bank_key()

    def compute(folder: Path) -> None:
        network, facts = phases.compute(phases.prepare(sources, out, bank_key), sources)
        network.save(folder / _RESULTS)
        write_json(folder / _FACTS, asdict(facts))

    folder = made_once(out / FROZEN / sources.results_key(bank_key)[:16], compute)
    facts = Facts(**json.loads((folder / _FACTS).read_text(encoding="utf-8")))
    return Frozen(folder / _RESULTS, facts, phases.reopen(folder / _RESULTS))
