"""Where the signals of a need stand: in general, or for one class of product."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from stockcust.customers.features import CLASS_SIGNALS
from stockcust.man.evidence import at_least
from stockcust.segmentation.thresholds import reaches_cny

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook

HALF_A_FEN = 0.005
# what the customer said; the other strong signals are seen in the accounts
STATEMENTS = ("has_need_tag_90d", "has_inquiry_30d")


@dataclass(frozen=True, slots=True)
class Signals:
    """The signals that a frame has columns for.

    Attributes
    ----------
    columns : names of the frame's columns.
    rules : the rulebook, section man.
    product_class : the class that the need is for; None asks for any.
    """

    columns: Collection[str]
    rules: Rulebook
    product_class: str | None

    def strong(self) -> dict[str, nw.Expr]:
        """Signals of which one is enough."""
        rule = self.rules.man.need.strong
        return {
            name: column if rule_of.ge_cny is None else reaches_cny(column, rule_of.ge_cny)
            for name, rule_of in rule.items()
            if (column := self._speaking(name, rule_of.product_classes)) is not None
        }

    def known(self) -> list[nw.Expr]:
        """Whether each strong signal that could deny a need is known, true or false.

        Money that matures speaks for a need; that none matures says nothing of what the customer
        wants, as long as nobody keeps a record of that. Asked of the columns: on pandas an unknown
        number compares as false, not as unknown.
        """
        strong = self.rules.man.need.strong
        rule = {name: each for name, each in strong.items() if name in STATEMENTS} or strong
        found = [self._speaking(name, each.product_classes) for name, each in rule.items()]
        return [~column.is_null() for column in found if column is not None]

    def weak(self) -> dict[str, nw.Expr]:
        """Signals that need company."""
        return {
            name: at_least(column, item.ge)
            for name, item in self.rules.man.need.weak.items()
            if (column := self._column(name)) is not None
        }

    def blocks(self) -> dict[str, nw.Expr]:
        """What takes the need away; only a refusal is known without a product."""
        bought, held = (self._column("has_bought_30d"), self._holds_enough())
        found = {
            "refused": self._column("has_refused_90d"),
            "bought": bought if self.product_class else None,
            "held_share": held if self.product_class else None,
        }
        blocks = self.rules.man.need.blocks
        return {name: flag for name, flag in found.items() if flag is not None and name in blocks}

    def _column(self, signal: str) -> nw.Expr | None:
        is_of_class = self.product_class and signal in CLASS_SIGNALS
        name = f"{signal}__{self.product_class}" if is_of_class else signal
        return nw.col(name) if name in self.columns else None

    def _speaking(self, signal: str, classes: Collection[str] | None) -> nw.Expr | None:
        """Give the column of a signal that speaks for the class."""
        if self.product_class and classes and self.product_class not in classes:
            return None
        return self._column(signal)

    def _holds_enough(self) -> nw.Expr | None:
        """Whether the class fills most of the share of the assets that one class should have."""
        balance, block = f"{self.product_class}_cny", self.rules.man.need.blocks.get("held_share")
        if block is None or block.ge is None or not {balance, "aum_cny"} <= set(self.columns):
            return None
        enough = nw.col("aum_cny") * (block.ge * self.rules.man.money.soft_cap_share_of_aum)
        return (nw.col(balance) > 0) & (nw.col(balance) - enough >= -HALF_A_FEN)
