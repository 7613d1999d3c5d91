"""Raw tables in, validated tables out: the contract is applied once, in pandas."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from stockcust.errors import InputError, Problem
from stockcust.tables.absent import note_absent
from stockcust.tables.assets import control_balances, derive_point_balance, flag_missing_months
from stockcust.tables.codes import REASONS
from stockcust.tables.columns import Chosen, choose_columns
from stockcust.tables.contract import load_contract
from stockcust.tables.details import read_detail
from stockcust.tables.gather import gather
from stockcust.tables.judge import (
    blank_implausible_births,
    fill_branches,
    find_identity_numbers,
    refuse_contradicting_dates,
    refuse_isolated_months,
    settle_duplicates,
)
from stockcust.tables.newcomers import with_newcomers
from stockcust.tables.references import (
    note_loose_ends,
    note_newcomers,
    note_other_branches,
    refuse_orphans,
)
from stockcust.tables.rows import Rows
from stockcust.tables.sources import Notice, RawTable
from stockcust.tables.suspicions import flag_suspicions
from stockcust.tables.units import (
    find_ledger_conflicts,
    find_unit_conflicts,
    note_small_amounts,
)

_REJECTS = ("table", "file", "row", "column", "value", "reason", "detail", "also")
_NOTICES = ("table", "file", "column", "code", "detail", "n")
_FIRST = ("branches", "customers", "aum_monthly")
_MANY = 100
_AMOUNTS = ("point_aum_cny", "average_aum_cny")


@dataclass(frozen=True)
class Validated:
    """Tables of the contract in pandas, with the books that were kept."""

    tables: Mapping[str, pd.DataFrame]
    lost_assets: pd.DataFrame
    rejects: pd.DataFrame
    counts: pd.DataFrame
    notices: pd.DataFrame


def validate(
    raws: Sequence[RawTable],
    notices: Sequence[Notice] = (),
    problems: Sequence[Problem] = (),
    failed: Collection[str] = (),
) -> Validated:
    """Apply the contract.

    Parameters
    ----------
    raws : the parts of all tables.
    notices : what was seen before, for instance files that belong to no table.
    problems : what was found wrong before, to be told with the rest.
    failed : tables that these problems are about; they are not missing.

    Returns
    -------
    Validated tables; in each file rows read = kept + rejected + total rows + duplicates merged.

    Raises
    ------
    InputError : a required table or column is missing, a file is the wrong one, units conflict,
        most of a file cannot be read. All problems at once.
    """
    chosen = [choose_columns(raw) for raw in raws]
    wrong = [problem for part in chosen for problem in part.problems]
    _stop([*problems, *wrong, *_missing_tables({*failed, *(raw.table for raw in raws)})])
    tables = _gather_all(raws, chosen)
    _stop([problem for rows in tables.values() for problem in find_identity_numbers(rows)])
    _stop(list(find_unit_conflicts(tables["aum_monthly"])))
    if "control_totals" in tables:
        _stop(list(find_ledger_conflicts(tables["aum_monthly"], tables["control_totals"])))
    refuse_isolated_months(tables["aum_monthly"])
    blank_implausible_births(
        tables["customers"], tables["aum_monthly"].living(["month"])["month"].max()
    )
    for rows in tables.values():
        refuse_contradicting_dates(rows)
    _stop(_hopeless(tables))
    _judge(tables)
    _stop(_hopeless(tables))
    assets = tables["aum_monthly"]
    control_balances(assets)
    note_small_amounts(assets)
    flag_missing_months(assets, tables["customers"])
    flag_suspicions(tables)
    return _finished(tables, notices)


def _gather_all(raws: Sequence[RawTable], chosen: Sequence[Chosen]) -> dict[str, Rows]:
    by_table: dict[str, list[tuple[RawTable, Chosen]]] = {}
    for raw, part in zip(raws, chosen):
        by_table.setdefault(raw.table, []).append((raw, part))
    contract = load_contract().tables
    tables = {name: gather(contract[name], by_table[name]) for name in contract if name in by_table}
    derive_point_balance(tables["aum_monthly"])
    _stop(_empty(tables))
    return tables


def _missing_tables(there: Collection[str]) -> list[Problem]:
    contract = load_contract()
    return [
        Problem(
            f"the table {name} ({contract.tables[name].zh}) is missing",
            "",
            f"add a file named {name}.csv, .xlsx or .parquet, or {contract.tables[name].zh}.xlsx",
        )
        for name in contract.required_tables
        if name not in there
    ]


def _empty(tables: Mapping[str, Rows]) -> list[Problem]:
    problems = [
        _no_rows(rows) for rows in tables.values() if rows.table.required and not len(rows.frame)
    ]
    assets = tables["aum_monthly"]
    if not set(_AMOUNTS) & set(assets.frame):
        wanted = " or ".join(f"{name} ({assets.table.columns[name].zh})" for name in _AMOUNTS)
        where = ", ".join(assets.files[:5])
        problems.append(Problem(f"aum_monthly has no amounts: {wanted}", where, "add one of them"))
    return problems


def _no_rows(rows: Rows) -> Problem:
    where = ", ".join(rows.files[:5])
    broken = [row for part in rows.broken for row in part]
    if not broken:
        return Problem("has a header but no rows", where, "export the file again")
    what = f"each of its {len(broken)} rows is broken, the first is row {broken[0].row}"
    return Problem(what, where, _remedy(broken[0].reason, broken[0].detail))


def _hopeless(tables: Mapping[str, Rows]) -> Iterator[Problem]:
    """Files of which so much is rejected that something is wrong with all of it."""
    for rows in tables.values():
        counts = rows.counts().groupby("file", sort=False)[["n_read", "n_kept", "n_rejected"]].sum()
        lost = counts["n_rejected"]
        everything = (counts["n_kept"] == 0) & (lost > 0) & rows.table.required
        most = (lost >= _MANY) & (lost * 2 > counts["n_read"])
        rejects = rows.rejects() if (everything | most).any() else None
        for file in counts.index[everything | most]:
            assert rejects is not None
            yield _hopeless_file(file, int(lost[file]), int(counts["n_read"][file]), rejects)


def _hopeless_file(file: str, n_lost: int, n_read: int, rejects: pd.DataFrame) -> Problem:
    mine = rejects[rejects["file"] == file]
    groups = mine.groupby(["column", "reason"]).size().sort_values(ascending=False)
    (column, reason), n = groups.index[0], int(groups.iloc[0])
    first = mine[(mine["column"] == column) & (mine["reason"] == reason)].iloc[0]
    where = f"{file}, column {column}" if column else file
    what = f"{n_lost} of {n_read} rows are rejected, {n} for {reason}, first in row {first['row']}"
    return Problem(what, where, _remedy(str(reason), str(first["detail"])))


def _remedy(reason: str, detail: str) -> str:
    code, values = read_detail(detail)
    if code == "other_leading_zeros":
        return f"{REASONS[reason]}; with other leading zeros it would be"
    if code == "cells":
        return f"a row has {values['n']} cells where the header has {values['n_wanted']}"
    return REASONS[reason]


def _judge(tables: dict[str, Rows]) -> None:
    """Keys and references; customers and branches come first, the others point at them."""
    branches, customers = tables["branches"], tables["customers"]
    settle_duplicates(branches)
    refuse_orphans(customers, tables)
    settle_duplicates(customers)
    # then aum_monthly: it shows who came since the last snapshot of the customers
    assets, homes = tables["aum_monthly"], customers.kept()[["customer_id", "branch_id"]]
    problems = fill_branches(assets, homes)
    if not problems:
        refuse_orphans(assets, tables)
        settle_duplicates(assets)
        homes = with_newcomers(homes, assets)
    others = [rows for name, rows in tables.items() if name not in _FIRST]
    for rows in others:
        if {"customer_id", "branch_id"} <= set(rows.table.columns) and "customer_id" in rows.frame:
            problems += fill_branches(rows, homes)
    _stop(problems)
    for rows in others:
        refuse_orphans(rows, tables)
        settle_duplicates(rows)
    note_newcomers(tables)
    for rows in tables.values():
        note_loose_ends(rows, tables)
        note_other_branches(rows, customers)


def _finished(tables: Mapping[str, Rows], notices: Sequence[Notice]) -> Validated:
    kept = {name: rows.kept() for name, rows in tables.items()}
    frames = {name: frame for name, frame in kept.items() if len(frame)}
    said = [*notices, *(notice for rows in tables.values() for notice in rows.notices)]
    said += note_absent(frames)
    rejects = pd.concat([rows.rejects() for rows in tables.values()], ignore_index=True)
    counts = pd.concat([rows.counts() for rows in tables.values()], ignore_index=True)
    return Validated(
        tables=frames,
        lost_assets=tables["aum_monthly"].lost(),
        rejects=_book(rejects, _REJECTS),
        counts=_book(counts, tuple(counts.columns)),
        notices=_book(pd.DataFrame([dataclasses.asdict(n) for n in said]), _NOTICES),
    )


def _book(lines: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """A book with its columns in order: texts, but for row numbers and counts."""
    numbers = {name for name in columns if name in ("row", "n") or name.startswith("n_")}
    types = {name: "int64" if name in numbers else "str" for name in columns}
    return lines.reindex(columns=list(columns)).astype(types)


def _stop(problems: Iterator[Problem] | Sequence[Problem]) -> None:
    found = list(problems)
    if found:
        raise InputError(*found)
