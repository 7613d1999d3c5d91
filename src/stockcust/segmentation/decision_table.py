"""Rules as decision tables: the engine finds each row's case, plain Python judges the cases.

A rule looks at a few inputs with a few values each. An engine only has to say which value an
input has; the judgement is made once per combination, not once per customer, and is therefore
the same on every engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from operator import add
from typing import Any, Protocol

import narwhals.stable.v2 as nw

from stockcust.tables.engines import to_pandas

# a narwhals DataFrame or LazyFrame: type checkers know no join of their union
Frame = Any
DTypes = Mapping[str, Any]  # column names and narwhals dtypes


class Weigh(Protocol):
    """Turns a flag into a weight where it is true, into 0 where it is false or unknown."""

    def __call__(self, flag: nw.Expr, weight: int = 1) -> nw.Expr:
        """Weigh one flag."""


def weigh_by_choice(flag: nw.Expr, weight: int = 1) -> nw.Expr:
    """Weigh by when/then: one step where expressions are compiled."""
    return nw.when(flag).then(nw.lit(weight, nw.Int32)).otherwise(nw.lit(0, nw.Int32))


def weigh_by_product(flag: nw.Expr, weight: int = 1) -> nw.Expr:
    """Weigh by multiplication: a third of the time of when/then on pandas columns."""
    return flag.fill_null(False).cast(nw.Int32) * weight


@dataclass(frozen=True, slots=True)
class Factor:
    """One input of a decision table.

    Attributes
    ----------
    code : given how to weigh flags, the position of the input's value in `values`, an integer.
    values : what the positions stand for; they are handed to the judge.
    """

    code: Callable[[Weigh], nw.Expr]
    values: Sequence[Any]


def constant(value: Any) -> Factor:
    """An input that is the same for everybody."""
    return Factor(lambda _: nw.lit(0, nw.Int32), (value,))


def flag_factor(flag: nw.Expr) -> Factor:
    """Whether a flag is true; unknown is not."""
    return Factor(lambda weigh: weigh(flag), (False, True))


def codes_factor(column: nw.Expr, codes: Iterable[str]) -> Factor:
    """Which of some codes a column holds; None for any other."""
    known = tuple(codes)
    return Factor(
        lambda weigh: reduce(add, (weigh(column == code, i) for i, code in enumerate(known, 1))),
        (None, *known),
    )


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """Inputs, the judge of one combination of their values, and the columns it gives.

    Attributes
    ----------
    factors : the inputs; `judge` takes their values in this order.
    judge : one combination in, the values of the new columns out.
    dtypes : names and types of the new columns.
    """

    factors: Sequence[Factor]
    judge: Callable[..., Mapping[str, object]]
    dtypes: DTypes

    def case(self, weigh: Weigh) -> nw.Expr:
        """The number of a row's combination, in the order of `cases`."""
        first, *others = self.factors
        code = first.code(weigh)
        for factor in others:
            code = code * len(factor.values) + factor.code(weigh)
        return code.cast(nw.Int32)

    def cases(self) -> dict[str, list[Any]]:
        """Judge every combination of values: the new columns, one element per case."""
        combinations = product(*(factor.values for factor in self.factors))
        judged = [self.judge(*values) for values in combinations]
        return {name: [case[name] for case in judged] for name in self.dtypes}


def decide(frame: Frame, *tables: DecisionTable) -> Frame:
    """Add to each row the columns of its case in each of the tables."""
    numbers = {f"_case{i}": table for i, table in enumerate(tables)}
    weigh = weigh_by_product if isinstance(frame, nw.DataFrame) else weigh_by_choice
    frame = frame.with_columns(**{name: table.case(weigh) for name, table in numbers.items()})
    return _way_to_look_up(frame)(frame, numbers)


def without(frame: Frame, names: Iterable[str]) -> Frame:
    """Leave out those of the columns that are there."""
    columns = frame.collect_schema().names()
    present = [name for name in names if name in columns]
    return frame.drop(present) if present else frame


