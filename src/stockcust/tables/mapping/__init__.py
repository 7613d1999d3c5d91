"""A mapping file turns a bank's own files into the contract; nothing in it is evaluated."""

from stockcust.tables.mapping.read import MappedFiles, map_files

__all__ = ["MappedFiles", "map_files"]
