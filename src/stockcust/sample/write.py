"""Write a generated bank as the files a bank would send, with its truth and data dictionary."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pandas as pd

from stockcust.sample.bank import SampleBank
from stockcust.sample.dictionary import data_dictionary
from stockcust.sample.dirt import control_differences, soil
from stockcust.sample.plan import words
from stockcust.sample.spelling import header, layouts, spell

MADE = dt.datetime(2026, 7, 1)  # workbooks carry a date; the same files every time


def write_sample(bank: SampleBank, out: str | Path) -> Path:
    """Write all tables, truth.json and the data dictionary README.md.

    Parameters
    ----------
    bank : from `generate`.
    out : folder; made if absent, files of the same names are replaced.

    Returns
    -------
    the folder.
    """
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    ledgers = []
    for table, frame in bank.frames.items():
        dirty, ledger = soil(table, frame, spell(table, frame), bank.seed)
        _write_table(table, dirty, folder)
        ledgers.append(ledger)
    truth = bank.truth | {"dirty_rows": _dirty_rows(bank, pd.concat(ledgers, ignore_index=True))}
    text = json.dumps(truth, ensure_ascii=False, indent=1)
    (folder / "truth.json").write_text(text + "\n", encoding="utf-8")
    (folder / "README.md").write_text(data_dictionary(bank, truth), encoding="utf-8")
    return folder


def _write_table(table: str, frame: pd.DataFrame, folder: Path) -> None:
    layout = layouts()[table]
    path = folder / layout["file"]
    if path.suffix == ".parquet":
        frame.to_parquet(path, index=False, compression="zstd", row_group_size=100_000)
    elif path.suffix == ".xlsx":
        with pd.ExcelWriter(path, engine="xlsxwriter", datetime_format="yyyy-mm-dd") as writer:
            writer.book.set_properties({"created": MADE})
            frame.to_excel(writer, index=False)
    else:
        frame = _with_total(table, frame, layout)
        frame.to_csv(path, index=False, encoding=layout["encoding"], lineterminator="\n")


def _with_total(table: str, frame: pd.DataFrame, layout: dict[str, Any]) -> pd.DataFrame:
    if "total_of" not in layout:
        return frame
    name = header(table, layout["total_of"])
    total = {frame.columns[0]: words()["total_row"], name: round(float(frame[name].sum()), 2)}
    return pd.concat([frame, pd.DataFrame([total])], ignore_index=True)


def _dirty_rows(bank: SampleBank, ledger: pd.DataFrame) -> dict[str, Any]:
    counts = ledger.groupby(["table", "reason", "outcome"]).size().reset_index(name="n")
    of_aum = ledger[ledger["table"] == "aum_monthly"]
    return {
        "about": (
            "row: number as a spreadsheet shows it, header = 1; 0 = the row is missing from the "
            "file. rejected: the row must go to the rejects; merged: an equal row stays; flagged: "
            "kept and named; missing: an active customer without a row for the month"
        ),
        "total_rows": {
            t: layout["file"] for t, layout in layouts().items() if "total_of" in layout
        },
        "counts": counts.to_dict("records"),
        "rows": ledger.drop(columns="source").to_dict("records"),
        "control_total_differences": control_differences(bank.frames["aum_monthly"], of_aum),
    }
