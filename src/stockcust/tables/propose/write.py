"""A proposed mapping as commented YAML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from stockcust.tables.contract import Column, load_contract
from stockcust.tables.mapping.tree import OPEN
from stockcust.tables.propose.columns import Guess, Guesses
from stockcust.tables.propose.draft import Draft, in_order
from stockcust.tables.propose.values import (
    Code,
    date_formats,
    has_decimal_commas,
    header_unit,
    suspicious_median,
    unknown_codes,
)
from stockcust.tables.propose.words import say

_NUMERIC = ("money", "number", "share")
_ASKED = yaml.safe_dump(OPEN, default_style='"').strip()
_SHOWN = 8


def write_mapping(folder: Path, drafts: list[Draft]) -> str:
    """The YAML text of all drafts.

    Parameters
    ----------
    folder : folder that the file names are relative to.
    drafts : sources, one or more per table.
    """
    n_files = sum(source.n_files for source in drafts)
    intro = say("intro", n=n_files, folder=folder.name)
    lines = [f"# {line}" for line in intro.splitlines()]
    lines += ["", "tables:"]
    for table, sources in in_order(drafts):
        lines += _table(table, sources)
    lines += _branches(drafts)
    return "\n".join(lines) + "\n"


def _table(table: str, sources: list[Draft]) -> Iterator[str]:
    yield f"  {table or _ASKED}:"
    for source in sources:
        if source.guesses is None:
            yield f"    # {say('no_table', file=source.files)}"
            yield f"    - files: {_scalar(source.files)}"
            continue
        yield f"    # {_evidence(source, source.guesses)}"
        yield from _source(source, source.guesses)


def _evidence(source: Draft, guesses: Guesses) -> str:
    said = [say("by_name")] if source.by_name else []
    said.append(say("by_headers", n=len(guesses.found)))
    if source.n_files > 1:
        said.append(say("many_files", n=source.n_files))
    return say("table", zh=guesses.table.zh, evidence="，".join(said))


def _source(source: Draft, guesses: Guesses) -> Iterator[str]:
    yield f"    - files: {_scalar(source.files)}"
    indented = (
        *_format(source, guesses),
        *_period(source),
        *_unit(source, guesses),
        *_columns(source, guesses),
        *_date_formats(source, guesses),
        *_codes(source, guesses),
        *_left(guesses),
    )
    yield from (f"      {line}" for line in indented)


def _format(source: Draft, guesses: Guesses) -> Iterator[str]:
    declared = source.head.declared
    written = {name: getattr(declared, name) for name in ("delimiter", "encoding", "sheet")}
    written = {name: value for name, value in written.items() if value}
    numeric = [source.head.part.frame[g.header] for g in _of_types(guesses, _NUMERIC)]
    if has_decimal_commas(numeric):
        written["decimal"] = ","
    if written:
        yield "format:"
    for name, value in written.items():
        comment = f"  # {say(name)}" if name != "sheet" else ""
        yield f"  {name}: {_scalar(value)}{comment}"


def _period(source: Draft) -> Iterator[str]:
    if source.period:
        yield f"from_file_name: {_scalar(source.pattern)}  # {say('period')}"


def _unit(source: Draft, guesses: Guesses) -> Iterator[str]:
    money = list(_of_types(guesses, ("money",)))
    if not money or any(header_unit(guess.header) for guess in money):
        return
    amounts = [source.head.part.frame[guess.header] for guess in money]
    median = suspicious_median(source.table, amounts)
    if median is None:
        yield f"unit: yuan  # {say('unit_assumed')}"
    else:
        yield f"unit: {_ASKED}  # {say('unit_asked', median=f'{median:.4g}')}"


def _columns(source: Draft, guesses: Guesses) -> Iterator[str]:
    yield "columns:"
    for name, column in guesses.table.columns.items():
        if name in guesses.found:
            guess = guesses.found[name]
            yield f"  {name}: {_scalar(guess.header)}  # {column.zh}：{_certainty(guess)}"
        elif source.period and name == _period_column(source):
            yield f"  {name}: {source.period}  # {column.zh}：{say('period')}"
        elif column.required:
            yield f"  {name}: {_ASKED}  # {_required(column, guesses)}"
    for guess in guesses.candidates:
        if guess.header in guesses.left and guess.column not in guesses.found:
            zh = guesses.table.columns[guess.column].zh
            said = say("candidate", column=guess.column, zh=zh, score=f"{guess.score:.2f}")
            yield f"  # {_scalar(guess.header)}：{said}"


def _period_column(source: Draft) -> str:
    return "month" if source.table == "aum_monthly" else "snapshot_date"


def _certainty(guess: Guess) -> str:
    said = say(guess.certainty, score=f"{guess.score:.2f}")
    unit = header_unit(guess.header)
    return f"{said}；{say('unit_header', unit=unit)}" if unit else said


def _required(column: Column, guesses: Guesses) -> str:
    if not guesses.left:
        return say("required_none", zh=column.zh)
    return say("required", zh=column.zh, headers=", ".join(guesses.left[:_SHOWN]))


def _date_formats(source: Draft, guesses: Guesses) -> Iterator[str]:
    found = {
        guess.column: formats
        for guess in _of_types(guesses, ("date", "datetime", "month"))
        if (formats := _formats(source, guesses, guess))
    }
    if found:
        yield "date_format:"
    for column, formats in found.items():
        if len(formats) > 1:
            yield f"  {column}: {_ASKED}  # {say('date_asked', formats=', '.join(formats))}"
        elif "YYYY" in formats[0]:
            yield f"  {column}: {_scalar(formats[0])}  # {say('date_format')}"
        else:
            short = f"{{format: {_scalar(formats[0])}, pivot: {_ASKED}}}"
            yield f"  {column}: {short}  # {say('date_pivot')}"


def _formats(source: Draft, guesses: Guesses, guess: Guess) -> list[str]:
    return date_formats(source.head.part.frame[guess.header], guesses.table.columns[guess.column])


def _codes(source: Draft, guesses: Guesses) -> Iterator[str]:
    found = {
        guess.column: codes
        for guess in _of_types(guesses, ("enum", "flag"))
        if (codes := _unknown_codes(source, guesses, guess))
    }
    if found:
        yield "codes:"
    for name, codes in found.items():
        yield f"  {name}:  # {say('codes', codes=_code_list(guesses.table.columns[name]))}"
        for code in codes:
            comment = say("code_similar" if code.likely else "code_seen", n=code.n)
            answer = _scalar(code.likely) if code.likely else _ASKED
            yield f"    {_scalar(code.written)}: {answer}  # {comment}"


def _unknown_codes(source: Draft, guesses: Guesses, guess: Guess) -> list[Code]:
    return unknown_codes(source.head.part.frame[guess.header], guesses.table.columns[guess.column])


def _code_list(column: Column) -> str:
    if column.type == "flag":
        return "true, false"
    return ", ".join(f"{code} {spellings[0]}" for code, spellings in column.codes.items())


def _left(guesses: Guesses) -> Iterator[str]:
    if guesses.left:
        yield f"# {say('unmapped')}：{', '.join(_scalar(header) for header in guesses.left)}"
    if guesses.n_never:
        yield f"# {say('never', n=guesses.n_never)}"


def _of_types(guesses: Guesses, types: Iterable[str]) -> Iterator[Guess]:
    return (g for g in guesses.found.values() if guesses.table.columns[g.column].type in types)


def _branches(drafts: list[Draft]) -> Iterator[str]:
    """Required tables that no file is: branches can be made from the customers, others cannot."""
    there = {source.table for source in drafts}
    customers = next((s for s in drafts if s.table == "customers" and s.guesses), None)
    if "branches" not in there and customers and customers.guesses:
        branch = customers.guesses.found.get("branch_id")
        if branch:
            yield "  branches:"
            yield f"    # {say('branches', file=customers.files)}"
            yield f"    - files: {_scalar(customers.files)}"
            yield from (f"      {line}" for line in _format(customers, customers.guesses))
            yield f"      columns: {{branch_id: {_scalar(branch.header)}}}"
            yield "      distinct: true"
            there.add("branches")
    contract = load_contract()
    missing = [name for name in contract.required_tables if name not in there]
    if missing:
        named = ", ".join(f"{name}（{contract.tables[name].zh}）" for name in missing)
        yield f"  # {say('missing', tables=named)}"


def _scalar(text: str) -> str:
    """A text as YAML, in quotes where it needs them."""
    written = yaml.safe_dump(text, allow_unicode=True, width=10_000, default_flow_style=True)
    return written.removesuffix("...\n").strip()
