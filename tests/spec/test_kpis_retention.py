"""Old customers who leave and new customers who stay: who counts, and where."""

from __future__ import annotations

import pandas as pd
import pytest

import stockcust as sc
from engines import AS_OF, bank_of, on_every_engine
from stockcust.kpis import NETWORK, retention
from stockcust.kpis.retention import COLUMNS, NEW_STAYED, NEW_STAYED_POOLED, OLD_LOST
from stockcust.tables import Bank
from stockcust.tables.quality import data_quality

RULES = sc.load_rulebook()
ALL_RATES = RULES.with_changes({"report.min_n_rate": 1})
MONTHS = [f"{y}-{m:02d}" for y in (2025, 2026) for m in range(1, 13) if (y, m) <= (2026, 6)]
EFFECTIVE, LOW = 1000.0, 999.99  # status.effective_customer.min_aum_cny


def line(table: pd.DataFrame, measure: str, days: int, month: str, branch: str = NETWORK):
    """numerator, denominator, excluded, unknown; None where there is no such row."""
    is_it = (table["measure"] == measure) & (table["days"] == days)
    is_it &= (table["month"].dt.strftime("%Y-%m") == month) & (table["branch_id"] == branch)
    rows = table.loc[is_it, ["numerator", "denominator", "n_excluded", "n_unknown"]]
    assert len(rows) <= 1
    return tuple(rows.iloc[0].tolist()) if len(rows) else None


# ------------------------------------------------------------------------- old customers

# Of whom is effective at the end of May, what is said of the customer, then the assets of June:
# lost, in the denominator, excluded, unknown
OLD = [
    ("stays", {}, EFFECTIVE, (0, 1, 0, 0)),
    ("falls below the threshold", {}, LOW, (1, 1, 0, 0)),
    ("has no row, nobody says why", {}, None, (0, 0, 0, 1)),
    ("closes", {"close_date": "2026-06-30"}, None, (1, 1, 0, 0)),
    ("closes, the month's average still stands", {"close_date": "2026-06-30"}, 5000, (1, 1, 0, 0)),
    ("closes later", {"close_date": "2026-07-01"}, EFFECTIVE, (0, 1, 0, 0)),
    ("closed at the base already", {"close_date": "2026-05-31"}, None, None),
    ("is closed without a date", {"status": "closed"}, None, (1, 1, 0, 0)),
    ("is closed by the bank", {"close_date": "2026-06-10", "close_reason": "bank"}, None, (0, 0, 1, 0)),
    ("closes of own will", {"close_date": "2026-06-10", "close_reason": "customer"}, None, (1, 1, 0, 0)),
    ("dies", {"close_date": "2026-06-10", "status": "deceased"}, None, (0, 0, 1, 0)),
    ("has died, nobody says when", {"status": "deceased"}, None, (0, 0, 1, 0)),
    ("is new by one day", {"open_date": "2025-12-02"}, EFFECTIVE, None),
    ("is old by one day", {"open_date": "2025-12-01"}, EFFECTIVE, (0, 1, 0, 0)),
    ("opened nobody knows when", {"open_date": None}, EFFECTIVE, None),
]  # fmt: skip


@pytest.mark.parametrize(("what", "said", "june", "counts"), OLD, ids=[case[0] for case in OLD])
def test_an_old_customer_who(what, said, june, counts):
    known = {"open_date": "2020-01-01", "close_date": None, "close_reason": None, "status": None}
    customer = {"customer_id": "c1", "branch_id": "b1", **known, **said}
    other = {"customer_id": "c2", "branch_id": "b2", **known}
    amounts = [("c1", "2026-05", EFFECTIVE), ("c1", "2026-06", june), ("c2", "2026-06", LOW)]
    months = pd.DataFrame(amounts, columns=["customer_id", "month", "average_aum_cny"]).dropna()
    bank = Bank.from_frames(
        {
            "customers": pd.DataFrame([customer, other], dtype="str"),
            "aum_monthly": months,
            "branches": pd.DataFrame({"branch_id": ["b1", "b2"]}),
        }
    )
    table = retention(bank, AS_OF, RULES)
    assert line(table, OLD_LOST, 30, "2026-05") == line(table, OLD_LOST, 30, "2026-05", "b1")
    assert line(table, OLD_LOST, 30, "2026-05") == counts


