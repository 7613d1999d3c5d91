"""What past assignments took and brought by coefficient, and what each letter does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from stockcust.present.html import Html, paragraph
from stockcust.present.tables.layout import Column, build_table
from stockcust.present.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stockcust.man import Calibration
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang


def table_calibration(calibration: Calibration, rules: Rulebook, *, lang: Lang = "zh") -> Html:
    """Lay out success and effort by difficulty coefficient, and what contradicts the order.

    Parameters
    ----------
    calibration : from `calibrate`.
    rules : the rulebook with the active coefficients.
    lang : language of the words.
    """
    t = Texts(lang)
    rows = calibration.table
    if rows.empty:
        return paragraph(t("nothing.no_contacts"), "calibration")
    min_n = calibration.min_n
    words = pd.DataFrame(
        {
            "difficulty": rows["difficulty"].astype("str"),
            "success": [t.rate(k, n, min_n) for k, n in zip(rows["n_success"], rows["n"])],
            "interval": [t.interval(*ends) for ends in zip(rows["ci_low"], rows["ci_high"])],
            "contacts": [_number(x, t) for x in rows["mean_contacts"]],
            "minutes": [_number(x, t) for x in rows["mean_minutes"]],
            "cost": rows["mean_cost_cny"].map(t.money),
        }
    )
    return build_table(
        words,
        [
            Column("difficulty", t("man.difficulty"), "code"),
            Column("success", t("calibration.success.y")),
            Column("interval", t("ranking.interval")),
            Column("contacts", t("calibration.effort.y")),
            Column("minutes", t("calibration.minutes")),
            Column("cost", t("calibration.cost")),
        ],
        name="calibration",
        title=t("calibration.name"),
        subtitle=t("calibration.basis", n=t.count(rows["n"].sum())),
        notes=list(_notes(calibration, rules, t)),
    )


def table_letters(calibration: Calibration, rules: Rulebook, *, lang: Lang = "zh") -> Html:
    """Lay out what having each letter does to success while the other two stay equal.

    Parameters
    ----------
    calibration : from `calibrate`.
    rules : the rulebook with the letters.
    lang : language of the words.
    """
    t = Texts(lang)
    rows = calibration.letters
    if not rows[["n_has", "n_lacks"]].to_numpy().sum():
        return paragraph(t("nothing.no_contacts"), "letters")
    words = pd.DataFrame(
        {
            "letter": [rules.man.letters[letter].label[lang] for letter in rows["letter"]],
            "has": rows["n_has"].map(t.count),
            "lacks": rows["n_lacks"].map(t.count),
            "ratio": [_number(x, t) for x in rows["odds_ratio"]],
            "interval": [
                t("interval", low=_number(low, t), high=_number(high, t))
                for low, high in zip(rows["ci_low"], rows["ci_high"])
            ],
            "said": [t(f"separates.{code}") for code in rows["separates"]],
        }
    )
    return build_table(
        words,
        [
            Column("letter", t("separates.letter"), "code"),
            Column("has", t("separates.n_has")),
            Column("lacks", t("separates.n_lacks")),
            Column("ratio", t("separates.ratio")),
            Column("interval", t("ranking.interval")),
            Column("said", t("separates.said"), "code"),
        ],
        name="letters",
        title=t("separates.title"),
        notes=[t("separates.note")],
    )


def _notes(calibration: Calibration, rules: Rulebook, t: Texts) -> Iterator[str]:
    yield t(f"calibration.success.{calibration.success.verdict}")
    yield t(f"calibration.effort.{calibration.effort.verdict}")
    for row in calibration.warnings.to_dict("records"):
        clear = t("calibration.clear") if row["is_clear"] else t("calibration.unclear")
        yield t(
            f"calibration.warning.{row['code']}",
            easier=row["difficulty"],
            harder=row["next_difficulty"],
            clear=clear,
        )
    preset = rules.man.coefficient_presets[calibration.preset].label[t.lang]
    yield t("calibration.note", preset=preset)


def _number(value: float, t: Texts) -> str:
    return f"{value:.2f}" if value == value else t("dash")
