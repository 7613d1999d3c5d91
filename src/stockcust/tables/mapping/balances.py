"""A source whose rows are postings of a ledger, made into rows of months."""

from __future__ import annotations

from dataclasses import replace
from itertools import compress

import pandas as pd

from stockcust.tables.details import write_detail
from stockcust.tables.mapping.cells import numbers, plain_decimals, texts
from stockcust.tables.mapping.columns import dates_or_reason
from stockcust.tables.mapping.ledger import FEN, Ledger, MonthlyBalances, monthly_balances
from stockcust.tables.mapping.model import MonthlyBalance
from stockcust.tables.sources import BrokenRow, Notice, Part

OUTPUT = ("month", "month_end_balance", "month_end_overdraft", "average_balance")


def balance_parts(parts: list[Part], rule: MonthlyBalance, *, comma: bool) -> list[Part]:
    """The monthly balances of all postings; postings that cannot be read are its broken rows.

    Parameters
    ----------
    parts : postings.
    rule : which columns are what.
    comma : numbers are written with a decimal comma.

    Returns
    -------
    one part with the columns of the rule's owner and OUTPUT, amounts in the unit of the ledger;
    none if no posting can be read.
    """
    read = [_read(part, rule, comma) for part in parts]
    postings = pd.concat([frame for frame, _ in read], ignore_index=True)
    ends = pd.Timestamp(rule.ends or postings["day"].max())
    postings = postings[postings["day"] <= ends]
    if postings.empty:
        return []
    balances = monthly_balances(
        _ledger(postings, rule), ends, starts_with_opening=rule.starts_with_opening
    )
    made = _frame(balances.frame, rule)
    name = f"{', '.join(part.file for part in parts)}#monthly_balance"
    said = (*(n for part in parts for n in part.notices), *_notices(balances, postings, rule))
    unread = [row for part, (_, broken) in zip(parts, read) for row in (*_ragged(part), *broken)]
    return [Part(name, made, tuple(unread), said)]


def _ragged(part: Part) -> list[BrokenRow]:
    """Rows that could not be split, with the file that they stand in."""
    where = write_detail("in_file", file=part.file)
    return [replace(row, detail=where) for row in part.broken]


def _read(part: Part, rule: MonthlyBalance, comma: bool) -> tuple[pd.DataFrame, list[BrokenRow]]:
    """Postings with typed columns, and those that lack what a balance needs."""

    def amount(header: str) -> pd.Series:
        column = part.frame[header]
        return numbers(plain_decimals(column) if comma else column)[0]

    written = part.frame[rule.date]
    iso = dates_or_reason(written, rule.date_format) if rule.date_format else texts(written)
    postings = pd.DataFrame(
        {
            "owner": texts(part.frame[rule.owner]),
            "account": texts(part.frame[rule.account]),
            "day": pd.to_datetime(iso, format="ISO8601", errors="coerce").dt.normalize(),
            "balance": amount(rule.balance),
        }
    )
    if rule.order:
        postings["order"] = amount(rule.order)
    if rule.last_of_day:
        direction = texts(part.frame[rule.last_of_day.direction])
        incoming = direction.isin(rule.last_of_day.incoming).map({True: 1, False: -1})
        postings["signed"] = amount(rule.last_of_day.amount) * incoming
    needed = [str(column) for column in postings if column != "owner"]
    lacks = postings[needed].isna()
    is_broken = lacks.any(axis=1)
    broken = [
        _unreadable(int(row), part.file, list(compress(needed, line)))
        for row, line in zip(lacks.index[is_broken], lacks[is_broken].to_numpy())
    ]
    return postings[~is_broken], broken


def _unreadable(row: int, file: str, lacks: list[str]) -> BrokenRow:
    detail = write_detail("lacks", file=file, columns=lacks)
    return BrokenRow(row, "", "unreadable_posting", detail)


def _ledger(postings: pd.DataFrame, rule: MonthlyBalance) -> Ledger:
    return Ledger(
        owner=postings["owner"],
        account=postings["account"],
        day=postings["day"].astype("datetime64[us]"),
        balance=_fen(postings["balance"]),
        order=postings["order"] if rule.order else None,
        signed=_fen(postings["signed"]) if rule.last_of_day else None,
    )


def _fen(amounts: pd.Series) -> pd.Series:
    return (amounts * FEN).round().astype("int64")


def _frame(balances: pd.DataFrame, rule: MonthlyBalance) -> pd.DataFrame:
    amounts = balances[list(OUTPUT[1:])] / FEN
    made = amounts.assign(**{rule.owner: balances["owner"], "month": balances["month"]})
    made.index = pd.RangeIndex(1, len(made) + 1)
    return made


def _notices(
    balances: MonthlyBalances, postings: pd.DataFrame, rule: MonthlyBalance
) -> list[Notice]:
    ledger = write_detail(
        "postings_from_opening" if rule.starts_with_opening else "postings",
        n_postings=len(postings),
        n_accounts=int(postings["account"].nunique()),
        first=f"{postings['day'].min():%Y-%m-%d}",
        last=f"{postings['day'].max():%Y-%m-%d}",
    )
    counted = {
        "month_end_balances": (ledger, len(balances.frame)),
        "last_posting_of_day": (_order(rule), balances.n_shared_days),
        "ledger_does_not_chain": ("", balances.n_unchained_days),
        "overdraft": ("", balances.n_overdrawn),
    }
    return [Notice(code, detail=detail, n=n) for code, (detail, n) in counted.items() if n]


def _order(rule: MonthlyBalance) -> str:
    if rule.order:
        return write_detail("by_column", column=rule.order)
    return write_detail("by_chain" if rule.last_of_day else "by_file_order")
