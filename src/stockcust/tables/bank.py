"""A bank's validated tables, what was rejected, and the one door to a day in the past."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from typing import Any

import narwhals.stable.v2 as nw
import pandas as pd

from stockcust.errors import CallError
from stockcust.tables.contract import load_contract
from stockcust.tables.engines import Engine, collect
from stockcust.tables.product import Product, find_product
from stockcust.tables.until import known_by


@dataclasses.dataclass(frozen=True, repr=False)
class Bank:
    """The tables of one bank.

    Attributes
    ----------
    tables : native frames of one engine by table name, only tables that are there.
    rejects : one row per rejected row: table, file, row (as a person sees it, header = 1),
        column, value (masked if personal), reason, detail.
    counts : one row per table and file: n_read = n_kept + n_rejected + n_total_rows_dropped +
        n_duplicates_merged.
    notices : what was dropped, converted, derived, flagged or absent: table, file, column, code,
        detail, n.
    data_hash : sha256 over the inputs.
    lost_assets : typed values of the rejected rows of aum_monthly, for the reconciliation.
    engine : pandas, polars, duckdb or spark.
    as_of : the day the tables stand for, None for everything there is.
    is_pseudonymous : whether persons stand under keyed hashes.
    """

    tables: Mapping[str, Any]
    rejects: pd.DataFrame
    counts: pd.DataFrame
    notices: pd.DataFrame
    data_hash: str
    lost_assets: pd.DataFrame
    engine: Engine = "pandas"
    as_of: dt.date | None = None
    is_pseudonymous: bool = False

    @classmethod
    def from_frames(cls, frames: Mapping[str, Any]) -> Bank:
        """A bank of native frames, validated like files.

        Parameters
        ----------
        frames : frames of one engine by table name, with the contract's columns or their aliases.

        Returns
        -------
        Bank of the same engine.

        Raises
        ------
        InputError : a required table or column is missing, units conflict.
        CallError : no frame, an unknown table, frames of different engines.
        """
        from stockcust.tables.read import bank_of_frames

        return bank_of_frames(frames)

    def frame(self, table: str) -> nw.DataFrame[Any] | nw.LazyFrame[Any]:
        """A table in narwhals: eager for pandas, lazy on the other engines.

        Raises
        ------
        CallError : the bank does not have the table.
        """
        if table not in self.tables:
            raise CallError(f"the bank has no table {table!r}; it has {', '.join(self.tables)}")
        return nw.from_native(self.tables[table])

    def columns(self, table: str) -> tuple[str, ...]:
        """The columns of a table, none if the table is absent."""
        return tuple(self.frame(table).collect_schema().names()) if table in self.tables else ()

    def has(self, table: str, *columns: str) -> bool:
        """Whether the table and all named columns are there."""
        return table in self.tables and set(columns) <= set(self.columns(table))

    def until(self, as_of: str | dt.date) -> Bank:
        """The bank as it was known at the end of a day; the only door to the past.

        Parameters
        ----------
        as_of : the day, or an ISO date such as "2026-06-30".

        Returns
        -------
        Bank without later rows; values that were learnt later are hidden.

        Raises
        ------
        CallError : no date, a day after the bank's own, or the customer snapshots begin later.
        """
        day = _day(as_of)
        if self.as_of is not None and day > self.as_of:
            raise CallError(f"the bank stands for {self.as_of}; it does not know {day}")
        self._refuse_before_first_snapshot(day)
        contract = load_contract().tables
        tables = {name: known_by(frame, contract[name], day) for name, frame in self.tables.items()}
        return dataclasses.replace(self, tables=tables, as_of=day)

    def only(self, branch_ids: Iterable[str]) -> Bank:
        """The bank of some branches: their rows of each table that has a branch_id."""
        wanted = list(branch_ids)
        tables = {
            name: self.frame(name).filter(nw.col("branch_id").is_in(wanted)).to_native()
            if self.has(name, "branch_id")
            else native
            for name, native in self.tables.items()
        }
        return dataclasses.replace(self, tables=tables)

    @functools.cached_property
    def last_month_end(self) -> dt.date:
        """The last day of the last month in aum_monthly.

        Raises
        ------
        CallError : aum_monthly has no row (so early is the day).
        """
        last = _scalar(self.frame("aum_monthly").select(nw.col("month").max()))
        if pd.isna(last):
            raise CallError(f"aum_monthly has no month up to {self.as_of}")
        return pd.Timestamp(last).date()

    @functools.cached_property
    def branch_ids(self) -> tuple[str, ...]:
        """The ids of all branches, sorted."""
        ids = collect(self.frame("branches").select("branch_id").to_native())["branch_id"]
        return tuple(sorted(ids))

    def product(self, product_id: str) -> Product:
        """A product of the catalogue.

        Raises
        ------
        CallError : there is no catalogue, or no such product; names the nearest.
        """
        return find_product(self.frame("products"), product_id)

    def __repr__(self) -> str:
        day = f", as of {self.as_of}" if self.as_of else ""
        kept = int(self.counts["n_kept"].sum())
        return (
            f"Bank({len(self.tables)} tables on {self.engine}, {kept:,} rows kept, "
            f"{len(self.rejects):,} rejected{day})"
        )

    def _refuse_before_first_snapshot(self, day: dt.date) -> None:
        if not self.has("customers", "snapshot_date"):
            return
        first = _scalar(self.frame("customers").select(nw.col("snapshot_date").min()))
        if not pd.isna(first) and pd.Timestamp(first).date() > day:
            raise CallError(
                f"customers begin with the snapshot of {pd.Timestamp(first).date()}, after {day}; "
                "ask for a later day, or leave snapshot_date out of the file"
            )


def _day(as_of: str | dt.date) -> dt.date:
    if isinstance(as_of, dt.datetime):
        return as_of.date()
    if isinstance(as_of, dt.date):
        return as_of
    try:
        return dt.date.fromisoformat(as_of)
    except (TypeError, ValueError) as error:
        raise CallError(f"as_of {as_of!r} is no date such as 2026-06-30") from error


def _scalar(frame: nw.DataFrame[Any] | nw.LazyFrame[Any]) -> Any:
    return collect(frame.to_native()).iloc[0, 0]
