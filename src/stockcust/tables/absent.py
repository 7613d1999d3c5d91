"""Optional tables and columns that are not there, and what they would switch on."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from stockcust.tables.contract import load_contract
from stockcust.tables.details import write_detail
from stockcust.tables.sources import Notice


def note_absent(frames: Mapping[str, pd.DataFrame]) -> list[Notice]:
    """Notices of absent tables and columns; the detail lists what each enables, by code."""
    notices = []
    for table in load_contract().tables.values():
        if table.name not in frames:
            enables = {*table.enables, *(e for c in table.columns.values() for e in c.enables)}
            codes = [*table.enables, *sorted(enables - set(table.enables))]
            detail = write_detail("enables", codes=codes)
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
