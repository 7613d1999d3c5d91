"""Month by month: old customers lost, new customers kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from stockcust.kpis import NETWORK
from stockcust.kpis.cohorts import spans_in_days, whole_months
from stockcust.kpis.retention import NEW_STAYED, NEW_STAYED_POOLED, OLD_LOST
from stockcust.present.html import Html, paragraph
from stockcust.present.tables.layout import Column, build_table
from stockcust.present.texts import Texts

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

_A_YEAR_AND_A_MONTH = 13


def table_retention(
    retention: pd.DataFrame,
    rules: Rulebook,
    *,
    branch_id: str | None = None,
    lang: Lang = "zh",
    n_months: int = _A_YEAR_AND_A_MONTH,
) -> Html:
    """Lay out every share by month, the last one first, with its counts and its interval.

    Parameters
    ----------
    retention : one row per branch, month, measure and days, from `kpis.retention`.
    rules : the rulebook that made it.
    branch_id : the branch; None for the network, where few customers are only said to be few.
    lang : language of the words.
    n_months : how many months to show.

    Returns
    -------
    A table, or a sentence where there is nothing to compare.
    """
    t = Texts(lang)
    rows = retention[retention["branch_id"] == (branch_id or NETWORK)]
    if rows.empty:
        return paragraph(t("nothing.no_retention"), "retention")
    by_key = {(x.month, x.measure, x.days): x for x in rows.itertuples()}
    months = sorted(rows["month"].unique(), reverse=True)[:n_months]
    columns = _columns(rules)
    lines = [
        [f"{month:%Y-%m}", *(_cell(by_key.get((month, *column)), rules, t) for column in columns)]
        for month in months
    ]
    headings = [_heading(*column, rules, t) for column in columns]
    keys = ["month", *(f"{measure}_{days}" for measure, days in columns)]
    return build_table(
        pd.DataFrame(lines, columns=keys),
        [
            Column("month", t("retention.month"), "code"),
            *(Column(key, said, "prose") for key, said in zip(keys[1:], headings)),
        ],
        name="retention",
        title=t("retention.name"),
        notes=[*define_retention(rules, t).values(), *_notes(rows, rules, t)],
    )


def define_retention(rules: Rulebook, t: Texts) -> dict[str, str]:
    """What is lost and what is kept, by name."""
    spans = spans_in_days(rules)
    days, months = (t.enumeration(map(str, x)) for x in (spans, map(whole_months, spans)))
    new_days = rules.status.new_customer.days
    return {
        t("retention.old_lost.name"): t(
            "retention.old_lost.definition", new=new_days, days=days, months=months
        ),
        t("retention.new_stayed.name"): t("retention.new_stayed.definition", days=days),
    }


def _columns(rules: Rulebook) -> list[tuple[str, int]]:
    """Measure and days of each column."""
    spans = spans_in_days(rules)
    return [
        *((OLD_LOST, days) for days in spans),
        *((NEW_STAYED, days) for days in spans),
        (NEW_STAYED_POOLED, spans[-1]),
    ]


def _heading(measure: str, days: int, rules: Rulebook, t: Texts) -> str:
    if measure == NEW_STAYED_POOLED:
        months = rules.report.cohort_window_months
        return t("retention.new_stayed_pooled.heading", days=days, months=months)
    return t(f"retention.{measure}.heading", days=days)


def _cell(row: Any, rules: Rulebook, t: Texts) -> str:
    if row is None or not row.denominator:
        return t("dash")
    least = rules.report.min_n_rate
    if row.branch_id == NETWORK and row.denominator < least:
        return t("few", n=least)
    counts = f"{row.numerator:,}/{row.denominator:,}"
    if row.is_provisional:
        return t("retention.provisional", counts=counts)
    if row.denominator < least:
        return counts
    rate = f"{t.percent(row.estimate, 1)} ({counts})"
    return t.join([rate, t.interval(row.ci_low, row.ci_high)])


def _notes(rows: pd.DataFrame, rules: Rulebook, t: Texts) -> Iterator[str]:
    yield t("retention.few", n=rules.report.min_n_rate)
    old = rows[(rows["measure"] == OLD_LOST) & (rows["days"] == spans_in_days(rules)[-1])]
    if len(old):
        last = old.sort_values("month").iloc[-1]
        yield t(
            "retention.left_out",
            month=f"{last['month']:%Y-%m}",
            excluded=t.count(last["n_excluded"]),
            unknown=t.count(last["n_unknown"]),
        )
    if not rows["is_leaving_seen"].all():
        yield t("retention.leaving_unseen")
