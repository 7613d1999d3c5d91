"""What reports show, and how process and result weigh in a branch's score."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from stockcust.errors import Problem
from stockcust.rulebook.base import Days, Model, Months, Share


class Process(Model):
    """The four musts: when a log is timely, when after-sales is due, how process weighs."""

    process_weight: Share
    result_weight: Share
    log_within_hours: Annotated[int, Field(ge=1)]
    after_sale_days: tuple[Days, ...]
    before_maturity_days: Days


class Report(Model):
    """Small numbers, intervals and windows."""

    min_n_rate: Annotated[int, Field(ge=1)]
    interval: Literal["wilson_95"]
    baseline_window_months: Months
    cohort_window_months: Annotated[int, Field(ge=1)]
    outcome_window_months: Months


def check_process(process: Process) -> Iterator[Problem]:
    """Find weights that do not add up."""
    total = process.process_weight + process.result_weight
    if abs(total - 1) > 1e-9:
        yield Problem(f"the weights add up to {total:g}", "process", "process + result = 1")
