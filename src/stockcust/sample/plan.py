"""What is planted in the generated bank, read from plan.yaml."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import yaml

CLASSES = (
    "time_deposit", "large_cd", "structured_deposit", "wmp", "fund",
    "insurance", "treasury_bond", "gold", "trust_other",
)  # fmt: skip
PURPOSES = ("product_sale", "wake_dormant", "anti_churn", "care")
ACTIONS = (
    "purchase", "growth", "growth_per_month", "retention", "recovery",
    "wake", "relapse", "satisfaction", "logins",
)  # fmt: skip
NATURES = (
    "salaried", "farmer", "merchant", "civil", "retiree", "migrant",
    "enterprise_owner", "student", "other",
)  # fmt: skip
WINDOW_MONTHS = 3
NEVER = 9999


@dataclass(frozen=True)
class Campaign:
    """One campaign: who is listed when, which arms are drawn, how many are held out."""

    id: str
    name: str
    purpose: str
    months_ago: int
    arms: tuple[str, ...]
    by: str
    hold_out: float = 0.0
    contamination: float = 0.0
    product: str | None = None
    cost: float = 0.0
    cost_per_contact: float = 0.0
    effect: str | None = None
    monthly: bool = False
    months: int = 1
    audience: str = "existing"
    hidden: dict[str, float] = field(default_factory=dict)
    branch_waves: tuple[int, ...] = ()


@dataclass(frozen=True)
class Plan:
    """All planted numbers; `raw` is the file as it stands, the rest is laid out for numpy."""

    raw: dict[str, Any]
    campaigns: tuple[Campaign, ...]
    arms: tuple[tuple[str, str], ...]
    shifts: dict[str, np.ndarray]

    def arm(self, campaign: Campaign, strategies: str) -> int:
        """Position of the arm whose effect this campaign's contact really has."""
        if campaign.effect:
            return self.arms.index(("none", campaign.effect))
        return self.arms.index((campaign.purpose, strategies))

    def acts_on(self, purpose: str, action: str) -> bool:
        """Whether any arm of a purpose moves an action at all."""
        return any(action in effect for effect in self.raw["effects"][purpose].values())

    @property
    def products(self) -> list[dict[str, Any]]:
        """The product catalogue, one entry per product."""
        return self.raw["products"]

    def product_values(self, key: str) -> np.ndarray:
        """One value per product, in catalogue order."""
        return np.array([product[key] for product in self.products])

    @property
    def product_class(self) -> np.ndarray:
        """Position of each product's class in CLASSES, -1 for loans and cards."""
        return np.array([_position(product["class"]) for product in self.products])

    @property
    def product_risk(self) -> np.ndarray:
        """Risk of each product, 1 to 5."""
        return np.array([int(product["risk"][1]) for product in self.products])

    def product_index(self, product_id: str) -> int:
        """Position of a product in the catalogue."""
        return int(np.flatnonzero(self.product_values("id") == product_id)[0])


def _position(product_class: str) -> int:
    return CLASSES.index(product_class) if product_class in CLASSES else -1


def read_data(name: str) -> dict[str, Any]:
    """A YAML data file of this folder or of the input contract."""
    folder = files("stockcust.tables" if name == "contract.yaml" else __package__)
    return yaml.safe_load(folder.joinpath(name).read_text(encoding="utf-8"))


@cache
def words() -> dict[str, Any]:
    """Chinese names and texts of the generated bank."""
    return read_data("words.yaml")


@cache
def contract() -> dict[str, Any]:
    """The input contract as data: headers and code spellings."""
    return read_data("contract.yaml")["tables"]


@cache
def load_plan() -> Plan:
    """The plan as data, laid out for the simulation."""
    raw = read_data("plan.yaml")
    campaigns = tuple(_campaign(entry) for entry in raw["campaigns"])
    arms = [("none", "none")]
    arms += [(purpose, arm) for purpose, group in raw["effects"].items() for arm in group]
    effects: list[dict[str, float]] = [{}]
    effects += [group[arm] for group in raw["effects"].values() for arm in group]
    shifts = {a: np.array([effect.get(a, 0.0) for effect in effects]) for a in ACTIONS}
    return Plan(raw, campaigns, tuple(arms), shifts)


def _campaign(entry: dict[str, Any]) -> Campaign:
    fields: dict[str, Any] = dict(entry)
    fields |= {key: tuple(entry[key]) for key in ("arms", "branch_waves") if key in entry}
    return Campaign(**fields)
