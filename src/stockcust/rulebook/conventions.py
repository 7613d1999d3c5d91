"""How amounts, intervals and rows are to be read."""

from __future__ import annotations

from typing import Literal

from stockcust.rulebook.base import Model


class Conventions(Model):
    """Conventions that hold everywhere; the package knows no other."""

    money_unit: Literal["yuan"]
    money_scale_wan: Literal[10000]
    interval: Literal["left_closed_right_open"]
    as_of_grain: Literal["month_end"]
    aum_basis: Literal["month_average"]
    aum_fallback: Literal["month_end"]
    share_scale: Literal["0-1"]
    evaluation_unit: tuple[Literal["customer_id"], Literal["branch_id"]]
