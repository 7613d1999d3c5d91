"""From native frames or a folder of files to a bank."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from stockcust.errors import CallError
from stockcust.tables.bank import Bank
from stockcust.tables.contract import load_contract
from stockcust.tables.discover import discover
from stockcust.tables.engines import Engine, check_engine, collect, engine_of, hand_on
from stockcust.tables.mapping import map_files
from stockcust.tables.prepared import is_prepared, open_prepared
from stockcust.tables.sources import Part, RawTable
from stockcust.tables.validate import Validated, validate


def read_bank(
    path: str | Path,
    mapping: str | Path | None = None,
    engine: str = "pandas",
    branch_ids: str | Iterable[str] | None = None,
) -> Bank:
    """Read a bank's files and hold them to the contract.

    Parameters
    ----------
    path : a folder with one file, or one folder of files, per table; or one workbook; or a folder
        that `write_prepared` made, which is only opened.
    mapping : a mapping file that says how the bank's own headers, codes and units become the
        contract's.
    engine : pandas, polars, duckdb or spark.
    branch_ids : keep only these branches.

    Returns
    -------
    Bank, with what was rejected and noticed.

    Raises
    ------
    InputError : files cannot be read as what they are meant to be; all problems at once.
    MappingError : the mapping does not fit the files.
    CallError : no such folder, engine or branch.
    """
    folder, on = Path(path), check_engine(engine)
    wanted = _ids(branch_ids)
    if is_prepared(folder) and mapping is None:
        return open_prepared(folder, on, wanted)
    validated, paths = _validated(folder, mapping)
    bank = _bank(validated, _hash_of_files(paths), on)
    if wanted is None:
        return bank
    if unknown := sorted({*wanted} - {*bank.branch_ids}):
        raise CallError(f"the bank has no branch {', '.join(unknown)}")
    return bank.only(wanted)


def _ids(branch_ids: str | Iterable[str] | None) -> tuple[str, ...] | None:
    if branch_ids is None:
        return None
    return (branch_ids,) if isinstance(branch_ids, str) else tuple(branch_ids)


def _validated(folder: Path, mapping: str | Path | None) -> tuple[Validated, Sequence[Path]]:
    if mapping is not None:
        mapped = map_files(folder, Path(mapping))
        return validate(mapped.tables, mapped.notices), mapped.paths
    found = discover(folder)
    validated = validate(found.tables, found.notices, found.problems, found.failed)
    return validated, found.paths


def bank_of_frames(frames: Mapping[str, Any]) -> Bank:
    """A bank of native frames of one engine, see `Bank.from_frames`."""
    contract = load_contract().tables
    unknown = sorted(set(frames) - set(contract))
    if unknown:
        raise CallError(
            f"no table of the contract: {', '.join(unknown)}; {', '.join(contract)} are"
        )
    engines = {engine_of(frame, name) for name, frame in frames.items()}
    if len(engines) > 1:
        raise CallError(f"the frames are of several engines: {', '.join(sorted(engines))}")
    raws = [RawTable(name, _part(name, collect(frame))) for name, frame in frames.items()]
    validated = validate(raws)
    return _bank(
        validated, _hash_of_frames(validated.tables), engines.pop() if engines else "pandas"
    )


def _part(name: str, frame: pd.DataFrame) -> Part:
    numbered = frame.set_axis(pd.RangeIndex(2, len(frame) + 2), axis=0)
    return Part(name, numbered.set_axis(frame.columns.astype("str"), axis=1))


def _bank(validated: Validated, data_hash: str, engine: Engine) -> Bank:
    contract = load_contract().tables
    tables = {
        name: hand_on(frame, contract[name], engine) for name, frame in validated.tables.items()
    }
    books = (validated.rejects, validated.counts, validated.notices)
    return Bank(tables, *books, data_hash, validated.lost_assets, engine)


def _hash_of_files(paths: Iterable[Path]) -> str:
    """The same for the same files, in whatever folder and order they are listed."""
    hashes = sorted(f"{path.name}:{_hash_of_file(path)}" for path in paths)
    return hashlib.sha256("\n".join(hashes).encode(errors="surrogateescape")).hexdigest()


def _hash_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash_of_frames(tables: Mapping[str, pd.DataFrame]) -> str:
    digest = hashlib.sha256()
    for name in sorted(tables):
        rows = pd.util.hash_pandas_object(tables[name], index=False).sort_values().to_numpy()
        digest.update(f"{name}:{list(tables[name].columns)}".encode())
        digest.update(rows.tobytes())
    return digest.hexdigest()
