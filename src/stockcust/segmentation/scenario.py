"""What would change under other rules: who moves, from where to where, and what groups become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import pandas as pd

from stockcust.customers.scope import KEYS
from stockcust.segmentation.base_table import base_table
from stockcust.segmentation.grouping import segment
from stockcust.segmentation.migrations import Migration, migration
from stockcust.tables.engines import collect

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook

PLACES = ("tier", "familiarity", "group")


@dataclass(frozen=True, slots=True, repr=False)
class WhatIf:
    """The same customers under the rules in force and under changed ones.

    Attributes
    ----------
    movers : one row per customer and branch that moves: customer_id, branch_id, aum_cny, and
        tier, familiarity and group as they are and as they would be (_changed).
    migration : all customers from their group to the changed one.
    groups : one row per branch and group: n_customers and aum_cny under the changed rules, and
        _before under those in force.
    """

    movers: pd.DataFrame
    migration: Migration
    groups: pd.DataFrame

    def summary(self) -> pd.DataFrame:
        """Give for each group, over all branches, customers and assets now and as changed."""
        columns = ["n_customers_before", "n_customers", "aum_before_cny", "aum_cny"]
        table = self.groups.groupby("group")[columns].sum()
        change = table["n_customers"] - table["n_customers_before"]
        return table.assign(n_change=change).reset_index()

    def __repr__(self) -> str:
        n = self.migration.table["n_customers"].sum()
        return f"WhatIf({len(self.movers):,} of {n:,} customers move)"

    def _repr_html_(self) -> str:
        return self.summary().to_html(index=False)


def what_if(segments: Any, rules: Rulebook, changed_rules: Rulebook, history: Any = None) -> WhatIf:
    """Place the customers again under changed rules and compare.

    Parameters
    ----------
    segments : one row per customer and branch, any engine, with what `segment` needs.
    rules : the rules in force.
    changed_rules : other tiers, bands, levels, matrix or grid, as `rules.with_changes` makes
        them. What `customers_as_of` computed (windows, items of information) stays as it is.
    history : as for `segment`. Without it tiers follow the assets at once under both, also where
        the rules let them fall slowly.
    """
    if history is None:
        rules, changed_rules = _at_once(rules), _at_once(changed_rules)
    now = segment(segments, rules, history)
    then = segment(segments, changed_rules, history)
    return WhatIf(
        movers=_movers(now, then),
        migration=migration(now, then, min_n_rate=rules.report.min_n_rate),
        groups=base_table(then, ["group"], before=now),
    )


def _at_once(rules: Rulebook) -> Rulebook:
    mode = "tiers.status_rule.mode"
    return (
        rules
        if rules.tiers.status_rule.mode == "instant"
        else rules.with_changes({mode: "instant"})
    )


def _movers(now: Any, then: Any) -> pd.DataFrame:
    keys = list(KEYS)
    changed = nw.from_native(then).select(*KEYS, *(nw.col(p).alias(f"{p}_changed") for p in PLACES))
    both = nw.from_native(now).select(*KEYS, "aum_cny", *PLACES).join(changed, on=keys, how="inner")
    moved = [nw.col(place) != nw.col(f"{place}_changed") for place in PLACES]
    movers = collect(both.filter(nw.any_horizontal(*moved, ignore_nulls=True)).to_native())
    return movers.sort_values(keys, ignore_index=True)
