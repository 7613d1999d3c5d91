"""The rows of one table from all its parts, while they are judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from stockcust.tables.contract import Table
from stockcust.tables.details import write_detail
from stockcust.tables.rejects import one_line_per_row, reject_lines
from stockcust.tables.sources import BrokenRow, Notice


@dataclass
class Rows:
    """A table under judgement; rows stay in place and die in the mask.

    Attributes
    ----------
    table : the contract's table.
    frame : typed values of all parts, numbered from 0.
    files : name of each part.
    part : part of each row.
    number : row number in its file, as a person sees it.
    alive : rows that are still kept.
    merged : duplicates that are left out because an equal row is kept.
    lines : the book of rejects.
    notices : what else is to be said.
    n_total_rows : total rows dropped, by part.
    broken : rows that could not be split, by part.
    declared_units : whether someone declared the unit of the money, by part.
    """

    table: Table
    frame: pd.DataFrame
    files: list[str]
    part: np.ndarray
    number: np.ndarray
    alive: np.ndarray
    merged: np.ndarray
    lines: list[pd.DataFrame] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    n_total_rows: list[int] = field(default_factory=list)
    broken: list[tuple[BrokenRow, ...]] = field(default_factory=list)
    declared_units: list[bool] = field(default_factory=list)

    def reject(
        self, mask: np.ndarray, column: str, reason: str | Sequence[str], detail: str = ""
    ) -> None:
        """Reject the living rows under a mask; the value shown is the typed one."""
        rows = np.flatnonzero(mask & self.alive)
        contract = self.table.columns.get(column)
        values = (
            self.frame[column].iloc[rows].tolist() if column in self.frame else [None] * len(rows)
        )
        reasons = reason if isinstance(reason, str) else [reason[int(i)] for i in rows]
        self.lines.append(reject_lines(rows, contract, values, reasons, detail))
        self.alive[rows] = False

    def first_places(self, rows: np.ndarray) -> str:
        """The detail that says where to look first: up to five rows of one file."""
        part = self.part[rows[0]]
        numbers = self.number[rows[self.part[rows] == part][:5]]
        return write_detail("rows", file=self.files[part], rows=numbers.tolist())

    def living(self, columns: list[str]) -> pd.DataFrame:
        """Some columns of the living rows, under their numbers in the frame."""
        return self.frame[columns] if self.alive.all() else self.frame.loc[self.alive, columns]

    def kept(self) -> pd.DataFrame:
        """The living rows."""
        if self.alive.all():
            return self.frame
        return self.frame[self.alive].reset_index(drop=True)

    def lost(self) -> pd.DataFrame:
        """The typed values of the rejected rows, as far as they could be read."""
        return self.frame[~self.alive & ~self.merged].reset_index(drop=True)

    def rejects(self) -> pd.DataFrame:
        """The rejected rows as the bank shows them."""
        lines = one_line_per_row(self.lines)
        positions = lines["position"].to_numpy(dtype="int64")
        found = lines.drop(columns="position")
        found.insert(0, "row", self.number[positions])
        found.insert(0, "file", np.array(self.files, dtype=object)[self.part[positions]])
        found = pd.concat([found, self._broken_lines()], ignore_index=True)
        found.insert(0, "table", self.table.name)
        return found

    def _broken_lines(self) -> pd.DataFrame:
        lines = [
            (file, row.row, "", "", row.reason, row.detail, "")
            for file, rows in zip(self.files, self.broken)
            for row in rows
        ]
        names = ["file", "row", "column", "value", "reason", "detail", "also"]
        return pd.DataFrame(lines, columns=names)

    def counts(self) -> pd.DataFrame:
        """Rows read, kept and not kept, by file."""
        n_parts = len(self.files)
        in_frame = np.bincount(self.part, minlength=n_parts)
        kept = np.bincount(self.part[self.alive], minlength=n_parts)
        merged = np.bincount(self.part[self.merged], minlength=n_parts)
        broken = np.array([len(rows) for rows in self.broken], dtype="int64")
        totals = np.array(self.n_total_rows, dtype="int64")
        return pd.DataFrame(
            {
                "table": self.table.name,
                "file": self.files,
                "n_read": in_frame + broken + totals,
                "n_kept": kept,
                "n_rejected": in_frame - kept - merged + broken,
                "n_total_rows_dropped": totals,
                "n_duplicates_merged": merged,
            }
        )
