"""What is asked for is checked before anything runs."""

from __future__ import annotations

import pytest
from report_fakes import PARAMETERS

from stockcust.errors import CallError
from stockcust.report.plan import select_branches


def test_without_a_choice_every_branch_and_the_overview_is_done(frozen, plan_of, write):
    plan = plan_of(frozen, write())
    assert [job.name for job in plan.wanted] == ["(network)", "B1", "B2"]
    assert plan.wanted == plan.every


def test_a_chosen_branch_is_done_alone_but_the_index_knows_all(frozen, plan_of, write):
    plan = plan_of(frozen, write(), branches=["B2"])
    assert [job.name for job in plan.wanted] == ["B2"]
    assert len(plan.every) == 3


def test_unknown_branches_are_all_named_with_the_nearest():
    with pytest.raises(CallError) as caught:
        select_branches(["B01", "B02"], ["B1", "C02", "B02"])
    first, second = map(str, caught.value.problems)
    assert first == "unknown branch 'B1'; did you mean 'B01'?"
    assert second == "unknown branch 'C02'; did you mean 'B02'?"


def test_a_notebook_that_takes_no_branch_is_refused_before_it_runs(frozen, plan_of, write):
    with pytest.raises(CallError, match="unknown parameter 'branch_id'"):
        plan_of(frozen, write(parameters=PARAMETERS))


def test_the_hash_of_inputs_follows_notebook_language_and_data(frozen, plan_of, write):
    job = plan_of(frozen, write()).every[1]
    assert plan_of(frozen, write()).every[1].inputs == job.inputs
    assert plan_of(frozen, write("1 + 1")).every[1].inputs != job.inputs
    frozen.network.branches.loc[0, "aum_cny"] += 0.01
    changed = plan_of(frozen, write())
    assert changed.every[1].inputs != job.inputs


def test_an_unknown_dimension_is_refused_with_the_nearest_before_anything_runs(
    frozen, plan_of, write
):
    with pytest.raises(CallError, match="no dimension 'ages'.*age"):
        plan_of(frozen, write(), dimension="ages")
