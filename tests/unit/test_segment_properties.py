"""What holds for every customer whatever the numbers, and on every engine alike."""

from __future__ import annotations

import duckdb
import pandas as pd
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import needs
from engines import on_engine
from stockcust.man import score_man
from stockcust.rulebook import load_rulebook
from stockcust.rulebook.base import GROUPS
from stockcust.segmentation import base_table, divide, migration, segment
from stockcust.segmentation.grouping import group_of
from stockcust.tables.engines import collect

RULES = load_rulebook()
RURAL = RULES.with_changes({"tiers.active_preset": "rural"})
EDGES = [0.0, 0.005, 49_999.99, 50_000.0, 199_999.995, 200_000.0, 299_999.99, 999_999.99, 1e6, 6e6]

money = st.none() | st.sampled_from(EDGES) | st.floats(0, 1e9).map(lambda x: round(x, 2))
flag = st.none() | st.booleans()
share = st.none() | st.sampled_from([0.0, 0.39, 0.4, 0.5, 0.8, 1.0]) | st.floats(0, 1)
customer = st.fixed_dictionaries(
    {
        "aum_cny": money,
        "is_effective": flag,
        "n_contacts": st.none() | st.integers(0, 15).map(float) | st.floats(0, 15),
        "info_share": share,
        "is_new": flag,
        "override_familiarity": st.sampled_from([None, "F1", "F2", "F3"]),
        "override_reason": st.sampled_from([None, "known"]),
        "age": st.none() | st.integers(0, 100),
        "gender": st.sampled_from([None, "F", "M", "U"]),
        "is_minor": flag,
        "status": st.sampled_from([None, "active", "deceased"]),
        "is_capable": flag,
        "decision_role": st.sampled_from([None, "self", "joint", "other"]),
        "is_decision_role_stale": flag,
        "self_operated_share_12m": share,
        "n_own_purchases_24m": st.none() | st.integers(0, 3),
        "has_family_consult_note": flag,
        "deployable_cny": money,
        "is_pass_through": flag,
        "has_inquiry_30d": flag,
        "maturing_30d_cny": money,
        "idle_share": share,
        "has_life_event": flag,
        "has_refused_90d": flag,
    }
)
TYPES = {
    "aum_cny": "float64", "n_contacts": "float64", "info_share": "float64", "deployable_cny": "float64",
    "maturing_30d_cny": "float64", "idle_share": "float64", "self_operated_share_12m": "float64",
    "age": "Int64", "n_own_purchases_24m": "Int64", "override_familiarity": "str",
    "override_reason": "str", "gender": "str", "status": "str", "decision_role": "str",
}  # fmt: skip
bases = st.lists(customer, min_size=1, max_size=40)


def _frame(rows):
    frame = pd.DataFrame(rows)
    types = {name: TYPES.get(name, "boolean") for name in frame}
    ids = [f"c{i:02d}" for i in range(len(frame))]
    return frame.astype(types).assign(customer_id=ids, branch_id=["b1", "b2"][len(rows) % 2])


def _in_order(native):
    return collect(native).sort_values("customer_id", ignore_index=True)


def _assert_same_answer(rows, rules, engines):
    frame = _frame(rows)
    first, *others = (
        _in_order(score_man(segment(on_engine(frame, engine), rules), rules)) for engine in engines
    )
    for other in others:
        pd.testing.assert_frame_equal(
            other[first.columns], first, check_dtype=False, rtol=0, atol=1e-9
        )


@settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(bases, st.sampled_from([RULES, RURAL]))
def test_pandas_polars_and_duckdb_give_the_same_answer(rows, rules):
    _assert_same_answer(rows, rules, ("pandas", "polars", "duckdb"))


@pytest.mark.spark
@needs.spark
@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.lists(customer, min_size=30, max_size=60), st.sampled_from([RULES, RURAL]))
def test_spark_gives_the_answer_of_pandas(spark, rows, rules):
    _assert_same_answer(rows, rules, ("pandas", "spark"))


@settings(max_examples=12, deadline=None)
@given(bases)
def test_every_customer_has_one_group_and_it_is_the_grids(rows):
    placed = segment(_frame(rows), RULES)
    assert len(placed) == len(rows)
    assert set(placed["group"]) <= {*GROUPS, "unknown"}
    for tier, familiarity, group in placed[["tier", "familiarity", "group"]].itertuples(
        index=False
    ):
        known = None if tier == "unknown" else tier
        assert group == (group_of(known, familiarity, RULES) or "unknown")


