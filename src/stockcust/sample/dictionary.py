"""The data dictionary that lies beside the generated files."""

from __future__ import annotations

from typing import Any

import pandas as pd

from stockcust.sample.bank import SampleBank
from stockcust.sample.plan import contract, read_data
from stockcust.sample.spelling import header, layouts


def data_dictionary(bank: SampleBank, truth: dict[str, Any]) -> str:
    """README.md of a generated bank: tables, columns, headers, codes, and what is planted."""
    text = read_data("dictionary.yaml")
    sections = [
        text["title"],
        text["intro"],
        _overview(bank, text),
        text["planted"],
        _effects(truth, text),
    ]
    sections += [_hazards(truth, text), _dirt(truth, text), text["columns_title"]]
    sections += [_columns(table, frame, text) for table, frame in bank.frames.items()]
    return "\n\n".join(section.strip() for section in sections) + "\n"


def _table(headers: list[str], rows: list[list[object]]) -> str:
    lines = ["| " + " | ".join(headers) + " |", "|" + "---|" * len(headers)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def _overview(bank: SampleBank, text: dict[str, Any]) -> str:
    rows: list[list[object]] = [
        [
            f"`{name}`",
            contract()[name]["zh"],
            f"`{layouts()[name]['file']}`",
            f"{len(frame):,}",
            text["tables"][name],
        ]
        for name, frame in bank.frames.items()
    ]
    return text["overview_title"] + "\n\n" + _table(text["overview_headers"], rows)


def _effects(truth: dict[str, Any], text: dict[str, Any]) -> str:
    rows: list[list[object]] = [
        [e["campaign_id"], e["purpose"], e["strategies"], e["outcome"], e["n_population"],
         f"{e['average_effect_of_list']:+.4f}",
         f"{e['naive_difference']:+.4f}" if "naive_difference" in e else ""]
        for e in truth["effects"]
        if e.get("n_population") and e["average_effect_of_list"] is not None
    ]  # fmt: skip
    return text["effects_title"] + "\n\n" + _table(text["effects_headers"], rows)


def _hazards(truth: dict[str, Any], text: dict[str, Any]) -> str:
    shares = truth["churn"]["cause_shares"]
    rows: list[list[object]] = [
        [
            cause,
            f"{h['baseline']:+.1f}",
            "; ".join(f"`{k}` {v:+.1f}" for k, v in h.items() if k != "baseline"),
            f"{shares[cause]:.1%}",
        ]
        for cause, h in truth["churn"]["hazards"].items()
    ]
    return text["hazards_title"] + "\n\n" + _table(text["hazards_headers"], rows)


def _dirt(truth: dict[str, Any], text: dict[str, Any]) -> str:
    rows: list[list[object]] = [
        [f"`{c['table']}`", c["reason"], c["outcome"], c["n"]]
        for c in truth["dirty_rows"]["counts"]
    ]
    return text["dirt_title"] + "\n\n" + _table(text["dirt_headers"], rows)


def _columns(table: str, frame: pd.DataFrame, text: dict[str, Any]) -> str:
    columns = contract()[table]["columns"]
    rows: list[list[object]] = [
        [
            f"`{name}`",
            header(table, name),
            columns[name]["type"],
            f"{frame[name].notna().mean():.0%}",
            _codes(columns[name]),
        ]
        for name in frame.columns
    ]
    title = f"### {contract()[table]['zh']} `{table}`"
    return title + "\n\n" + _table(text["column_headers"], rows)


def _codes(entry: dict[str, Any]) -> str:
    return ", ".join(f"{code}={spelt[0]}" for code, spelt in entry.get("codes", {}).items())
