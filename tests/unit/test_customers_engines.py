"""The same bank gives the same customers on every engine, in any order of its rows."""

from __future__ import annotations

import duckdb
import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import needs
import stockcust as sc
from engines import LAZY_ENGINES, of_arrow, on_engine, on_every_engine
from random_banks import AS_OF, SEEDS, random_tables
from stockcust.customers import FEATURES, customers_as_of
from stockcust.tables import Bank
from stockcust.tables.engines import collect

RULES = sc.load_rulebook()
_NATIVE = {
    "pandas": pd.DataFrame,
    "polars": pl.LazyFrame,
    "duckdb": duckdb.DuckDBPyRelation,
}


def _customers(tables: dict[str, pd.DataFrame], engine: str) -> pd.DataFrame:
    bank = Bank.from_frames({name: on_engine(frame, engine) for name, frame in tables.items()})
    frame = collect(customers_as_of(bank, AS_OF, RULES))
    return frame.sort_values(["customer_id", "branch_id"], ignore_index=True)


def _assert_same(left: pd.DataFrame, right: pd.DataFrame) -> None:
    assert len(left) > 10
    pd.testing.assert_frame_equal(left, right, check_exact=False, rtol=1e-9, atol=0)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("seed", SEEDS)
def test_every_engine_gives_the_answer_of_pandas(engine, seed):
    tables = random_tables(np.random.default_rng(seed))
    _assert_same(_customers(tables, engine), _customers(tables, "pandas"))


@pytest.mark.spark
@needs.spark
@pytest.mark.parametrize("seed", [0, 1])
def test_spark_gives_the_answer_of_pandas(seed):
    tables = random_tables(np.random.default_rng(seed))
    _assert_same(_customers(tables, "spark"), _customers(tables, "pandas"))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_the_rows_does_not_matter(seed):
    tables = random_tables(np.random.default_rng(seed))
    shuffled = {name: f.sample(frac=1, random_state=seed) for name, f in tables.items()}
    _assert_same(_customers(shuffled, "polars"), _customers(tables, "polars"))


@on_every_engine
def test_the_frame_is_of_the_banks_engine_with_the_columns_of_the_dictionary(engine):
    tables = random_tables(np.random.default_rng(1))
    bank = Bank.from_frames({name: on_engine(frame, engine) for name, frame in tables.items()})
    native = customers_as_of(bank, AS_OF, RULES)
    if engine in _NATIVE:
        assert isinstance(native, _NATIVE[engine])
    schema = nw.from_native(native).collect_schema()
    assert list(schema.items()) == [(feature.name, feature.dtype) for feature in FEATURES]


_PANDAS = {
    "text": "str", "code": "str", "date": "datetime64[us]", "flag": "boolean",
    "CNY": "float64", "share": "float64", "minutes": "float64", "weight": "float64",
    "count": "Int64", "days": "Int64", "months": "Int64", "years": "Int64",
}  # fmt: skip


def test_pandas_columns_have_the_type_of_their_unit():
    frame = _customers(random_tables(np.random.default_rng(2)), "pandas")
    assert frame.dtypes.astype("str").to_dict() == {f.name: _PANDAS[f.unit] for f in FEATURES}


@pytest.mark.parametrize("engine", LAZY_ENGINES)
def test_a_nan_amount_is_unknown_not_large(engine):
    keys = {"customer_id": ["c1"], "branch_id": ["b1"]}
    amounts = pa.table({**keys, "month": ["2026-06"], "average_aum_cny": [float("nan")]})
    others = {"customers": pd.DataFrame(keys), "branches": pd.DataFrame({"branch_id": ["b1"]})}
    frames = {name: on_engine(frame, engine) for name, frame in others.items()}
    bank = Bank.from_frames({**frames, "aum_monthly": of_arrow(amounts, engine)})
    row = collect(customers_as_of(bank, AS_OF, RULES)).iloc[0]
    assert row[["aum_cny", "is_aum_fallback", "is_effective"]].isna().all()
