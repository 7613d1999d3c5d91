"""The details of rejects and notices: codes with values, worded elsewhere like the codes alone."""

from __future__ import annotations

import json
from typing import Any

# the closed list, with the names of the values that each has
DETAILS: dict[str, tuple[str, ...]] = {
    # of rejects
    "earlier_than": ("column",),
    "differ": ("keys", "columns"),
    "other_leading_zeros": (),
    "cells": ("n", "n_wanted"),
    "in_file": ("file",),
    "lacks": ("file", "columns"),
    # of notices
    "rows": ("file", "rows"),
    "columns": ("columns",),
    "column_number": ("number",),
    "enables": ("codes",),
    "sum_of_classes": (),
    "n_customers": ("n",),
    "n_ids": ("n",),
    "months": ("months",),
    "unit": ("unit", "factor"),
    "hash_of": ("column",),
    "partner": ("files", "columns"),
    "postings": ("n_postings", "n_accounts", "first", "last"),
    "postings_from_opening": ("n_postings", "n_accounts", "first", "last"),
    "by_column": ("column",),
    "by_chain": (),
    "by_file_order": (),
    "text": ("text",),
    # groups of headers that are never read
    "identity_number": (), "card_number": (), "secret": (), "biometrics": (), "belief": (),
    "health": (), "location": (),
}  # fmt: skip


def write_detail(code: str, **values: object) -> str:
    """A detail as it stands in the books: its code, then its values as JSON."""
    assert set(values) == set(DETAILS[code]), code
    return f"{code} {json.dumps(values, ensure_ascii=False)}" if values else code


def read_detail(detail: str) -> tuple[str, dict[str, Any]]:
    """The code and the values of a detail; no detail has no code."""
    code, _, values = detail.partition(" ")
    return code, json.loads(values) if values else {}
