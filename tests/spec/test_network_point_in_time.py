"""What a report of a day shows is the same whatever the files say of later days."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

import stockcust as sc
from stockcust.sample import generate, write_sample
from stockcust.tables.contract import load_contract

# the bank takes a customer snapshot at the end of each quarter, and none in between
DAYS = (dt.date(2025, 12, 31), dt.date(2025, 11, 30))
# the quality of the files is told of all their rows
OF_THE_FILES = {"tables", "rejects", "notices", "absent"}


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """All tables of a bank of two branches, half a year beyond the days."""
    folder = write_sample(generate(2, 160, 14, 5), tmp_path_factory.mktemp("bank"))
    return sc.read_bank(folder).tables


def known_by(day, tables):
    """The rows of each table that were there on the day, by plain pandas."""
    contract = load_contract().tables
    cut = {}
    for name, frame in tables.items():
        times = [column for column in contract[name].time if column in frame]
        is_later = (frame[times] >= pd.Timestamp(day) + pd.Timedelta(days=1)).any(axis=1)
        cut[name] = frame[~is_later].reset_index(drop=True)
    return cut


@pytest.mark.parametrize("day", DAYS)
def test_no_later_row_of_any_table_changes_anything_that_a_report_shows(tables, day):
    earlier = known_by(day, tables)
    later = {name for name in tables if len(earlier[name]) < len(tables[name])}
    assert {"customers", "aum_monthly", "contacts", "transactions", "purchases"} <= later
    rules = sc.load_rulebook()
    full, cut = (
        sc.compute_network(sc.Bank.from_frames(frames), day, rules) for frames in (tables, earlier)
    )
    shown = set(full.frames) - OF_THE_FILES
    assert {"segments", "before", "figures", "waterfall", "calibration"} <= shown
    for name in sorted(shown):
        pd.testing.assert_frame_equal(full.frames[name], cut.frames[name], obj=name)
