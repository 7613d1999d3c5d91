"""The frozen results of a bank at a day: what reports show, and the folder they lie in."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

import pandas as pd

from stockcust.errors import CallError
from stockcust.kpis import NETWORK
from stockcust.man import Calibration
from stockcust.network import calibration, upkeep
from stockcust.rulebook import Rulebook

# frames with a row per customer or branch; a branch reads only its rows of them
BY_BRANCH = (
    "segments", "before", "branches", "figures", "waterfall", "reconciliation", "workload",
    "retention", "absent", *upkeep.NAMES,
)  # fmt: skip
QUALITY = ("tables", "rejects", "notices")
OF_ALL = (*QUALITY, *calibration.NAMES)
_SETTINGS, _RULEBOOK = "settings.json", "rulebook.json"
_ROWS_PER_GROUP = 20_000
_NEAREST = 5


@dataclasses.dataclass(frozen=True, repr=False)
class Network:
    """The frozen results of one bank at one day.

    Attributes
    ----------
    as_of : the day; baseline : the earlier day of comparison, None without history.
    rules : the rulebook that made the results.
    frames : by name. ``segments`` and ``before`` (the baseline): one row per customer and branch
        with segment and MAN, ids as keyed hashes. ``branches``: one row per branch. ``figures``:
        branch and figure, with the figure one month earlier. ``waterfall``, ``reconciliation``,
        ``workload``, ``retention``: see `stockcust.kpis`. ``effort``, ``outreach``, ``tools``,
        ``stickiness``, ``pools``, ``pool_changes``: see `stockcust.network.upkeep`.
        ``calibration`` and its parts: of all branches. ``tables``, ``rejects``, ``notices``: the
        data quality. ``absent``: what is absent, of all branches (``*``) or of one.
    data_hash : sha256 over the bank's files.
    branch_id : the only branch that was read, None for all.
    """

    as_of: dt.date
    baseline: dt.date | None
    rules: Rulebook
    frames: Mapping[str, pd.DataFrame]
    data_hash: str
    branch_id: str | None = None

    @property
    def branches(self) -> pd.DataFrame:
        """One row per branch: branch_id, branch_name, n_customers, aum_cny, changes."""
        return self.frames["branches"]

    @property
    def segments(self) -> pd.DataFrame:
        """One row per customer and branch at ``as_of``."""
        return self.frames["segments"]

    @property
    def before(self) -> pd.DataFrame:
        """One row per customer and branch at the baseline, none without history."""
        return self.frames["before"]

    @property
    def calibration(self) -> Calibration:
        """Observed effort and success by difficulty, over all branches."""
        return calibration.from_frames(self.frames)

    def branch(self, branch_id: str) -> Network:
        """The results of one branch; the network's own figures stay beside them.

        Raises
        ------
        CallError : there is no such branch; names the nearest.
        """
        _require_branch(branch_id, self.branches["branch_id"])
        frames = {
            name: frame[frame["branch_id"].isin([branch_id, NETWORK])].reset_index(drop=True)
            if name in BY_BRANCH
            else frame
            for name, frame in self.frames.items()
        }
        return dataclasses.replace(self, frames=frames, branch_id=branch_id)

    def input_hash(self, branch_id: str | None = None) -> str:
        """Hash of all that the report of one branch (None: of the network) shows."""
        if branch_id is None or branch_id == self.branch_id:
            return self._hash
        return self.branch(branch_id)._hash

    @cached_property
    def _hash(self) -> str:
        digest = hashlib.sha256(f"{self.as_of} {self.baseline} {self.rules.hash}".encode())
        for name in sorted(self.frames):
            frame = self.frames[name]
            digest.update(f"{name} {list(frame.columns)}".encode())
            digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
        return digest.hexdigest()

    def save(self, folder: str | Path) -> Path:
        """Write the results as Parquet, rows of a branch together."""
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        for name, frame in self.frames.items():
            frame.to_parquet(
                target / f"{name}.parquet", row_group_size=_ROWS_PER_GROUP, compression="zstd"
            )
        # JSON, because a rulebook in YAML takes longer to parse than a branch to read
        (target / _RULEBOOK).write_text(self.rules.model_dump_json(), encoding="utf-8")
        settings = {
            "as_of": self.as_of.isoformat(),
            "baseline": self.baseline.isoformat() if self.baseline else None,
            "data_hash": self.data_hash,
        }
        (target / _SETTINGS).write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
        return target

    def __repr__(self) -> str:
        n = len(self.branches)
        where = f"branch {self.branch_id}" if self.branch_id else f"{n} branches"
        return f"Network({where}, {len(self.segments):,} customers, as of {self.as_of})"


def open_network(folder: str | Path, branch_id: str | None = None) -> Network:
    """Open frozen results, all of them or the rows of one branch.

    Parameters
    ----------
    folder : what `Network.save` wrote.
    branch_id : read only this branch, and the network's own figures.

    Raises
    ------
    CallError : the folder holds no results, or no such branch.
    """
    source = Path(folder)
    if not (source / _SETTINGS).is_file():
        raise CallError(f"{source} holds no results of a run; make them with stockcust report")
    settings = json.loads((source / _SETTINGS).read_text(encoding="utf-8"))
    if branch_id is not None:
        ids = pd.read_parquet(source / "branches.parquet", columns=["branch_id"])["branch_id"]
        _require_branch(branch_id, ids)
    baseline = settings["baseline"]
    return Network(
        as_of=dt.date.fromisoformat(settings["as_of"]),
        baseline=dt.date.fromisoformat(baseline) if baseline else None,
        rules=Rulebook.model_validate_json((source / _RULEBOOK).read_text(encoding="utf-8")),
        frames={name: _read(source, name, branch_id) for name in (*BY_BRANCH, *OF_ALL)},
        data_hash=settings["data_hash"],
        branch_id=branch_id,
    )


def _read(folder: Path, name: str, branch_id: str | None) -> pd.DataFrame:
    only = [("branch_id", "in", [branch_id, NETWORK])]
    filters = only if branch_id is not None and name in BY_BRANCH else None
    return pd.read_parquet(folder / f"{name}.parquet", filters=filters)


def _require_branch(branch_id: str, known: pd.Series) -> None:
    if branch_id in set(known):
        return
    near = get_close_matches(branch_id, list(known), n=_NEAREST, cutoff=0.0)
    raise CallError(f"there is no branch {branch_id!r}; the nearest are {', '.join(near)}")
