"""Past list assignments with the effort they took and what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from stockcust.customers.scope import KEYS
from stockcust.rulebook.man import MAN_GROUPS
from stockcust.tables.engines import collect

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.tables import Bank

_KEYS = list(KEYS)
_ASSIGNED = [
    *_KEYS, "campaign_id", "batch_id", "purpose", "assign_date", "end_date", "is_control",
    "man_at_assign", "outcome", "outcome_date",
]  # fmt: skip
_CONTACTED = [*_KEYS, "campaign_id", "contact_time", "channel", "duration_minutes", "cost_cny"]
_EFFORT = ["n_contacts", "minutes", "cost_cny"]


def past_episodes(bank: Bank, rules: Rulebook) -> pd.DataFrame:
    """List product-sale assignments whose outcome window is over, with effort and success.

    The MAN group is the one written down at the assignment; hold-outs are left out. Effort is
    what the contact log has for the campaign, or for no campaign, from the assignment to the end
    of the window, by channels that count as contact, reached or not. Where minutes are missing,
    the rulebook's for the channel count.

    Parameters
    ----------
    bank : the bank's tables at a day (`bank.until`).
    rules : `report.outcome_window_months` and `man.capacity`.

    Returns
    -------
    One row per assignment: customer_id, branch_id, campaign_id, assign_date, window_end,
    man_group, difficulty, is_success (a purchase within the window), and n_contacts, minutes,
    cost_cny (null where there is no contact log). Empty without assignments or man_at_assign.
    """
    if not bank.has("assignments", "man_at_assign"):
        return _judged(pd.DataFrame(columns=_ASSIGNED), rules).assign(**dict.fromkeys(_EFFORT, 0.0))
    assigned = collect(bank.tables["assignments"]).reindex(columns=_ASSIGNED)
    judged = _judged(_sales(assigned), rules)
    judged = judged[judged["window_end"] <= pd.Timestamp(bank.as_of or bank.last_month_end)]
    judged = judged.reset_index(drop=True)
    if not bank.has("contacts"):
        return judged.assign(**dict.fromkeys(_EFFORT, float("nan")))
    contacts = collect(bank.tables["contacts"]).reindex(columns=_CONTACTED)
    return judged.join(_effort(judged, _counted(contacts, rules)))


def _sales(assigned: pd.DataFrame) -> pd.DataFrame:
    is_control = assigned["is_control"].astype("boolean").fillna(False)
    of_sale = assigned["purpose"].isna() | (assigned["purpose"] == "product_sale")
    return assigned[of_sale & ~is_control & assigned["man_at_assign"].notna()]


def _judged(assigned: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    names = {rules.man.groups[group].code: group for group in MAN_GROUPS}
    group = assigned["man_at_assign"].replace(names)
    start = _time(assigned["assign_date"])
    window = start + pd.DateOffset(months=rules.report.outcome_window_months)
    bought = _time(assigned["outcome_date"]).fillna(start)
    rows = assigned[[*_KEYS, "campaign_id"]].assign(
        assign_date=start,
        window_end=window,
        man_group=group,
        difficulty=group.map(dict(rules.man.coefficients)).astype("Int64"),
        is_success=(assigned["outcome"] == "purchase") & (bought <= window),
    )
    return rows[rows["difficulty"].notna()].reset_index(drop=True)


def _counted(contacts: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    counted = rules.familiarity.contact_frequency.counted_channels
    contacts = contacts[contacts["channel"].isin(list(counted))]
    usual = contacts["channel"].map(dict(rules.man.capacity.minutes_per_contact))
    minutes = contacts["duration_minutes"].astype("float64").fillna(usual.astype("float64"))
    return contacts.assign(minutes=minutes.fillna(0.0), cost_cny=contacts["cost_cny"].fillna(0.0))


def _effort(judged: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
    keyed = judged.rename_axis("episode").reset_index()
    pairs = keyed.merge(contacts, on=_KEYS, suffixes=("", "_contact"))
    same = pairs["campaign_id_contact"].isna() | (
        pairs["campaign_id_contact"] == pairs["campaign_id"]
    )
    day = _time(pairs["contact_time"]).dt.normalize()
    within = (day >= pairs["assign_date"]) & (day <= pairs["window_end"])
    chosen = pairs[same & within]
    sums = chosen.groupby("episode").agg(
        n_contacts=("contact_time", "size"),
        minutes=("minutes", "sum"),
        cost_cny=("cost_cny", "sum"),
    )
    return sums.reindex(judged.index).fillna(0.0).astype("float64")


def _time(column: pd.Series) -> pd.Series:
    """Times without a zone: Spark's have one, an empty column has no type."""
    return pd.to_datetime(column, utc=True).dt.tz_localize(None)
