"""A validated bank as Parquet, so that it is read and validated once; it names nobody."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from stockcust.errors import CallError, InputError, Problem
from stockcust.tables.bank import Bank
from stockcust.tables.contract import contract_hash, load_contract
from stockcust.tables.engines import Engine, scan, to_pandas
from stockcust.tables.pseudonyms import nameless_lost_assets, nameless_table

_MANIFEST = "prepared.json"
_BOOKS = ("rejects", "counts", "notices", "lost_assets")
_READ_BY_OWNER = 0o600
_SORTED_BY = ("branch_id", "customer_id", "month")
# a branch of some thousand customers lies in few groups, and their statistics find it
_ROWS_PER_GROUP = 20_000


def write_prepared(bank: Bank, folder: str | Path) -> Path:
    """Write a bank as one sorted Parquet file per table, all of it or nothing.

    Persons stand under keyed hashes, see `pseudonymous`; only the owner can read the files.

    Parameters
    ----------
    bank : the bank; not one that stands for a day.
    folder : where; an earlier prepared bank there is replaced.

    Returns
    -------
    the folder.

    Raises
    ------
    CallError : the folder holds something else, or the bank stands for a day.
    """
    target = Path(folder)
    if bank.as_of is not None:
        raise CallError(f"a bank as of {bank.as_of} is not prepared; prepare all of it")
    if target.exists() and any(target.iterdir()) and not is_prepared(target):
        raise CallError(f"{target} holds other files and is not replaced; name another folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        _write_into(bank, draft)
        _swap(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _write_into(bank: Bank, folder: Path) -> None:
    for name in bank.tables:
        _write(_sorted(nameless_table(bank, name)), folder / f"{name}.parquet")
    for name, book in _books(bank).items():
        _write(pa.Table.from_pandas(book, preserve_index=False), folder / f"_{name}.parquet")
    manifest = {
        "contract_version": load_contract().version,
        "contract_hash": contract_hash(),
        "data_hash": bank.data_hash,
        "tables": {name: _n_rows(folder, name) for name in sorted(bank.tables)},
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / _MANIFEST).write_text(text + "\n", encoding="utf-8")
    for file in folder.iterdir():
        file.chmod(_READ_BY_OWNER)


def _books(bank: Bank) -> dict[str, pd.DataFrame]:
    books = {name: getattr(bank, name) for name in _BOOKS}
    return books | {"lost_assets": nameless_lost_assets(bank)}


def _sorted(rows: pa.Table) -> pa.Table:
    order = [(column, "ascending") for column in _SORTED_BY if column in rows.column_names]
    return rows.sort_by(order) if order else rows


def _write(arrow: pa.Table, path: Path) -> None:
    pq.write_table(arrow, path, row_group_size=_ROWS_PER_GROUP, compression="zstd")


def _n_rows(folder: Path, name: str) -> int:
    return int(pq.read_metadata(folder / f"{name}.parquet").num_rows)


def _swap(draft: Path, target: Path) -> None:
    if not target.exists():
        draft.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
    target.rename(old / "bank")
    draft.rename(target)
    shutil.rmtree(old)


def is_prepared(folder: Path) -> bool:
    """Whether `write_prepared` made the folder."""
    return (folder / _MANIFEST).is_file()


def open_prepared(folder: Path, engine: Engine, branch_ids: tuple[str, ...] | None) -> Bank:
    """Open a prepared bank; lazy engines read nothing yet.

    Parameters
    ----------
    folder : that `write_prepared` made.
    engine : engine of the frames.
    branch_ids : keep the rows of these branches; None keeps all.

    Raises
    ------
    InputError : another contract wrote it, or files are missing.
    """
    manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    if manifest["contract_hash"] != contract_hash():
        what = "was prepared by another input contract"
        raise InputError(Problem(what, str(folder), "prepare the bank again"))
    missing = [name for name in manifest["tables"] if not (folder / f"{name}.parquet").is_file()]
    if missing:
        what = f"lacks {', '.join(missing)}"
        raise InputError(Problem(what, str(folder), "prepare the bank again"))
    tables = {
        name: scan(folder / f"{name}.parquet", engine, branch_ids)
        for name in load_contract().tables
        if name in manifest["tables"]
    }
    rejects, counts, notices, lost = (_book(folder, book) for book in _BOOKS)
    data_hash = manifest["data_hash"]
    return Bank(tables, rejects, counts, notices, data_hash, lost, engine, is_pseudonymous=True)


def _book(folder: Path, name: str) -> pd.DataFrame:
    return to_pandas(pq.read_table(folder / f"_{name}.parquet")).astype(_PLAIN_COUNTS.get(name, {}))


_PLAIN_COUNTS: dict[str, dict[str, str]] = {
    "rejects": {"row": "int64"},
    "notices": {"n": "int64"},
    "counts": {
        "n_read": "int64", "n_kept": "int64", "n_rejected": "int64",
        "n_total_rows_dropped": "int64", "n_duplicates_merged": "int64",
    },
}  # fmt: skip
