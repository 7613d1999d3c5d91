"""What was spent on customers in a window: contacts, gifts, and campaigns' fixed costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from stockcust.kpis.movement import KEYS
from stockcust.tables.engines import collect

if TYPE_CHECKING:
    from stockcust.tables import Bank

KINDS = ("contact", "campaign", "gift")
COLUMNS = [*KEYS, "campaign_id", "purpose", "cost_cny"]


@dataclass(frozen=True, slots=True)
class _Window:
    """Whole months up to the end of a day: start <= time < end."""

    start: pd.Timestamp
    end: pd.Timestamp

    @classmethod
    def of(cls, month_end: dt.date, months: int) -> _Window:
        """The months that end with a month's last day."""
        end = pd.Timestamp(month_end) + pd.Timedelta(days=1)
        return cls(end - pd.DateOffset(months=months), end)

    def holds(self, times: pd.Series) -> pd.Series:
        """Which times lie within."""
        return (times >= self.start) & (times < self.end)

    def share_of(self, first: pd.Series, last: pd.Series) -> pd.Series:
        """How much of the days from first to last, both counted, lies within."""
        end = last.fillna(first) + pd.Timedelta(days=1)
        within = end.where(end < self.end, self.end) - first.where(first > self.start, self.start)
        return (within / (end - first)).clip(lower=0)


def costs_in_window(
    bank: Bank, contacts: pd.DataFrame | None, month_end: dt.date, months: int
) -> Mapping[str, pd.DataFrame]:
    """List what was spent on whom, by kind of cost.

    A contact costs what the log says, else what its campaign gives per contact. Gifts are those of
    the gift ledger; with a ledger, gifts in the log cost nothing more. A campaign's fixed cost is
    spread evenly over its days, and those of the window over the customers on its list (without
    the hold-outs), or over the customers whom it contacted in the window if it has no list.

    Parameters
    ----------
    bank : the bank's tables at the day (`bank.until`).
    contacts : from `contacts_in_window`, of the same window.
    month_end : last day of the window; months : its length.

    Returns
    -------
    By kind (contact, campaign, gift), only those of which the tables have costs: one row per cost
    with customer_id, branch_id, campaign_id, purpose and cost_cny. The keys are null for a
    campaign that named nobody. Nothing without a contact log.
    """
    if contacts is None:
        return {}
    window = _Window.of(month_end, months)
    parts = {
        "contact": _of_contacts(bank, contacts),
        "campaign": _of_campaigns(bank, contacts, window),
        "gift": _of_gifts(bank, window),
    }
    return {kind: part.reindex(columns=COLUMNS) for kind, part in parts.items() if part is not None}


def _of_contacts(bank: Bank, contacts: pd.DataFrame) -> pd.DataFrame | None:
    has_own = bank.has("contacts", "cost_cny")
    has_planned = bank.has("contacts", "campaign_id") and bank.has(
        "campaigns", "cost_per_contact_cny"
    )
    if not (has_own or has_planned):
        return None
    cost = contacts["cost_cny"].astype("float64")
    if has_planned:
        planned = collect(bank.tables["campaigns"]).set_index("campaign_id")["cost_per_contact_cny"]
        cost = cost.fillna(contacts["campaign_id"].map(planned))
    rows = contacts.assign(cost_cny=cost.fillna(0.0))
    return rows[rows["channel"] != "gift"] if bank.has("gift_ledger") else rows


def _of_gifts(bank: Bank, window: _Window) -> pd.DataFrame | None:
    if not bank.has("gift_ledger"):
        return None
    gifts = collect(bank.tables["gift_ledger"])
    return gifts[window.holds(gifts["gift_date"])].rename(columns={"value_cny": "cost_cny"})


def _of_campaigns(bank: Bank, contacts: pd.DataFrame, window: _Window) -> pd.DataFrame | None:
    if not bank.has("campaigns", "cost_cny"):
        return None
    table = collect(bank.tables["campaigns"]).reindex(
        columns=["campaign_id", "purpose", "cost_cny", "start_date", "end_date"]
    )
    # without a last day everything was spent on the first
    last = pd.to_datetime(table["end_date"])
    cost = table["cost_cny"] * window.share_of(table["start_date"], last)
    due = table[["campaign_id", "purpose"]].assign(cost_cny=cost)[cost > 0]
    rows = due.merge(_named(bank, contacts), on="campaign_id", how="left")
    n_named = rows.groupby("campaign_id")["campaign_id"].transform("size")
    return rows.assign(cost_cny=rows["cost_cny"] / n_named)


def _named(bank: Bank, contacts: pd.DataFrame) -> pd.DataFrame:
    """The customers of each campaign: those listed, else those contacted."""
    columns = [*KEYS, "campaign_id"]
    contacted = contacts.loc[contacts["campaign_id"].notna(), columns].drop_duplicates()
    if not bank.has("assignments"):
        return contacted
    listed = collect(bank.tables["assignments"])
    if "is_control" in listed:
        listed = listed[~listed["is_control"].fillna(False).astype("bool")]
    listed = listed[columns].drop_duplicates()
    others = contacted[~contacted["campaign_id"].isin(listed["campaign_id"])]
    return pd.concat([listed, others], ignore_index=True)
