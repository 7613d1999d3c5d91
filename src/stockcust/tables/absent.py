"""Optional tables and columns that are not there, and what they would switch on."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from stockcust.tables.contract import load_contract
from stockcust.tables.sources import Notice


def note_absent(frames: Mapping[str, pd.DataFrame]) -> list[Notice]:
    """Notices of absent tables and columns; the detail lists what each enables, by code."""
    notices = []
    for table in load_contract().tables.values():
        if table.name not in frames:
            enables = {*table.enables, *(e for c in table.columns.values() for e in c.enables)}
            detail = ";".join([*table.enables, *sorted(enables - set(table.enables))])
            notices.append(Notice("table_absent", table.name, detail=detail))
            continue
        notices += [
            Notice("column_absent", table.name, "", column.name, ";".join(column.enables))
            for column in table.columns.values()
            if column.enables and column.name not in frames[table.name]
        ]
    return notices
