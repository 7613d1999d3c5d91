"""Effort, outreach, tools, stickiness and pools of the sample, of the least bank, and as of a day."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import stockcust as sc
from random_banks import AS_OF, later_rows, random_tables
from stockcust import present as show
from stockcust.customers import contacts_in_window
from stockcust.kpis import NETWORK
from stockcust.network import upkeep
from stockcust.network.upkeep import NAMES
from stockcust.tables import Bank, pseudonymous
from stockcust.tables.contract import load_contract

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
RULES = sc.load_rulebook()


@pytest.fixture(scope="module")
def network():
    return sc.find_results(data=str(SAMPLE))


@pytest.fixture(scope="module")
def least():
    """The three tables that every bank has, two months of them."""
    tables = sc.read_bank(SAMPLE).tables
    keys = ["customer_id", "branch_id"]
    people = tables["customers"].drop_duplicates(keys)[keys]
    months = tables["aum_monthly"][[*keys, "month", "point_aum_cny"]]
    months = months[months["month"] > "2026-05-15"]
    branches = tables["branches"][["branch_id"]]
    frames = {"customers": people, "aum_monthly": months, "branches": branches}
    return sc.compute_network(Bank.from_frames(frames), None, RULES)


@pytest.mark.parametrize("name", NAMES)
def test_the_sample_has_lines_of_the_network_and_of_its_branches(network, name):
    branches = set(network.frames[name]["branch_id"])
    assert branches & set(network.branches["branch_id"])
    assert (NETWORK in branches) == (name != "pools")


def test_contacts_of_the_log_are_all_with_managed_customers_or_others(network):
    frame = network.frames["effort"]
    bank = pseudonymous(sc.read_bank(SAMPLE))
    log = contacts_in_window(bank, network.as_of, RULES, RULES.report.baseline_window_months)
    logged = network.segments.loc[network.segments["n_contacts"].notna(), "branch_id"].unique()
    lines = frame[frame["line"].isin(["branch", "unmanaged"]) & (frame["branch_id"] != NETWORK)]
    assert lines["n_contacts"].sum() == log[log["branch_id"].isin(logged)]["n_contacts"].sum()


def test_the_changes_of_pools_are_those_of_their_members(network):
    changes = network.frames["pool_changes"].set_index(["branch_id", "pool"])["n_now"]
    sizes = network.frames["pools"].groupby(["branch_id", "pool"]).size()
    assert (changes.loc[sizes.index] == sizes).all()
    assert set(network.frames["pools"]["as_of"]) == {pd.Timestamp(network.as_of)}


def test_the_index_of_all_is_the_figure_on_the_summary(network):
    figures = network.frames["figures"].set_index(["branch_id", "figure"])["estimate"]
    lines = network.frames["stickiness"].set_index(["branch_id", "group"])["mean"]
    assert lines[(NETWORK, "all")] == pytest.approx(figures[(NETWORK, "ties_per_customer")])


def test_a_bank_with_the_least_tables_has_pools_by_assets_and_says_why_not_more(least):
    frames = least.frames
    empty = [name for name in NAMES if frames[name].empty]
    assert empty == ["effort", "outreach", "tools", "stickiness"]
    assert set(frames["pools"]["pool"]) == {"critical_upgrade", "downgrade_risk"}
    for lang, words in (
        ("zh", ("没有", "提供", "没有", "无法")),
        ("en", ("No", "cannot", "No", "cannot")),
    ):
        said = (
            show.table_effort(frames["effort"], RULES, lang=lang),
            show.table_outreach(frames["outreach"], RULES, lang=lang),
            show.table_tools(frames["tools"], RULES, lang=lang),
            show.table_stickiness(frames["stickiness"], RULES, lang=lang),
        )
        for sentence, word in zip(said, words):
            assert sentence.n_rows is None
            assert word in sentence
    # nobody could be placed in a group: that is not none in each of them
    assert show.table_pools(frames["pool_changes"], RULES).n_rows == 2


@pytest.mark.parametrize("seed", [3, 11])
def test_later_rows_of_every_table_change_nothing(seed):
    rng = np.random.default_rng(seed)
    tables = random_tables(rng)
    contract = load_contract().tables
    longer = {
        name: pd.concat([frame, later_rows(name, frame, rng)], ignore_index=True)
        if contract[name].time
        else frame
        for name, frame in tables.items()
    }
    known, more = (_frames(each) for each in (tables, longer))
    for name in NAMES:
        pd.testing.assert_frame_equal(more[name], known[name], obj=name)


def _frames(tables):
    network = sc.compute_network(Bank.from_frames(tables), AS_OF, RULES)
    return {name: network.frames[name] for name in NAMES}


def test_the_names_are_those_that_are_computed(network):
    made = upkeep.upkeep(
        sc.read_bank(SAMPLE).until(network.as_of), network.as_of, network.segments, None, RULES
    )
    assert tuple(made) == NAMES
