"""The input contract: a bank's files as validated tables."""

from stockcust.tables.bank import Bank
from stockcust.tables.prepared import write_prepared
from stockcust.tables.product import Product
from stockcust.tables.pseudonyms import pseudonymous
from stockcust.tables.quality import DataQuality, data_quality
from stockcust.tables.read import read_bank

__all__ = [
    "Bank",
    "DataQuality",
    "Product",
    "data_quality",
    "pseudonymous",
    "read_bank",
    "write_prepared",
]
