"""Rows that point at customers, branches, managers and products that are not there."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from stockcust.tables.rows import Rows
from stockcust.tables.sources import Notice

_HARD = {"branch_id": "branches", "customer_id": "customers"}
_SOFT = {"manager_id": "managers", "product_id": "products", "campaign_id": "campaigns"}


def refuse_orphans(rows: Rows, tables: Mapping[str, Rows]) -> None:
    """Reject rows of an unknown customer or branch."""
    for column, home in _HARD.items():
        if home == rows.table.name or column not in rows.frame or home not in tables:
            continue
        ids, target = rows.frame[column], tables[home]
        kept = set(target.frame[column][target.alive])
        orphan = (ids.notna() & ~ids.isin(kept)).to_numpy() & rows.alive
        if not orphan.any():
            continue
        rejected = set(target.frame[column].dropna()) - kept
        lost = ids.isin(rejected).to_numpy()
        noun = column.removesuffix("_id")
        rows.reject(orphan & lost, column, f"{noun}_rejected", f"its row in {home} was rejected")
        rows.reject(orphan & ~lost, column, f"unknown_{noun}", _hint(ids[orphan], kept, home))


def _hint(orphans: pd.Series, kept: set[str], home: str) -> str:
    bare = {str(known).lstrip("0") for known in list(kept)[:100_000]}
    found = orphans.head(1000).str.lstrip("0").isin(bare).any()
    return f"not in {home}" + ("; with other leading zeros it would be" if found else "")


def note_loose_ends(rows: Rows, tables: Mapping[str, Rows]) -> None:
    """Notice ids of managers, products and campaigns that their tables do not have."""
    name = rows.table.name
    for column, home in _SOFT.items():
        if home == name or column not in rows.frame or home not in tables:
            continue
        ids, target = rows.frame[column][rows.alive], tables[home]
        loose = ids[ids.notna() & ~ids.isin(set(target.frame[column][target.alive]))]
        if len(loose):
            detail = f"{loose.nunique()} ids not in {home}"
            rows.notices.append(
                Notice(
                    f"unknown_{column.removesuffix('_id')}", name, "", column, detail, len(loose)
                )
            )


def note_other_branches(rows: Rows, customers: Rows) -> None:
    """Notice rows at a branch where the customer master does not have the customer."""
    if rows.table.name == "customers" or not {"customer_id", "branch_id"} <= set(rows.frame):
        return
    pairs = customers.kept()[["customer_id", "branch_id"]].drop_duplicates()
    first = pairs.drop_duplicates("customer_id").set_index("customer_id")["branch_id"]
    frame = rows.frame if rows.alive.all() else rows.frame[rows.alive]
    elsewhere = frame["customer_id"].map(first) != frame["branch_id"]
    suspects = frame.loc[
        elsewhere & frame["branch_id"].notna() & frame["customer_id"].notna(),
        ["customer_id", "branch_id"],
    ]
    if suspects.empty:
        return
    known = pd.MultiIndex.from_frame(pairs)
    n = int(np.sum(~pd.MultiIndex.from_frame(suspects).isin(known)))
    if n:
        detail = "the customer master has the customer at another branch"
        rows.notices.append(
            Notice("customer_at_other_branch", rows.table.name, "", "branch_id", detail, n)
        )
