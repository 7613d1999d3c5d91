"""Named customer pools with their date, and who joined and left them since an earlier day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import pandas as pd

from stockcust.kpis.catalogue import FIGURES
from stockcust.kpis.figures import NETWORK, typed_movement
from stockcust.kpis.movement import KEYS, movement, transfers
from stockcust.rulebook.base import GROUPS
from stockcust.rulebook.pools import POOLS
from stockcust.segmentation.base_table import with_lines
from stockcust.segmentation.held_tier import WATCHED

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Label

IDS = (*GROUPS, *POOLS)
MEMBERS = {**dict.fromkeys((*KEYS, "pool"), "str"), "as_of": "datetime64[us]"}
CHANGES = {
    **dict.fromkeys(("branch_id", "pool"), "str"),
    **dict.fromkeys(("n_before", "n_joined", "n_left", "n_stayed", "n_now"), "Int64"),
}
# who is in a pool counts in the figure of the same name
_BY_FIGURE = {
    "angels": "angels",
    "critical_upgrade": "critical_upgrades",
    "valuable_dormant": "valuable_dormant",
    "maturing_30d": "maturing_30d_cny",
    "downgrade_risk": "downgrade_risks",
}


def pool_label(pool: str, rules: Rulebook) -> Label:
    """The name of a pool: of the group, or of the rulebook's ``pools``."""
    return rules.groups[pool].label if pool in rules.groups else rules.pools[pool].label  # type: ignore[index]


def pool_members(segments: pd.DataFrame, as_of: dt.date, rules: Rulebook) -> pd.DataFrame:
    """List who is in which pool on a day.

    Parameters
    ----------
    segments : segments with MAN of that day, one row per customer and branch.
    as_of : the day.
    rules : the rulebook that made them.

    Returns
    -------
    One row per customer, branch and pool (the nine groups, of effective customers, and the
    rulebook's ``pools``): customer_id, branch_id, pool and as_of, in order. Who cannot be judged
    is in no pool.
    """
    flags = _membership(segments, rules).fillna(False).reset_index()
    rows = flags.melt(KEYS, var_name="pool", value_name="is_member")
    rows = rows[rows["is_member"]].assign(as_of=pd.Timestamp(as_of))
    rows = rows[list(MEMBERS)].astype(MEMBERS)
    return rows.sort_values(["branch_id", "pool", "customer_id"], ignore_index=True)


def pool_changes(now: pd.DataFrame, before: pd.DataFrame | None, rules: Rulebook) -> pd.DataFrame:
    """Count who joined, left and stayed in each pool between two days.

    Parameters
    ----------
    now, before : segments with MAN of the two days.
    rules : the rulebook that made both.

    Returns
    -------
    One row per branch (``*`` is the network) and pool: ``n_before`` = ``n_left`` + ``n_stayed``
    and ``n_now`` = ``n_stayed`` + ``n_joined``, null where nobody could be judged on the day.
    Who went to another branch left a pool of the one and joined one of the other; in the network
    they stayed if they are still in it.
    """
    rows, earlier = movement(now, before), now.head(0) if before is None else before
    judged = {"n_now": _membership(now, rules), "n_before": _membership(earlier, rules)}
    here, then = (_inside(rows, flags) for flags in judged.values())
    everywhere = pd.Series(NETWORK, index=rows.index)
    parts = [
        _count(then, here, rows["branch_id"]),
        _count(_taken_along(then, rows), here, everywhere),
    ]
    table = pd.concat(parts, ignore_index=True)
    for day, flags in judged.items():
        of_day = ["n_joined", "n_left", "n_stayed", day]
        table[of_day] = table[of_day].astype("Int64").where(_is_judged(flags, table))
    return table[list(CHANGES)].astype(CHANGES)


def _membership(segments: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    """Whether each customer is in each pool, null where it cannot be judged."""
    rows = typed_movement(segments, None)
    lines = with_lines(nw.from_native(rows[["group", "is_effective"]]), ["group"]).to_native()
    is_placed = lines["group"].isin(GROUPS)
    flags: dict[str, pd.Series] = {
        group: (lines["group"] == group).where(is_placed) for group in GROUPS
    }
    values = {figure.id: figure.values for figure in FIGURES}
    for pool, figure in _BY_FIGURE.items():
        flags[pool] = values[figure](rows, rules) > 0
    flags["watched"] = rows[WATCHED] if WATCHED in rows else pd.Series(pd.NA, index=rows.index)
    keys = pd.MultiIndex.from_frame(rows[KEYS])
    return pd.DataFrame(flags).astype("boolean")[list(IDS)].set_index(keys)


def _is_judged(flags: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """Whether anybody of the branch could be judged; a branch without customers is judged."""
    known = flags.notna().groupby(level="branch_id").any()
    known.loc[NETWORK] = flags.notna().any()
    places = known.index.get_indexer(pd.Index(table["branch_id"]))
    judged = known.to_numpy()[places, known.columns.get_indexer(pd.Index(table["pool"]))]
    return pd.Series((places < 0) | judged, index=table.index) & (not flags.empty)


def _inside(rows: pd.DataFrame, flags: pd.DataFrame) -> pd.DataFrame:
    keys = pd.MultiIndex.from_frame(rows[KEYS])
    return flags.reindex(keys).fillna(False).astype("bool").set_index(rows.index)


def _taken_along(then: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """What was at the branch that a customer left counts at the one where the customer went."""
    pairs, moved = transfers(rows), then.copy()
    moved.loc[pairs["began"]] = then.loc[pairs["ended"]].to_numpy()
    moved.loc[pairs["ended"]] = False
    return moved


def _count(then: pd.DataFrame, here: pd.DataFrame, branch: pd.Series) -> pd.DataFrame:
    counted = {
        "n_before": then,
        "n_joined": here & ~then,
        "n_left": then & ~here,
        "n_stayed": then & here,
        "n_now": here,
    }
    parts = []
    for name, flags in counted.items():
        sums = flags.groupby(branch).sum().rename_axis("branch_id").reset_index()
        long = sums.melt("branch_id", var_name="pool", value_name=name)
        parts.append(long.set_index(["branch_id", "pool"]))
    return pd.concat(parts, axis=1).reset_index()
