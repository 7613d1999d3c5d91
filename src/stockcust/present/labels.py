"""The rulebook's names as a reader sees them, with a word for what is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockcust.present.texts import Texts
from stockcust.present.totals import UNKNOWN
from stockcust.rulebook.dimensions import BinnedDimension
from stockcust.segmentation.dimensions import class_codes
from stockcust.tables.contract import load_contract

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import FamiliarityId
    from stockcust.rulebook.tiers import Tier


def tier_name(tier_id: str, rules: Rulebook, t: Texts) -> str:
    """Id and label of a tier."""
    if tier_id == UNKNOWN:
        return t("tier_unknown")
    return next(f"{tier_id} {x.label[t.lang]}" for x in rules.tiers.active if x.id == tier_id)


def tier_floor(tier: Tier, t: Texts) -> str:
    """From which amount a tier reaches upwards; for the lowest, below which."""
    if tier.min_cny:
        return t("range.from", low=t.money(tier.min_cny))
    return t("range.below", high=t.money(tier.max_cny))


def tier_range(tier: Tier, t: Texts) -> str:
    """From which to below which amount a tier reaches."""
    if tier.max_cny is None or not tier.min_cny:
        return tier_floor(tier, t)
    return t.money_range(tier.min_cny, tier.max_cny)


def group_name(group_id: str, rules: Rulebook, t: Texts) -> str:
    """Id and label of a group."""
    if group_id == UNKNOWN:
        return t("group_unknown")
    return f"{group_id} {rules.groups[group_id].label[t.lang]}"  # type: ignore[index]


def familiarity_name(class_id: str, rules: Rulebook, t: Texts) -> str:
    """Label of a familiarity class."""
    if class_id == UNKNOWN:
        return t("familiarity_unknown")
    return rules.familiarity.classes[class_id].label[t.lang]  # type: ignore[index]


def classes_left_to_right(rules: Rulebook) -> list[FamiliarityId]:
    """Familiarity classes from stranger to familiar."""
    return sorted(rules.familiarity.classes, key=lambda c: rules.familiarity.classes[c].score)


def dimension_labels(dimension: str, rules: Rulebook, t: Texts) -> dict[str, str]:
    """Names of the classes of another dimension by code, in order, unknown last."""
    rule = rules.dimensions[dimension]
    if isinstance(rule, BinnedDimension):
        labels = [each.label for each in rule.bins]
    else:
        labels = list(rule.codes.values())
    names = [label[t.lang] for label in (*labels, rule.unknown)]
    return dict(zip(class_codes(dimension, rules), names, strict=True))


def table_name(table: str, t: Texts) -> str:
    """The contract's name of a table; a file that is none keeps its own."""
    known = load_contract().tables.get(table)
    if known is None:
        return table
    return known.zh if t.lang == "zh" else known.en


def column_name(table: str, column: str, t: Texts) -> str:
    """The contract's name of a column, Chinese or the identifier."""
    known = load_contract().tables.get(table)
    if t.lang != "zh" or known is None or column not in known.columns:
        return column
    return known.columns[column].zh
