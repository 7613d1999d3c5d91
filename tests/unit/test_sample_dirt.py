"""Each dirty row is planted, written down, and found by the reader: these and no others."""

from __future__ import annotations

import functools

import pandas as pd
import pytest
from sample_banks import FOLDER, shipped, truth

import stockcust as sc


@functools.cache
def _planted() -> pd.DataFrame:
    return pd.DataFrame(truth()["dirty_rows"]["rows"])


@functools.cache
def _bank():
    return sc.read_bank(FOLDER)


@functools.cache
def _raw(file: str) -> pd.DataFrame:
    if file.endswith(".parquet"):
        return pd.read_parquet(FOLDER / file)
    encoding = "gb18030" if file == "churn_records.csv" else "utf-8-sig"
    return pd.read_csv(FOLDER / file, dtype="str", encoding=encoding)


def test_a_small_share_of_the_rows_is_dirty():
    planted = _planted()
    n_rows = sum(len(frame) for frame in shipped().frames.values())
    assert 0.001 < len(planted) / n_rows < 0.006
    assert planted["reason"].nunique() >= 9


def test_every_written_down_row_exists_in_its_file():
    for file, rows in _planted().groupby("file"):
        in_file = rows[rows["outcome"] != "missing"]["row"]
        assert in_file.between(2, len(_raw(file)) + 1).all(), file


@pytest.mark.parametrize(
    ("table", "reason", "header", "is_dirty"),
    [
        ("aum_monthly", "negative_amount", "活期余额", lambda v: v < 0),
        ("aum_monthly", "impossible_date", "统计月份", lambda v: v == "202513"),
        ("customers", "scientific_notation", "客户号", lambda v: v.endswith("E+10")),
        ("customers", "unknown_branch", "归属机构", lambda v: v == "9999"),
        ("contacts", "missing_value", "联系时间", lambda v: pd.isna(v)),
        ("transactions", "undeclared_code", "DIRECTION", lambda v: v == "?"),
        ("churn_records", "impossible_date", "登记日期", lambda v: v == "20250231"),
        ("service_events", "unreadable_number", "满意度", lambda v: v == "很好"),
    ],
)
def test_the_written_down_cell_is_the_dirty_one(table, reason, header, is_dirty):
    planted = _planted()
    rows = planted[(planted["table"] == table) & (planted["reason"] == reason)]
    cells = _raw(rows["file"].iloc[0])[header].iloc[rows["row"] - 2]
    assert len(cells) >= 1
    assert all(is_dirty(cell) for cell in cells)


def test_the_reader_rejects_exactly_the_planted_rows_for_the_planted_reasons():
    planted = _planted()
    expected = planted[planted["outcome"] == "rejected"]
    keys = ["table", "file", "row", "column", "reason"]
    assert set(expected[keys].itertuples(index=False, name=None)) == set(
        _bank().rejects[keys].itertuples(index=False, name=None)
    )


def test_the_reader_merges_exactly_the_planted_duplicates_and_drops_the_total():
    planted, counts = _planted(), _bank().counts.set_index("table")
    expected = planted[planted["outcome"] == "merged"].groupby("table").size()
    merged = counts["n_duplicates_merged"]
    assert merged[merged > 0].to_dict() == expected.to_dict()
    dropped = counts["n_total_rows_dropped"]
    assert dropped[dropped > 0].to_dict() == {"gift_ledger": 1}


def test_kept_rows_and_the_written_differences_give_the_control_totals():
    kept = _bank().tables["aum_monthly"]
    kept = kept.assign(month=kept["month"].dt.strftime("%Y-%m"))
    groups = kept.groupby(["branch_id", "month"])
    found = pd.DataFrame({
        "point_aum": groups["point_aum_cny"].sum(),
        "average_aum": groups["average_aum_cny"].sum(),
        "n_customers": groups["customer_id"].nunique(),
    })  # fmt: skip
    for row in truth()["dirty_rows"]["control_total_differences"]:
        found.loc[(row["branch_id"], row["month"]), row["metric"]] += row["ledger_minus_kept"]
    ledger = _bank().tables["control_totals"]
    ledger = ledger.assign(month=ledger["month"].dt.strftime("%Y-%m"))
    expected = ledger.pivot_table(index=["branch_id", "month"], columns="metric", values="value")
    for metric in expected:
        assert found[metric].tolist() == pytest.approx(expected[metric].tolist(), abs=0.02)


def test_the_planted_flags_and_gaps_are_noticed():
    planted, notices = _planted(), _bank().notices.set_index("code")
    n_flagged = (planted["reason"] == "sum_mismatch").sum()
    assert notices.loc["sum_mismatch", "n"] == n_flagged
    lost = planted[planted["table"].eq("aum_monthly") & planted["outcome"].ne("merged")]
    lost = lost[lost["outcome"] != "flagged"]
    n_gone = len(lost) - (lost["reason"] == "conflicting_duplicate").sum() // 2
    # no month is missed of the few who died and whose account is still open
    assert n_gone - 3 <= notices.loc["missing_months", "n"] <= n_gone
