"""A source whose rows are postings of a ledger, made into rows of months."""

from __future__ import annotations

from dataclasses import replace
from itertools import compress

import pandas as pd

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
    name = f"{', '.join(part.file for part in parts)} (monthly balances)"
    said = (*(n for part in parts for n in part.notices), *_notices(balances, postings, rule))
    unread = [
        replace(row, detail=f"{part.file}: {row.detail}")
        for part, (_, broken) in zip(parts, read)
        for row in (*part.broken, *broken)
    ]
    return [Part(name, made, tuple(unread), said)]


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
        BrokenRow(int(row), "", "unreadable_posting", f"no {', '.join(compress(needed, line))}")
        for row, line in zip(lacks.index[is_broken], lacks[is_broken].to_numpy())
    ]
    return postings[~is_broken], broken


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
    rows = len(balances.frame)
    before = "zero" if rule.starts_with_opening else "unknown"
    what = (
        f"{len(postings):,} postings of {postings['account'].nunique():,} accounts, "
        f"{postings['day'].min():%Y-%m-%d} to {postings['day'].max():%Y-%m-%d}: a balance holds "
        f"until the next posting; the average counts each day of the month, before an account's "
        f"first posting {before}"
    )
    said = [Notice("month_end_balances", detail=what, n=rows)]
    by = rule.order or (rule.last_of_day and "the chain of balances") or "the order of the file"
    said.append(Notice("last_posting_of_day", detail=f"chosen by {by}", n=balances.n_shared_days))
    if balances.n_unchained_days:
        what = "a closing balance is more than 1 off the one before plus the day's postings"
        said.append(Notice("ledger_does_not_chain", detail=what, n=balances.n_unchained_days))
    if balances.n_overdrawn:
        what = "month-end balances below zero count as overdraft, as assets they are zero"
        said.append(Notice("overdraft", detail=what, n=balances.n_overdrawn))
    return said
