"""All evidence put together: the customers frame."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from stockcust.customers.activity import with_activity
from stockcust.customers.aum import with_aum
from stockcust.customers.authority import with_authority
from stockcust.customers.contacts import with_contacts
from stockcust.customers.deployable import with_deployable
from stockcust.customers.features import FEATURES
from stockcust.customers.holdings import with_holdings
from stockcust.customers.information import with_information
from stockcust.customers.need import with_need
from stockcust.customers.overrides import with_overrides
from stockcust.customers.people import people_in_scope
from stockcust.customers.profile import with_profile
from stockcust.customers.scope import Scope, scope_of, unknown
from stockcust.customers.transactions import with_transactions
from stockcust.tables.engines import to_pandas

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.tables.bank import Bank


def customers_as_of(bank: Bank, as_of: str | dt.date, rules: Rulebook) -> Any:
    """Everything known about each customer at the end of a day.

    Parameters
    ----------
    bank : the bank's tables; only `bank.until(as_of)` is looked at.
    as_of : the day, or an ISO date such as "2026-06-30". Assets are those of the last month
        completed by then, which the column ``month`` names.
    rules : the rulebook.

    Returns
    -------
    native frame of the bank's engine, one row per customer and branch in scope (who has closed
    the account or is missing from the newest snapshot is not, the deceased are, with their
    status), with the columns of `FEATURES`; null means unknown. The order of rows is not fixed.
    Without snapshot_date the undated columns of the customer master (occupation, manager, flags)
    are those of the file, whatever the day.

    Raises
    ------
    CallError : no date, or aum_monthly does not hold the month.
    """
    scope = scope_of(bank, as_of, rules)
    customers = _select(_evidence(scope))
    if bank.engine == "pandas":
        return to_pandas(customers.collect("polars", engine="streaming").to_arrow())
    return customers.to_native()


def _evidence(scope: Scope) -> nw.LazyFrame:
    people = people_in_scope(scope)
    customers = with_profile(people, scope)
    customers = with_information(customers, scope)
    customers = with_aum(customers, scope)
    customers = with_contacts(customers, people, scope)
    customers = with_overrides(customers, scope)
    customers = with_holdings(customers, scope)
    customers = with_transactions(customers, scope)
    customers = with_activity(customers, scope)
    customers = with_deployable(customers, scope)
    customers = with_authority(customers, people, scope)
    return with_need(customers, scope)


def _select(customers: nw.LazyFrame) -> nw.LazyFrame:
    there = set(customers.collect_schema().names())
    return customers.select(
        nw.col(f.name).cast(f.dtype) if f.name in there else unknown(f.dtype).alias(f.name)
        for f in FEATURES
    )
