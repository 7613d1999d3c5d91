"""Flags that somebody wrote down in Python: True, False and None, or not a number."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from stockcust.customers.features import FEATURES
from stockcust.errors import InputError, Problem
from stockcust.segmentation.decision_table import Frame

_FLAGS = frozenset(feature.name for feature in FEATURES if feature.unit == "flag")


def with_nullable_flags(frame: Frame) -> Frame:
    """Give the flags that pandas holds as Python objects its type that knows the unknown.

    Parameters
    ----------
    frame : customers of any engine; only pandas has columns of objects.

    Raises
    ------
    InputError : a flag holds something else than True, False or nothing.
    """
    if not frame.implementation.is_pandas():
        return frame
    native = frame.to_native()
    objects = [name for name in native if name in _FLAGS and native[name].dtype == "object"]
    problems = [
        Problem("is not only True, False or missing", f"customers.{name}", "correct the column")
        for name in objects
        if not native[name].dropna().isin([True, False]).all()
    ]
    if problems:
        raise InputError(*problems)
    return nw.from_native(native.astype(dict.fromkeys(objects, "boolean"))) if objects else frame
