"""The book of rejected rows: every problem of a row is kept, one line per row is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from stockcust.privacy import mask_mobile, mask_name, redact
from stockcust.tables.codes import REASONS
from stockcust.tables.contract import Column

_LONGEST = 60


def shown(value: object, column: Column | None) -> str:
    """A value as it may be written: masked if the column is personal."""
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return ""
    text = str(value)
    if column is None or not column.personal:
        return redact(text)[:_LONGEST]
    return (mask_mobile if column.form == "mobile" else mask_name)(text)[:_LONGEST]


_NO_LINES = pd.DataFrame(
    {"position": np.array([], "int64")}
    | {name: pd.Series([], dtype="str") for name in ("column", "value", "reason", "detail")}
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
    detail : what to do; by default what helps against the reason.
    """
    if not len(rows):
        return _NO_LINES
    lines = pd.DataFrame({"position": rows, "column": column.name if column else ""})
    lines["value"] = pd.Series([shown(value, column) for value in values], dtype="str")
    lines["reason"] = pd.Series(
        [reasons] * len(rows) if isinstance(reasons, str) else list(reasons), dtype="str"
    )
    lines["detail"] = detail if detail else lines["reason"].map(REASONS).fillna("")
    return lines


def one_line_per_row(lines: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The first problem of each row; its further ones are named in the detail."""
    every = [part for part in lines if len(part)]
    if not every:
        return _NO_LINES
    book = pd.concat(every, ignore_index=True)
    first = book[~book["position"].duplicated()].set_index("position")
    later = book[book["position"].duplicated()]
    if len(later):
        also = later["column"].where(later["column"] != "", "row") + " " + later["reason"]
        named = also.groupby(later["position"]).agg("; ".join)
        first.loc[named.index, "detail"] += "; also " + named
    return first.sort_index().reset_index()
