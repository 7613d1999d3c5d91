"""The data-quality page as data: what was read, what was not, and what more would make possible."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from stockcust.tables.bank import Bank
from stockcust.tables.details import read_detail

_FIGURES = ("n_read", "n_kept", "n_rejected", "n_total_rows_dropped", "n_duplicates_merged")
_ABSENT = {"table_absent": "table", "column_absent": "column"}


@dataclass(frozen=True)
class DataQuality:
    """What a bank's files are worth, in codes and figures.

    Attributes
    ----------
    tables : one row per table: rows read, kept, rejected, dropped as totals, merged, and the share
        kept.
    files : the same, one row per file.
    rejects : one row per table, column and reason: n, first file and row, detail.
    notices : one row per table, column, code and detail: n, number of files, the first of them.
        Of details that only say where to look the first stands for all.
    absent : one row per optional table or column that is absent: what it would enable, by code.
    data_hash : sha256 over the inputs.
    """

    tables: pd.DataFrame
    files: pd.DataFrame
    rejects: pd.DataFrame
    notices: pd.DataFrame
    absent: pd.DataFrame
    data_hash: str

    @property
    def is_reconciled(self) -> bool:
        """Whether in each file rows read = kept + rejected + total rows + duplicates merged."""
        parts = self.files[list(_FIGURES[1:])].sum(axis=1)
        return bool((self.files["n_read"] == parts).all())

    def summary(self) -> pd.DataFrame:
        """The figures of the tables."""
        return self.tables

    def write(self, folder: str | Path) -> Path:
        """Write each frame as a CSV file that Excel in China opens rightly.

        Parameters
        ----------
        folder : where; made if absent.

        Returns
        -------
        the folder.
        """
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        for name in ("tables", "files", "rejects", "notices", "absent"):
            frame = getattr(self, name)
            safe = frame.map(_not_a_formula)
            safe.to_csv(target / f"{name}.csv", index=False, encoding="utf-8-sig")
        return target

    def __repr__(self) -> str:
        total = self.tables[list(_FIGURES)].sum()
        return (
            f"DataQuality({len(self.tables)} tables, {total['n_read']:,} rows read, "
            f"{total['n_rejected']:,} rejected, {len(self.absent)} optional parts absent)"
        )


def data_quality(bank: Bank) -> DataQuality:
    """Sum up what reading a bank's files found.

    Parameters
    ----------
    bank : as read; the books do not change with as_of.

    Returns
    -------
    DataQuality.
    """
    figures = list(_FIGURES)
    tables = bank.counts.groupby("table", sort=False)[figures].sum().reset_index()
    tables["kept_share"] = tables["n_kept"] / tables["n_read"].where(tables["n_read"] > 0)
    is_absent = bank.notices["code"].isin(_ABSENT)
    return DataQuality(
        tables=tables,
        files=bank.counts,
        rejects=_by_reason(bank.rejects),
        notices=_by_code(bank.notices[~is_absent]),
        absent=_absent(bank.notices[is_absent]),
        data_hash=bank.data_hash,
    )


def _by_reason(rejects: pd.DataFrame) -> pd.DataFrame:
    groups = rejects.groupby(["table", "column", "reason"], sort=False)
    found = groups.agg(
        n=("row", "size"), file=("file", "first"), row=("row", "first"), detail=("detail", "first")
    )
    return found.sort_values("n", ascending=False, kind="stable").reset_index()


def _by_code(notices: pd.DataFrame) -> pd.DataFrame:
    only_places = notices["detail"].str.startswith("rows ")
    said = notices.assign(said=notices["detail"].mask(only_places, ""))
    found = said.groupby(["table", "column", "code", "said"], sort=False).agg(
        n=("n", "sum"),
        n_files=("file", "nunique"),
        file=("file", "first"),
        detail=("detail", "first"),
    )
    return found.reset_index().drop(columns="said")


def _absent(notices: pd.DataFrame) -> pd.DataFrame:
    absent = notices[["table", "column"]].reset_index(drop=True)
    absent.insert(0, "kind", notices["code"].map(_ABSENT).to_numpy())
    codes = [read_detail(detail)[1]["codes"] for detail in notices["detail"]]
    return absent.assign(enables=pd.Series([";".join(each) for each in codes], dtype="str"))


def _not_a_formula(cell: object) -> object:
    """Excel runs a cell of a CSV file that begins like a formula."""
    is_formula = isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t"))
    return f"'{cell}" if is_formula else cell
