"""Customers whom the customer master does not name yet: they came since its last snapshot."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from stockcust.tables.rows import Rows


def is_since_snapshot(assets: Rows, customers: pd.DataFrame) -> np.ndarray:
    """Rows of aum_monthly of month ends at which their branch took no snapshot, after one it took.

    A branch that began after the bank's first snapshot need not have taken one. A later snapshot
    decides nothing here: who is counted on a day must not hang on what came after.

    Parameters
    ----------
    assets : the rows of aum_monthly.
    customers : kept rows of the customer master.
    """
    if "snapshot_date" not in customers:
        return np.zeros(len(assets.frame), dtype=bool)
    rows = assets.frame[["branch_id", "month"]]
    taken = customers[["branch_id"]].assign(month=customers["snapshot_date"].dt.normalize())
    taken = taken.dropna().drop_duplicates()
    began = rows["branch_id"].map(rows.groupby("branch_id")["month"].min())
    own_first = rows["branch_id"].map(taken.groupby("branch_id")["month"].min())
    is_since = (pd.to_datetime(own_first) < rows["month"]) | (taken["month"].min() < began)
    has_own = pd.MultiIndex.from_frame(rows).isin(pd.MultiIndex.from_frame(taken))
    return is_since.to_numpy(dtype=bool) & ~has_own


def with_newcomers(homes: pd.DataFrame, assets: Rows) -> pd.DataFrame:
    """The branches of the customers of the master, and of those who came since.

    Parameters
    ----------
    homes : customer_id and branch_id of the customer master.
    assets : the rows of aum_monthly, judged.
    """
    held = assets.living(["customer_id", "branch_id"])
    return pd.concat([homes, held[~held["customer_id"].isin(homes["customer_id"])]])


def newcomers(tables: Mapping[str, Rows]) -> set[str]:
    """Customers with assets whom the master does not name; aum_monthly has been judged before."""
    held = tables["aum_monthly"].living(["customer_id"])["customer_id"]
    return set(held.unique()) - set(tables["customers"].living(["customer_id"])["customer_id"])
