"""Each figure of a branch: who counts, who stands above the line, what is not known."""

from __future__ import annotations

from math import isnan, sqrt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockcust.customers import customers_as_of
from stockcust.kpis import FIGURES, NETWORK, figures, is_critical
from stockcust.man import score_man
from stockcust.rulebook import load_rulebook
from stockcust.segmentation import segment
from stockcust.tables import Bank

RULES = load_rulebook()
RURAL = RULES.with_changes({"tiers.active_preset": "rural"})
LADDER = RURAL.with_changes(
    {"status.level_ladder_cny": [50_000, 300_000, 500_000, 1_000_000, 3_000_000]}
)
MONTH = pd.Timestamp("2026-06-30")


def day(text):
    return pd.Timestamp(text) if text else pd.NaT


def customers(*rows, **same):
    """Customers of branch A, one per row of what is said about them."""
    known = {"branch_id": "A", "month": MONTH, "tier": "T2", "group": "G8", "aum_cny": 60_000.0}
    known |= dict.fromkeys(("money", "authority", "need"), "lacks")
    lines = [{"customer_id": f"C{i}", **known, **same, **row} for i, row in enumerate(rows)]
    return pd.DataFrame(lines)


def of(table, figure, branch="A"):
    return table[(table["figure"] == figure) & (table["branch_id"] == branch)].iloc[0]


def parts(table, figure):
    line = of(table, figure)
    return line["numerator"], line["denominator"]


# what is said of a customer, and how it counts: 1 above the line, 0 below it, None not at all
ONE_DAY = [
    # figure, customer, counts as
    ("customers", {}, 1),
    ("effective_share", {"is_effective": True}, 1),
    ("effective_share", {"is_effective": False}, 0),
    ("effective_share", {"is_effective": None}, None),
    ("dormant_share", {"is_dormant": True}, 1),
    ("dormant_share", {"is_dormant": False}, 0),
    ("dormant_share", {"is_dormant": None}, None),
    ("valuable_dormant", {"is_dormant_valuable": True}, 1),
    ("valuable_dormant", {"is_dormant_valuable": None}, None),
    ("aum_cny", {"aum_cny": 12.34}, 12.34),
    ("aum_cny", {"aum_cny": None}, None),
    ("aum_per_customer_cny", {"aum_cny": 12.34}, 12.34),
    ("maturing_30d_cny", {"maturing_30d_cny": 500.0}, 500),
    ("maturing_30d_cny", {"maturing_30d_cny": 0.0}, 0),
    ("maturing_30d_cny", {"maturing_30d_cny": None}, None),
    ("kinds_per_customer", {"n_kinds": 3}, 3),
    ("kinds_per_customer", {"n_kinds": None}, None),
    ("information_complete_share", {"info_share": 0.80}, 1),
    ("information_complete_share", {"info_share": 0.7999}, 0),
    ("information_complete_share", {"info_share": None}, None),
    ("angels", {"man_group": "MAN"}, 1),
    ("angels", {"man_group": "MAn"}, 0),
    ("priority_share", {"man_group": "MaN"}, 1),
    ("priority_share", {"man_group": "mAN"}, 0),
    ("authority_unknown_share", {"authority": "unknown"}, 1),
    ("authority_unknown_share", {"authority": "lacks"}, 0),
    ("familiarity_unknown_share", {"familiarity": "unknown"}, 1),
    ("familiarity_unknown_share", {"familiarity": "F1"}, 0),
    ("managed_share", {"manager_id": "M1"}, 1),
    ("managed_share", {"manager_id": None}, None),  # nobody has one: the bank delivers no managers
]


@pytest.mark.parametrize(("figure", "said", "counts"), ONE_DAY)
def test_a_customer_counts(figure, said, counts):
    line = of(figures(customers(said), None, RULES), figure)
    assert line["denominator"] == (counts is not None)
    assert line["numerator"] == (counts or 0)


