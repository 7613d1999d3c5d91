"""The sources of a change in assets add up to it."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockcust.kpis import waterfall

# customer, branch before, assets before, branch now, assets now
CASES = [
    ("opened an account", ("", None, "A", 100.0), {("A", "new"): 100}),
    ("stayed and gained", ("A", 100.0, "A", 150.0), {("A", "upgrades"): 50}),
    ("stayed and fell", ("A", 100.0, "A", 60.0), {("A", "declines"): -40}),
    ("stayed the same", ("A", 100.0, "A", 100.0), {}),
    ("left the bank", ("A", 100.0, "", None), {("A", "lost"): -100}),
    (
        "went to another branch and gained",
        ("A", 100.0, "B", 130.0),
        {("A", "transfers"): -100, ("B", "transfers"): 100, ("B", "upgrades"): 30},
    ),
    ("assets unknown now", ("A", 100.0, "A", None), {("A", "declines"): -100}),
]


def _frames(rows):
    def frame(branch_at, amount_at):
        kept = [(i, r[branch_at], r[amount_at]) for i, r in enumerate(rows) if r[branch_at]]
        table = pd.DataFrame(kept, columns=["customer_id", "branch_id", "aum_cny"])
        table = table.astype({"customer_id": "str", "branch_id": "str", "aum_cny": "float64"})
        return table.assign(tier="T1", group="G9")

    return frame(2, 3), frame(0, 1)


def _parts(table):
    cells = table.set_index(["branch_id", "component"])["aum_cny"]
    inner = cells.drop(["opening", "closing"], level="component")
    return {key: value for key, value in inner.items() if value}


@pytest.mark.parametrize(("title", "row", "parts"), CASES, ids=[c[0] for c in CASES])
def test_a_customer_who(title, row, parts):
    assert _parts(waterfall(*_frames([row]))) == parts


fen = st.integers(0, 10**11).map(lambda n: n / 100)
branch = st.sampled_from(["", "A", "B", "C"])
rows = st.lists(
    st.tuples(branch, st.none() | fen, branch, st.none() | fen).filter(lambda r: r[0] or r[2]),
    min_size=1,
)


@given(rows)
def test_opening_and_parts_make_the_closing_to_the_fen_and_transfers_cancel(rows):
    table = waterfall(*_frames(rows))
    fen_of = (table["aum_cny"] * 100).round().astype("int64")
    sums = fen_of.groupby([table["branch_id"], table["component"]]).sum().unstack()
    inner = ["new", "upgrades", "declines", "lost", "transfers"]
    assert (sums["opening"] + sums[inner].sum(axis=1) == sums["closing"]).all()
    assert sums["transfers"].sum() == 0
    assert (sums["new"] >= 0).all() and (sums["lost"] <= 0).all()
