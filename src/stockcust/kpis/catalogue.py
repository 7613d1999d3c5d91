"""The figures of a branch: who counts in each, and who stands above the line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Literal

import pandas as pd

from stockcust.kpis.critical import is_critical
from stockcust.kpis.movement import transfers
from stockcust.kpis.stickiness import stickiness

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook

Kind = Literal["count", "money", "share", "mean"]
Values = Callable[[pd.DataFrame, "Rulebook"], pd.Series]
_LONGEST_YEAR_DAYS = 366


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a branch.

    Attributes
    ----------
    id : name of the figure.
    kind : count and share take flags, money and mean take amounts.
    values : flag or amount per row of a movement; null takes the row out of the denominator.
    is_change : needs an earlier day.
    """

    id: str
    kind: Kind
    values: Values
    is_change: bool = False


def _among(flag: pd.Series, eligible: pd.Series) -> pd.Series:
    """The flag where the row is eligible, null elsewhere."""
    return flag.astype("boolean").where(eligible.astype("boolean").fillna(False))


def _of_customers(column: str) -> Values:
    return lambda rows, _: rows[column].where(rows["is_now"])


def _is_unknown(column: str) -> Values:
    return lambda rows, _: _among(rows[column] == "unknown", rows["is_now"] & rows[column].notna())


def _tier_rank(column: pd.Series, rules: Rulebook) -> pd.Series:
    order = {tier.id: rank for rank, tier in enumerate(rules.tiers.active)}
    return column.map(order).astype("Float64")


def _moved(rows: pd.DataFrame, rules: Rulebook) -> pd.Series:
    """Tiers climbed since the baseline: none for who left, unknown with an unknown tier."""
    rise = _tier_rank(rows["tier"], rules) - _tier_rank(rows["tier_before"], rules)
    return rise.where(rows["is_now"], 0).where(rows["is_before"])


def _upgraded(rows: pd.DataFrame, rules: Rulebook) -> pd.Series:
    return _among(_moved(rows, rules) > 0, rows["tier_before"] != rules.tiers.active[-1].id)


def _downgraded(rows: pd.DataFrame, rules: Rulebook) -> pd.Series:
    return _among(_moved(rows, rules) < 0, rows["tier_before"] != rules.tiers.active[0].id)


def _gone(rows: pd.DataFrame, _: Rulebook) -> pd.Series:
    """Who left; a customer who went to another branch is still with the bank."""
    is_elsewhere = rows.index.isin(transfers(rows)["ended"])
    return _among(~rows["is_now"] & ~is_elsewhere, rows["is_before"])


def _critical(rows: pd.DataFrame, rules: Rulebook) -> pd.Series:
    return _among(is_critical(rows, rules), rows["is_now"])


def _at_risk(rows: pd.DataFrame, rules: Rulebook) -> pd.Series:
    """Whether any of the signs is there; null only where none of them can be judged."""
    risk = rules.status.downgrade_risk
    minimum = rows["tier"].map({tier.id: tier.min_cny for tier in rules.tiers.active})
    maturing = rows["maturing_30d_cny"]
    signs = [
        rows["aum_change_1m_cny"] <= risk.aum_change_1m_share_le * rows["aum_1m_ago_cny"],
        (maturing >= risk.maturing_30d_share_ge * rows["point_aum_cny"]) & (maturing > 0),
    ]
    if risk.has_point_below_tier_min:
        # a balance that stands in for the average is never below the tier that it gives
        is_own = ~rows["is_aum_fallback"].fillna(False)
        signs.append((rows["point_aum_cny"] < minimum.astype("Float64")).where(is_own))
    known = pd.concat(signs, axis=1).astype("boolean")
    flagged = known.any(axis=1).astype("boolean").where(known.notna().any(axis=1))
    return _among(flagged, rows["is_now"] & (rows["tier"] != rules.tiers.active[0].id))


def _has_manager(rows: pd.DataFrame, _: Rulebook) -> pd.Series:
    """Null for everybody where the bank names no manager at all."""
    is_named = rows["manager_id"].notna()
    return _among(is_named, rows["is_now"] & bool(is_named.any()))