def _way_to_look_up(frame: Frame) -> Callable[[Any, Mapping[str, DecisionTable]], Frame]:
    """Choose the fastest way to replace case numbers by the columns of those cases."""
    if isinstance(frame, nw.DataFrame):
        return _take
    if frame.implementation.is_polars():
        return _pick
    return _join_in_duckdb if frame.implementation.is_duckdb() else _join_in_spark


def _take(frame: nw.DataFrame[Any], numbers: Mapping[str, DecisionTable]) -> nw.DataFrame[Any]:
    for number, table in numbers.items():
        cases = _cases_beside(frame, table)
        rows = cases[frame[number].to_numpy()]
        frame = frame.with_columns(*(rows[name] for name in table.dtypes))
    return frame.drop(list(numbers))


def _cases_beside(frame: nw.DataFrame[Any], table: DecisionTable) -> nw.DataFrame[Any]:
    """The cases in the frame's engine; in pandas with its nullable types, as all tables have."""
    engine = frame.implementation
    if not engine.is_pandas():
        return nw.from_dict(table.cases(), schema=table.dtypes, backend=engine)
    cases = nw.from_dict(table.cases(), schema=table.dtypes, backend="pyarrow")
    return nw.from_native(to_pandas(cases.to_arrow()), eager_only=True)


def _pick(frame: nw.LazyFrame[Any], numbers: Mapping[str, DecisionTable]) -> nw.LazyFrame[Any]:
    """Pick from literal columns: that streams, where a join copies all other columns."""
    import polars as pl

    picked = [
        pl.lit(column).gather(pl.col(number)).alias(column.name)
        for number, table in numbers.items()
        for column in nw.from_dict(table.cases(), table.dtypes, backend="polars").to_native()
    ]
    return nw.from_native(frame.to_native().with_columns(picked).drop(list(numbers)))


def _join_in_duckdb(
    frame: nw.LazyFrame[Any], numbers: Mapping[str, DecisionTable]
) -> nw.LazyFrame[Any]:
    """Join in one query on the frame's own connection: relations of two cannot meet."""
    tables = [table.cases() for table in numbers.values()]
    longest = max(len(column) for table in tables for column in table.values())
    columns = {
        name: column + [None] * (longest - len(column))
        for table in tables
        for name, column in table.items()
    }
    dtypes = {name: t for table in numbers.values() for name, t in table.dtypes.items()}
    cases = nw.from_dict(columns, schema=dtypes, backend="pyarrow")
    stockcust_cases = _numbered(cases, "_case").to_native()  # noqa: F841  found by its name
    wanted = [f"{number}.{name}" for number, table in numbers.items() for name in table.dtypes]
    joins = [f"LEFT JOIN stockcust_cases {n} ON stockcust_frame.{n} = {n}._case" for n in numbers]
    query = (
        f"SELECT stockcust_frame.* EXCLUDE ({', '.join(numbers)}), {', '.join(wanted)} "
        f"FROM stockcust_frame {' '.join(joins)}"
    )
    return nw.from_native(frame.to_native().query("stockcust_frame", query))


def _join_in_spark(
    frame: nw.LazyFrame[Any], numbers: Mapping[str, DecisionTable]
) -> nw.LazyFrame[Any]:
    session = frame.to_native().sparkSession
    for number, table in numbers.items():
        cases = nw.from_dict(table.cases(), schema=table.dtypes, backend="pyarrow")
        beside = _numbered(cases, number).lazy(frame.implementation, session=session)
        frame = frame.join(beside, on=number, how="left")
    return frame.drop(list(numbers))


def _numbered(cases: nw.DataFrame[Any], number: str) -> nw.DataFrame[Any]:
    numbers = nw.new_series(number, range(len(cases)), nw.Int32, backend="pyarrow")
    return cases.with_columns(numbers)
