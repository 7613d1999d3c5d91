"""Who is in which pool on a day, and who joined and left since."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockcust.kpis import NETWORK, figures, pool_changes, pool_label, pool_members
from stockcust.kpis.pools import CHANGES, IDS
from stockcust.rulebook import load_rulebook
from stockcust.rulebook.base import GROUPS

RULES = load_rulebook()
DAY = pd.Timestamp("2026-06-30").date()
KNOWN = dict.fromkeys(("money", "authority", "need"), "lacks")


def customers(*rows, **same):
    """Customers who are in the pool of their group and in no other."""
    safe = {
        "branch_id": "A", "tier": "T2", "group": "G8", "aum_cny": 100_000.0, "man_group": "man",
        "point_aum_cny": 100_000.0, "maturing_30d_cny": 0.0, "is_dormant_valuable": False,
        "is_effective": True, **KNOWN,
    }  # fmt: skip
    lines = [{"customer_id": f"C{i}", **safe, **same, **row} for i, row in enumerate(rows)]
    return pd.DataFrame(lines)


def pools_of(said, rules=RULES):
    return set(pool_members(customers(said), DAY, rules)["pool"])


MEMBERS = [
    # what is said of a customer, pools
    ({}, {"G8"}),
    ({"group": "G1"}, {"G1"}),
    ({"group": "unknown"}, set()),
    ({"is_effective": False}, set()),  # no group below the threshold
    ({"man_group": "MAN"}, {"G8", "angels"}),
    ({"man_group": "MAn"}, {"G8"}),
    ({"aum_cny": 190_000.0}, {"G8", "critical_upgrade"}),
    ({"is_dormant_valuable": True, "is_effective": False}, {"valuable_dormant"}),
    ({"is_dormant_valuable": None}, {"G8"}),
    ({"maturing_30d_cny": 0.01}, {"G8", "maturing_30d"}),
    ({"point_aum_cny": 49_999.0}, {"G8", "downgrade_risk"}),
    ({"is_tier_watched": True}, {"G8", "watched"}),
    ({"is_tier_watched": False}, {"G8"}),
    (
        {"man_group": "MAN", "maturing_30d_cny": 60_000.0, "aum_cny": 190_000.0},
        {"G8", "angels", "maturing_30d", "downgrade_risk", "critical_upgrade"},
    ),
]


@pytest.mark.parametrize(("said", "pools"), MEMBERS)
def test_a_customer_is_in_these_pools(said, pools):
    assert pools_of(said) == pools


def test_every_pool_has_a_name_in_both_languages_and_only_one():
    for lang in ("zh", "en"):
        names = [pool_label(pool, RULES)[lang] for pool in IDS]
        assert len(set(names)) == len(IDS) == len(GROUPS) + 6


def test_members_carry_their_branch_and_the_date_and_nothing_else():
    table = pool_members(customers({}, {"branch_id": "B"}), DAY, RULES)
    assert table.to_dict("list") == {
        "customer_id": ["C0", "C1"],
        "branch_id": ["A", "B"],
        "pool": ["G8", "G8"],
        "as_of": [pd.Timestamp("2026-06-30")] * 2,
    }


def change(now, before, pool, branch="A"):
    table = pool_changes(now, before, RULES)
    row = table[(table["branch_id"] == branch) & (table["pool"] == pool)].iloc[0]
    return tuple(row[["n_before", "n_joined", "n_left", "n_stayed", "n_now"]])


def test_members_join_leave_and_stay():
    before = customers({"group": "G7"}, {"group": "G7"}, {"group": "G7"}, {"group": "G8"})
    now = customers(
        {"group": "G7"},  # stayed
        {"group": "G4"},  # rose
        {"customer_id": "C3", "group": "G7"},  # joined; C2 is gone
        {"customer_id": "new", "group": "G7"},
    )
    assert change(now, before, "G7") == (3, 2, 2, 1, 3)
    assert change(now, before, "G8") == (1, 0, 1, 0, 0)
    assert change(now, before, "G4") == (0, 1, 0, 0, 1)


def test_who_went_to_another_branch_left_one_joined_the_other_and_stayed_in_the_network():
    before, now = customers({"group": "G7"}), customers({"group": "G7", "branch_id": "B"})
    assert change(now, before, "G7", "A") == (1, 0, 1, 0, 0)
    assert change(now, before, "G7", "B") == (0, 1, 0, 0, 1)
    assert change(now, before, "G7", NETWORK) == (1, 0, 0, 1, 1)


def test_a_pool_that_could_not_be_judged_then_has_members_now_and_no_change():
    before = customers({"is_dormant_valuable": None})
    now = customers({"is_dormant_valuable": True})
    table = pool_changes(now, before, RULES).set_index(["branch_id", "pool"])
    row = table.loc[("A", "valuable_dormant")]
    assert row["n_now"] == 1
    assert row[["n_before", "n_joined", "n_left", "n_stayed"]].isna().all()


def test_groups_in_which_nobody_could_be_placed_are_not_called_empty():
    table = pool_changes(customers({"group": "unknown"}), None, RULES).set_index("pool")
    assert table.loc["G1", "n_now"].isna().all()
    table = pool_changes(customers({"group": "unknown"}, {}), None, RULES).set_index("pool")
    assert (table.loc["G1", "n_now"] == 0).all()


def test_a_branch_that_cannot_be_judged_is_not_called_empty_because_another_can():
    now = customers({"group": "unknown"}, {"branch_id": "B"})
    table = pool_changes(now, now, RULES).set_index(["pool", "branch_id"])["n_now"]
    assert table["G8"].isna().to_dict() == {"A": True, "B": False, NETWORK: False}
    opened = pool_changes(now, now.head(1), RULES).set_index(["pool", "branch_id"])["n_before"]
    assert opened[("critical_upgrade", "B")] == 0  # nobody was there


def test_without_history_there_are_members_and_no_change():
    table = pool_changes(customers({}), None, RULES).set_index(["branch_id", "pool"])
    assert table.loc[("A", "G8"), "n_now"] == 1
    assert table[["n_before", "n_joined", "n_left", "n_stayed"]].isna().all(axis=None)


person = st.fixed_dictionaries(
    {
        "customer_id": st.sampled_from([f"C{i}" for i in range(8)]),
        "branch_id": st.sampled_from(["A", "B"]),
        "group": st.sampled_from(["G1", "G5", "unknown"]),
        "man_group": st.sampled_from(["MAN", "MAn"]),
        "aum_cny": st.sampled_from([45_000.0, 60_000.0]),
        "is_dormant_valuable": st.sampled_from([True, False, None]),
    }
)
people = st.lists(
    person, min_size=1, max_size=10, unique_by=lambda p: (p["customer_id"], p["branch_id"])
)


@settings(deadline=None, max_examples=8)
@given(people, people)
def test_the_sums_of_every_pool_agree(now, before):
    now, before = customers(*now), customers(*before)
    table = pool_changes(now, before, RULES)
    known = table[table[["n_before", "n_now"]].notna().all(axis=1)]
    assert (known["n_before"] == known["n_left"] + known["n_stayed"]).all()
    assert (known["n_now"] == known["n_joined"] + known["n_stayed"]).all()
    counted = pool_members(now, DAY, RULES).groupby(["branch_id", "pool"]).size()
    listed = table[(table["branch_id"] != NETWORK) & (table["n_now"] > 0)]
    assert listed.set_index(["branch_id", "pool"])["n_now"].to_dict() == counted.to_dict()
    told = table.groupby("pool").filter(lambda rows: rows[list(CHANGES)].notna().all(axis=None))
    sums = told.groupby(["pool", told["branch_id"] == NETWORK])[["n_before", "n_now"]].sum()
    whole, parts = (sums.xs(is_whole, level="branch_id") for is_whole in (True, False))
    pd.testing.assert_frame_equal(whole, parts)
    figure = figures(now, None, RULES).set_index(["branch_id", "figure"])["numerator"]
    is_angel = (known["branch_id"] == NETWORK) & (known["pool"] == "angels")
    assert known.loc[is_angel, "n_now"].sum() == figure[(NETWORK, "angels")]