def _contacted(rows: pd.DataFrame, _: Rulebook) -> pd.Series:
    month_start = rows["month"] + pd.Timedelta(days=1) - pd.offsets.MonthBegin()
    is_judged = rows["is_now"] & rows["n_contacts"].notna() & rows["month"].notna()
    contacted = (rows["last_contact_date"] >= month_start).astype("boolean").fillna(False)
    return _among(contacted, is_judged & rows["manager_id"].notna())


def _on_cadence(rows: pd.DataFrame, rules: Rulebook) -> pd.Series:
    """Whether the last contact is not longer ago than the group's cadence allows; never: no."""
    cadences = {id: group.cadence.contacts_per_year for id, group in rules.groups.items()}
    days = rows["group"].map({id: ceil(_LONGEST_YEAR_DAYS / n) for id, n in cadences.items() if n})
    since = (rows["month"] - rows["last_contact_date"]).dt.days
    is_due = rows["is_now"] & days.notna() & rows["n_contacts"].notna() & rows["month"].notna()
    return _among((since <= days).astype("boolean").fillna(False), is_due)


def _information_complete(rows: pd.DataFrame, rules: Rulebook) -> pd.Series:
    return _among(rows["info_share"] >= rules.familiarity.information.high_ge, rows["is_now"])


def _stickiness(rows: pd.DataFrame, rules: Rulebook) -> pd.Series:
    return stickiness(rows, rules).where(rows["is_now"])


def _of_man_group(is_so: Callable[[str, Rulebook], bool]) -> Values:
    """Whether the MAN group is such; null for all where a letter nobody knows could tell."""

    def values(rows: pd.DataFrame, rules: Rulebook) -> pd.Series:
        best = group = rows["man_group"]
        for place, (name, letter) in enumerate(rules.man.letters.items()):
            if (rows.loc[rows["is_now"], name] == "unknown").all():
                best = best.str.slice_replace(place, place + 1, letter.has)
        flags = {name: is_so(name, rules) for name in rules.man.groups}
        is_group_so, could_be = (x.map(flags).astype("boolean") for x in (group, best))
        is_open = rows["is_now"] & could_be & ~is_group_so
        # the others alone would make a share that no letter could raise
        return _among(is_group_so, rows["is_now"] & (not is_open.any()))

    return values


def _is_angel(group: str, rules: Rulebook) -> bool:
    return group == "".join(letter.has for letter in rules.man.letters.values())


def _is_priority(group: str, rules: Rulebook) -> bool:
    return rules.man.coefficients[group] in rules.man.priority_coefficients  # type: ignore[index]


FIGURES: tuple[Figure, ...] = (
    Figure("customers", "count", lambda rows, _: rows["is_now"]),
    Figure("aum_cny", "money", _of_customers("aum_cny")),
    Figure("aum_per_customer_cny", "mean", _of_customers("aum_cny")),
    Figure("effective_share", "share", _of_customers("is_effective")),
    Figure("upgrade_share", "share", _upgraded, is_change=True),
    Figure("downgrade_share", "share", _downgraded, is_change=True),
    Figure("gone_share", "share", _gone, is_change=True),
    Figure("critical_upgrades", "count", _critical),
    Figure("downgrade_risks", "count", _at_risk),
    Figure("maturing_30d_cny", "money", _of_customers("maturing_30d_cny")),
    Figure("dormant_share", "share", _of_customers("is_dormant")),
    Figure("valuable_dormant", "count", _of_customers("is_dormant_valuable")),
    Figure("managed_share", "share", _has_manager),
    Figure("contacted_share", "share", _contacted),
    Figure("cadence_share", "share", _on_cadence),
    Figure("information_complete_share", "share", _information_complete),
    Figure("kinds_per_customer", "mean", _of_customers("n_kinds")),
    Figure("ties_per_customer", "mean", _stickiness),
    Figure("angels", "count", _of_man_group(_is_angel)),
    Figure("priority_share", "share", _of_man_group(_is_priority)),
    Figure("authority_unknown_share", "share", _is_unknown("authority")),
    Figure("familiarity_unknown_share", "share", _is_unknown("familiarity")),
)