@on_every_engine
def test_old_customers_are_looked_at_one_three_and_six_months_later(engine):
    bank = bank_of(
        engine,
        customers="""
            customer_id | open_date  | close_date
            march       | 2020-01-01 | 2026-03-15
            may         | 2020-01-01 | 2026-05-15
            stays       | 2020-01-01 |
            """,
        aum_monthly=_held({"march": MONTHS[:14], "may": MONTHS[:16], "stays": MONTHS}),
    )
    table = retention(bank, AS_OF, RULES)
    rows = {
        # base: lost of effective one, three and six months later
        "2025-12": ((0, 3), (1, 3), (2, 3)),
        "2026-01": ((0, 3), (1, 3), None),
        "2026-02": ((1, 3), (2, 3), None),
        "2026-03": ((0, 2), (1, 2), None),
        "2026-04": ((1, 2), None, None),
        "2026-05": ((0, 1), None, None),
        "2026-06": (None, None, None),
    }
    for month, expected in rows.items():
        found = tuple(line(table, OLD_LOST, days, month) for days in (30, 100, 180))
        assert tuple(x and x[:2] for x in found) == expected, month


@on_every_engine
def test_who_is_missing_from_the_newest_list_is_lost_in_the_first_month_without_assets(engine):
    bank = bank_of(
        engine,
        customers="""
            customer_id | open_date  | snapshot_date
            leaves      | 2020-01-01 | 2026-03-31
            stays       | 2020-01-01 | 2026-03-31
            stays       | 2020-01-01 | 2026-06-30
            """,
        aum_monthly=_held({"leaves": MONTHS[:16], "stays": MONTHS}),
    )
    table = retention(bank, AS_OF, RULES)
    assert line(table, OLD_LOST, 30, "2026-03") == (0, 2, 0, 0)
    assert line(table, OLD_LOST, 30, "2026-04") == (1, 2, 0, 0)  # no row in May
    assert line(table, OLD_LOST, 30, "2026-05") == (0, 1, 0, 0)
    # before the list of June nobody knew more than that the row is missing
    assert line(retention(bank, "2026-05-31", RULES), OLD_LOST, 30, "2026-04") == (0, 1, 0, 1)
    # nobody knows who had left before the first list
    assert line(table, OLD_LOST, 30, "2026-02") is None


@on_every_engine
def test_four_years_are_looked_at_and_each_of_their_months_is_told_apart(engine):
    years = [f"{y}-{m:02d}" for y in range(2020, 2027) for m in range(1, 13)][:78]
    low = years[20::5]
    rows = [f"c1 | {m} | {LOW if m in low else EFFECTIVE}" for m in years]
    bank = bank_of(
        engine,
        customers="customer_id | open_date\nc1 | 2010-01-01",
        aum_monthly="\n".join(["customer_id | month | average_aum_cny", *rows]),
    )
    table = retention(bank, AS_OF, RULES).query("measure == @OLD_LOST and days == 30")
    table = table[table["branch_id"] == NETWORK]
    table.index = table["month"].dt.strftime("%Y-%m")
    bases = [m for m in years[-48:-1] if m not in low]
    assert list(table.index) == bases
    lost = [m for m, numerator in table["numerator"].items() if numerator]
    assert lost == [years[years.index(m) - 1] for m in low if m > bases[0]]


# ------------------------------------------------------------------------- new customers


@on_every_engine
def test_new_customers_are_looked_at_in_the_month_of_their_own_day(engine):
    bank = bank_of(
        engine,
        customers="""
            customer_id | open_date
            first       | 2025-10-01
            last        | 2025-10-31
            never       | 2025-10-15
            """,
        aum_monthly=f"""
            customer_id | month   | average_aum_cny
            first       | 2025-10 | {EFFECTIVE}
            first       | 2026-01 | {LOW}
            first       | 2026-03 | {EFFECTIVE}
            last        | 2025-11 | {EFFECTIVE}
            last        | 2026-02 | {EFFECTIVE}
            last        | 2026-04 | {EFFECTIVE}
            never       | 2025-11 | {LOW}
            never       | 2026-01 | {LOW}
            never       | 2026-04 | {LOW}
            first       | 2026-06 | {LOW}
            """,
    )
    table = retention(bank, AS_OF, RULES)
    # days 30, 100 and 180 of the first lie in October, January and March,
    # of the last in November, February and April
    assert line(table, NEW_STAYED, 30, "2025-10") == (2, 3, 0, 0)
    assert line(table, NEW_STAYED, 100, "2025-10") == (1, 3, 0, 0)
    assert line(table, NEW_STAYED, 180, "2025-10") == (2, 3, 0, 0)


