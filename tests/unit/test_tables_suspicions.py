"""Rows that look as if nobody meant them are flagged and stay."""

from __future__ import annotations

import pandas as pd
import pytest

import stockcust as sc

IDS = [f"c{i:02d}" for i in range(30)]
CUSTOMERS = pd.DataFrame({"customer_id": IDS, "branch_id": "b"})
AUM = pd.DataFrame({"customer_id": IDS, "month": "2026-06", "point_aum_cny": 100.0})
BASE = {"customers": CUSTOMERS, "aum_monthly": AUM, "branches": pd.DataFrame({"branch_id": ["b"]})}


def flags_of(table: str, frame: pd.DataFrame) -> dict[str, int]:
    bank = sc.Bank.from_frames(BASE | {table: frame})
    assert bank.rejects.empty
    assert len(bank.tables[table]) == len(frame)
    mine = bank.notices[(bank.notices["table"] == table) & (bank.notices["column"] != "")]
    return dict(zip(mine["code"], mine["n"].tolist(), strict=True))


def contacts(n: int = 1, **columns: object) -> pd.DataFrame:
    base = {"contact_id": [f"l{i}" for i in range(n)], "customer_id": IDS[:n],
            "contact_time": "2026-06-10 10:00", "channel": "phone"}  # fmt: skip
    return pd.DataFrame(base | columns)


@pytest.mark.parametrize(
    ("logs", "code", "n"),
    [
        (contacts(contact_time="2026-06-10 23:30"), "contact_at_night", 1),
        (contacts(contact_time="2026-06-10"), "contact_at_night", 0),
        (contacts(log_time="2026-06-01"), "logged_before_contact", 1),
        (contacts(log_time="2026-06-18"), "logged_late", 1),
        (contacts(log_time="2026-06-17"), "logged_late", 0),
        (contacts(21, content="您好"), "bulk_contact", 21),
        (contacts(20, content="您好"), "bulk_contact", 0),
        (contacts(is_effective=True, duration_minutes=0), "effective_without_time", 1),
        (contacts(is_effective=False, duration_minutes=0), "effective_without_time", 0),
    ],
)
def test_logs_are_flagged(logs: pd.DataFrame, code: str, n: int) -> None:
    assert flags_of("contacts", logs).get(code, 0) == n


def test_a_burst_at_the_end_of_the_month_is_flagged() -> None:
    days = ["2026-06-30 10:00"] * 30 + ["2026-06-05 10:00"] * 30
    logs = pd.concat([contacts(30), contacts(30)], ignore_index=True)
    logs = logs.assign(contact_id=[f"l{i}" for i in range(60)], contact_time=days)
    assert flags_of("contacts", logs)["burst_of_logs"] == 30


def test_two_scales_of_satisfaction_are_flagged() -> None:
    events = pd.DataFrame({"event_id": ["1", "2", "3"], "kind": "survey", "open_time": "2026-06-01",
                           "satisfaction": [4, 5, 92]})  # fmt: skip
    assert flags_of("service_events", events)["two_scales"] == 2


def test_causes_that_nobody_wrote_are_flagged() -> None:
    records = pd.DataFrame({"customer_id": IDS[:3], "churn_month": "2026-05", "record_date": "2026-04-20",
                            "stated_cause": ["rate", None, None]})  # fmt: skip
    flags = flags_of("churn_records", records)
    assert flags["recorded_before_churn"] == 3
    assert flags["causes_mostly_empty"] == 2
