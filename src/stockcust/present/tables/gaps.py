"""How far customers stand from the next better cell: assets, contacts and information missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pandas as pd

from stockcust.kpis import is_critical
from stockcust.present.html import Html
from stockcust.present.tables.layout import Column, build_table
from stockcust.present.tables.lines import emphasis_of, group_lines
from stockcust.present.texts import Texts
from stockcust.present.totals import named_lines

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang


def table_gaps(segments: pd.DataFrame, rules: Rulebook, *, lang: Lang = "zh") -> Html:
    """Lay out for each group who is close to the next level and what the middle customer lacks.

    Customers below the effective-customer threshold stand on a line of their own.

    Parameters
    ----------
    segments : one row per customer and branch, from `segment`.
    rules : the rulebook that made the segments; `status.critical_upgrade` is the reach.
    lang : language of the words.
    """
    t = Texts(lang)
    near = is_critical(segments, rules).fillna(False)
    line, groups = named_lines(segments, "group"), group_lines(rules, t)
    ids = groups.in_order(set(line))
    rows = pd.DataFrame(_lines(segments.assign(is_near=near), line, ids, rules, t))
    rows["name"] = groups.named(ids, t)
    share = t.percent(rules.status.critical_upgrade.lower_share)
    return build_table(
        rows,
        [
            Column("name", groups.heading, "name"),
            Column("n", t("n_customers")),
            Column("near", t("gaps.near")),
            Column("aum", t("gaps.aum")),
            Column("contacts", t("gaps.contacts")),
            Column("information", t("gaps.information")),
            Column("next", t("gaps.next"), "name"),
        ],
        name="gaps",
        title=t("gaps.finding", n=t.count(near.sum())),
        notes=[t("gaps.note", share=share)],
        emphasis=emphasis_of(ids),
    )


def _lines(
    segments: pd.DataFrame, line: pd.Series, ids: list[str], rules: Rulebook, t: Texts
) -> Iterator[dict[str, str]]:
    plans = {str(id): plan for id, plan in rules.groups.items()}
    for id in ids:
        rows = segments[line == id]
        group = plans[id].next_step if id in plans else None
        yield {
            "n": t.count(len(rows)),
            "near": t.count(rows["is_near"].sum()),
            "aum": _middle(rows["aum_to_next_tier_cny"], t.money, t),
            "contacts": _middle(rows["contacts_to_next_level"], lambda n: f"{n:.1f}", t),
            "information": _middle(rows["info_share_to_next_level"], t.percent, t),
            "next": group.label[t.lang] if group else t("dash"),
        }


def _middle(gaps: pd.Series, say: Callable[[float], str], t: Texts) -> str:
    """The median of those who lack something."""
    known = gaps.dropna()
    return say(float(known.median())) if len(known) else t("dash")