CONTACTS = [
    # last contact, group, in the month, at the cadence
    ("2026-06-01", "G1", 1, 1),
    ("2026-06-30", "G1", 1, 1),
    ("2026-05-31", "G1", 0, 1),  # monthly: 30 days ago
    ("2026-05-30", "G1", 0, 1),  # the month has 31 days
    ("2026-05-29", "G1", 0, 0),
    ("2026-03-30", "G5", 0, 1),  # quarterly: 92 days ago
    ("2026-03-29", "G5", 0, 0),
    ("2025-06-29", "G8", 0, 1),  # yearly: 366 days ago
    ("2025-06-28", "G8", 0, 0),
    ("2026-06-20", "G9", 1, None),  # only touches: nothing is due
    ("2026-06-20", "unknown", 1, None),
    (None, "G1", 0, 0),
]


@pytest.mark.parametrize(("last", "group", "in_month", "on_cadence"), CONTACTS)
def test_a_contact_counts_for_coverage_and_cadence(last, group, in_month, on_cadence):
    said = {"last_contact_date": day(last), "group": group, "n_contacts": 1.0, "manager_id": "M1"}
    table = figures(customers(said), None, RULES)
    assert parts(table, "contacted_share") == (in_month, 1)
    assert parts(table, "cadence_share") == (on_cadence or 0, on_cadence is not None)


@pytest.mark.parametrize(
    ("said", "coverage", "cadence"),
    [
        ({"n_contacts": None, "manager_id": "M1"}, 0, 0),  # no contact log of the branch
        ({"n_contacts": 2.0, "manager_id": None}, 0, 1),  # coverage is of managed customers
    ],
)
def test_without_log_or_manager_a_customer_is_not_in_the_coverage(said, coverage, cadence):
    rows = customers({"last_contact_date": day("2026-06-20"), "group": "G1", **said})
    table = figures(rows, None, RULES)
    assert parts(table, "contacted_share")[1] == coverage
    assert parts(table, "cadence_share")[1] == cadence


MOVES = [
    # tier before, tier now, risen, fallen, gone; None: not in the denominator
    ("T1", "T2", 1, None, 0),
    ("T2", "T2", 0, 0, 0),
    ("T3", "T2", 0, 1, 0),
    ("T5", "T5", None, 0, 0),  # nobody rises from the top
    ("T1", "T1", 0, None, 0),  # nor falls from the bottom
    ("T2", "left", 0, 0, 1),
    ("T2", "unknown", None, None, 0),  # still there, but where?
    ("unknown", "T2", None, None, 0),
    (None, "T2", None, None, None),  # new
]


@pytest.mark.parametrize(("before", "now", "risen", "fallen", "gone"), MOVES)
def test_a_move_counts(before, now, risen, fallen, gone):
    other = {"customer_id": "other", "tier": "T2"}
    states = {"now": now, "before": before}
    frames = {
        name: customers(other, *([{"tier": tier}] if tier not in (None, "left") else []))
        for name, tier in states.items()
    }
    table = figures(frames["now"], frames["before"], RULES)
    for figure, counts in (
        ("upgrade_share", risen), ("downgrade_share", fallen), ("gone_share", gone),
    ):  # fmt: skip
        # the other customer stays in T2
        assert parts(table, figure) == (counts or 0, 1 + (counts is not None)), figure


def test_who_went_to_another_branch_has_not_left_the_bank():
    before = customers({"customer_id": "x"}, {"customer_id": "y"})
    now = customers({"customer_id": "x", "branch_id": "B"})
    table = figures(now, before, RULES)
    assert parts(table, "gone_share") == (1, 2)


def test_without_an_earlier_day_there_are_no_figures_of_change():
    known = set(figures(customers({}), None, RULES)["figure"])
    assert known == {figure.id for figure in FIGURES if not figure.is_change}


