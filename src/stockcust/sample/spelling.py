"""Tables as a bank's export spells them: headers, codes, dates, units."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from stockcust.sample.plan import contract, read_data, words


@cache
def layouts() -> dict[str, dict[str, Any]]:
    """How each table is written."""
    return read_data("files.yaml")


def header(table: str, column: str) -> str:
    """Header of a column in its file, with the unit where it is 10,000 yuan."""
    layout, entry = layouts()[table], contract()[table]["columns"][column]
    if layout["headers"] == "en":
        ascii_names = [alias for alias in entry.get("aliases", []) if alias.isascii()]
        return ascii_names[-1] if ascii_names else column
    return entry["zh"] + (words()["wan_suffix"] if column in layout.get("wan", []) else "")


def spell(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The table with the headers and spellings of its file.

    Parameters
    ----------
    table : name of the table in the contract.
    frame : clean values under the contract's column names.
    """
    layout, columns = layouts()[table], contract()[table]["columns"]
    spelt = {
        header(table, name): _spell_column(frame[name], columns[name], layout, name)
        for name in frame.columns
    }
    return pd.DataFrame(spelt)


def _spell_column(
    values: pd.Series, entry: dict[str, Any], layout: dict[str, Any], name: str
) -> pd.Series:
    kind, is_typed = entry["type"], layout["file"].endswith((".parquet", ".xlsx"))
    if name in layout.get("wan", []):
        return values / 1e4
    if kind == "month" and "months" in layout:
        return values.dt.strftime(layout["months"])
    if kind == "date" and "dates" in layout:
        return values.dt.strftime(layout["dates"])
    if kind == "datetime" and not is_typed:
        return values.dt.strftime("%Y-%m-%d %H:%M:%S")
    if kind == "enum":
        return _spell_codes(values, entry, layout)
    if kind == "flag":
        return _spell_flags(values, is_typed)
    return values


def _spell_codes(values: pd.Series, entry: dict[str, Any], layout: dict[str, Any]) -> pd.Series:
    codes = pd.Categorical(values)
    if layout["headers"] == "zh":
        codes = codes.rename_categories({code: spelt[0] for code, spelt in entry["codes"].items()})
    return pd.Series(codes, index=values.index)


def _spell_flags(values: pd.Series, is_typed: bool) -> pd.Series:
    flags = values.astype("boolean")
    return flags if is_typed else flags.map(words()["flags"]).astype("str")
