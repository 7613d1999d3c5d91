"""The customers in scope: their latest record as of the day, without those who have left."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from stockcust.customers.scope import KEYS, Scope, unknown
from stockcust.tables.contract import load_contract

LAST_SEEN, ABSENT_FROM = "last_seen", "absent_from"
_MARKS = (LAST_SEEN, ABSENT_FROM)


def people_in_scope(scope: Scope) -> nw.LazyFrame:
    """Every column of the customer master, one row per customer and branch.

    A customer whose account is closed by as_of is out of scope, and so is one whom the newest
    snapshot of the branch no longer names. The deceased stay, with their status, so that the gates
    can exclude them and say so. An active customer without assets in the month stays too: the
    assets are unknown, not zero.
    """
    people = latest_records(scope, *load_contract().tables["customers"].columns)
    has_left = is_closed() | ~nw.col(ABSENT_FROM).is_null()
    return people.filter(~has_left).drop(*_MARKS)


def latest_records(scope: Scope, *columns: str) -> nw.LazyFrame:
    """The latest record of everybody the bank ever named, those who have left too.

    Parameters
    ----------
    scope : the bank as known on the day.
    columns : of the customer master, with customer_id and branch_id.

    Returns
    -------
    One row per customer and branch: the columns, ``last_seen`` (date of the last snapshot that
    names the customer) and ``absent_from`` (date of the next snapshot of the branch, which no
    longer does). Both are null without snapshots; ``absent_from`` is null for whom the newest
    snapshot names, and for whom it leaves out although there is money at the end of that month or
    later: the snapshot is not complete then.
    """
    people = scope.rows("customers", *columns)
    if not scope.has("customers", "snapshot_date"):
        return people.with_columns(**dict.fromkeys(_MARKS, unknown(nw.Datetime("us"))))
    own = nw.col("snapshot_date")
    people = nw.concat([people, _between_snapshots(people, scope, columns)])
    people = people.with_columns(last_seen=own.max().over(*KEYS))
    people = people.filter((own == nw.col(LAST_SEEN)) | nw.col(LAST_SEEN).is_null())
    absent = _without_money_since(_absences(people, scope), scope)
    return people.join(absent, on=list(KEYS), how="left")


def _between_snapshots(
    people: nw.LazyFrame, scope: Scope, columns: tuple[str, ...]
) -> nw.LazyFrame:
    """Who came since the last snapshot: there is money in the month, and nothing else is known.

    A snapshot of the month's last day names everybody: whom it leaves out did not come since.
    """
    months = scope.rows("aum_monthly", *KEYS, "month")
    holders = months.filter(nw.col("month") == scope.month_end(0)).select(*KEYS).unique()
    is_last_day = nw.col("snapshot_date") >= scope.month_end(0)
    taken = people.filter(is_last_day & (nw.col("snapshot_date") < scope.next_month()))
    holders = holders.join(taken.select("branch_id").unique(), on="branch_id", how="anti")
    newcomers = holders.join(people.select(*KEYS).unique(), on=list(KEYS), how="anti")
    types = people.collect_schema()
    unknowns = {name: unknown(types[name]) for name in columns if name not in KEYS}
    return newcomers.with_columns(**unknowns).select(*types.names())


def is_closed() -> nw.Expr:
    """Whether the customer master says that the account is closed."""
    # bank.until hides later closings: it drops their date and shows the status as active
    return (nw.col("status") == "closed").fill_null(False) | ~nw.col("close_date").is_null()


def _absences(people: nw.LazyFrame, scope: Scope) -> nw.LazyFrame:
    """When the branch first left out the customer: the keys, and absent_from."""
    snapshots = scope.rows("customers", "branch_id", "snapshot_date").unique()
    snapshots = snapshots.rename({"snapshot_date": ABSENT_FROM})
    # a closed branch names nobody from then on
    closings = scope.rows("branches", "branch_id", "close_date")
    closings = closings.rename({"close_date": ABSENT_FROM})
    dates = nw.concat([snapshots, closings])
    return (
        people.select(*KEYS, LAST_SEEN)
        .join(dates, on="branch_id", how="inner")
        .filter(nw.col(ABSENT_FROM) > nw.col(LAST_SEEN))
        .group_by(*KEYS)
        .agg(nw.col(ABSENT_FROM).min())
    )


def _without_money_since(absent: nw.LazyFrame, scope: Scope) -> nw.LazyFrame:
    months = scope.rows("aum_monthly", *KEYS, "month", "average_aum_cny", "point_aum_cny")
    has_money = nw.coalesce("point_aum_cny", "average_aum_cny") > 0
    holders = (
        absent.join(months.filter(has_money), on=list(KEYS), how="inner")
        .filter(nw.col("month") >= nw.col(ABSENT_FROM))
        .select(*KEYS)
        .unique()
    )
    return absent.join(holders, on=list(KEYS), how="anti")