@settings(max_examples=12, deadline=None)
@given(bases, st.floats(0, 10), st.floats(0, 1))
def test_more_contacts_and_more_information_never_lower_the_class(rows, contacts, information):
    rows = [row for row in rows if row["n_contacts"] is not None and row["info_share"] is not None]
    if not rows:
        return
    more = [{**row, "n_contacts": row["n_contacts"] + contacts} for row in rows]
    richer = [{**row, "info_share": min(1.0, row["info_share"] + information)} for row in rows]
    classes = segment(_frame([*rows, *more, *richer]), RULES)["familiarity"]
    # a new customer's unknown comes instead of a stranger: below every other class
    rank = classes.map({"unknown": 1, "F1": 1, "F2": 2, "F3": 3}).to_numpy().reshape(3, -1)
    assert (rank[1] >= rank[0]).all()
    assert (rank[2] >= rank[0]).all()


@settings(max_examples=12, deadline=None)
@given(bases, customer)
def test_the_letters_rest_on_their_evidence_only(rows, other):
    inputs = ("aum_cny", "n_contacts", "info_share", "is_new", "override_familiarity")
    changed = [{**row, **{name: other[name] for name in inputs}} for row in rows]
    letters = ["money", "authority", "need", "man_group", "difficulty"]
    first, second = (score_man(segment(_frame(r), RULES), RULES) for r in (rows, changed))
    pd.testing.assert_frame_equal(first[letters], second[letters])


@settings(max_examples=12, deadline=None)
@given(bases, st.sampled_from(list(RULES.dimensions)))
def test_every_division_adds_up_to_the_base(rows, dimension):
    frame = _frame(rows)
    table = base_table(divide(segment(frame, RULES), dimension, RULES), ["tier", "dimension"])
    assert table["n_customers"].sum() == len(rows)
    assert table["aum_cny"].sum() == pytest.approx(frame["aum_cny"].sum(), abs=0.01)


@settings(max_examples=8, deadline=None)
@given(bases, bases)
def test_a_migration_counts_every_relationship_once(before, after):
    earlier, later = segment(_frame(before), RULES), segment(_frame(after), RULES)
    moves = migration(earlier, later)
    keys = ["customer_id", "branch_id"]
    assert moves.table["n_customers"].sum() == len(earlier.merge(later, on=keys, how="outer"))
    assert moves.table["aum_before_cny"].sum() == pytest.approx(earlier["aum_cny"].sum(), abs=0.01)
    assert moves.table["aum_after_cny"].sum() == pytest.approx(later["aum_cny"].sum(), abs=0.01)


def test_a_relation_of_any_duckdb_connection_is_answered_on_that_connection():
    frame = _frame([{"aum_cny": 60_000.0, "n_contacts": 2.0, "info_share": 0.9, "is_minor": False}])
    with duckdb.connect() as connection:
        # names that the package's own query might use
        for name in ("frame", "cases", "table"):
            connection.execute(f'CREATE TABLE "{name}" (x INTEGER)')
        connection.register("customers", frame)
        placed = score_man(segment(connection.sql("SELECT * FROM customers"), RULES), RULES)
        assert placed.select("tier", "group", "man_group").fetchall() == [("T2", "G7", "mAn")]
        assert connection.sql("SHOW TABLES").fetchall() == [
            ("cases",), ("customers",), ("frame",), ("table",),
        ]  # fmt: skip


def test_a_polars_frame_stays_lazy_or_eager_as_it_was():
    frame = pl.DataFrame({"aum_cny": [60_000.0], "n_contacts": [2.0], "info_share": [0.9]})
    assert isinstance(segment(frame, RULES), pl.DataFrame)
    assert isinstance(segment(frame.lazy(), RULES), pl.LazyFrame)
    assert segment(frame, RULES).equals(segment(frame.lazy(), RULES).collect())


def test_an_empty_frame_has_the_same_columns():
    frame = _frame([{"aum_cny": 60_000.0, "n_contacts": 2.0, "info_share": 0.9}])
    full, empty = (score_man(segment(f, RULES), RULES) for f in (frame, frame.head(0)))
    assert list(empty.columns) == list(full.columns)
    assert empty.empty


def test_the_public_function_answers_whatever_was_imported_before():
    import stockcust as sc
    import stockcust.segmentation

    frame = _frame([{"aum_cny": 60_000.0, "n_contacts": 2.0, "info_share": 0.9}])
    assert sc.segment is stockcust.segmentation.segment
    assert sc.segment(frame, RULES)["tier"].tolist() == ["T2"]
