"""Two real banks through the public reader, held against their raw files read another way."""

from __future__ import annotations

import bisect
import calendar
import csv
import datetime as dt
import gzip
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import yaml

import stockcust as sc
from needs import SHARED_DATA, shared_data

pytestmark = shared_data

EXAMPLES = Path(__file__).parents[2] / "examples"
QUARTERS = {"2019q3": dt.date(2019, 9, 30), "2019q4": dt.date(2019, 12, 31)}
CLASSES = {
    "structured_deposit_cny": "X1",
    "time_deposit_cny": "X2",
    "current_deposit_cny": "X3",
    "wmp_cny": "X4",
    "fund_cny": "X5",
    "trust_other_cny": "X6",
    "large_cd_cny": "X8",
}


def read(name: str) -> sc.Bank:
    return sc.read_bank(SHARED_DATA / name, mapping=EXAMPLES / name / "mapping.yaml")


def cents(amounts) -> int:
    return sum(round(amount * 100) for amount in amounts)


def total_cents(quarter) -> list[int]:
    """The assets of each customer of a raw file."""
    classes = [quarter[header].to_pylist() for header in CLASSES.values()]
    return [round(sum(amounts) * 100) for amounts in zip(*classes)]


# ------------------------------------------------------------------------------- xib2020


@pytest.fixture(scope="module")
def xib() -> sc.Bank:
    return read("xib2020")


@pytest.fixture(scope="module")
def raw_quarters() -> dict:
    return {q: pq.read_table(SHARED_DATA / "xib2020" / f"aum_{q}.parquet") for q in QUARTERS}


def test_xib_keeps_every_customer_of_both_quarters(xib, raw_quarters):
    assert {q: table.num_rows for q, table in raw_quarters.items()} == {
        "2019q3": 69_126,
        "2019q4": 76_170,
    }
    for table in ("customers", "aum_monthly"):
        counts = xib.counts[xib.counts["table"] == table].set_index("file")
        for quarter, raw in raw_quarters.items():
            file = counts.loc[f"aum_{quarter}.parquet"]
            assert (file["n_read"], file["n_kept"]) == (raw.num_rows, raw.num_rows)
    assert xib.rejects.empty


@pytest.mark.parametrize("quarter", QUARTERS)
def test_xib_amounts_are_the_raw_ones_to_the_cent(xib, raw_quarters, quarter):
    frame = xib.tables["aum_monthly"]
    month = frame[frame["month"] == pd.Timestamp(QUARTERS[quarter])]
    raw = raw_quarters[quarter]
    sums = {column: cents(raw[header].to_pylist()) for column, header in CLASSES.items()}
    assert {column: cents(month[column]) for column in CLASSES} == sums
    assert cents(month["point_aum_cny"]) == sum(sums.values())
    assert cents(month["loan_balance_cny"]) == cents(raw["X7"].to_pylist())


def test_xib_customers_as_of_the_third_quarter_are_that_quarters(xib, raw_quarters):
    assert xib.last_month_end == QUARTERS["2019q4"]
    earlier = xib.until(QUARTERS["2019q3"])
    assert earlier.last_month_end == QUARTERS["2019q3"]
    ids = set(raw_quarters["2019q3"]["cust_no"].to_pylist())
    assert set(earlier.tables["customers"]["customer_id"]) == ids
    assert set(earlier.tables["aum_monthly"]["customer_id"]) == ids


def test_xib_who_is_missing_from_the_fourth_quarters_list_has_left(xib, raw_quarters):
    rules = sc.load_rulebook()
    network = sc.compute_network(xib, QUARTERS["2019q4"], rules)
    held = {
        q: dict(zip(table["cust_no"].to_pylist(), total_cents(table)))
        for q, table in raw_quarters.items()
    }
    left = set(held["2019q3"]) - set(held["2019q4"])
    assert len(left) == 6_729
    assert len(network.segments) == len(held["2019q4"])
    floors = [round(tier.min_cny * 100) for tier in rules.tiers.active]
    tiers = Counter(f"T{bisect.bisect_right(floors, total)}" for total in held["2019q4"].values())
    assert network.segments["tier"].value_counts().to_dict() == tiers  # and nobody's is unknown
    figures = network.frames["figures"].set_index(["figure", "branch_id"])
    gone = figures.loc[("gone_share", "*"), ["numerator", "denominator"]]
    assert gone.tolist() == [len(left), len(held["2019q3"])]
    steps = network.frames["waterfall"].set_index(["branch_id", "component"]).loc["*"]
    assert steps.loc["lost", "n_customers"] == len(left)
    lost = sum(held["2019q3"][customer] for customer in left)
    assert round(-steps.loc["lost", "aum_cny"] * 100) == lost
    assert steps.loc["transfers", "n_customers"] == 0
    assert "missing_months" not in set(xib.notices["code"])