CRITICAL = [
    # assets, near the next tier of the rural preset, near a step of the ladder
    (44_999.99, False, False),
    (45_000, True, True),  # 50,000
    (49_999.99, True, True),
    (50_000, False, False),
    (269_999.99, False, False),
    (270_000, True, True),  # 300,000
    (300_000, False, False),
    (449_999.99, False, False),
    (450_000, False, True),  # 500,000 is a step, but no tier
    (500_000, False, False),
    (900_000, True, True),  # 1,000,000
    (2_699_999.99, False, False),
    (2_999_999.99, True, True),  # 3,000,000
    (3_000_000, False, False),
    (9_000_000, False, False),
]


@pytest.mark.parametrize(("aum", "by_tier", "by_ladder"), CRITICAL)
def test_a_critical_customer_stands_from_nine_tenths_of_the_next_level_up_to_it(
    aum, by_tier, by_ladder
):
    rows = customers({"aum_cny": aum})
    assert parts(figures(rows, None, RURAL), "critical_upgrades") == (by_tier, 1)
    assert parts(figures(rows, None, LADDER), "critical_upgrades") == (by_ladder, 1)


def test_unknown_assets_are_not_called_far_from_the_next_level():
    assert is_critical(customers({"aum_cny": None}, {"aum_cny": 1.0}), RULES).isna().tolist() == [
        True,
        False,
    ]


@given(st.integers(0, 10**9), st.sampled_from([0.5, 0.8, 0.9, 0.95, 1.0]))
def test_critical_is_decided_to_the_fen(fen, share):
    rules = LADDER.with_changes({"status.critical_upgrade.lower_share": share})
    ladder = [round(level * 100) for level in rules.status.level_ladder_cny]
    # in whole hundredths of fen: no rounding
    expected = any(fen * 100 >= level * round(share * 100) and fen < level for level in ladder)
    assert bool(is_critical(customers({"aum_cny": fen / 100}), rules).iloc[0]) == expected


SAFE = {"point_aum_cny": 60_000.0, "aum_change_1m_cny": 0.0, "aum_1m_ago_cny": 60_000.0}
SAFE = {**SAFE, "maturing_30d_cny": 0.0}
RISKS = [
    # what differs from a customer of 60,000 in T2 who is safe, counts as
    ({}, 0),
    ({"point_aum_cny": 49_999.99}, 1),
    ({"point_aum_cny": 50_000.0}, 0),
    ({"aum_change_1m_cny": -12_000.0}, 1),  # a fifth within a month
    ({"aum_change_1m_cny": -11_999.0}, 0),
    ({"maturing_30d_cny": 18_000.0}, 1),  # three tenths
    ({"maturing_30d_cny": 17_999.0}, 0),
    ({"maturing_30d_cny": None}, 0),
    ({"maturing_30d_cny": None, "point_aum_cny": 40_000.0}, 1),
    (dict.fromkeys(SAFE), None),  # nothing to judge by
    # a balance that stands in for the average is never below the tier it gives
    ({**dict.fromkeys(SAFE), "point_aum_cny": 60_000.0, "is_aum_fallback": True}, None),
    ({"is_aum_fallback": True, "maturing_30d_cny": 18_000.0}, 1),
    ({"tier": "T1", "point_aum_cny": 1.0}, None),  # no tier to lose
    ({"tier": "unknown"}, 0),
]


@pytest.mark.parametrize(("said", "counts"), RISKS)
def test_a_customer_is_at_risk_by_any_of_the_signs(said, counts):
    line = parts(figures(customers({**SAFE, **said}), None, RULES), "downgrade_risks")
    assert line == (counts or 0, counts is not None)


