"""Results are computed once, add up, and come back from their folder as they were."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import stockcust as sc
from stockcust.errors import CallError
from stockcust.kpis import NETWORK

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


@pytest.fixture(scope="module")
def network():
    return sc.find_results(data=str(SAMPLE))


@pytest.fixture(scope="module")
def folder(network, tmp_path_factory):
    return network.save(tmp_path_factory.mktemp("results"))


def test_branches_add_up_to_the_network(network):
    figures = network.frames["figures"].set_index(["figure", "branch_id"])
    for figure in ("customers", "aum_cny", "upgrade_share", "angels"):
        of_figure = figures.loc[figure]
        parts = of_figure.drop(NETWORK)[["numerator", "denominator"]].sum()
        whole = of_figure.loc[NETWORK, ["numerator", "denominator"]].astype("float64")
        pd.testing.assert_series_equal(parts, whole, check_names=False)
    assert network.branches["n_customers"].sum() == len(network.segments)


def test_the_waterfall_of_all_branches_ends_at_the_networks_assets(network):
    steps = network.frames["waterfall"].query("branch_id == @NETWORK").set_index("component")
    assert steps.loc["closing", "aum_cny"] == pytest.approx(
        network.segments["aum_cny"].sum(), abs=0.005
    )
    assert steps.loc["transfers", "aum_cny"] == 0


def test_every_customer_has_one_tier_one_class_one_group_and_a_plan(network):
    rules, segments = network.rules, network.segments
    assert not segments.duplicated(["customer_id", "branch_id"]).any()
    known = segments[segments["group"] != "unknown"]
    expected = [rules.grid[t][f] for t, f in zip(known["tier"], known["familiarity"])]
    assert known["group"].tolist() == expected
    assert set(known["group"]) <= set(rules.groups)
    assert set(segments.loc[segments["group"] == "unknown", "band"]) <= set(rules.unknown_plans)


def test_no_frame_names_a_customer_of_the_bank(network):
    bank = sc.read_bank(SAMPLE)
    ids = set(bank.tables["customers"]["customer_id"])
    for name, frame in network.frames.items():
        texts = frame.select_dtypes("str")
        assert not [c for c in texts if set(texts[c].dropna()) & ids], name


def test_results_come_back_as_they_were(network, folder):
    again = sc.open_network(folder)
    assert (again.as_of, again.baseline, again.rules.hash) == (
        network.as_of,
        network.baseline,
        network.rules.hash,
    )
    for name, frame in network.frames.items():
        pd.testing.assert_frame_equal(again.frames[name], frame)
    assert again.input_hash() == network.input_hash()


def test_a_branch_reads_its_rows_only_and_hashes_them_only(network, folder):
    first, second = network.branches["branch_id"][:2]
    opened = sc.open_network(folder, first)
    assert set(opened.segments["branch_id"]) == {first}
    assert opened.input_hash() == network.input_hash(first) != network.input_hash(second)


def test_a_change_in_one_branch_leaves_the_hash_of_the_others(network):
    import dataclasses

    first, second = network.branches["branch_id"][:2]
    segments = network.segments.copy()
    segments.loc[segments["branch_id"] == first, "aum_cny"] += 1
    changed = dataclasses.replace(network, frames={**network.frames, "segments": segments})
    assert changed.input_hash(first) != network.input_hash(first)
    assert changed.input_hash(second) == network.input_hash(second)


def test_an_unknown_branch_is_refused_by_name(network, folder):
    for ask in (lambda: network.branch("9999"), lambda: sc.open_network(folder, "9999")):
        with pytest.raises(CallError, match="no branch '9999'"):
            ask()


def test_a_folder_without_results_is_refused(tmp_path):
    with pytest.raises(CallError, match="no results"):
        sc.open_network(tmp_path)


def test_without_history_there_is_no_baseline_and_no_change(tmp_path):
    bank = sc.read_bank(SAMPLE)
    months = bank.tables["aum_monthly"]
    only = months[months["month"] == months["month"].max()]
    short = sc.Bank.from_frames(
        {
            "customers": bank.tables["customers"],
            "branches": bank.tables["branches"],
            "aum_monthly": only,
        }
    )
    network = sc.compute_network(short, None, sc.load_rulebook())
    assert network.baseline is None and network.before.empty
    assert network.frames["waterfall"].empty
    assert "upgrade_share" not in set(network.frames["figures"]["figure"])
    assert network.frames["reconciliation"].empty
    first = network.branches["branch_id"].iloc[0]
    opened = sc.open_network(network.save(tmp_path), first)
    assert opened.input_hash() == network.input_hash(first)


@pytest.mark.parametrize("day", ["2030-01-01", "2023-12-31"])
def test_a_day_whose_month_the_bank_does_not_hold_is_refused(day):
    bank = sc.read_bank(SAMPLE)
    with pytest.raises(sc.StockcustError, match=r"which aum_monthly does not hold|begin with"):
        sc.compute_network(bank, day, sc.load_rulebook())


def test_a_branch_is_told_which_tables_hold_nothing_of_it(network):
    absent = network.branch("0108").frames["absent"]
    assert "contacts" in set(absent.loc[absent["branch_id"] == "0108", "table"])
    assert network.branch("0101").frames["absent"].empty
