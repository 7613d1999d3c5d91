"""Every branch id gets one safe folder of its own, and can be read back from it."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockcust.report.folders import folder_names


def branch_of_folder(folder: str) -> str:
    """A person reads the id back like this: %XX is written _XX."""
    return unquote(folder.replace("_", "%"))


IDS = st.lists(st.text(min_size=1, max_size=12), unique=True, max_size=8)


@pytest.mark.parametrize(
    ("branch", "folder"),
    [
        ("B01", "B01"),
        ("0021-3", "0021-3"),
        ("../../etc", "_2E_2E_2F_2E_2E_2Fetc"),
        ("..", "_2E_2E"),
        ("城东", "_E5_9F_8E_E4_B8_9C"),
        ("a b", "a_20b"),
        ("a_b", "a_5Fb"),
        ("con", "_63on"),
        ("LPT1", "_4CPT1"),
        ("x.", "x_2E"),
    ],
)
def test_ids_become_plain_names(branch, folder):
    assert folder_names([branch]) == {branch: folder}
    assert branch_of_folder(folder) == branch


def test_ids_that_differ_only_by_case_do_not_share_a_folder_anywhere():
    names = folder_names(["a1", "A1", "aB", "Ab", "AB"])
    assert len({name.casefold() for name in names.values()}) == 5
    assert [branch_of_folder(name) for name in names.values()] == list(names)


def test_an_id_longer_than_a_file_system_allows_still_gets_a_name_of_its_own():
    long = "中" * 200
    names = folder_names([long, long + "x"])
    assert len(set(names.values())) == 2
    assert max(map(len, names.values())) < 200


@given(IDS)
def test_names_are_safe_distinct_and_reversible(ids):
    names = folder_names(ids)
    assert len({name.casefold() for name in names.values()}) == len(ids)
    for branch, name in names.items():
        assert re.fullmatch(r"(?!__)[A-Za-z0-9_-]+", name)
        assert branch_of_folder(name) == branch
