"""Every relationship the bank ever had, and how it ended as far as is known on the day."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from stockcust.customers.exact import month_number
from stockcust.customers.people import ABSENT_FROM, LAST_SEEN, is_closed, latest_records
from stockcust.customers.scope import KEYS, Scope

CLOSED, BY_BANK, DECEASED, ABSENT = "closed", "by_bank", "deceased", "absent"
_MASTER = ("open_date", "close_date", "close_reason", "status", "snapshot_date")


def relationships(scope: Scope) -> nw.LazyFrame:
    """The customers of all times, those who have left too.

    Parameters
    ----------
    scope : the bank as known on the day.

    Returns
    -------
    One row per customer and branch: the keys, open_date, ``ending`` (closed, by_bank, deceased,
    absent from the newest snapshot; null while it goes on), ``ended_by`` (month of the end, null
    where the bank does not say) and ``last_seen`` (month of the last snapshot that names an absent
    customer, who left some time after it). Months are numbered by `month_number`.
    """
    records = latest_records(scope, *KEYS, *_MASTER).with_columns(ending=_ending())
    is_absent = nw.col("ending") == ABSENT
    return records.select(
        *KEYS,
        "open_date",
        "ending",
        ended_by=month_number(nw.coalesce("close_date", ABSENT_FROM)),
        last_seen=nw.when(is_absent).then(month_number(nw.col(LAST_SEEN))),
    )


def is_leaving_seen(scope: Scope) -> bool:
    """Whether the bank delivers anything that tells who has left."""
    marks = ("close_date", "status", "snapshot_date")
    return any(scope.has("customers", column) for column in marks)


def _ending() -> nw.Expr:
    by_bank = (nw.col("close_reason") == "bank").fill_null(False)
    is_dead = (nw.col("status") == "deceased").fill_null(False)
    of_closed = nw.when(by_bank).then(nw.lit(BY_BANK)).otherwise(nw.lit(CLOSED))
    of_absent = nw.when(~nw.col(ABSENT_FROM).is_null()).then(nw.lit(ABSENT))
    of_living = nw.when(is_closed()).then(of_closed).otherwise(of_absent)
    return nw.when(is_dead).then(nw.lit(DECEASED)).otherwise(of_living)
