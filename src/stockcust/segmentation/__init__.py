"""Segmentation of customers by assets and familiarity."""

from __future__ import annotations

from stockcust.segmentation.base_table import base_table
from stockcust.segmentation.dimensions import class_codes, divide
from stockcust.segmentation.grouping import segment
from stockcust.segmentation.migrations import Migration, migration
from stockcust.segmentation.overrides import audit_overrides
from stockcust.segmentation.scenario import WhatIf, what_if

__all__ = [
    "Migration",
    "WhatIf",
    "audit_overrides",
    "base_table",
    "class_codes",
    "divide",
    "migration",
    "segment",
    "what_if",
]