BOUND = {
    "n_kinds": 2, "is_payroll": True, "is_pension": False, "is_mobile_active": True,
    "is_autodebit": False, "tenure_months": 13, "n_months_held": 6, "first_month": day("2026-01-31"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "ties"),
    [
        ({}, 5),  # two kinds, salary, mobile bank, more than a year
        ({"is_autodebit": True}, 6),
        ({"tenure_months": None}, None),  # six months of data do not tell
        ({"n_kinds": None}, None),
        ({"is_mobile_active": None}, None),
    ],
)
def test_ties_count_only_where_all_of_them_are_known(said, ties):
    line = parts(figures(customers({**BOUND, **said}), None, RULES), "ties_per_customer")
    assert line == (ties or 0, ties is not None)


LETTERS = [
    # letters of everybody, group, angel, priority
    (("has", "has", "unknown"), "MAn", None, 1),  # an unknown need may make an angel
    (("unknown", "has", "has"), "mAN", None, None),
    (("unknown", "lacks", "lacks"), "man", 0, 0),  # money alone is not developed first
    (("has", "lacks", "unknown"), "Man", 0, None),
    (("has", "unknown", "has"), "MAN", 1, 1),  # the rulebook counts an adult as deciding
]


@pytest.mark.parametrize(("letters", "group", "angel", "priority"), LETTERS)
def test_a_letter_that_nobody_knows_never_makes_a_zero(letters, group, angel, priority):
    said = dict(zip(("money", "authority", "need"), letters))
    table = figures(customers({**said, "man_group": group}), None, RULES)
    assert parts(table, "angels") == (angel or 0, angel is not None)
    assert parts(table, "priority_share") == (priority or 0, priority is not None)


def test_who_cannot_be_told_for_want_of_a_letter_leaves_no_share_of_the_others():
    nobody_knows = {"authority": "unknown", "need": "unknown"}
    rich = {**nobody_knows, "money": "has", "man_group": "Man"}
    poor = {**nobody_knows, "money": "lacks", "man_group": "man"}
    rows = customers(rich, poor, poor, {**poor, "branch_id": "B"})
    table = figures(rows, None, RULES)
    for figure in ("angels", "priority_share"):
        assert parts(table, figure) == (0, 0)  # not none of two
        # nor none of one, where nobody could be: the branches add up to the network
        assert of(table, figure, "B")["denominator"] == 0
        assert of(table, figure, NETWORK)["denominator"] == 0


def test_a_letter_unknown_for_some_counts_as_the_rulebook_says():
    said = {"money": "has", "authority": "has"}
    rows = customers(
        {**said, "need": "unknown", "man_group": "MAn"}, {**said, "need": "has", "man_group": "MAN"}
    )
    assert parts(figures(rows, None, RULES), "angels") == (1, 2)


class TestRates:
    def test_a_rate_stands_with_wilsons_interval(self):
        rows = customers(*[{"is_effective": i < 7} for i in range(20)])
        line = of(figures(rows, None, RULES), "effective_share")
        p, n, z = 7 / 20, 20, 1.959963984540054
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        assert line["estimate"] == p
        assert line["ci_low"] == pytest.approx(middle - half)
        assert line["ci_high"] == pytest.approx(middle + half)
        assert (line["ci_low"], line["ci_high"]) == pytest.approx((0.1812, 0.5671), abs=5e-5)

    def test_under_ten_cases_there_are_counts_but_no_rate(self):
        for n, has_rate in ((9, False), (10, True)):
            table = figures(customers(*[{"is_effective": True}] * n), None, RULES)
            line = of(table, "effective_share")
            assert (line["numerator"], line["denominator"]) == (n, n)
            assert [not isnan(line[x]) for x in ("estimate", "ci_low", "ci_high")] == [has_rate] * 3

    def test_a_mean_and_a_sum_have_no_interval(self):
        rows = customers({"aum_cny": 10.0}, {"aum_cny": 30.0}, {"aum_cny": None})
        table = figures(rows, None, RULES)
        assert of(table, "aum_per_customer_cny")["estimate"] == 20
        assert of(table, "aum_cny")["estimate"] == 40
        assert isnan(of(table, "aum_cny")["ci_low"])

    def test_nothing_known_is_no_zero(self):
        table = figures(customers({}, {}), None, RULES)
        for figure in ("dormant_share", "kinds_per_customer", "maturing_30d_cny"):
            assert isnan(of(table, figure)["estimate"]), figure


