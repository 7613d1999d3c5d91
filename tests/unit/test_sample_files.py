"""data/sample is what the generator makes, in the formats that a bank would send."""

from __future__ import annotations

import pandas as pd
import pytest
import yaml
from sample_banks import FOLDER, shipped, shipped_again

from stockcust.sample import generate, write_sample

CONTRACT = yaml.safe_load(
    (FOLDER.parents[1] / "src/stockcust/tables/contract.yaml").read_text(encoding="utf-8")
)["tables"]
FILES = sorted(path.name for path in FOLDER.iterdir())


def _content(path):
    if path.suffix == ".parquet":
        return pd.read_parquet(path).to_csv()
    if path.suffix == ".xlsx":
        return pd.read_excel(path).to_csv()
    return path.read_bytes()


def test_regenerating_gives_the_same_files():
    assert sorted(path.name for path in shipped_again().iterdir()) == FILES


@pytest.mark.parametrize("name", FILES)
def test_regenerating_gives_the_same_content(name):
    assert _content(FOLDER / name) == _content(shipped_again() / name)


def test_the_folder_stays_under_eight_megabytes():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 8_000_000


def test_every_table_of_the_contract_is_there_and_filled():
    assert set(shipped().frames) == set(CONTRACT)
    assert all(len(frame) for frame in shipped().frames.values())
    assert {path.stem for path in FOLDER.iterdir()} >= set(CONTRACT)


def test_every_column_belongs_to_the_contract_and_required_ones_are_there():
    for table, frame in shipped().frames.items():
        columns = CONTRACT[table]["columns"]
        required = {name for name, column in columns.items() if column.get("required")}
        assert required <= set(frame) <= set(columns), table


def test_formats_and_encodings_are_mixed():
    assert len([name for name in FILES if name.endswith(".parquet")]) >= 4
    with pytest.raises(UnicodeDecodeError):
        (FOLDER / "churn_records.csv").read_text(encoding="utf-8")
    assert (FOLDER / "churn_records.csv").read_text(encoding="gb18030").startswith("客户号")
    assert (FOLDER / "branches.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert "CUST_NO" in pd.read_parquet(FOLDER / "transactions.parquet")
    assert "客户号" in pd.read_parquet(FOLDER / "aum_monthly.parquet")
    assert "固定费用(万元)" in pd.read_excel(FOLDER / "campaigns.xlsx")


def test_money_in_wan_is_a_ten_thousandth():
    written = pd.read_excel(FOLDER / "campaigns.xlsx")["固定费用(万元)"]
    assert (written * 1e4).round(2).tolist() == shipped().frames["campaigns"]["cost_cny"].tolist()


def test_the_gift_ledger_ends_in_a_total():
    gifts = pd.read_csv(FOLDER / "gift_ledger.csv")
    assert gifts.iloc[-1, 0] == "合计"
    assert gifts["礼品价值"].iloc[-1] == pytest.approx(gifts["礼品价值"].iloc[:-1].sum())


def test_the_dictionary_names_every_table_and_header():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    for table, frame in shipped().frames.items():
        assert f"`{table}`" in text
        assert all(f"`{name}`" in text for name in frame)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_bank(tmp_path):
    small = {"n_branches": 3, "n_customers": 90, "n_months": 8}
    first = write_sample(generate(**small, seed=1), tmp_path / "a")
    again = write_sample(generate(**small, seed=1), tmp_path / "b")
    other = write_sample(generate(**small, seed=2), tmp_path / "c")
    for path in first.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes(), path.name
    changed = {p.name for p in first.iterdir() if p.read_bytes() != (other / p.name).read_bytes()}
    assert changed > {"customers.parquet", "aum_monthly.parquet", "truth.json"}
