"""How much binds a customer to the bank."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.stickiness import Tie

# columns that the index reads
FLAGS = ("is_payroll", "is_pension", "is_mobile_active", "is_autodebit")
NUMBERS = ("n_kinds", "n_months_held", "tenure_months")
DATES = ("month", "first_month")


def stickiness(customers: pd.DataFrame, rules: Rulebook) -> pd.Series:
    """Add up what ties each customer to the bank.

    Parameters
    ----------
    customers : one row per customer and branch with `FLAGS`, `NUMBERS` and `DATES`.
    rules : ``stickiness.ties`` has the weights.

    Returns
    -------
    The index per row, null where a tie that counts is not known. Months of holding count as a
    share of ``stickiness.full_after_months``, at most 1; where assets were held since the first
    month in the files, the age of the account tells how long.
    """
    ties = _ties(customers, rules.stickiness.full_after_months)
    weights = {name: tie.weight for name, tie in rules.stickiness.ties.items() if tie.weight}
    weighted = [ties[name].astype("Float64") * weight for name, weight in weights.items()]
    return sum(weighted[1:], start=weighted[0])


def _ties(customers: pd.DataFrame, full_after_months: int) -> dict[Tie, pd.Series]:
    flags = customers[list(FLAGS)].astype("boolean")
    return {
        "n_kinds": customers["n_kinds"],
        # a bank that pays no pensions has no such column
        "has_salary": flags["is_payroll"] | flags["is_pension"].fillna(False),
        "is_mobile_active": flags["is_mobile_active"],
        "is_autodebit": flags["is_autodebit"],
        "n_months_held": _full_share(customers, full_after_months),
    }


def _full_share(customers: pd.DataFrame, full: int) -> pd.Series:
    held, tenure = (customers[c].astype("Float64") for c in ("n_months_held", "tenure_months"))
    known = _month(customers["month"]) - _month(customers["first_month"]) + 1
    # held in every month that is known, and perhaps in some before
    is_open = (held >= known) & (held < full)
    longest = tenure.where(tenure.isna() | (tenure > held), held)
    return held.where(~is_open, longest).clip(upper=full) / full


def _month(day: pd.Series) -> pd.Series:
    return (day.dt.year * 12 + day.dt.month).astype("Float64")
