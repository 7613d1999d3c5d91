"""The book of rejected rows: every problem of a row is kept, one line per row is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from stockcust.privacy import mask_mobile, mask_name, redact
from stockcust.tables.contract import Column

_LONGEST = 60


def shown(value: object, column: Column | None) -> str:
    """A value as it may be written: masked if the column is personal."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    text = str(value)
    if column is None or not column.personal:
        return redact(text)[:_LONGEST]
    return (mask_mobile if column.form == "mobile" else mask_name)(text)[:_LONGEST]


_NO_LINES = pd.DataFrame(
    {"position": np.array([], "int64")}
    | {name: pd.Series([], dtype="str") for name in ("column", "value", "reason", "detail", "also")}
)


def reject_lines(
    rows: np.ndarray,
    column: Column | None,
    values: Sequence[object],
    reasons: str | Sequence[str],
    detail: str = "",
) -> pd.DataFrame:
    """Lines of the book.

    Parameters
    ----------
    rows : positions of the rows in their table.
    column : the contract's column at fault, None for the row as a whole.
    values : the cells at fault; masked here.
    reasons : one code, or one per row.
    detail : what more is to be said than the reason, see `write_detail`.
    """
    if not len(rows):
        return _NO_LINES
    lines = pd.DataFrame({"position": rows, "column": column.name if column else ""})
    lines["value"] = pd.Series([shown(value, column) for value in values], dtype="str")
    lines["reason"] = pd.Series(
        [reasons] * len(rows) if isinstance(reasons, str) else list(reasons), dtype="str"
    )
    return lines.assign(detail=detail, also="")


def one_line_per_row(lines: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The first problem of each row; its further ones are named beside it, column and reason."""
    every = [part for part in lines if len(part)]
    if not every:
        return _NO_LINES
    book = pd.concat(every, ignore_index=True)
    first = book[~book["position"].duplicated()].set_index("position")
    later = book[book["position"].duplicated()]
    if len(later):
        named = (later["column"] + ":" + later["reason"]).groupby(later["position"]).agg(";".join)
        first.loc[named.index, "also"] = named
    return first.sort_index().reset_index()
