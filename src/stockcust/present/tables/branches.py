"""All branches with their customers and assets, and what they come to together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from stockcust.present.disclosure import hide_small
from stockcust.present.html import Html
from stockcust.present.tables.layout import Column, build_table
from stockcust.present.texts import Texts

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang


def table_branches(branches: pd.DataFrame, rules: Rulebook, *, lang: Lang = "zh") -> Html:
    """Lay out the branches in the order of their ids, and their total.

    A branch of a few customers is hidden, and another with it that would give it away.

    Parameters
    ----------
    branches : one row per branch with `branch_id`, `branch_name`, `n_customers`, `aum_cny` and
        `aum_change_1m_cny`.
    rules : the rulebook of the report.
    lang : language of the words.
    """
    t = Texts(lang)
    least = rules.compliance.privacy.min_cell_size
    hidden = [*hide_small(branches[["n_customers"]], least)["n_customers"], False]
    figures = branches[["n_customers", "aum_cny", "aum_change_1m_cny"]]
    figures = pd.concat([figures, figures.sum(min_count=1).to_frame().T], ignore_index=True)
    aum = figures["aum_cny"]
    rows = pd.DataFrame(
        {
            "branch": [*branches["branch_name"], t("total")],
            "n": figures["n_customers"].map(t.count),
            "aum": aum.map(t.money),
            "share": [t.share_of(part, aum.iloc[-1]) for part in aum],
            "change": figures["aum_change_1m_cny"].map(t.money_change),
        }
    )
    rows.loc[hidden, ["n", "aum", "share", "change"]] = t("withheld")
    return build_table(
        rows,
        [
            Column("branch", t("branch"), "prose"),
            Column("n", t("n_customers")),
            Column("aum", t("aum")),
            Column("share", t("share_of_aum")),
            Column("change", t("change_in_month")),
        ],
        name="branches",
        title=t("branches.name"),
        subtitle=t("branches.basis", n=t.count(len(branches))),
        notes=[t("branches.hidden", n=least)] if any(hidden) else [],
        emphasis=[*[None] * len(branches), "total"],
    )
