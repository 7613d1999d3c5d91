"""What was spent on the customers of each manager, beside what became of their assets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from stockcust.kpis.costs import KINDS
from stockcust.kpis.figures import NETWORK
from stockcust.kpis.movement import KEYS, movement, transfers
from stockcust.kpis.ratios import moments, ratio
from stockcust.kpis.workload import BRANCH, MANAGER, UNMANAGED
from stockcust.rulebook.capacity import MINUTES_PER_HOUR

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook

_COSTS = [f"{kind}_cost_cny" for kind in KINDS]
_COUNTS = ["n_customers", "n_compared", "n_contacted", "n_estimated"]
_WORK = ["n_contacts", "minutes", *_COSTS, "cost_cny"]
_SPENT = ["n_contacts", "cost_cny"]
_PER = {"contact": "n_contacts", "hour": "hours"}
_CHANGE_PER = {
    unit: {
        "estimate": f"change_per_{unit}_cny",
        "ci_low": f"change_per_{unit}_low_cny",
        "ci_high": f"change_per_{unit}_high_cny",
    }
    for unit in _PER
}
_RATIOS = [
    "contacts_per_customer",
    "cost_per_gain",
    *(name for ends in _CHANGE_PER.values() for name in ends.values()),
]
COLUMNS = {
    **dict.fromkeys(("branch_id", "line", "id"), "str"),
    **dict.fromkeys(_COUNTS, "Int64"),
    **dict.fromkeys((*_WORK, "aum_change_cny", *_RATIOS), "float64"),
}


def effort(
    contacts: pd.DataFrame | None,
    costs: Mapping[str, pd.DataFrame],
    now: pd.DataFrame,
    before: pd.DataFrame | None,
    rules: Rulebook,
) -> pd.DataFrame:
    """Set contacts, minutes and costs of the managed customers beside their change in assets.

    The customers are those who had a manager when the window began: who left since counts with all
    the assets lost, who went to another branch with what is held there. The change in assets is no
    effect of the contacts: managers choose whom they contact, and money comes and goes for other
    reasons.

    Parameters
    ----------
    contacts : from `contacts_in_window`, from the day of ``before`` to that of ``now``.
    costs : from `costs_in_window`, of the same window.
    now, before : segments of the two days; without ``before`` the customers are those of now and
        there is no change.
    rules : ``man.capacity.minutes_per_contact`` is what a contact took of which the log has no
        duration; ``report.min_n_rate`` the fewest customers for a ratio.

    Returns
    -------
    One row per branch and line (manager, branch, and unmanaged: all other customers on whom
    something was spent), and the network's (branch ``*``) over the branches that keep a log:
    ``n_customers``, ``n_contacted`` of them, ``n_contacts``, ``n_estimated`` (contacts with the
    rulebook's minutes), ``minutes``, ``cost_cny`` and its kinds (null without such tables),
    ``contacts_per_customer``, ``aum_change_cny`` of ``n_compared`` customers, that change per
    contact and per hour with its interval (95 %), and ``cost_per_gain`` (yuan per yuan, where
    assets grew). A branch without a log has its customers and their change only. Empty without a
    log or without managers.
    """
    book = _book(now, before)
    if contacts is None or book["manager_id"].isna().all():
        return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    work = _work(contacts, rules).join(_spent(costs), how="outer").fillna(0.0)
    work = work.reindex(book.index.union(work.index), fill_value=0.0)
    rows = work.reindex(columns=[*_WORK, "n_estimated"]).join(book).reset_index()
    rows["cost_cny"] = rows[_COSTS].sum(axis=1, min_count=1)
    logged = now.loc[now["n_contacts"].notna(), "branch_id"].unique()
    table = _add_up(_lines(rows, logged), rules)
    is_logged = table["branch_id"].isin([*logged, NETWORK])
    known = [*_WORK, "n_contacted", "n_estimated", *_RATIOS]
    table[known] = table[known].where(is_logged)
    return table[list(COLUMNS)].astype(COLUMNS)


def _book(now: pd.DataFrame, before: pd.DataFrame | None) -> pd.DataFrame:
    """Manager and change in assets by customer and branch."""
    if before is None:
        return now[[*KEYS, "manager_id"]].assign(aum_change_cny=float("nan")).set_index(KEYS)
    rows = movement(now, before)
    held = rows["aum_cny"].astype("float64").where(rows["is_now"], 0.0)
    pairs = transfers(rows)
    held[pairs["ended"]] = held[pairs["began"]].to_numpy()
    change = rows[KEYS].assign(aum_change_cny=held - rows["aum_before_cny"].astype("float64"))
    return before[[*KEYS, "manager_id"]].merge(change, on=KEYS, how="left").set_index(KEYS)


def _work(contacts: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    """Contacts and minutes by customer and branch."""
    is_contact = contacts["n_contacts"] > 0
    usual = contacts["channel"].map(dict(rules.man.capacity.minutes_per_contact)).astype("float64")
    minutes = contacts["minutes"].fillna(usual)
    rows = contacts.assign(
        minutes=minutes.where(is_contact),
        n_estimated=(is_contact & contacts["minutes"].isna()).astype("float64"),
    )
    return rows.groupby(KEYS)[["n_contacts", "minutes", "n_estimated"]].sum()


def _spent(costs: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Costs by customer and branch, a column for each kind that there is."""
    nobody = pd.DataFrame(index=pd.MultiIndex.from_arrays([[], []], names=KEYS))
    spent = {
        f"{kind}_cost_cny": rows.groupby(KEYS)["cost_cny"].sum() for kind, rows in costs.items()
    }
    return pd.DataFrame(spent) if spent else nobody


def _lines(rows: pd.DataFrame, logged: Collection[str]) -> pd.DataFrame:
    """Each customer on the line of the manager, the branch and the network."""
    is_managed = rows["manager_id"].notna()
    is_logged, has_work = rows["branch_id"].isin(logged), rows[_SPENT].gt(0).any(axis=1)
    managed, others = rows[is_managed], rows[~is_managed & is_logged & has_work]
    everywhere = rows[is_managed & is_logged].assign(branch_id=NETWORK)
    parts = [
        managed.assign(line=MANAGER, id=managed["manager_id"]),
        # of these only those on whom something was spent: nothing to compare
        others.assign(line=UNMANAGED, id=UNMANAGED, aum_change_cny=float("nan")),
        *(part.assign(line=BRANCH, id=part["branch_id"]) for part in (managed, everywhere)),
    ]
    return pd.concat(parts, ignore_index=True)


def _add_up(rows: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    rows = rows.assign(
        n_customers=1,
        n_contacted=rows["n_contacts"] > 0,
        n_compared=rows["aum_change_cny"].notna(),
        hours=rows["minutes"] / MINUTES_PER_HOUR,
    )
    keys, min_n = ["branch_id", "line", "id"], rules.report.min_n_rate
    lines = rows.groupby(keys)
    # nothing known adds up to nothing known
    table = lines[_COUNTS].sum().join(lines[[*_WORK, "aum_change_cny"]].sum(min_count=1))
    is_book = table.index.get_level_values("line") != UNMANAGED
    per_customer = table["n_contacts"] / table["n_customers"]
    enough = (table["n_customers"] >= min_n) & is_book
    table["contacts_per_customer"] = per_customer.where(enough)
    gain = table["aum_change_cny"].where(table["aum_change_cny"] > 0)
    table["cost_per_gain"] = (table["cost_cny"] / gain).where(table["n_compared"] >= min_n)
    for unit, names in _CHANGE_PER.items():
        sums = moments(rows["aum_change_cny"], rows[_PER[unit]])
        found = ratio(sums.groupby([rows[key] for key in keys]).sum(), min_n)
        table = table.join(found.rename(columns=names))
    return table.reset_index()
