"""The customers in scope: their latest record as of the day, without the closed ones."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from stockcust.customers.scope import KEYS, Scope
from stockcust.tables.contract import load_contract


def people_in_scope(scope: Scope) -> nw.LazyFrame:
    """Every column of the customer master, one row per customer and branch.

    A customer whose account is closed by as_of is out of scope. The deceased stay, with their
    status, so that the gates can exclude them and say so. An active customer without assets in
    the month stays too: the assets are unknown, not zero.
    """
    people = scope.rows("customers", *load_contract().tables["customers"].columns)
    return _latest(people, scope).filter(~_is_closed())


def _latest(people: nw.LazyFrame, scope: Scope) -> nw.LazyFrame:
    if not scope.has("customers", "snapshot_date"):
        return people
    latest = people.with_columns(_latest=nw.col("snapshot_date").max().over(*KEYS))
    is_latest = nw.col("snapshot_date") == nw.col("_latest")
    return latest.filter(is_latest | nw.col("_latest").is_null()).drop("_latest")


def _is_closed() -> nw.Expr:
    # bank.until hides later closings: it drops their date and shows the status as active
    return (nw.col("status") == "closed").fill_null(False) | ~nw.col("close_date").is_null()
