"""The base: customers and assets by branch and by anything that divides customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import pandas as pd

from stockcust.segmentation.decision_table import Frame
from stockcust.segmentation.familiarity import UNKNOWN
from stockcust.tables.engines import collect

if TYPE_CHECKING:
    from collections.abc import Sequence

NOT_EFFECTIVE = "not_effective"
_FIGURES = ["n_customers", "aum_cny"]


def base_table(segments: Any, by: Sequence[str], before: Any = None) -> pd.DataFrame:
    """Count customers and add up their assets, by branch and by the columns named.

    Parameters
    ----------
    segments : one row per customer and branch, any engine, with is_effective where it is known.
    by : columns of codes, such as ["tier"], ["group"] or ["tier", "dimension"]; what is missing
        counts as unknown, customers below the effective-customer threshold stand on a line of
        their own (not_effective in each of the columns).
    before : the same of an earlier day.

    Returns
    -------
    One row per branch and line: branch_id, the columns of `by`, n_customers, aum_cny,
    customer_share and aum_share (0-1, of the branch); with `before` also n_customers_before and
    aum_before_cny, 0 where a line was empty.
    """
    keys = ["branch_id", *by]
    table = _totals(segments, keys)
    if before is not None:
        earlier = _totals(before, keys).rename(
            columns={"n_customers": "n_customers_before", "aum_cny": "aum_before_cny"}
        )
        table = table.merge(earlier, on=keys, how="outer").fillna(0.0)
        table = table.astype({"n_customers": "int64", "n_customers_before": "int64"})
    whole = table.groupby("branch_id")[_FIGURES].transform("sum")
    shares = table[_FIGURES] / whole.where(whole > 0)
    table = table.assign(customer_share=shares["n_customers"], aum_share=shares["aum_cny"])
    return table.sort_values(keys, ignore_index=True)


def _totals(segments: Any, keys: Sequence[str]) -> pd.DataFrame:
    frame = with_lines(nw.from_native(segments), keys[1:])
    one = nw.lit(1).alias("n_customers")
    return add_up(frame.select(*keys, "aum_cny", one), keys, ["n_customers"], ["aum_cny"])


def add_up(
    frame: Frame, keys: Sequence[str], counts: Sequence[str], amounts: Sequence[str] = ()
) -> pd.DataFrame:
    """Add up counts (whole numbers) and amounts (CNY, unknown is nothing) by the keys."""
    figures = [*counts, *amounts]
    added = frame.select(*keys, *figures).group_by(*keys).agg(nw.col(*figures).sum())
    # DuckDB adds integers up to a type that pandas knows only as objects
    dtypes = dict.fromkeys(counts, "int64") | dict.fromkeys(amounts, "float64")
    table = collect(added.to_native()).fillna(dict.fromkeys(figures, 0)).astype(dtypes)
    return table.sort_values(list(keys), ignore_index=True)


def with_lines(frame: Frame, columns: Sequence[str]) -> Frame:
    """Name what is missing unknown, and customers below the effective threshold not_effective."""
    lines = {name: nw.col(name).fill_null(UNKNOWN) for name in columns}
    if "is_effective" in frame.collect_schema().names():
        low = ~nw.col("is_effective")
        lines = {
            name: nw.when(low).then(nw.lit(NOT_EFFECTIVE)).otherwise(line)
            for name, line in lines.items()
        }
    return frame.with_columns(**lines)
