"""One row per customer and branch as of a day; nothing later can leak in."""

from __future__ import annotations

from stockcust.customers.assemble import customers_as_of
from stockcust.customers.contact_log import contacts_in_window
from stockcust.customers.features import FEATURES, SALEABLE_CLASSES, Feature

__all__ = ["FEATURES", "SALEABLE_CLASSES", "Feature", "contacts_in_window", "customers_as_of"]
