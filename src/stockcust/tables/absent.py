"""Optional tables and columns that are not there, and what they would switch on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from stockcust.tables.contract import Table, load_contract
from stockcust.tables.details import write_detail
from stockcust.tables.engines import collect
from stockcust.tables.sources import Notice

if TYPE_CHECKING:
    from stockcust.tables.bank import Bank


def note_absent(frames: Mapping[str, pd.DataFrame]) -> list[Notice]:
    """Notices of absent tables and columns; the detail lists what each enables, by code."""
    notices = []
    for table in load_contract().tables.values():
        if table.name not in frames:
            detail = write_detail("enables", codes=_enables(table))
            notices.append(Notice("table_absent", table.name, detail=detail))
            continue
        missing = {n: c for n, c in table.columns.items() if n not in frames[table.name]}
        details = {n: write_detail("enables", codes=c.enables) for n, c in missing.items()}
        notices += [
            Notice("column_absent", table.name, "", name, details[name])
            for name, column in missing.items()
            if column.enables
        ]
    return notices


def branches_without_rows(bank: Bank) -> pd.DataFrame:
    """Find branches with customers of which an optional table holds nothing, but does of others.

    Parameters
    ----------
    bank : the bank's tables.

    Returns
    -------
    One row per branch and table: branch_id, table, enables (codes joined by ;).
    """
    branches = _branch_ids(bank, "customers")
    rows = [
        {"branch_id": branch_id, "table": table.name, "enables": ";".join(_enables(table))}
        for table in load_contract().tables.values()
        if table.enables and bank.has(table.name, "branch_id")
        if (found := _branch_ids(bank, table.name))
        for branch_id in sorted(branches - found)
    ]
    return pd.DataFrame(rows, columns=["branch_id", "table", "enables"], dtype="str")


def _branch_ids(bank: Bank, table: str) -> set[str]:
    return set(collect(bank.frame(table).select("branch_id").unique().to_native())["branch_id"])


def _enables(table: Table) -> list[str]:
    """What a table makes possible, with what any of its columns does."""
    columns = {code for column in table.columns.values() for code in column.enables}
    return [*table.enables, *sorted(columns - set(table.enables))]
