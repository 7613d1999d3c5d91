"""The validators against independent statements of what they must hold, over their whole domain."""

from __future__ import annotations

from itertools import pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from stockcust.errors import RulebookError
from stockcust.rulebook import Rulebook, load_rulebook
from stockcust.rulebook.base import FAMILIARITIES, GROUPS, LEVELS, TIERS, to_fen
from stockcust.rulebook.coefficients import MAN_GROUPS, check_coefficients
from stockcust.rulebook.familiarity import check_joint_matrix
from stockcust.rulebook.levels import level_of

RULES = load_rulebook()
ITEMS = "tiers.presets.standard.items"


def _accepted(changes: dict[str, object]) -> bool:
    try:
        RULES.with_changes(changes)
    except RulebookError:
        return False
    return True


# ---------------------------------------------------------------- tiers

CUTS = st.lists(st.integers(1, 10**9), min_size=4, max_size=4, unique=True).map(sorted)


def _ranges(cuts_fen: list[int]) -> dict[str, object]:
    ends = [0.0, *(cut / 100 for cut in cuts_fen), None]
    pairs = zip(TIERS, pairwise(ends))
    return {f"{ITEMS}.{t}.{key}": v for t, pair in pairs for key, v in zip(("min_cny", "max_cny"), pair)}  # fmt: skip


@given(CUTS)
@settings(deadline=None, max_examples=60)
def test_any_rising_cuts_are_five_tiers_without_gap(cuts):
    tiers = RULES.with_changes(_ranges(cuts)).tiers.active
    assert [to_fen(tier.min_cny) for tier in tiers] == [0, *cuts]
    assert [tier.max_fen for tier in tiers] == [*cuts, None]


@given(CUTS, st.integers(0, 9), st.integers(-(10**9), 10**9).filter(bool))
@settings(deadline=None, max_examples=60)
def test_moving_one_end_alone_is_refused(cuts, end, by_fen):
    changes = _ranges(cuts)
    place = list(changes)[end]
    fen = round((changes[place] or 0) * 100) + by_fen
    changes[place] = max(fen, 0) / 100
    # the lowest minimum may stay 0 when it was pushed below it
    unchanged = place.endswith("T1.min_cny") and changes[place] == 0
    assert _accepted(changes) == unchanged


# ---------------------------------------------------------------- familiarity


def _is_right(matrix: dict[str, dict[str, str]]) -> bool:
    """Both inputs matter, neither makes a customer familiar alone, and no rise ever lowers."""
    cells = list(product(range(3), range(3)))
    value = {(f, i): matrix[LEVELS[f]][LEVELS[i]] for f, i in cells}
    rises = all(value[a] <= value[b] for a in cells for b in cells if a[0] <= b[0] and a[1] <= b[1])
    frequency_matters = any(value[0, i] != value[2, i] for i in range(3))
    information_matters = any(value[f, 0] != value[f, 2] for f in range(3))
    neither_alone = value[2, 0] != "F3" and value[0, 2] != "F3"
    everyone = set(value.values()) == set(FAMILIARITIES)
    return rises and frequency_matters and information_matters and neither_alone and everyone


def test_of_all_19683_matrices_exactly_the_right_ones_pass():
    n_right = 0
    for cells in product(FAMILIARITIES, repeat=9):
        matrix = {f: dict(zip(LEVELS, cells[3 * i : 3 * i + 3])) for i, f in enumerate(LEVELS)}
        accepted = not list(check_joint_matrix(matrix))
        assert accepted == _is_right(matrix), matrix
        n_right += accepted
    assert 10 < n_right < 100


RHYTHM = st.fixed_dictionaries(
    {"n": st.integers(1, 4), "per": st.sampled_from(["month", "quarter", "half_year", "year"])}
)


@given(st.lists(RHYTHM, min_size=9, max_size=9), st.sampled_from([3, 6, 12, 24]))
@settings(deadline=None, max_examples=60)
def test_whoever_keeps_the_cadence_keeps_the_class(rhythms, months):
    changes = {f"groups.{g}.cadence": {"contacts": r} for g, r in zip(GROUPS, rhythms)}
    changes["familiarity.contact_frequency.window_months"] = months
    rules = RULES.with_changes(changes)
    for tier, band in rules.tier_bands.items():
        levels = rules.frequency_levels[band]
        assert 0 < levels.low_lt < levels.high_ge
        for familiarity, group in rules.grid[tier].items():
            contacts = rules.groups[group].cadence.contacts_per_year * months / 12
            row = rules.familiarity.joint_matrix[level_of(contacts, levels)]
            assert row["mid"] >= familiarity
            assert row["high"] >= familiarity


# ---------------------------------------------------------------- MAN


def _has(group: str) -> set[str]:
    return {letter for letter in group if letter.isupper()}


def _is_dominant(coefficients: dict[str, int]) -> bool:
    pairs = [(a, b) for a in MAN_GROUPS for b in MAN_GROUPS if _has(a) > _has(b)]
    never_lower = all(coefficients[a] <= coefficients[b] for a, b in pairs)
    unique_minimum = list(coefficients.values()).count(min(coefficients.values())) == 1
    return (
        never_lower
        and unique_minimum
        and coefficients["MAN"] == min(coefficients.values())
        and coefficients["man"] == max(coefficients.values())
    )


@given(st.lists(st.integers(1, 4), min_size=8, max_size=8))
@settings(deadline=None, max_examples=300)
def test_coefficients_pass_exactly_when_losing_a_condition_never_helps(numbers):
    coefficients = dict(zip(MAN_GROUPS, numbers))
    assert (not list(check_coefficients("here", coefficients))) == _is_dominant(coefficients)


@given(st.lists(st.integers(0, 3), min_size=3, max_size=3), st.integers(1, 3))
def test_any_scale_that_charges_for_each_lost_condition_passes(costs, charge):
    cost = {letter: amount + charge for letter, amount in zip("man", costs)}
    coefficients = {g: 1 + sum(cost[x] for x in g if x.islower()) for g in MAN_GROUPS}
    assert not list(check_coefficients("here", coefficients))


# ---------------------------------------------------------------- workload


@given(st.dictionaries(st.sampled_from(GROUPS), st.integers(0, 5000)), st.integers(0, 20))
@settings(deadline=None)
def test_after_the_drops_the_rest_fits_and_one_customer_less_would_not(n_customers, n_managers):
    work = RULES.workload(n_customers, n_managers)
    freed = sum(drop.hours_per_month for drop in work.drops)
    excess = work.required_hours - work.capacity_hours
    assert freed >= excess - 1e-9
    if work.drops:
        last = work.drops[-1]
        assert freed - last.hours_per_month / last.n_customers < excess + 1e-9
    assert all(drop.n_customers <= n_customers[drop.group] for drop in work.drops)


# ---------------------------------------------------------------- anything else


def _places(content: object, above: str = "") -> list[str]:
    if not isinstance(content, dict):
        return [above]
    below = [p for k, v in content.items() for p in _places(v, f"{above}.{k}" if above else k)]
    return [above, *below] if above else below


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),  # fmt: skip
    max_leaves=6,
)


@given(st.sampled_from(_places(RULES.content())), ANYTHING)
@settings(deadline=None, max_examples=300)
def test_whatever_stands_anywhere_is_accepted_or_refused_with_its_place(place, value):
    try:
        assert isinstance(RULES.with_changes({place: value}), Rulebook)
    except RulebookError as refused:
        assert all(problem.what and problem.where for problem in refused.problems)
