"""Managers' time against the customers they should develop first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from stockcust.man.priority import LISTED, NO_SELLING, RESERVE, UNASSIGNED
from stockcust.present.html import Html, paragraph
from stockcust.present.tables.layout import Column, build_table
from stockcust.present.texts import Texts

if TYPE_CHECKING:
    from stockcust.man import CallOrder
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

_PLACES = (LISTED, RESERVE, UNASSIGNED, NO_SELLING)


def table_call_order(order: CallOrder, rules: Rulebook, *, lang: Lang = "zh") -> Html:
    """Lay out how many customers of each coefficient are listed, in reserve or not sold to.

    Parameters
    ----------
    order : from `order_calls`.
    rules : the rulebook with the coefficients.
    lang : language of the words.
    """
    t = Texts(lang)
    if order.table.empty and order.unassigned.empty:
        return paragraph(t("nothing.no_list"), "call-order")
    counts = order.summary().pivot_table(
        "n_customers", "difficulty", "place", aggfunc="sum", fill_value=0
    )
    counts = counts.reindex(columns=list(_PLACES), fill_value=0)
    words = counts.map(t.count)
    words["difficulty"] = counts.index.astype("str")
    first = counts.index.isin(rules.man.priority_coefficients)
    return build_table(
        words,
        [
            Column("difficulty", t("man.difficulty"), "code"),
            *(Column(place, t(f"place.{place}")) for place in _PLACES),
        ],
        name="call-order",
        title=t("capacity.order"),
        emphasis=[None if is_first else "apart" for is_first in first],
    )


def table_capacity(capacity: pd.DataFrame, rules: Rulebook, *, lang: Lang = "zh") -> Html:
    """Lay out each manager's time against the list, and who is left in reserve.

    Parameters
    ----------
    capacity : one row per manager, from `CallOrder.capacity`.
    rules : the rulebook with the managers' time.
    lang : language of the words.
    """
    t = Texts(lang)
    if capacity.empty:
        return paragraph(t("nothing.no_managers"), "capacity")
    words = pd.DataFrame(
        {
            "manager": capacity["manager_id"],
            "listed": capacity["n_listed"].map(t.count),
            "used": [t.percent(share) for share in capacity["used_share"]],
            "hours": [f"{minutes / 60:.1f}" for minutes in capacity["minutes_planned"]],
            "reserve": capacity["n_reserve"].map(t.count),
            "first": capacity["n_priority_in_reserve"].map(t.count),
        }
    )
    hours = rules.man.capacity.hours_per_manager_per_month
    return build_table(
        words,
        [
            Column("manager", t("capacity.manager"), "code"),
            Column("listed", t("capacity.listed")),
            Column("hours", t("capacity.hours")),
            Column("used", t("capacity.used")),
            Column("reserve", t("capacity.reserve")),
            Column("first", t("capacity.first_in_reserve")),
        ],
        name="capacity",
        title=t("capacity.title"),
        notes=[t("capacity.note", hours=f"{hours:g}")],
    )
