"""A bank that names nobody: equal ids stay equal, so that the rules come to the same results."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from stockcust.privacy import customer_keys, redact
from stockcust.tables.bank import Bank
from stockcust.tables.codes import SAYS_NOTHING
from stockcust.tables.contract import Column, load_contract
from stockcust.tables.engines import collect, of_arrow, to_arrow, to_pandas

FILLED = "*"
# every number that `redact` masks is at least so long
_LONG_NUMBER = r"\p{Nd}{11}"


def pseudonymous(bank: Bank) -> Bank:
    """Put keyed hashes in the place of whatever names a person.

    Parameters
    ----------
    bank : of any engine.

    Returns
    -------
    Bank on Polars, or the same if it names nobody already. Customers, households, contracts and
    mobile numbers are keyed hashes; of other personal texts only that something stands there is
    left, unless the contract says that an analysis reads their words: then long numbers in them
    are masked, as in all free text.
    """
    if bank.is_pseudonymous:
        return bank
    return dataclasses.replace(
        bank,
        tables={name: of_arrow(nameless_table(bank, name), "polars") for name in bank.tables},
        lost_assets=nameless_lost_assets(bank),
        engine="polars",
        is_pseudonymous=True,
    )


def nameless_table(bank: Bank, name: str) -> pa.Table:
    """One table of a bank as `pseudonymous` makes it, in Arrow."""
    return _nameless(collect(bank.tables[name]), name, bank)


def nameless_lost_assets(bank: Bank) -> pd.DataFrame:
    """The bank's rejected rows of aum_monthly as `pseudonymous` makes them."""
    return to_pandas(_nameless(bank.lost_assets, "aum_monthly", bank))


def _nameless(frame: pd.DataFrame, name: str, bank: Bank) -> pa.Table:
    table = load_contract().tables[name]
    rows = to_arrow(frame, table)
    if bank.is_pseudonymous:
        return rows
    columns = [_hidden(rows[column], table.columns[column]) for column in rows.column_names]
    return pa.table(columns, schema=rows.schema)


def _hidden(values: pa.ChunkedArray, column: Column) -> pa.ChunkedArray:
    if column.type not in ("id", "text", "tags"):
        return values
    if column.personal and (column.type == "id" or column.form == "mobile"):
        return _hashed(values)
    if column.personal and not column.words:
        return _only_whether_filled(values)
    return values if column.type == "id" else _redacted(values)


def _hashed(values: pa.ChunkedArray) -> pa.ChunkedArray:
    ids = values.unique().drop_null()
    keys = pa.array(customer_keys(ids.to_pylist()), pa.string())
    return keys.take(pc.index_in(values, ids))


def _only_whether_filled(values: pa.ChunkedArray) -> pa.ChunkedArray:
    is_nothing = pc.is_in(values, value_set=pa.array(["", *SAYS_NOTHING]))
    return pc.if_else(pc.or_(pc.is_null(values), is_nothing), values, FILLED)


def _redacted(values: pa.ChunkedArray) -> pa.ChunkedArray:
    return pa.chunked_array([_redacted_part(part) for part in values.chunks], pa.string())


def _redacted_part(texts: pa.Array) -> pa.Array:
    has_number = pc.fill_null(pc.match_substring_regex(texts, _LONG_NUMBER), False)
    found = [redact(text) for text in texts.filter(has_number).to_pylist()]
    return pc.replace_with_mask(texts, has_number, pa.array(found, pa.string()))
