"""Some customers with the evidence that put them where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from stockcust.present.html import Html
from stockcust.present.labels import familiarity_name, group_name, tier_name
from stockcust.present.reasons import LETTERS, familiarity_reasons, letter_reasons
from stockcust.present.tables.layout import Column, build_table
from stockcust.present.texts import Texts

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

_SHOWN_OF_KEY = 8


def table_reasons(
    segments: pd.DataFrame, rules: Rulebook, *, lang: Lang = "zh", n: int = 8
) -> Html:
    """Lay out some customers of every group with the reasons for class and letters.

    Parameters
    ----------
    segments : one row per customer and branch with the keyed hash as `customer_id`, from
        `segment`; the letters are shown where `score_man` made them.
    rules : the rulebook that made the segments.
    lang : language of the words.
    n : how many customers; those with the most assets of each group come first.
    """
    t = Texts(lang)
    rows = _some_of_each_group(segments, n)
    words = pd.DataFrame(
        {
            "id": [f"{key[:_SHOWN_OF_KEY]}…" for key in rows["customer_id"]],
            "tier": [tier_name(tier, rules, t) for tier in rows["tier"]],
            "familiarity": [familiarity_name(name, rules, t) for name in rows["familiarity"]],
            "group": [group_name(group, rules, t) for group in rows["group"]],
            "reason": familiarity_reasons(rows, rules, lang=lang).to_numpy(),
        }
    )
    columns = [
        Column("id", t("reasons.id"), "code"),
        Column("tier", t("tier"), "code"),
        Column("familiarity", t("reasons.familiarity"), "code"),
        Column("group", t("group"), "name"),
        Column("reason", t("reasons.reason"), "long"),
    ]
    if set(LETTERS) <= set(rows):
        words["letters"] = _letters(rows, rules, t)
        columns.append(Column("letters", t("reasons.letters"), "long"))
    return build_table(
        words,
        columns,
        name="reasons",
        title=t("reasons.title"),
        subtitle=t("reasons.basis", n=t.count(len(rows)), all=t.count(len(segments))),
    )


def _some_of_each_group(segments: pd.DataFrame, n: int) -> pd.DataFrame:
    """The richest of each group, then the second of each, until there are enough."""
    ordered = segments.sort_values(
        ["group", "aum_cny", "customer_id"], ascending=[True, False, True]
    )
    turn = ordered.groupby("group").cumcount()
    chosen = turn.sort_values(kind="stable").index[:n]
    return segments.loc[chosen].sort_values(["group", "aum_cny"], ascending=[True, False])


def _letters(rows: pd.DataFrame, rules: Rulebook, t: Texts) -> list[str]:
    """The three letters of each customer, each with its reasons."""
    said = []
    for letter, rule in rules.man.letters.items():
        name = rule.label[t.lang]
        states = [t(f"reasons.state.{state}") for state in rows[letter]]
        reasons = letter_reasons(rows, letter, rules, lang=t.lang)
        said.append(
            [t("reasons.letter", name=name, state=s, reason=r) for s, r in zip(states, reasons)]
        )
    return [t("card.separator").join(of_one) for of_one in zip(*said)]
