"""Files as banks really send them, made by code, each with what must become of it."""

from __future__ import annotations

from broken_files.case import Case, good_bank
from broken_files.folders import CASES as FOLDERS
from broken_files.headers import CASES as HEADERS
from broken_files.layouts import CASES as LAYOUTS
from broken_files.parquets import CASES as PARQUETS
from broken_files.rows import CASES as ROWS
from broken_files.texts import CASES as TEXTS
from broken_files.units import CASES as UNITS
from broken_files.values import CASES as VALUES
from broken_files.workbooks import CASES as WORKBOOKS

ALL = (
    *(*TEXTS, *HEADERS, *LAYOUTS, *FOLDERS),
    *(*WORKBOOKS, *PARQUETS, *VALUES, *ROWS, *UNITS),
)

__all__ = ["ALL", "Case", "good_bank"]
