"""Hold-outs: the randomised controls kept out of each list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from stockcust.errors import Problem
from stockcust.rulebook.base import TIERS, Basis, Model, Money, Share, Table, TierId
from stockcust.rulebook.places import missing_keys


class NeverHeldOut(Model):
    """Customers who are never held out: any of these."""

    maturing_30d_ge_cny: Money
    has_open_complaint: bool
    is_service_duty: bool


class MarginOfRelevance(Model):
    """The smallest effect worth acting on."""

    purchase_rate: Share
    retention_rate: Share
    aum_growth_share: Share


class HoldOut(Model):
    """How many are held out, who never, and what makes an effect matter."""

    share_by_tier: Table[TierId, Share]
    never_if: NeverHeldOut
    unit: Literal["household", "customer"]
    exploration_share: Share
    exploration_coefficients: tuple[Annotated[int, Field(ge=1)], ...]
    min_per_arm: Annotated[int, Field(ge=1)]
    margin_of_relevance: MarginOfRelevance
    verdict_level: Literal["network", "peer_group"]
    basis: Basis


def check_hold_out(hold_out: HoldOut) -> Iterator[Problem]:
    """Find tiers without a share, and shares that leave nobody on the list."""
    yield from missing_keys("hold_out.share_by_tier", TIERS, hold_out.share_by_tier)
    for tier, share in hold_out.share_by_tier.items():
        if share == 1:
            yield Problem("everybody is held out", f"hold_out.share_by_tier.{tier}", "below 1")