@on_every_engine
def test_a_cohort_is_provisional_until_the_days_of_all_of_it_are_over(engine):
    bank = bank_of(
        engine,
        customers="""
            customer_id | open_date
            c1          | 2026-01-01
            c2          | 2026-01-31
            """,
        aum_monthly=_held({"c1": MONTHS[12:], "c2": MONTHS[12:]}),
    )
    table = retention(bank, AS_OF, ALL_RATES)
    table = table[(table["branch_id"] == NETWORK) & (table["measure"] == NEW_STAYED)]
    rows = table.set_index("days")[["numerator", "denominator", "is_provisional"]]
    assert rows.loc[180].tolist() == [1, 1, True]  # the second's day 180 is in July
    assert rows.loc[100].tolist() == [2, 2, False]
    assert table.set_index("days")["estimate"].isna().to_dict() == {
        30: False,
        100: False,
        180: True,
    }
    pooled = retention(bank, AS_OF, ALL_RATES).query("measure == @NEW_STAYED_POOLED")
    assert set(pooled["days"]) == {30, 100}


@on_every_engine
def test_who_moves_to_another_branch_has_not_left_and_counts_where_it_began(engine):
    bank = bank_of(
        engine,
        customers="""
            customer_id | branch_id | open_date  | close_date | status
            new         | a         | 2025-10-10 | 2026-02-01 | closed
            new         | b         | 2025-10-10 |            | active
            old         | a         | 2020-01-01 | 2026-02-01 | closed
            old         | b         | 2020-01-01 |            | active
            both        | a         | 2020-01-01 | 2026-02-01 | closed
            both        | b         | 2020-01-01 |            | active
            gap         | a         | 2020-01-01 | 2026-02-01 | closed
            gap         | b         | 2020-01-01 |            | active
            twice       | a         | 2020-01-01 | 2026-02-01 | closed
            twice       | b         | 2020-01-01 | 2026-05-01 | closed
            comes_back  | a         | 2020-01-01 | 2026-02-01 | closed
            comes_back  | b         | 2026-06-10 |            | active
            """,
        aum_monthly=_held(
            {
                ("new", "a"): MONTHS[9:13],
                ("new", "b"): MONTHS[13:],
                ("old", "a"): MONTHS[:13],
                ("old", "b"): MONTHS[13:],
                ("both", "a"): MONTHS[:13],
                ("both", "b"): MONTHS,
                ("gap", "a"): MONTHS[:13],
                ("gap", "b"): MONTHS[13:15],
                ("twice", "a"): MONTHS[:13],
                ("twice", "b"): MONTHS[13:15],
                ("comes_back", "a"): MONTHS[:13],
                ("comes_back", "b"): MONTHS[17:],
            }
        ),
    )
    table = retention(bank, AS_OF, RULES)
    assert line(table, NEW_STAYED, 180, "2025-10", "a") == (1, 1, 0, 0)
    assert line(table, NEW_STAYED, 180, "2025-10", "b") is None
    # who closes one of two relationships, or leaves the new branch too, is lost to the old branch;
    # of the one with a gap at the new branch nothing is known
    assert line(table, OLD_LOST, 180, "2025-12", "a") == (2, 4, 0, 1)
    assert line(table, OLD_LOST, 180, "2025-12", "b") == (0, 1, 0, 0)
    assert line(table, OLD_LOST, 180, "2025-12") == (2, 5, 0, 1)
    # who is back only in June was lost three months after the end of December
    assert line(table, OLD_LOST, 100, "2025-12", "a") == (2, 5, 0, 0)


# ------------------------------------------------------------------------- both


def test_the_pooled_line_takes_the_cohorts_of_the_window_together():
    openings = {"2025-03": 4, "2025-04": 3, "2025-06": 5}
    rows = [(f"{m}-{i}", f"{m}-05") for m, n in openings.items() for i in range(n)]
    customers = pd.DataFrame(rows, columns=["customer_id", "open_date"]).assign(branch_id="b1")
    months = customers[["customer_id"]].merge(pd.DataFrame({"month": MONTHS}), how="cross")
    is_first = months["customer_id"].str.endswith("-0")
    months["average_aum_cny"] = (5000.0 * ~is_first).to_numpy()
    frames = {"customers": customers, "aum_monthly": months}
    bank = Bank.from_frames({**frames, "branches": pd.DataFrame({"branch_id": ["b1"]})})
    rules = RULES.with_changes({"report.cohort_window_months": 3})
    table = retention(bank, AS_OF, rules)
    found = {m: line(table, NEW_STAYED_POOLED, 180, f"2025-{m:02d}") for m in range(3, 8)}
    assert {m: x and x[:2] for m, x in found.items()} == {
        3: (3, 4), 4: (5, 7), 5: (5, 7), 6: (6, 8), 7: None,
    }  # fmt: skip
    # under report.min_n_rate there is no rate: 8 are too few, 12 of a longer window are not
    longer = RULES.with_changes({"report.cohort_window_months": 12})
    last = [
        r[(r["measure"] == NEW_STAYED_POOLED) & (r["days"] == 180) & (r["branch_id"] == "b1")].iloc[
            -1
        ]
        for r in (table, retention(bank, AS_OF, longer))
    ]
    assert pd.isna(last[0]["estimate"]) and pd.isna(last[0]["ci_low"])
    assert last[1]["estimate"] == 9 / 12
    assert last[1]["ci_low"] < 9 / 12 < last[1]["ci_high"]


