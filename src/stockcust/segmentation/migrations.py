"""Who moved from which group to which between two days."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from stockcust.customers.scope import KEYS
from stockcust.rulebook.base import FAMILIARITIES, GROUPS
from stockcust.segmentation.base_table import NOT_EFFECTIVE, add_up, with_lines
from stockcust.segmentation.decision_table import weigh_by_choice
from stockcust.segmentation.familiarity import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stockcust.segmentation.decision_table import Frame

NEW, LEFT = "new", "left"
BEFORE = (*GROUPS, UNKNOWN, NOT_EFFECTIVE, NEW)
AFTER = (*GROUPS, UNKNOWN, NOT_EFFECTIVE, LEFT)
DIRECTIONS = ("up", "flat", "down", "mixed")
_RISING_BANDS = ("low", "mid", "high")


@dataclass(frozen=True, slots=True, repr=False)
class Migration:
    """Moves between groups, counted by branch.

    Attributes
    ----------
    table : one row per branch_id, before, after and direction: n_customers, aum_before_cny,
        aum_after_cny. `before` is a group, unknown, not_effective or new; `after` a group,
        unknown, not_effective or left. Direction of those in a group on both days: up (band or
        familiarity rose, neither fell), down, mixed (one rose, one fell), flat; else other.
    min_n_rate : under so many cases a rate is not shown.
    """

    table: pd.DataFrame
    min_n_rate: int

    def matrix(self, branch_id: str | None = None, figure: str = "n_customers") -> pd.DataFrame:
        """Lay out a figure with `before` down and `after` across; None adds all branches."""
        rows = self.table if branch_id is None else self.table[self.table["branch_id"] == branch_id]
        cells = rows.pivot_table(figure, "before", "after", aggfunc="sum", observed=False)
        return cells.reindex(index=list(BEFORE), columns=list(AFTER)).fillna(0)

    def summary(self) -> pd.DataFrame:
        """Give each branch's rates of moving up, flat, down and mixed.

        Returns
        -------
        One row per branch and direction: branch_id, direction, n_customers, n_stayers (in a group
        on both days), share with its Wilson interval (95 %; null under min_n_rate cases) and
        aum_change_cny.
        """
        moved = self.table[self.table["direction"].isin(DIRECTIONS)]
        moved = moved.assign(aum_change_cny=moved["aum_after_cny"] - moved["aum_before_cny"])
        rows = moved.groupby(["branch_id", "direction"])[["n_customers", "aum_change_cny"]].sum()
        every = pd.MultiIndex.from_product(
            [list(moved["branch_id"].unique()), list(DIRECTIONS)], names=["branch_id", "direction"]
        )
        rows = rows.reindex(every, fill_value=0).reset_index()
        n = rows.groupby("branch_id")["n_customers"].transform("sum")
        low, high = proportion_confint(rows["n_customers"], n.clip(lower=1), method="wilson")
        rates = pd.DataFrame(
            {"share": rows["n_customers"] / n.clip(lower=1), "ci_low": low, "ci_high": high}
        )
        return rows.assign(n_stayers=n, **rates.where(n >= self.min_n_rate))

    def __repr__(self) -> str:
        n = self.table["n_customers"].sum()
        return f"Migration({n:,} customers, {self.table['branch_id'].nunique()} branches)"

    def _repr_html_(self) -> str:
        return self.matrix().astype("int64").to_html()


def migration(before: Any, after: Any, *, min_n_rate: int = 10) -> Migration:
    """Set each relationship's group at an earlier day against its group at a later one.

    Parameters
    ----------
    before, after : segments of the two days, one row per customer and branch, any one engine.
    min_n_rate : under so many cases the summary gives counts without rates
        (`report.min_n_rate` of the rulebook).
    """
    earlier = _states(nw.from_native(before), "before")
    later = _states(nw.from_native(after), "after")
    both = earlier.join(later, on=list(KEYS), how="full", suffix="_later")
    both = both.with_columns(
        branch_id=nw.coalesce("branch_id", "branch_id_later"),
        before=nw.col("before").fill_null(NEW),
        after=nw.col("after").fill_null(LEFT),
        n_customers=nw.lit(1),
    ).with_columns(direction=_direction())
    keys = ["branch_id", "before", "after", "direction"]
    table = add_up(both, keys, ["n_customers"], ["aum_before_cny", "aum_after_cny"])
    return Migration(table, min_n_rate)


def _states(frame: Frame, day: str) -> Frame:
    lines = with_lines(frame, ["group"])
    return lines.select(
        *KEYS,
        nw.col("group").alias(day),
        nw.col("aum_cny").alias(f"aum_{day}_cny"),
        _rank("band", _RISING_BANDS).alias(f"band_{day}"),
        _rank("familiarity", FAMILIARITIES).alias(f"familiarity_{day}"),
    )


def _rank(column: str, rising: Sequence[str]) -> nw.Expr:
    ranks = (weigh_by_choice(nw.col(column) == value, i) for i, value in enumerate(rising, 1))
    return reduce(lambda rank, part: rank + part, ranks)


def _direction() -> nw.Expr:
    placed = nw.col("before").is_in(list(GROUPS)) & nw.col("after").is_in(list(GROUPS))
    band = nw.col("band_after") - nw.col("band_before")
    familiarity = nw.col("familiarity_after") - nw.col("familiarity_before")
    rose, fell = (band > 0) | (familiarity > 0), (band < 0) | (familiarity < 0)
    choices = {"other": ~placed, "mixed": rose & fell, "up": rose, "down": fell}
    direction: nw.Expr = nw.lit("flat")
    for name, applies in reversed(choices.items()):
        direction = nw.when(applies).then(nw.lit(name)).otherwise(direction)
    return direction
