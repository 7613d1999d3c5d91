"""Contract columns made from a bank's columns: copied, counted, derived, translated."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pandas as pd

from stockcust.tables.contract import Table
from stockcust.tables.mapping.cells import numbers, plain_decimals, texts
from stockcust.tables.mapping.dates import czech_birth, iso_dates, plus_months
from stockcust.tables.mapping.derivations import (
    BirthNumber,
    Derivation,
    HashBucket,
    Joined,
    PlusMonths,
)
from stockcust.tables.mapping.model import Source
from stockcust.tables.mapping.parts import DateFormat, Headers

_NUMERIC = ("money", "number", "integer", "share")


def contract_columns(
    frame: pd.DataFrame, source: Source, table: Table, *, comma: bool
) -> pd.DataFrame:
    """The contract's columns of one part.

    Parameters
    ----------
    frame : columns of the bank's file; the index is the row number.
    source : what the mapping says about the file; all headers exist.
    table : the contract's table.
    comma : numbers are written with a decimal comma.

    Returns
    -------
    frame with the same index, columns by contract name.
    """
    made: dict[str, pd.Series] = {}
    for name, header in source.columns.items():
        is_numeric = table.columns[name].type in _NUMERIC
        made[name] = plain_decimals(frame[header]) if comma and is_numeric else frame[header]
    for name, constant in source.constants.items():
        made[name] = pd.Series(constant, index=frame.index, dtype="str")
    for name, derivation in source.derive.items():
        made[name] = derived(frame, derivation, comma=comma)
    for name, codes in source.codes.items():
        made[name] = _translated(made[name], codes)
    for name, form in source.date_format.items():
        made[name] = dates_or_reason(made[name], form)
    return pd.DataFrame(made, index=frame.index)


def derived(frame: pd.DataFrame, derivation: Derivation, *, comma: bool) -> pd.Series:
    """A column made by one of the closed list of derivations."""
    rule = derivation.rule
    if derivation.sum:
        return _sum(frame, rule, comma)
    if derivation.first_of:
        return _first_of(frame, rule)
    make: Callable[[pd.DataFrame, Any], pd.Series] = _MAKERS[type(rule)]
    return make(frame, rule)


def _sum(frame: pd.DataFrame, headers: Headers, comma: bool) -> pd.Series:
    """Row sums, unknown if a part is; a cell that is no number stays and is refused later."""
    total = pd.Series(0.0, index=frame.index)
    unreadable = pd.Series(index=frame.index, dtype="str")
    for header in headers:
        values, others = numbers(plain_decimals(frame[header]) if comma else frame[header])
        total = total + values
        unreadable = unreadable.fillna(others.reindex(frame.index))
    return unreadable.fillna(total.astype("str")) if unreadable.notna().any() else total


def _first_of(frame: pd.DataFrame, headers: Headers) -> pd.Series:
    first = texts(frame[headers[0]])
    for header in headers[1:]:
        first = first.fillna(texts(frame[header]))
    return first


def _joined(frame: pd.DataFrame, rule: Joined) -> pd.Series:
    first, *others = (texts(frame[header]) for header in rule.columns)
    for other in others:
        first = first + rule.separator + other
    return rule.prefix + first


def _hash_bucket(frame: pd.DataFrame, rule: HashBucket) -> pd.Series:
    ids = texts(frame[rule.column])
    return ids.map(
        {one: bucket_id(rule, bucket_of(one, rule.buckets)) for one in ids.dropna().unique()}
    )


def bucket_of(customer_id: str, buckets: int) -> int:
    """The bucket 1..n of a customer id; the same on every machine and in every month."""
    digest = hashlib.sha256(customer_id.encode()).digest()
    return int.from_bytes(digest[:8], "big") % buckets + 1


def bucket_id(rule: HashBucket, bucket: int) -> str:
    """The id of a pseudo-branch, such as H07."""
    return f"{rule.prefix}{bucket:0{len(str(rule.buckets))}d}"


def pseudo_branches(rule: HashBucket) -> pd.DataFrame:
    """The branches table of all buckets; the names say that they are none."""
    numbered = range(1, rule.buckets + 1)
    return pd.DataFrame(
        {
            "branch_id": [bucket_id(rule, bucket) for bucket in numbered],
            "branch_name": [
                f"{rule.name} {bucket} (hash {bucket}/{rule.buckets})" for bucket in numbered
            ],
        },
        dtype="str",
    )


def _birth_number(frame: pd.DataFrame, rule: BirthNumber) -> pd.Series:
    written = texts(frame[rule.column])
    read = czech_birth(written)[rule.part].astype("str")
    # the number itself identifies a person, so it is not repeated
    return read.mask(read.isna() & written.notna(), "(not a birth number)")


def _plus_months(frame: pd.DataFrame, rule: PlusMonths) -> pd.Series:
    start = frame[rule.date]
    dates = dates_or_reason(start, rule.date_format) if rule.date_format else texts(start)
    return plus_months(dates, numbers(frame[rule.months])[0]).astype("str")


_MAKERS: dict[type, Callable[[pd.DataFrame, Any], pd.Series]] = {
    Joined: _joined,
    HashBucket: _hash_bucket,
    BirthNumber: _birth_number,
    PlusMonths: _plus_months,
}


def _translated(column: pd.Series, codes: Any) -> pd.Series:
    """Codes as the contract has them; others stay and are judged by the contract."""
    written = texts(column)
    known = written.isin(list(codes))
    return written.where(~known, written.map(codes, na_action="ignore"))


def dates_or_reason(column: pd.Series, form: DateFormat) -> pd.Series:
    """ISO dates; what does not fit stays, with the format that it breaks."""
    written = texts(column)
    dates = iso_dates(written, form).astype("str")
    return dates.fillna(written + f" (not {form.format})")
