"""Whom each manager should develop first, and how far the month's time reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd

from stockcust.tables.engines import collect

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook

LISTED, RESERVE, NO_SELLING, UNASSIGNED = "listed", "reserve", "no_selling", "unassigned"
_NEEDED = (
    "customer_id", "branch_id", "manager_id", "tier", "group", "aum_cny", "man_group",
    "difficulty", "is_priority", "authority_reason", "deployable_cny", "is_do_not_disturb",
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class CallOrder:
    """Customers in the order in which their managers develop them.

    Attributes
    ----------
    table : one row per customer and branch with a manager: customer_id, branch_id, manager_id,
        tier, group, man_group, difficulty, is_priority, expected_cny (what could be placed),
        minutes (of one contact), rank (within the manager; null for no_selling) and place:
        listed (within the month's time), reserve, or no_selling.
    unassigned : the same for customers without a manager, in order but without rank; place is
        unassigned or no_selling.
    capacity : one row per manager: manager_id, minutes_available, minutes_planned, n_listed,
        n_reserve, n_priority_in_reserve, used_share.
    """

    table: pd.DataFrame
    unassigned: pd.DataFrame
    capacity: pd.DataFrame

    def summary(self) -> pd.DataFrame:
        """Count customers by difficulty and place."""
        rows = pd.concat([self.table, self.unassigned], ignore_index=True)
        return rows.groupby(["difficulty", "place"]).size().rename("n_customers").reset_index()

    def __repr__(self) -> str:
        n = int((self.table["place"] == LISTED).sum())
        return (
            f"CallOrder({n:,} listed of {len(self.table):,}, {len(self.unassigned):,} unassigned)"
        )

    def _repr_html_(self) -> str:
        return self.capacity.to_html(index=False)


def order_calls(man: Any, rules: Rulebook) -> CallOrder:
    """Sort each manager's customers by difficulty, expected value and tier, and cut at capacity.

    A month's time is `man.capacity`; one contact takes the minutes of a visit where the group's
    cadence has visits, else those of the usual channel. The list is a prefix of the order: nobody
    stands on it ahead of someone easier. The group that is not sold to, a hard no to authority
    and customers who asked not to be disturbed are not on it.

    Parameters
    ----------
    man : one row per customer and branch, any engine, from `score_man`.
    rules : the rulebook.
    """
    frame = nw.from_native(man)
    columns = [name for name in _NEEDED if name in frame.collect_schema().names()]
    rows = collect(frame.select(*columns).to_native()).reindex(columns=list(_NEEDED))
    rows = _in_order(_with_values(rows, rules))
    managed = rows[rows["manager_id"].notna()].reset_index(drop=True)
    placed = _place(managed, rules)
    unassigned = rows[rows["manager_id"].isna()].reset_index(drop=True)
    nobody = np.where(unassigned["is_sold_to"], UNASSIGNED, NO_SELLING)
    drop = ["aum_cny", "deployable_cny", "authority_reason", "is_do_not_disturb", "is_sold_to"]
    return CallOrder(
        table=placed.drop(columns=drop),
        unassigned=unassigned.assign(place=nobody).drop(columns=drop),
        capacity=_capacity(placed, rules),
    )


def _with_values(rows: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    most = rows["aum_cny"] * rules.man.money.soft_cap_share_of_aum
    deployable = rows["deployable_cny"].astype("float64")
    expected = deployable.mask(deployable > most, most.astype("float64"))
    refuses = rows["is_do_not_disturb"].astype("boolean").fillna(False)
    hard_no = rows["authority_reason"].isin(rules.man.authority.hard_no)
    sold_to = (rows["man_group"] != "man") & ~hard_no & ~refuses
    minutes = rows["group"].map(_minutes_by_group(rules))
    usual = rules.man.capacity.minutes_per_contact[rules.man.capacity.usual_channel]
    return rows.assign(
        expected_cny=expected.fillna(0.0).round(2),
        is_sold_to=sold_to.astype("bool"),
        minutes=minutes.astype("float64").fillna(usual),
    )


def _minutes_by_group(rules: Rulebook) -> dict[str, float]:
    capacity = rules.man.capacity
    visit = capacity.minutes_per_contact["face_visit"]
    usual = capacity.minutes_per_contact[capacity.usual_channel]
    return {
        group: visit if plan.cadence.face_visits else usual for group, plan in rules.groups.items()
    }


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    # unknown tiers last; the keys only make the order the same on every run
    order = {"manager_id": True, "is_sold_to": False, "difficulty": True, "expected_cny": False}
    order |= {"_tier": False, "customer_id": True, "branch_id": True}
    tier = rows["tier"].where(rows["tier"] != "unknown", "T0")
    ordered = rows.assign(_tier=tier).sort_values(
        list(order), ascending=list(order.values()), ignore_index=True
    )
    return ordered.drop(columns="_tier")


def _place(managed: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    sold_to = managed["is_sold_to"]
    planned = managed["minutes"].where(sold_to, 0.0).groupby(managed["manager_id"]).cumsum()
    fits = planned <= rules.man.capacity.minutes_per_manager_per_month
    place = np.select([~sold_to, fits], [NO_SELLING, LISTED], default=RESERVE)
    rank = managed.groupby("manager_id").cumcount() + 1
    rank = rank.astype("Int64").where(sold_to)
    return managed.assign(rank=rank, place=place)


def _capacity(placed: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    listed, reserve = placed["place"] == LISTED, placed["place"] == RESERVE
    parts = pd.DataFrame(
        {
            "manager_id": placed["manager_id"],
            "minutes_planned": placed["minutes"].where(listed, 0.0),
            "n_listed": listed.astype("int64"),
            "n_reserve": reserve.astype("int64"),
            "n_priority_in_reserve": (reserve & placed["is_priority"]).astype("int64"),
        }
    )
    table = parts.groupby("manager_id").sum().reset_index()
    available = rules.man.capacity.minutes_per_manager_per_month
    table.insert(1, "minutes_available", available)
    return table.assign(used_share=table["minutes_planned"] / available)