def test_without_dates_of_opening_there_is_nothing_and_the_contract_says_what_is_missing():
    frames = {
        "customers": pd.DataFrame({"customer_id": ["c1"], "branch_id": "b1"}),
        "aum_monthly": pd.DataFrame(
            {"customer_id": "c1", "month": MONTHS, "average_aum_cny": EFFECTIVE}
        ),
        "branches": pd.DataFrame({"branch_id": ["b1"]}),
    }
    bank = Bank.from_frames(frames)
    table = retention(bank, AS_OF, RULES)
    assert table.empty and list(table) == list(COLUMNS)
    absent = data_quality(bank).absent.query("table == 'customers'").set_index("column")
    assert "retention" in absent.loc["open_date", "enables"].split(";")
    frames["customers"]["open_date"] = None
    assert retention(Bank.from_frames(frames), AS_OF, RULES).empty


@pytest.mark.parametrize(
    ("column", "is_seen"),
    [("close_date", True), ("status", True), ("snapshot_date", True), ("gender", False)],
)
def test_without_any_sign_of_leaving_the_table_says_so(column, is_seen):
    said = {"close_date": None, "status": "active", "snapshot_date": "2025-01-31", "gender": "F"}
    frames = {
        "customers": pd.DataFrame(
            {
                "customer_id": ["c1"],
                "branch_id": "b1",
                "open_date": "2020-01-01",
                column: said[column],
            }
        ),
        "aum_monthly": pd.DataFrame(
            {"customer_id": "c1", "month": MONTHS, "average_aum_cny": EFFECTIVE}
        ),
        "branches": pd.DataFrame({"branch_id": ["b1"]}),
    }
    table = retention(Bank.from_frames(frames), AS_OF, RULES)
    assert table["is_leaving_seen"].unique().tolist() == [is_seen]


def test_a_list_without_any_date_is_as_good_as_none():
    frames = {
        "customers": pd.DataFrame(
            {
                "customer_id": ["c1"],
                "branch_id": "b1",
                "open_date": "2020-01-01",
                "snapshot_date": None,
            }
        ),
        "aum_monthly": pd.DataFrame(
            {"customer_id": "c1", "month": MONTHS, "average_aum_cny": EFFECTIVE}
        ),
        "branches": pd.DataFrame({"branch_id": ["b1"]}),
    }
    table = retention(Bank.from_frames(frames), AS_OF, RULES)
    assert line(table, OLD_LOST, 180, "2025-01") == (0, 1, 0, 0)


def test_later_rows_change_nothing_about_an_earlier_day():
    frames = {
        "customers": pd.DataFrame(
            {
                "customer_id": ["c1", "c2", "c3", "c4"],
                "branch_id": "b1",
                "open_date": ["2020-01-01", "2025-05-05", "2025-06-06", "2026-04-01"],
                "close_date": ["2026-05-01", None, "2026-02-01", None],
            }
        ),
        "branches": pd.DataFrame({"branch_id": ["b1"]}),
    }
    ids = frames["customers"][["customer_id"]]
    months = ids.merge(pd.DataFrame({"month": MONTHS}), how="cross").assign(average_aum_cny=2000.0)
    known = months[months["month"] <= "2026-03"]
    tables = [
        retention(Bank.from_frames({**frames, "aum_monthly": rows}), "2026-03-31", RULES)
        for rows in (months, known)
    ]
    assert not tables[0].empty
    pd.testing.assert_frame_equal(*tables)


def _held(months: dict) -> str:
    """A table of 5,000 yuan in these months, by customer or by customer and branch."""
    pairs = {key if isinstance(key, tuple) else (key, "b1"): held for key, held in months.items()}
    rows = [f"{c} | {b} | {m} | 5000" for (c, b), held in pairs.items() for m in held]
    return "\n".join(["customer_id | branch_id | month | average_aum_cny", *rows])
