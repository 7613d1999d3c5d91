"""Outreach to strangers beside contacts with existing customers: success, days, cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from stockcust.kpis.costs import COLUMNS as COST_COLUMNS
from stockcust.kpis.figures import NETWORK
from stockcust.kpis.movement import KEYS
from stockcust.kpis.ratios import moments, share_of_events
from stockcust.tables.engines import collect

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.tables import Bank

OUTREACH, EXISTING = "outreach", "existing"
AUDIENCES = (OUTREACH, EXISTING)
_JUDGED = ["success_share", "ci_low", "ci_high", "median_days", "cost_per_success_cny"]
COLUMNS = {
    **dict.fromkeys(("branch_id", "audience"), "str"),
    **dict.fromkeys(("n_people", "n_attempts", "n_successes", "n_strangers"), "int64"),
    **dict.fromkeys(
        ("success_share", "ci_low", "ci_high", "median_days", "cost_cny", "cost_per_success_cny"),
        "float64",
    ),
}


def outreach(
    bank: Bank, contacts: pd.DataFrame | None, costs: Mapping[str, pd.DataFrame], rules: Rulebook
) -> pd.DataFrame:
    """Compare how outreach and contacts with existing customers succeed, how soon, at what cost.

    A contact is outreach if its campaign's audience is, else if its purpose is. An attempt is a row
    of the log by a channel that counts as contact, not begun by the customer; it is a success if
    it is an effective contact.

    Parameters
    ----------
    bank : the bank's tables at the day (`bank.until`).
    contacts : from `contacts_in_window`.
    costs : from `costs_in_window`, of the same window; gifts do not count.
    rules : ``familiarity.contact_frequency`` and ``report.min_n_rate``.

    Returns
    -------
    One row per branch (``*`` is the network) and audience: ``n_people``, ``n_attempts``,
    ``n_successes``, ``success_share`` of the attempts with its interval (95 %, over people),
    ``median_days`` of a person from the first attempt in the window to the first success,
    ``cost_cny``, ``cost_per_success_cny`` (null without costs) and ``n_strangers`` (people who are
    not in the customer master). No share, days or cost per success of fewer people than for a
    rate; and none of an outreach whose log has no stranger in it: it knows those alone who were
    won, and would flatter. Empty without a log, or where neither purposes nor campaigns tell the
    audience.
    """
    if contacts is None or not _tells_audience(bank):
        return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    audiences = _audiences(bank)
    known = pd.MultiIndex.from_frame(collect(bank.tables["customers"])[KEYS])
    tried = _tried(contacts.assign(audience=_audience(contacts, audiences)), rules)
    tried["is_stranger"] = ~pd.MultiIndex.from_frame(tried[KEYS]).isin(known)
    spent = _spent(costs, audiences)
    parts = [
        _compare(people, money, rules)
        for people, money in ((tried, spent), (_everywhere(tried), _everywhere(spent)))
    ]
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)].astype(COLUMNS)


def _tells_audience(bank: Bank) -> bool:
    by_campaign = bank.has("contacts", "campaign_id") and bank.has("campaigns", "audience")
    return by_campaign or bank.has("contacts", "purpose")


def _audiences(bank: Bank) -> pd.Series:
    """The audience of each campaign."""
    if not bank.has("campaigns", "audience"):
        return pd.Series(dtype="str")
    return collect(bank.tables["campaigns"]).set_index("campaign_id")["audience"].dropna()


def _audience(rows: pd.DataFrame, audiences: pd.Series) -> pd.Series:
    by_purpose = rows["purpose"].eq(OUTREACH).map({True: OUTREACH, False: EXISTING})
    return rows["campaign_id"].map(audiences).astype("str").fillna(by_purpose)


def _tried(contacts: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    """One row per person and audience: attempts, successes, days to the first of these."""
    channels = rules.familiarity.contact_frequency.counted_channels
    is_own = contacts["direction"] == "in"
    attempts = contacts[contacts["channel"].isin(list(channels)) & ~is_own]
    days = attempts["contact_time"].dt.normalize()
    rows = attempts.assign(day=days, success_day=days.where(attempts["is_talk"]))
    found = rows.groupby(["audience", *KEYS]).agg(
        n_attempts=("is_talk", "size"),
        n_successes=("is_talk", "sum"),
        first=("day", "min"),
        success=("success_day", "min"),
    )
    return found.assign(days=(found["success"] - found["first"]).dt.days).reset_index()


def _spent(costs: Mapping[str, pd.DataFrame], audiences: pd.Series) -> pd.DataFrame:
    """Costs of contacts and campaigns with their audience."""
    parts = [costs[kind] for kind in ("contact", "campaign") if kind in costs]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COST_COLUMNS)
    return rows.assign(audience=_audience(rows, audiences))


def _everywhere(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(branch_id=NETWORK)


def _compare(people: pd.DataFrame, spent: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    keys, min_n = ["branch_id", "audience"], rules.report.min_n_rate
    lines = people.groupby(keys)
    table = lines[["n_attempts", "n_successes", "is_stranger"]].sum()
    table = table.rename(columns={"is_stranger": "n_strangers"}).assign(n_people=lines.size())
    table["cost_cny"] = spent.groupby(keys)["cost_cny"].sum()
    sums = moments(people["n_successes"], people["n_attempts"])
    shares = share_of_events(sums.groupby([people[key] for key in keys]).sum(), min_n)
    table = table.join(shares.rename(columns={"estimate": "success_share"}))
    successes = table["n_successes"].where(table["n_successes"] > 0)
    table["cost_per_success_cny"] = table["cost_cny"] / successes
    table["median_days"] = lines["days"].median()
    is_whole = (table.index.get_level_values("audience") == EXISTING) | (table["n_strangers"] > 0)
    table[_JUDGED] = table[_JUDGED].where((table["n_people"] >= min_n) & is_whole)
    return table.reset_index()
