"""What made the assets of one day into those of another; the parts add up to the fen."""

from __future__ import annotations

import pandas as pd

from stockcust.kpis.movement import movement, transfers

COMPONENTS = ("opening", "new", "upgrades", "declines", "lost", "transfers", "closing")


def waterfall(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Split the change in assets of each branch into its sources.

    Parameters
    ----------
    now, before : segments of the two days, one row per customer and branch.

    Returns
    -------
    One row per branch and component: ``branch_id``, ``component``, ``aum_cny`` (yuan, signed) and
    ``n_customers``. opening + new + upgrades + declines + lost + transfers = closing. Upgrades
    and declines are gains and falls of those who stayed; a customer who went from one branch to
    another moves what was held at the earlier day, so transfers cancel over all branches.
    """
    rows = movement(now, before)
    rows = rows.assign(opening=_fen(rows["aum_before_cny"]), closing=_fen(rows["aum_cny"]))
    rows = _with_transfers(rows)
    change = rows["closing"] - rows["opening"] - rows["moved"]
    began, ended, moved = ~rows["is_before"], ~rows["is_now"], rows["is_transfer"]
    stayed = (~began & ~ended) | (began & moved)
    parts = {
        "opening": (rows["opening"], rows["is_before"]),
        "new": (change, began & ~moved),
        "upgrades": (change, stayed & (change > 0)),
        "declines": (change, stayed & (change < 0)),
        "lost": (change, ended & ~moved),
        "transfers": (rows["moved"], moved),
        "closing": (rows["closing"], rows["is_now"]),
    }
    summed = [_sum(rows["branch_id"], *part, name) for name, part in parts.items()]
    return _complete(pd.concat(summed, ignore_index=True))


def _fen(amount: pd.Series) -> pd.Series:
    return (amount.astype("float64").fillna(0.0) * 100 + 0.5).floordiv(1).astype("int64")


def _with_transfers(rows: pd.DataFrame) -> pd.DataFrame:
    """Let the opening assets of a customer who changed the branch go along."""
    pairs = transfers(rows)
    taken = rows["opening"].loc[pairs["ended"]].to_numpy()
    moved = pd.Series(0, index=rows.index, dtype="int64")
    moved[pairs["ended"]] = -taken
    moved[pairs["began"]] = taken
    paired = pd.concat([pairs["ended"], pairs["began"]])
    return rows.assign(moved=moved, is_transfer=rows.index.isin(paired))


def _sum(branch: pd.Series, fen: pd.Series, chosen: pd.Series, component: str) -> pd.DataFrame:
    summed = fen[chosen].groupby(branch[chosen]).agg(["sum", "size"]).reset_index()
    return pd.DataFrame(
        {
            "branch_id": summed["branch_id"],
            "component": component,
            "aum_cny": summed["sum"] / 100,
            "n_customers": summed["size"],
        }
    )


def _complete(table: pd.DataFrame) -> pd.DataFrame:
    """Every branch has every component, zero where nothing happened."""
    index = pd.MultiIndex.from_product(
        [sorted(table["branch_id"].unique()), COMPONENTS], names=["branch_id", "component"]
    )
    full = table.set_index(["branch_id", "component"]).reindex(index).fillna(0)
    return full.astype({"n_customers": "int64"}).reset_index()
