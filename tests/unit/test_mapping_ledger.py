"""Monthly balances of a ledger, held against a plain day-by-day book-keeping."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapped import mapped, refused
from stockcust.tables.details import write_detail
from stockcust.tables.mapping.ledger import Ledger, monthly_balances

DAY = dt.timedelta(days=1)
START = dt.date(2024, 1, 1)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


def ledger(rows, **more):
    """Rows are owner, account, ISO day, balance in fen, signed amount in fen."""
    frame = pd.DataFrame(rows, columns=["owner", "account", "day", "balance", "signed"])
    day = pd.to_datetime(frame["day"]).astype("datetime64[us]")
    extra = {"signed": frame["signed"]} if more.pop("chained", False) else {}
    return Ledger(frame["owner"], frame["account"], day, frame["balance"], **extra, **more)


def balances(ledger, *, opening=True, ends=None):
    last = pd.Timestamp(ends or ledger.day.max())
    covered = {
        field: column if column is None else column[ledger.day <= last]
        for field, column in ((f, getattr(ledger, f)) for f in ledger.__slots__)
    }
    return monthly_balances(Ledger(**covered), last, starts_with_opening=opening)


def read(balances):
    """owner, month, month end, overdraft, average."""
    frame = balances.frame
    average = (
        frame["average_balance"]
        .round(6)
        .astype(object)
        .where(frame["average_balance"].notna(), None)
    )
    return list(
        zip(
            frame["owner"],
            frame["month"].dt.strftime("%Y-%m"),
            frame["month_end_balance"],
            frame["month_end_overdraft"],
            average,
        )
    )


def test_a_balance_holds_until_the_next_posting_and_days_before_the_first_count_zero():
    made = balances(
        ledger(
            [
                ("P", "a", "2024-01-22", 3100, 3100),  # 10 days of January
                ("P", "a", "2024-02-11", 2900, -200),  # 10 days 3100, 19 days 2900
                ("P", "a", "2024-04-30", 0, -2900),  # 29 days 2900, 1 day 0
            ]
        ),
    )
    assert read(made) == [
        ("P", "2024-01", 3100, 0, 1000.0),
        ("P", "2024-02", 2900, 0, round((10 * 3100 + 19 * 2900) / 29, 6)),
        ("P", "2024-03", 2900, 0, 2900.0),
        ("P", "2024-04", 0, 0, round(29 * 2900 / 30, 6)),
    ]


def test_without_an_opening_the_first_incomplete_month_has_no_average():
    rows = [
        ("P", "a", "2024-01-22", 3100, 0),
        ("Q", "b", "2024-01-01", 500, 0),
        ("P", "a", "2024-02-29", 3100, 0),
    ]
    made = balances(ledger(rows), opening=False)
    assert read(made) == [
        ("P", "2024-01", 3100, 0, None),
        ("P", "2024-02", 3100, 0, 3100.0),
        ("Q", "2024-01", 500, 0, 500.0),
        ("Q", "2024-02", 500, 0, 500.0),
    ]


def test_accounts_of_one_owner_add_up_and_one_unknown_average_makes_the_sum_unknown():
    rows = [
        ("P", "a", "2024-01-01", 100, 0),
        ("P", "b", "2024-01-22", 3100, 0),
        ("P", "a", "2024-01-31", 200, 0),
    ]
    known = balances(ledger(rows))
    unknown = balances(ledger(rows), opening=False)
    assert read(known) == [("P", "2024-01", 3300, 0, round((30 * 100 + 200 + 31000) / 31, 6))]
    assert read(unknown) == [("P", "2024-01", 3300, 0, None)]


def test_a_balance_below_zero_is_an_overdraft_and_no_negative_asset():
    rows = [
        ("P", "a", "2024-01-01", 3100, 3100),
        ("P", "a", "2024-01-21", -500, -3600),
        ("P", "b", "2024-01-31", 700, 700),
    ]
    made = balances(ledger(rows))
    assert read(made) == [("P", "2024-01", 700, 500, round((20 * 3100 + 700) / 31, 6))]
    assert made.n_overdrawn == 1


def test_a_month_that_the_ledger_does_not_cover_to_its_end_is_left_out():
    rows = [("P", "a", "2024-01-10", 100, 100), ("P", "a", "2024-02-20", 200, 100)]
    assert [row[1] for row in read(balances(ledger(rows)))] == ["2024-01"]
    covered = balances(ledger(rows), ends="2024-03-31")
    assert [row[1] for row in read(covered)] == ["2024-01", "2024-02", "2024-03"]
    earlier = balances(ledger(rows), ends="2024-01-31")
    assert read(earlier) == [("P", "2024-01", 100, 0, round(22 * 100 / 31, 6))]


def test_the_last_posting_of_a_day_is_the_last_in_the_file_or_the_last_by_order():
    rows = [("P", "a", "2024-01-31", 100, 100), ("P", "a", "2024-01-31", 60, -40)]
    in_file = balances(ledger(rows))
    by_order = balances(ledger(rows, order=pd.Series([9, 2])))
    assert (read(in_file)[0][2], read(by_order)[0][2]) == (60, 100)
    assert in_file.n_shared_days == 1
    assert in_file.n_unchained_days is None


def test_postings_out_of_order_are_put_in_order_by_the_chain_of_balances():
    rows = [
        ("P", "a", "2024-01-30", 1000, 1000),
        ("P", "a", "2024-01-31", 400, -300),  # third: 1000 + 200 - 500 - 300
        ("P", "a", "2024-01-31", 1200, 200),  # first
        ("P", "a", "2024-01-31", 700, -500),  # second
    ]
    assert read(balances(ledger(rows, chained=True)))[0][2] == 400


def test_a_day_that_does_not_chain_is_counted():
    rows = [("P", "a", "2024-01-30", 1000, 1000), ("P", "a", "2024-01-31", 5000, 200)]
    made = balances(ledger(rows, chained=True))
    assert made.n_unchained_days == 1


# ------------------------------------------------------------------------------- properties

postings = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.integers(0, 100),
        st.integers(-5000, 5000).filter(bool),
    ),
    min_size=1,
    max_size=25,
)


def booked(postings):
    """Rows of a true ledger in the order of posting: running balances per account."""
    balance = defaultdict(int)
    rows = []
    for account, day, amount in sorted(postings, key=lambda p: (p[0], p[1])):
        balance[account] += amount
        owner = "P" if account in "ab" else "Q"
        rows.append((owner, account, str(START + day * DAY), balance[account], amount))
    return rows


def by_the_day(rows):
    """Month-end balance and average of each owner, from a loop over all days."""
    last = max(dt.date.fromisoformat(row[2]) for row in rows)
    ends, sums = defaultdict(int), defaultdict(int)
    for account in {row[1] for row in rows}:
        own = [row for row in rows if row[1] == account]
        day, owner = dt.date.fromisoformat(own[0][2]), own[0][0]
        while day <= last:
            balance = [row[3] for row in own if row[2] <= str(day)][-1]
            key = owner, day.strftime("%Y-%m")
            sums[key] += max(balance, 0)
            if (day + DAY).day == 1:
                ends[key] += max(balance, 0)
            day += DAY
    complete = {key for key in sums if _month_end(key[1]) <= last}
    return {key: (ends[key], sums[key] / _month_end(key[1]).day) for key in complete}


def _month_end(month):
    return pd.Period(month, "M").end_time.date()


@settings(max_examples=30, deadline=None)
@given(postings)
def test_monthly_balances_equal_a_plain_day_by_day_book(postings):
    rows = booked(postings)
    made = balances(ledger(rows))
    expected = by_the_day(rows)
    found = {row[:2]: (row[2], row[4]) for row in read(made)}
    assert set(found) == set(expected)
    for key, (end, average) in expected.items():
        assert found[key] == (end, pytest.approx(average, abs=1e-5))


@settings(max_examples=30, deadline=None)
@given(postings, st.randoms(use_true_random=False))
def test_the_chain_finds_the_closing_balance_whatever_the_order_of_the_file(postings, random):
    rows = booked(postings)
    first_days = {row[1]: row[2] for row in reversed(rows)}
    shuffled = rows.copy()
    random.shuffle(shuffled)
    # how an account opened cannot be known from postings of one day, so its first day stays
    first = [row for row in rows if row[2] == first_days[row[1]]]
    later = [row for row in shuffled if row[2] != first_days[row[1]]]
    made = balances(ledger(first + later, chained=True))
    assert read(made) == read(balances(ledger(rows)))


# ------------------------------------------------------------------------------- by a mapping

MAPPING = """
tables:
  aum_monthly:
    - files: t_*.csv
      monthly_balance:
        account: acct
        owner: no
        date: day
        date_format: YYYYMMDD
        balance: balance
        starts_with_opening: true
      columns:
        customer_id: no
        month: month
        point_aum_cny: month_end_balance
        average_aum_cny: average_balance
        loan_balance_cny: month_end_overdraft
