"""The eight MAN groups: coefficient, customers, assets, what is not known, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from stockcust.present.basis import basis_of
from stockcust.present.html import Html
from stockcust.present.tables.layout import Column, build_table
from stockcust.present.texts import Texts
from stockcust.present.totals import NOT_EFFECTIVE, UNKNOWN, by_man_group, lines_by

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang
    from stockcust.rulebook.man import ManId


def table_man(
    man: pd.DataFrame,
    rules: Rulebook,
    *,
    lang: Lang = "zh",
    as_of: date | str | None = None,
) -> Html:
    """Lay out the eight groups from the easiest to the hardest.

    Customers below the effective-customer threshold are among them, and on a line of their own.
    The notes name the active coefficients and how much about each letter is unknown.

    Parameters
    ----------
    man : one row per customer and branch, from `score_man`.
    rules : the rulebook that made the groups.
    lang : language of the words.
    as_of : the day that the subtitle names.
    """
    t = Texts(lang)
    lines = lines_by(man, ["man_group"])
    rows = pd.DataFrame([*_groups(man, rules, t), *_sums(lines, t)])
    return build_table(
        rows,
        [
            Column("group", t("man.group"), "name"),
            Column("difficulty", t("man.coefficient")),
            Column("n", t("n_customers")),
            Column("share", t("share_of_customers")),
            Column("aum", t("aum")),
            Column("action", t("man.action"), "long"),
        ],
        name="man",
        title=t("man.groups"),
        subtitle=basis_of(lines, t, as_of),
        notes=list(_notes(man, rules, t)),
        emphasis=list(rows["emphasis"]),
    )


def _groups(man: pd.DataFrame, rules: Rulebook, t: Texts) -> Iterator[dict[str, Any]]:
    totals = by_man_group(man)
    coefficients = rules.man.coefficients
    for group in sorted(rules.man.groups, key=lambda name: coefficients[name]):
        rule = rules.man.groups[group]
        n, aum = (totals[figure].get(group, 0) for figure in ("n_customers", "aum_cny"))
        yield {
            **_figures(n, aum, len(man), t),
            "group": f"{group} {rule.label[t.lang]}",
            "difficulty": coefficients[group],
            "action": _action(man, group, rules, t),
            "emphasis": None if coefficients[group] in rules.man.priority_coefficients else "apart",
        }


def _action(man: pd.DataFrame, group: ManId, rules: Rulebook, t: Texts) -> str:
    """What to do; where all of a group lack a letter only because it is unknown, to find out."""
    rows = man[man["man_group"] == group]
    letters = [
        rule.label[t.lang]
        for place, (name, rule) in enumerate(rules.man.letters.items())
        if group[place] != rule.has and len(rows) and (rows[name] == UNKNOWN).all()
    ]
    if letters:
        return t("man.obtain", letters=t.enumeration(letters))
    return rules.man.groups[group].action[t.lang]


def _sums(lines: pd.DataFrame, t: Texts) -> Iterator[dict[str, Any]]:
    """The total, and who of it is below the threshold, if anybody is."""
    empty = {"difficulty": "", "action": ""}
    n, aum = lines["n_customers"].sum(), lines["aum_cny"].sum()
    yield {**empty, **_figures(n, aum, n, t), "group": t("total"), "emphasis": "total"}
    low = lines[lines["man_group"] == NOT_EFFECTIVE]
    for low_n, low_aum in zip(low["n_customers"], low["aum_cny"]):
        name = t("man.of_which", line=t("not_effective"))
        yield {**empty, **_figures(low_n, low_aum, n, t), "group": name, "emphasis": "apart"}


def _figures(n: float, aum: float, everyone: float, t: Texts) -> dict[str, str]:
    return {"n": t.count(n), "share": t.share_of(n, everyone), "aum": t.money(aum)}


def _notes(man: pd.DataFrame, rules: Rulebook, t: Texts) -> Iterator[str]:
    preset = rules.man.coefficient_presets[rules.man.coefficient_preset].label[t.lang]
    first = t.enumeration(map(str, rules.man.priority_coefficients))
    yield t("man.note.preset", preset=preset, first=first)
    if man.empty:
        return
    unknown = {letter: (man[letter] == UNKNOWN).mean() for letter in rules.man.letters}
    said = (
        f"{label.label[t.lang]} {t.percent(unknown[letter])}"
        for letter, label in rules.man.letters.items()
    )
    yield t("man.note.unknown", shares=t.enumeration(said))
