"""A product of the bank's catalogue."""

from __future__ import annotations

import datetime as dt
import difflib
from dataclasses import dataclass, fields
from typing import Any

import narwhals.stable.v2 as nw

from stockcust.errors import CallError


@dataclass(frozen=True, slots=True)
class Product:
    """One product; None where the catalogue does not say."""

    product_id: str
    product_name: str | None = None
    product_class: str | None = None
    product_risk: str | None = None
    min_amount_cny: float | None = None
    term_days: int | None = None
    on_sale_from: dt.date | None = None
    on_sale_to: dt.date | None = None
    is_principal_guaranteed: bool | None = None
    needs_double_record: bool | None = None
    audience: str | None = None


def find_product(products: nw.DataFrame[Any] | nw.LazyFrame[Any], product_id: str) -> Product:
    """The product with an id.

    Raises
    ------
    CallError : the catalogue has no such product; names the nearest id.
    """
    found = _rows(products.filter(nw.col("product_id") == product_id))
    if not found:
        known = [row["product_id"] for row in _rows(products.select("product_id"))]
        near = difflib.get_close_matches(product_id, known, n=1, cutoff=0.0)
        hint = f"; the nearest is {near[0]!r}" if near else ""
        raise CallError(f"product {product_id!r} is not in the catalogue{hint}")
    names = {field.name for field in fields(Product)}
    return Product(**{name: _plain(found[0][name]) for name in found[0] if name in names})


def _rows(frame: nw.DataFrame[Any] | nw.LazyFrame[Any]) -> list[dict[str, Any]]:
    eager = frame.collect("pyarrow") if isinstance(frame, nw.LazyFrame) else frame
    rows: list[dict[str, Any]] = eager.to_arrow().to_pylist()
    return rows


def _plain(value: Any) -> Any:
    return value.date() if isinstance(value, dt.datetime) else value
