"""How often managers change a class by hand: where they often do, the matrix does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import pandas as pd

from stockcust.segmentation.base_table import add_up
from stockcust.segmentation.decision_table import weigh_by_choice
from stockcust.segmentation.familiarity import UNKNOWN

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook

_COUNTS = ("n_judged", "n_asked", "n_changed", "n_limited")


def audit_overrides(segments: Any, rules: Rulebook) -> pd.DataFrame:
    """Count the overrides of familiarity in each branch.

    Parameters
    ----------
    segments : one row per customer and branch, any engine, from `segment`.
    rules : `familiarity.manual_override.warn_share_gt` is the share from which a branch is marked.

    Returns
    -------
    One row per branch: branch_id, n_judged (customers with a class), n_asked (an override valid
    at the day), n_changed (the class is another for it), n_limited (of these, moved less far than
    asked), override_share (n_changed of n_judged) and is_too_often.
    """
    frame = nw.from_native(segments)
    if "override_familiarity" not in frame.collect_schema().names():
        frame = frame.with_columns(override_familiarity=nw.lit(None, nw.String))
    reason = nw.col("familiarity_reason")
    limited = reason == "override_limited"
    flags = (
        weigh_by_choice(nw.col("familiarity") != UNKNOWN),
        weigh_by_choice(~nw.col("override_familiarity").is_null()),
        weigh_by_choice((reason == "override") | limited),
        weigh_by_choice(limited),
    )
    counted = frame.select("branch_id", **dict(zip(_COUNTS, flags)))
    table = add_up(counted, ["branch_id"], _COUNTS)
    share = table["n_changed"] / table["n_judged"].where(table["n_judged"] > 0)
    limit = rules.familiarity.manual_override.warn_share_gt
    return table.assign(override_share=share, is_too_often=(share > limit).fillna(False))