def test_xib_customers_keep_their_pseudo_branch_and_fill_all_of_them_evenly(xib):
    pairs = xib.tables["customers"][["customer_id", "branch_id"]].drop_duplicates()
    assert pairs["customer_id"].is_unique
    sizes = pairs["branch_id"].value_counts()
    assert set(sizes.index) == set(xib.branch_ids)
    assert sizes.between(0.9 * sizes.mean(), 1.1 * sizes.mean()).all()
    assert xib.tables["branches"]["branch_name"].str.contains("hash").all()
    assert (xib.notices["code"] == "pseudo_branches").any()


def test_xib_reads_no_file_that_would_be_a_leak_or_another_measure(xib):
    read_files = set(xib.counts["file"]) | set(xib.notices["file"])
    leaks = ("label", "deposit", "savings", "behavior")
    assert not [file for file in read_files if file.startswith(leaks)]


def test_xib_notes_say_what_the_monthly_deposits_are(raw_quarters):
    """They hold what the notes say: nearly all are the sum of the four deposit classes."""
    aum = raw_quarters["2019q3"].to_pandas()
    savings = pq.read_table(SHARED_DATA / "xib2020" / "savings_2019q3.parquet").to_pandas()
    both = aum.merge(savings, on="cust_no")
    deposits = both[["X1", "X2", "X3", "X8"]].sum(axis=1)
    assert ((deposits - both["C1"]).abs() < 0.01).mean() > 0.95
    assert pc.max(raw_quarters["2019q3"]["X4"]).as_py() > 0  # and AUM holds more than deposits


# ------------------------------------------------------------------------------- berka1999


@pytest.fixture(scope="module")
def berka() -> sc.Bank:
    return read("berka1999")


def raw_berka(name: str) -> list[dict[str, str]]:
    with gzip.open(SHARED_DATA / "berka1999" / f"{name}.asc.gz", "rt", encoding="ascii") as file:
        whole_lines = file.read().split("\n")[:-1]
    return list(csv.DictReader(whole_lines, delimiter=";"))


@pytest.fixture(scope="module")
def postings() -> list[dict[str, str]]:
    return raw_berka("trans")


def day(yymmdd: str) -> dt.date:
    return dt.date(1900 + int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:6]))


def test_berka_has_its_77_districts_as_branches_by_name(berka):
    districts = {row["A1"]: row["A2"] for row in raw_berka("district")}
    assert len(districts) == 77
    branches = berka.tables["branches"].set_index("branch_id")["branch_name"]
    assert branches.to_dict() == districts
    sizes = berka.tables["customers"]["branch_id"].value_counts()
    accounts = Counter(row["district_id"] for row in raw_berka("account"))
    assert sizes.to_dict() == dict(accounts)
    assert (sizes.min(), sizes.median(), sizes.max()) == (32, 48, 554)


def test_berka_customers_are_the_owners_with_their_birth_dates_and_genders(berka):
    owner = {r["client_id"]: r for r in raw_berka("disp") if r["type"] == "OWNER"}
    numbers = {r["client_id"]: r["birth_number"] for r in raw_berka("client")}
    customers = berka.tables["customers"].set_index("customer_id")
    assert set(customers.index) == set(owner)
    assert len(owner) == 4_500
    for client, number in ((client, numbers[client]) for client in owner):
        is_woman = int(number[2:4]) > 50
        month = int(number[2:4]) - 50 * is_woman
        born = dt.date(1900 + int(number[:2]), month, int(number[4:6]))
        assert customers.loc[client, "birth_date"].date() == born
        assert customers.loc[client, "gender"] == ("F" if is_woman else "M")


def test_berka_notes_say_how_many_others_use_an_account_and_live_elsewhere():
    disp, clients = raw_berka("disp"), {r["client_id"]: r for r in raw_berka("client")}
    district = {row["account_id"]: row["district_id"] for row in raw_berka("account")}
    owners = [row for row in disp if row["type"] == "OWNER"]
    elsewhere = [
        row
        for row in owners
        if clients[row["client_id"]]["district_id"] != district[row["account_id"]]
    ]
    notes = " ".join(
        yaml.safe_load((EXAMPLES / "berka1999/mapping.yaml").read_text("utf-8"))["notes"]
    )
    assert f"{len(disp) - len(owners)} 名代理人" in notes
    assert f"约 {len(elsewhere) / len(owners):.0%} 的户主" in notes.replace(" %", "%")


def test_berka_broken_last_line_is_rejected_with_its_row_and_the_rest_is_kept(berka, postings):
    with gzip.open(SHARED_DATA / "berka1999" / "trans.asc.gz") as file:
        n_lines = file.read().count(b"\n") + 1  # the last one does not end
    counts = berka.counts.set_index(["table", "file"]).loc[("transactions", "trans.asc.gz")]
    assert (counts["n_read"], counts["n_kept"]) == (n_lines - 1, len(postings))
    assert len(postings) == 49_102
    rejected = berka.rejects[berka.rejects["table"] == "transactions"]
    assert rejected[["file", "row", "reason"]].values.tolist() == [
        ["trans.asc.gz", n_lines, "ragged_row"]
    ]


