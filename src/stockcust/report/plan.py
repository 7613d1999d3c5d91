"""Which reports a run makes, from which notebook, with which parameters, and where they go."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stockcust.errors import CallError, Problem
from stockcust.report.folders import folder_names
from stockcust.report.freeze import Frozen
from stockcust.report.ledger import inputs_of
from stockcust.report.notebooks import BRANCH, OVERVIEW, notebook_path
from stockcust.report.parameters import check_parameters
from stockcust.report.texts import texts
from stockcust.segmentation.dimensions import dimension_rule

_OVERVIEW_FOLDER = "__network"  # no branch can have it


@dataclass(frozen=True, slots=True)
class Job:
    """One report to make.

    ``branch_id`` is None for the overview of the whole network. ``inputs`` is the hash of all
    that the report depends on: the same hash means the same report.
    """

    branch_id: str | None
    title: str
    notebook: Path
    parameters: dict[str, Any]
    folder: str
    inputs: str

    @property
    def name(self) -> str:
        """How a person knows the report: by its branch, or as the network's."""
        return self.branch_id or "(network)"


@dataclass(frozen=True, slots=True)
class Plan:
    """All reports that a network has, and those of them that are asked for."""

    every: tuple[Job, ...]
    wanted: tuple[Job, ...]


def plan_reports(
    frozen: Frozen,
    *,
    lang: str,
    branches: Sequence[str] | None = None,
    dimension: str = "",
    branch_notebook: Path | None = None,
    overview_notebook: Path | None = None,
) -> Plan:
    """Plan a report per branch and one of the network; nothing has run when this refuses.

    Parameters
    ----------
    frozen : the results that the reports show.
    lang : ``zh`` or ``en``.
    branches : ids to do; by default all branches and the overview.
    dimension : a name in the rulebook's `dimensions`, by which customers are divided as well.
    branch_notebook, overview_notebook : by default those that come with stockcust.

    Raises
    ------
    CallError : an unknown branch or dimension, or a notebook that does not take these parameters.
    """
    rows = frozen.network.branches
    names = dict(zip(rows["branch_id"].astype(str), rows["branch_name"].astype(str)))
    wanted = select_branches(list(names), branches)
    folders = folder_names(names)
    settings = {"lang": lang}
    if dimension:
        dimension_rule(dimension, frozen.network.rules)
        settings["dimension"] = dimension
    notebook = branch_notebook or notebook_path(BRANCH)
    jobs = [_job(frozen, notebook, settings, id, name, folders[id]) for id, name in names.items()]
    notebook = overview_notebook or notebook_path(OVERVIEW)
    overview = _job(frozen, notebook, settings, None, texts(lang)["overview"], _OVERVIEW_FOLDER)
    every = (overview, *jobs)
    return Plan(every, tuple(j for j in every if not branches or j.branch_id in wanted))


def select_branches(branch_ids: Sequence[str], wanted: Collection[str] | None) -> list[str]:
    """Keep the branches asked for, in the network's order; all of them if none is named.

    Raises
    ------
    CallError : names every unknown branch with the nearest known one.
    """
    if not wanted:
        return list(branch_ids)
    if unknown := [branch for branch in wanted if branch not in branch_ids]:
        raise CallError(*(Problem(_unknown(branch, branch_ids)) for branch in unknown))
    return [branch for branch in branch_ids if branch in wanted]


def _unknown(branch: str, branch_ids: Sequence[str]) -> str:
    near = difflib.get_close_matches(branch, branch_ids, n=1, cutoff=0.0)
    return f"unknown branch '{branch}'" + (f"; did you mean '{near[0]}'?" if near else "")


def _job(
    frozen: Frozen,
    notebook: Path,
    settings: Mapping[str, str],
    branch_id: str | None,
    title: str,
    folder: str,
) -> Job:
    if branch_id is not None:
        settings = {**settings, "branch_id": branch_id}
    parameters = {"results": str(frozen.results.resolve()), **settings}
    check_parameters(notebook, parameters)
    inputs = inputs_of(notebook, settings, frozen.network.input_hash(branch_id))
    return Job(branch_id, f"{title} {frozen.facts.as_of}", notebook, parameters, folder, inputs)
