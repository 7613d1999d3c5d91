"""What was known on a day: later rows are gone, values learnt later are hidden."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals.stable.v2 as nw

from stockcust.tables.contract import Column, Table
from stockcust.tables.engines import midnight


def known_by(native: Any, table: Table, as_of: dt.date) -> Any:
    """The rows and values of a table that existed at the end of a day.

    Parameters
    ----------
    native : validated frame of any engine.
    table : its contract.
    as_of : the day; what happened on it counts. A row without a time counts as always known.

    Returns
    -------
    native frame of the same engine.
    """
    next_day = midnight(as_of + dt.timedelta(days=1))
    frame = nw.from_native(native)
    columns = frame.collect_schema().names()
    for name in table.time:
        if name in columns:
            frame = frame.filter(_not_later(name, next_day))
    hidden = [
        _hide(table.columns[name], next_day)
        for name in columns
        if table.columns[name].known_from in columns
    ]
    return (frame.with_columns(*hidden) if hidden else frame).to_native()


def _not_later(name: str, next_day: nw.Expr) -> nw.Expr:
    return (nw.col(name) < next_day) | nw.col(name).is_null()


def _hide(column: Column, next_day: nw.Expr) -> nw.Expr:
    assert column.known_from is not None
    shown = nw.when(_not_later(column.known_from, next_day)).then(nw.col(column.name))
    # without otherwise the column keeps its type on every engine
    value = shown if column.before is None else shown.otherwise(nw.lit(column.before))
    return value.alias(column.name)
