"""What a bank's file says, and what stockcust reads: the loader's rules as tables."""

from __future__ import annotations

from pathlib import Path

import pytest

import stockcust as sc

BRANCHES = "机构号,机构名称\n0101,城东支行\n"


def bank_of(folder: Path, customers: str, aum: str, encoding: str = "utf-8") -> sc.Bank:
    for name, text in (("客户主档", customers), ("资产月快照", aum), ("机构", BRANCHES)):
        (folder / f"{name}.csv").write_text(text, encoding=encoding)
    return sc.read_bank(folder)


CUSTOMERS = "客户号,归属机构\n00012345,0101\n00012346,0101\n"
AUM = "客户号,统计月份,AUM月日均(万元)\n00012345,2024年1月,5.0000\n00012346,202401,19.99999\n"


def test_leading_zeros_of_ids_are_kept(tmp_path: Path) -> None:
    bank = bank_of(tmp_path, CUSTOMERS, AUM)
    assert list(bank.tables["customers"]["customer_id"]) == ["00012345", "00012346"]


def test_an_id_in_scientific_notation_is_rejected(tmp_path: Path) -> None:
    bank = bank_of(tmp_path, CUSTOMERS + "1.23E+15,0101\n", AUM)
    (reject,) = bank.rejects.to_dict("records")
    place = (reject["table"], reject["file"], reject["row"], reject["column"], reject["reason"])
    assert place == ("customers", "客户主档.csv", 4, "customer_id", "scientific_notation")


def test_wan_in_the_header_is_read_and_applied(tmp_path: Path) -> None:
    bank = bank_of(tmp_path, CUSTOMERS, AUM)
    assert list(bank.tables["aum_monthly"]["average_aum_cny"]) == [50_000.00, 199_999.90]
    assert "unit_converted" in set(bank.notices["code"])


def test_a_total_row_is_dropped_and_reported(tmp_path: Path) -> None:
    bank = bank_of(tmp_path, CUSTOMERS, AUM + "合计,,24.99999\n")
    assert len(bank.tables["aum_monthly"]) == 2
    counts = bank.counts.set_index("table").loc["aum_monthly"]
    assert counts["n_total_rows_dropped"] == 1
    assert counts["n_read"] == 3
    assert "total_rows" in set(bank.notices["code"])
    assert bank.rejects.empty


def test_a_gbk_file_is_read(tmp_path: Path) -> None:
    bank = bank_of(tmp_path, CUSTOMERS, AUM, encoding="gbk")
    assert list(bank.tables["branches"]["branch_name"]) == ["城东支行"]


def test_identity_numbers_never_come_in(tmp_path: Path) -> None:
    secret = "411525198001011234"
    customers = f"客户号,归属机构,证件号码\n00012345,0101,{secret}\n00012346,0101,{secret}\n"
    bank = bank_of(tmp_path, customers, AUM)
    assert list(bank.tables["customers"].columns) == ["customer_id", "branch_id"]
    everything = [*bank.tables.values(), bank.rejects, bank.notices, bank.counts]
    assert not any(secret in frame.to_csv() for frame in everything)
    dropped = bank.notices[bank.notices["code"] == "never_load"]
    assert list(dropped["column"]) == ["证件号码"]


def test_a_money_laundering_grade_is_not_even_named(tmp_path: Path) -> None:
    customers = "客户号,归属机构,洗钱风险等级\n00012345,0101,高\n00012346,0101,低\n"
    bank = bank_of(tmp_path, customers, AUM)
    everything = [*bank.tables.values(), bank.rejects, bank.notices, bank.counts]
    assert not any("洗钱" in frame.to_csv() for frame in everything)
    assert "never_load" in set(bank.notices["code"])


@pytest.mark.parametrize(
    ("balance", "kept"),
    [("0", True), ("-0.01", False), ("", True), ("49999.99", True)],
)
def test_a_negative_balance_rejects_its_row(tmp_path: Path, balance: str, kept: bool) -> None:
    aum = f"客户号,统计月份,时点AUM\n00012345,202401,{balance}\n00012346,202401,1\n"
    bank = bank_of(tmp_path, CUSTOMERS, aum)
    assert ("00012345" in set(bank.tables["aum_monthly"]["customer_id"])) is kept
    assert len(bank.rejects) == (not kept)


@pytest.mark.parametrize(
    ("second_row", "n_kept", "n_rejected"),
    [
        ("00012345,202401,100", 1, 0),  # the same again: one is kept
        ("00012345,202401,101", 0, 2),  # another amount: neither is believed
        ("00012345,202402,100", 2, 0),  # another month: both are kept
    ],
)
def test_duplicates_equal_keep_one_different_reject_all(
    tmp_path: Path, second_row: str, n_kept: int, n_rejected: int
) -> None:
    aum = f"客户号,统计月份,时点AUM\n00012346,202401,7\n00012345,202401,100\n{second_row}\n"
    bank = bank_of(tmp_path, CUSTOMERS, aum)
    kept = bank.tables["aum_monthly"]["customer_id"] == "00012345"
    assert (kept.sum(), len(bank.rejects)) == (n_kept, n_rejected)


@pytest.mark.parametrize(
    ("classes", "point", "is_conflict"),
    [
        ("50000", "50000", False),
        ("50000", "5.0000", True),
        ("5.0000", "50000", True),
        ("50000", "50100", False),
    ],
)
def test_yuan_and_wan_in_one_row_stop_the_run(
    tmp_path: Path, classes: str, point: str, is_conflict: bool
) -> None:
    rows = "".join(f"{i},202401,{classes},{point}\n" for i in ("00012345", "00012346"))
    aum = f"客户号,统计月份,活期余额,时点AUM\n{rows}"
    if not is_conflict:
        assert len(bank_of(tmp_path, CUSTOMERS, aum).tables["aum_monthly"]) == 2
        return
    with pytest.raises(sc.StockcustError, match="unit conflict"):
        bank_of(tmp_path, CUSTOMERS, aum)


@pytest.mark.parametrize(
    ("point", "flagged"),
    [("100000", False), ("100001", False), ("100100", False), ("100101", True), ("99899", True)],
)
def test_the_point_balance_may_miss_the_sum_by_a_thousandth(
    tmp_path: Path, point: str, flagged: bool
) -> None:
    aum = f"客户号,统计月份,活期余额,定期余额,时点AUM\n00012345,202401,40000,60000,{point}\n"
    bank = bank_of(tmp_path, CUSTOMERS, aum)
    assert ("sum_mismatch" in set(bank.notices["code"])) is flagged
    assert bank.rejects.empty