def test_berka_transactions_are_the_raw_ones_to_the_cent_by_direction(berka, postings):
    raw: dict[str, Decimal] = defaultdict(Decimal)
    for row in postings:
        raw["in" if row["type"] == "PRIJEM" else "out"] += Decimal(row["amount"])
    frame = berka.tables["transactions"]
    assert {side: cents(part) for side, part in frame.groupby("direction")["amount_cny"]} == {
        side: int(total * 100) for side, total in raw.items()
    }
    days = Counter(day(row["date"]) for row in postings)
    assert frame["transaction_date"].dt.date.value_counts().to_dict() == dict(days)


def test_berka_interest_fees_and_direct_debits_are_no_acts_of_the_customer(berka, postings):
    kinds = berka.tables["transactions"]["kind"].value_counts()
    symbols = Counter(row["k_symbol"].strip() for row in postings)
    assert kinds["interest"] == symbols["UROK"] + symbols["SANKC. UROK"]
    assert kinds["fee"] == symbols["SLUZBY"]
    assert kinds["batch_deduct"] == symbols["SIPO"] + symbols["POJISTNE"] + symbols["UVER"]
    assert kinds["pension"] == symbols["DUCHOD"]
    assert kinds.sum() == len(postings)


def test_berka_month_ends_are_balances_of_the_last_posting_before(berka, postings):
    """Where an account's last day up to the month's end has one posting, it is that balance."""
    owner = {r["account_id"]: r["client_id"] for r in raw_berka("disp") if r["type"] == "OWNER"}
    by_account = defaultdict(lambda: defaultdict(list))
    for row in postings:
        by_account[row["account_id"]][day(row["date"])].append(float(row["balance"]))
    ends = berka.tables["aum_monthly"].set_index(["customer_id", "month"])
    n_single = 0
    for account, days in by_account.items():
        for month in pd.date_range(min(days), "1994-03-31", freq="ME"):
            last = days[max(d for d in days if d <= month.date())]
            row = ends.loc[(owner[account], month)]
            net = row["point_aum_cny"] - row["loan_balance_cny"]
            assert any(net == pytest.approx(balance, abs=0.005) for balance in last)
            n_single += len(last) == 1
    assert n_single > 1_000


def test_berka_month_ends_follow_from_all_postings_before(berka, postings):
    """The bank rounds balances to 0.1, so a sum of amounts strays by a few units at most."""
    owner = {r["account_id"]: r["client_id"] for r in raw_berka("disp") if r["type"] == "OWNER"}
    sums: dict[str, float] = defaultdict(float)
    for row in postings:
        sign = 1 if row["type"] == "PRIJEM" else -1
        sums[owner[row["account_id"]]] += sign * float(row["amount"])
    frame = berka.tables["aum_monthly"]
    last = frame[frame["month"] == "1994-03-31"].set_index("customer_id")
    gap = (last["point_aum_cny"] - last["loan_balance_cny"] - pd.Series(sums)).abs()
    assert set(last.index) == set(sums)
    assert gap.quantile(0.95) < 1


def test_berka_as_of_the_last_month_knows_no_later_customer_or_contract(berka):
    assert berka.last_month_end == dt.date(1994, 3, 31)
    known = berka.until(berka.last_month_end).tables
    opened = [row for row in raw_berka("account") if row["date"] <= "940331"]
    assert len(known["customers"]) == len(opened) == 1_229
    assert known["holdings"]["start_date"].max() <= pd.Timestamp("1994-03-31")
    loans = [row for row in raw_berka("loan") if row["date"] <= "940331"]
    assert (known["holdings"]["product_class"] == "loan").sum() == len(loans)


def test_berka_loans_keep_their_amount_and_end_after_their_term(berka):
    holdings = berka.tables["holdings"].set_index("contract_id")
    loans = raw_berka("loan")
    assert (holdings["product_class"] == "loan").sum() == len(loans) == 682
    for loan in loans:
        row = holdings.loc[f"L{loan['loan_id']}"]
        start = day(loan["date"])
        year = start.year + int(loan["duration"]) // 12
        last = calendar.monthrange(year, start.month)[1]
        assert row["amount_cny"] == float(loan["amount"])
        assert row["start_date"].date() == start
        assert row["maturity_date"].date() == dt.date(year, start.month, min(start.day, last))


def test_berka_has_tiers_in_crowns_that_its_customers_fill(berka):
    """About a fifth below the second tier, a third above the third, a tenth above the fourth."""
    rules = sc.load_rulebook(EXAMPLES / "berka1999/rulebook.yaml")
    customers = sc.customers_as_of(berka, "1994-03-31", rules)
    share = sc.segment(customers, rules)["tier"].value_counts(normalize=True)
    assert set(share.index) == {"T1", "T2", "T3", "T4", "T5"}
    assert share["T1"] == pytest.approx(0.20, abs=0.03)
    assert share[["T3", "T4", "T5"]].sum() == pytest.approx(0.35, abs=0.03)
    assert share[["T4", "T5"]].sum() == pytest.approx(0.10, abs=0.05)
    assert share["T5"] == pytest.approx(0.03, abs=0.01)