"""


def test_a_ledger_in_several_files_becomes_months_and_says_how(folder):
    (raw,) = mapped(
        folder,
        MAPPING,
        t_1_csv="no,acct,day,balance\n1,a,20240101,310.00\n",
        t_2_csv='no,acct,day,balance\n1,a,20240131,"1,000.00"\n',
    ).tables
    row = raw.part.frame.iloc[0]
    assert raw.part.file == "t_1.csv, t_2.csv#monthly_balance"
    assert (row["customer_id"], row["point_aum_cny"]) == ("1", 1000.0)
    assert row["average_aum_cny"] == pytest.approx((30 * 310 + 1000) / 31)
    assert row["month"] == pd.Timestamp("2024-01-31")
    assert [n.code for n in raw.part.notices] == ["month_end_balances"]


def test_postings_that_cannot_be_read_are_rejected_with_their_file_and_row(folder):
    (raw,) = mapped(
        folder,
        MAPPING,
        t_1_csv="no,acct,day,balance\n1,a,20240131,310.00\n1,a,20240230,1\n1,,20240131,x\n1,a\n",
    ).tables
    assert len(raw.part.frame) == 1
    lacks = write_detail("lacks", file="t_1.csv", columns=["account", "balance"])
    assert [(row.row, row.reason, row.detail) for row in raw.part.broken] == [
        (5, "ragged_row", write_detail("in_file", file="t_1.csv")),
        (3, "unreadable_posting", write_detail("lacks", file="t_1.csv", columns=["day"])),
        (4, "unreadable_posting", lacks),
    ]


def test_a_ledger_without_one_readable_posting_is_refused(folder):
    problems = refused(folder, MAPPING, t_1_csv="no,acct,day,balance\n1,a,x,310.00\n")
    assert "tables.aum_monthly[0].monthly_balance: no posting can be read" in problems[0]


def test_headers_that_the_ledger_lacks_are_named_with_the_nearest(folder):
    problems = refused(folder, MAPPING, t_1_csv="no,acct,date,balances\n1,a,x,310.00\n")
    assert [problem.partition("monthly_balance: ")[2] for problem in problems] == [
        "t_1.csv has no column day -> use one of no, acct, date, balances",
        "t_1.csv has no column balance -> did you mean balances?",
    ]
