"""Counts, sums, rates and means by branch; a rate always with its interval and its two numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from stockcust.kpis.catalogue import FIGURES, Figure
from stockcust.kpis.movement import movement

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook

NETWORK = "*"  # the branch_id under which the whole network's figures stand
# what the figures read; a column that is not there is unknown for everybody
_DTYPES: dict[str, Any] = {
    **dict.fromkeys(
        ("is_effective", "is_dormant", "is_dormant_valuable", "is_payroll", "is_pension",
         "is_mobile_active", "is_autodebit", "is_aum_fallback"),
        "boolean",
    ),
    **dict.fromkeys(
        ("aum_cny", "point_aum_cny", "aum_1m_ago_cny", "aum_change_1m_cny", "maturing_30d_cny",
         "n_kinds", "n_months_held", "tenure_months", "n_contacts", "info_share"),
        "Float64",
    ),
    **dict.fromkeys(
        ("manager_id", "tier", "tier_before", "group", "familiarity", "man_group", "money",
         "authority", "need"),
        "string",
    ),
    **dict.fromkeys(("month", "first_month", "last_contact_date"), "datetime64[us]"),
}  # fmt: skip


def figures(now: pd.DataFrame, before: pd.DataFrame | None, rules: Rulebook) -> pd.DataFrame:
    """Compute every figure for every branch and for the network.

    Parameters
    ----------
    now : segments with MAN, one row per customer and branch.
    before : segments of the baseline day, for the figures about change; None leaves them out.
    rules : the rulebook that made both.

    Returns
    -------
    One row per branch (``*`` is the network) and figure: ``branch_id``, ``figure``, ``kind``,
    ``estimate``, ``ci_low``, ``ci_high`` (Wilson, 95 %, shares only), ``numerator``,
    ``denominator``. Under ``report.min_n_rate`` cases a share has counts but no estimate.
    """
    rows = typed_movement(now, before)
    known = [f for f in FIGURES if before is not None or not f.is_change]
    everywhere = rows.assign(branch_id=NETWORK)
    parts = [_by_branch(figure, frame, rules) for figure in known for frame in (rows, everywhere)]
    return pd.concat(parts, ignore_index=True)


def typed_movement(now: pd.DataFrame, before: pd.DataFrame | None) -> pd.DataFrame:
    """A movement with every column that a figure reads, of one type whatever the engine."""
    rows = movement(now, before)
    unknown = pd.Series(None, index=rows.index, dtype="object")
    return rows.assign(
        **{name: rows.get(name, unknown).astype(dtype) for name, dtype in _DTYPES.items()}
    )


def _by_branch(figure: Figure, rows: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    values = figure.values(rows, rules).astype("Float64")
    grouped = values.groupby(rows["branch_id"])
    table = pd.DataFrame({"numerator": grouped.sum(), "denominator": grouped.count()})
    table = table.astype("float64").reset_index()
    return table.assign(figure=figure.id, kind=figure.kind, **_estimates(figure, table, rules))


def _estimates(figure: Figure, table: pd.DataFrame, rules: Rulebook) -> dict[str, pd.Series]:
    numerator, n = table["numerator"], table["denominator"]
    missing = pd.Series(np.nan, index=table.index)
    if figure.kind in ("count", "money"):
        return {"estimate": numerator.where(n > 0), "ci_low": missing, "ci_high": missing}
    estimate = (numerator / n).where(n > 0)
    if figure.kind == "mean":
        return {"estimate": estimate, "ci_low": missing, "ci_high": missing}
    return dict(share_with_interval(numerator, n, rules.report.min_n_rate))


def share_with_interval(numerator: pd.Series, n: pd.Series, min_n: int) -> pd.DataFrame:
    """A share of independent cases.

    Parameters
    ----------
    numerator, n : cases that hold, and all.
    min_n : the fewest cases for a share.

    Returns
    -------
    estimate, ci_low and ci_high (Wilson, 95 %), null under ``min_n`` cases.
    """
    cases = n.clip(lower=1)
    low, high = proportion_confint(numerator, cases, method="wilson")
    shares = {"estimate": numerator / cases, "ci_low": low, "ci_high": high}
    return pd.DataFrame(shares, index=n.index).where(n >= max(min_n, 1))
