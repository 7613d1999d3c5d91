"""Rows that point at customers, branches, managers and products that are not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from stockcust.tables.details import write_detail
from stockcust.tables.newcomers import is_since_snapshot, newcomers
from stockcust.tables.rows import Rows
from stockcust.tables.sources import Notice

_HARD = {"branch_id": "branches", "customer_id": "customers"}
_SOFT = {"manager_id": "managers", "product_id": "products", "campaign_id": "campaigns"}


def refuse_orphans(rows: Rows, tables: Mapping[str, Rows]) -> None:
    """Reject rows of an unknown customer or branch, but for newcomers and contacts with strangers.

    Customers, then aum_monthly are to be judged before the others: who is a newcomer shows there.
    """
    for column, home in _HARD.items():
        if home == rows.table.name or column not in rows.frame or home not in tables:
            continue
        ids, target = rows.frame[column], tables[home]
        kept = target.frame[column][target.alive].dropna().unique()
        orphan = (ids.notna() & ~ids.isin(kept)).to_numpy() & rows.alive
        if not orphan.any():
            continue
        lost = ids.isin(target.frame[column].dropna().unique()).to_numpy()
        if column == "customer_id":
            orphan &= lost | ~_may_be_unknown(rows, tables, kept)
        rows.reject(orphan & lost, column, f"{_noun(column)}_rejected")
        rows.reject(orphan & ~lost, column, f"unknown_{_noun(column)}", _hint(ids[orphan], kept))


def _noun(column: str) -> str:
    return column.removesuffix("_id")


def _may_be_unknown(rows: Rows, tables: Mapping[str, Rows], kept: Iterable[str]) -> np.ndarray:
    """Rows of people who are in no customer master yet, and whose id is not a mutilated one."""
    ids = rows.frame["customer_id"]
    if rows.table.name == "aum_monthly":
        allowed = is_since_snapshot(rows, tables["customers"].kept())
    else:
        allowed = ids.isin(newcomers(tables)).to_numpy()
    if rows.table.name == "contacts":
        allowed = allowed | _is_outreach(rows, tables)
    is_customer = ids.str.lstrip("0").isin(_bare(kept)).to_numpy(dtype=bool)
    return allowed & ~is_customer & rows.frame["branch_id"].notna().to_numpy()


def _is_outreach(contacts: Rows, tables: Mapping[str, Rows]) -> np.ndarray:
    """Contacts of outreach: they may be with people who are no customers."""
    outreach = pd.Series(False, index=contacts.frame.index)
    if "purpose" in contacts.frame:
        outreach |= contacts.frame["purpose"] == "outreach"
    if "campaign_id" in contacts.frame and "campaigns" in tables:
        campaigns = tables["campaigns"].kept().reindex(columns=["campaign_id", "audience"])
        ids = campaigns["campaign_id"][campaigns["audience"] == "outreach"]
        outreach |= contacts.frame["campaign_id"].isin(ids)
    return outreach.to_numpy(dtype=bool)


def _hint(orphans: pd.Series, kept: Iterable[str]) -> str:
    found = orphans.head(1000).str.lstrip("0").isin(_bare(list(kept)[:100_000])).any()
    return write_detail("other_leading_zeros") if found else ""


def _bare(ids: Iterable[str]) -> set[str]:
    return {str(known).lstrip("0") for known in ids}


def note_loose_ends(rows: Rows, tables: Mapping[str, Rows]) -> None:
    """Notice ids of managers, products and campaigns that their tables do not have."""
    name = rows.table.name
    for column, home in _SOFT.items():
        if home == name or column not in rows.frame or home not in tables:
            continue
        ids, target = rows.frame[column][rows.alive], tables[home]
        loose = ids[ids.notna() & ~ids.isin(target.frame[column][target.alive].unique())]
        if len(loose):
            code, detail = f"unknown_{_noun(column)}", write_detail("n_ids", n=loose.nunique())
            rows.notices.append(Notice(code, name, "", column, detail, len(loose)))


def note_newcomers(tables: Mapping[str, Rows]) -> None:
    """Notice customers with assets whom the customer master does not name yet."""
    if found := newcomers(tables):
        assets = tables["aum_monthly"]
        n = int(assets.living(["customer_id"])["customer_id"].isin(found).sum())
        detail = write_detail("n_ids", n=len(found))
        notice = Notice("not_in_master_yet", "aum_monthly", "", "customer_id", detail, n)
        assets.notices.append(notice)


def note_other_branches(rows: Rows, customers: Rows) -> None:
    """Notice rows at a branch where the customer master does not have the customer."""
    if rows.table.name == "customers" or not {"customer_id", "branch_id"} <= set(rows.frame):
        return
    pairs = customers.kept()[["customer_id", "branch_id"]].drop_duplicates()
    first = pairs.drop_duplicates("customer_id").set_index("customer_id")["branch_id"]
    frame = rows.living(["customer_id", "branch_id"])
    home = frame["customer_id"].map(first)
    elsewhere = home.notna() & (home != frame["branch_id"])
    suspects = frame[elsewhere & frame["branch_id"].notna() & frame["customer_id"].notna()]
    if suspects.empty:
        return
    known = pd.MultiIndex.from_frame(pairs)
    n = int(np.sum(~pd.MultiIndex.from_frame(suspects).isin(known)))
    if n:
        name = rows.table.name
        rows.notices.append(Notice("customer_at_other_branch", name, "", "branch_id", n=n))
