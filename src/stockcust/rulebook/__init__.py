"""The bank's rules: typed, validated, frozen."""

from stockcust.rulebook.loader import load_rulebook
from stockcust.rulebook.model import Rulebook

__all__ = ["Rulebook", "load_rulebook"]
