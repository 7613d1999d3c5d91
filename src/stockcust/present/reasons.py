"""Why a customer is in a class or has a letter, in words instead of codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from stockcust.present.labels import familiarity_name
from stockcust.present.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Label, Lang

LETTERS = ("money", "authority", "need")


def familiarity_reasons(segments: pd.DataFrame, rules: Rulebook, *, lang: Lang = "zh") -> pd.Series:
    """Say for each customer which evidence made the class.

    Parameters
    ----------
    segments : one row per customer and branch with `n_contacts`, `frequency_level`,
        `info_share`, `information_level`, `familiarity` and `familiarity_reason`.
    rules : the rulebook that made the segments.
    lang : language of the words.
    """
    t = Texts(lang)
    columns = [
        "familiarity_reason", "familiarity", "n_contacts", "frequency_level",
        "info_share", "information_level",
    ]  # fmt: skip
    rows = segments[columns].itertuples(index=False, name=None)
    said = [_familiarity_reason(dict(zip(columns, row)), rules, t) for row in rows]
    return pd.Series(said, index=segments.index, dtype="str")


def letter_reasons(
    man: pd.DataFrame, letter: str, rules: Rulebook, *, lang: Lang = "zh"
) -> pd.Series:
    """Say for each customer why a letter of MAN is there, lacks or is unknown.

    Parameters
    ----------
    man : one row per customer and branch, from `score_man`.
    letter : ``"money"``, ``"authority"`` or ``"need"``.
    rules : the rulebook that made the letters.
    lang : language of the words.
    """
    t = Texts(lang)
    codes = man[f"{letter}_reason"]
    said = {code: say_codes(code, letter, rules, t) for code in codes.dropna().unique()}
    return codes.map(said).fillna(t("unknown")).astype("str")


def say_codes(codes: str, letter: str, rules: Rulebook, t: Texts) -> str:
    """Word the codes of one letter, joined by semicolons, as one list."""
    labels = _labels(letter, rules)
    said = (
        labels[code][t.lang] if code in labels else t(f"reason.{letter}.{code}")
        for code in codes.split(";")
    )
    return t.enumeration(said)


def _labels(letter: str, rules: Rulebook) -> Mapping[str, Label]:
    """The rulebook's own words for its evidence."""
    if letter == "authority":
        return {name: item.label for name, item in rules.man.authority.score_items.items()}
    if letter == "need":
        need = rules.man.need
        parts = (need.strong, need.weak, need.blocks)
        return {name: item.label for part in parts for name, item in part.items()}
    return {}


def _familiarity_reason(row: Mapping[str, Any], rules: Rulebook, t: Texts) -> str:
    code = row["familiarity_reason"]
    if code in ("no_contact_log", "no_information"):
        return t(f"reason.familiarity.{code}")
    levels = rules.familiarity.levels
    evidence = t(
        "reason.familiarity.evidence",
        months=rules.familiarity.contact_frequency.window_months,
        n=f"{row['n_contacts']:g}",
        frequency=levels[row["frequency_level"]][t.lang],
        share=t.percent(row["info_share"], 1),
        information=levels[row["information_level"]][t.lang],
    )
    label = familiarity_name(row["familiarity"], rules, t)
    return t(f"reason.familiarity.{code}", evidence=evidence, label=label)