flag = st.sampled_from([True, False, None])
person = st.fixed_dictionaries(
    {
        "branch_id": st.sampled_from(["A", "B", "C"]),
        "tier": st.sampled_from(["T1", "T2", "T3", "T4", "T5", "unknown"]),
        "group": st.sampled_from(["G1", "G5", "G9", "unknown"]),
        "aum_cny": st.none() | st.integers(0, 10**9).map(lambda n: n / 4),  # adds up without error
        "point_aum_cny": st.none() | st.just(60_000.0),
        "is_effective": flag,
        "is_payroll": flag,
        "is_mobile_active": flag,
        "is_autodebit": flag,
        "n_kinds": st.none() | st.integers(0, 5),
        "n_months": st.integers(1, 30),
        "manager_id": st.none() | st.just("M1"),
        "n_contacts": st.none() | st.just(1.0),
        "last_contact_date": st.sampled_from([day(None), day("2026-06-15"), day("2025-06-15")]),
        "man_group": st.sampled_from(list(RULES.man.groups)),
    }
)


@settings(deadline=None, max_examples=20)
@given(st.lists(person, min_size=1, max_size=12), st.lists(person, max_size=12))
def test_the_branches_add_up_to_the_network(now, before):
    earlier = customers(*before) if before else None
    table = figures(customers(*now), earlier, RULES)
    is_whole = table["branch_id"] == NETWORK
    sums = table.groupby(["figure", is_whole])[["numerator", "denominator"]].sum()
    whole, added = (sums.xs(of_whole, level="branch_id") for of_whole in (True, False))
    pd.testing.assert_frame_equal(whole, added)


def minimal_bank(**columns):
    """The least a bank must deliver: customers, monthly assets, branches."""
    ids = [f"C{i:02}" for i in range(12)]
    months = pd.date_range("2026-03-31", periods=4, freq="ME")
    assets = [{"customer_id": c, "month": m, "point_aum_cny": 6e4} for m in months for c in ids]
    frames = {
        "customers": pd.DataFrame({"customer_id": ids, "branch_id": "A", **columns}),
        "aum_monthly": pd.DataFrame(assets),
        "branches": pd.DataFrame({"branch_id": ["A"]}),
    }
    return Bank.from_frames(frames).until("2026-06-30")


def figures_of(bank):
    now, before = (
        score_man(segment(customers_as_of(bank, at, RULES), RULES), RULES)
        for at in ("2026-06-30", "2026-03-31")
    )
    return figures(now, before, RULES).query("branch_id == 'A'").set_index("figure")


def test_a_bank_with_the_least_data_has_no_wrong_zero():
    table = figures_of(minimal_bank())
    known = {
        "customers", "aum_cny", "aum_per_customer_cny", "effective_share", "upgrade_share",
        "downgrade_share", "gone_share", "critical_upgrades", "downgrade_risks",
        "authority_unknown_share", "familiarity_unknown_share",
    }  # fmt: skip
    assert set(table.index[table["estimate"].notna()]) == known
    assert table.loc["authority_unknown_share", "estimate"] == 1


def test_one_manager_column_makes_the_share_of_managed_customers_known():
    managers = ["M1"] * 3 + [None] * 9
    line = figures_of(minimal_bank(manager_id=managers)).loc["managed_share"]
    assert (line["numerator"], line["denominator"], line["estimate"]) == (3, 12, 0.25)


@pytest.mark.parametrize("dtype", ["object", "boolean"])
def test_flags_of_any_engine_are_read_alike(dtype):
    flags = pd.Series([True, None, False], dtype=dtype)
    rows = customers({}, {}, {}).assign(is_effective=flags, is_dormant=flags)
    assert parts(figures(rows, None, RULES), "effective_share") == (1, 2)
