"""The contract file itself: nothing in it contradicts itself."""

from __future__ import annotations

from collections import Counter

import pytest

from stockcust.tables.cells import fold_word
from stockcust.tables.contract import Column, Table, load_contract
from stockcust.tables.discover import table_of_name
from stockcust.tables.headers import fold, never_load_group

TABLES = list(load_contract().tables.values())


def _by_name(value: object) -> str:
    return value.name if isinstance(value, (Table, Column)) else str(value)


@pytest.mark.parametrize("table", TABLES, ids=_by_name)
def test_no_header_means_two_columns_of_a_table(table: Table) -> None:
    claims = Counter(
        header
        for column in table.columns.values()
        for header in {fold(text) for text in (column.name, column.zh, *column.aliases)}
    )
    assert [header for header, n in claims.items() if n > 1] == []


@pytest.mark.parametrize("table", TABLES, ids=_by_name)
def test_no_known_header_is_one_that_is_never_loaded(table: Table) -> None:
    for column in table.columns.values():
        for header in (column.name, column.zh, *column.aliases):
            assert never_load_group(header) is None


@pytest.mark.parametrize("table", TABLES, ids=_by_name)
def test_no_spelling_means_two_codes_and_none_is_a_bare_digit(table: Table) -> None:
    for column in table.columns.values():
        codes = column.codes.items()
        spelt = [{fold_word(word) for word in (code, *words)} for code, words in codes]
        assert sum(map(len, spelt)) == len(set().union(*spelt))
        assert not any(word.isdigit() for words in spelt for word in words)


@pytest.mark.parametrize("table", TABLES, ids=_by_name)
def test_before_is_a_code_and_enums_have_codes(table: Table) -> None:
    for column in table.columns.values():
        assert column.before is None or column.before in column.codes
        assert (column.type == "enum") == bool(column.codes)


@pytest.mark.parametrize("table", TABLES, ids=_by_name)
def test_each_name_of_a_table_finds_it(table: Table) -> None:
    for name in (table.name, table.zh, table.en, *table.names):
        assert table_of_name(name) == table.name


@pytest.mark.parametrize("table", TABLES, ids=_by_name)
def test_key_columns_are_keys_and_time_columns_are_times(table: Table) -> None:
    assert all(table.columns[name].is_time for name in (*table.time, *table.order))
    assert set(table.key) <= set(table.columns)


def test_minimum_is_customers_assets_and_branches() -> None:
    assert set(load_contract().required_tables) == {"customers", "aum_monthly", "branches"}
