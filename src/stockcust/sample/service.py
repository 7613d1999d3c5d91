"""Complaints, payroll that stops, satisfaction and log-ins, month by month."""

from __future__ import annotations

import numpy as np

from stockcust.sample.state import Journal, State, World

SURVEY_SHARE = 0.05
SURVEY_SHARE_AFTER_CAMPAIGN = 0.5


def trouble(
    world: World, state: State, month: int, draws: dict[str, np.ndarray], journal: Journal
) -> None:
    """Complaints are opened and payroll inflows stop."""
    chances = world.plan.raw["churn"]["antecedents"]
    quality = world.branches.quality[world.people.branch_at(month)]
    complains = state.is_active & (draws["complaint"] < chances["complaint"] * np.exp(-2 * quality))
    state.last_complaint[complains] = month
    journal.note("complaint", month, owner=np.flatnonzero(complains))
    stops = state.is_payroll & state.is_active & (draws["payroll"] < chances["payroll_stop"])
    state.last_payroll_stop[stops] = month
    state.is_payroll &= ~stops


def satisfaction(
    world: World, state: State, month: int, draws: dict[str, np.ndarray]
) -> np.ndarray:
    """Score of 1 to 5 that each customer would give in a survey of this month."""
    model = world.plan.raw["satisfaction"]
    score = (
        model["mean"]
        + world.branches.quality[world.people.branch_at(month)]
        + model["between_sd"] * world.people.satisfaction
        + model["complaint_90d"] * (month - state.last_complaint <= 2)
        + state.shift(world.plan, "satisfaction", month)
        + model["noise_sd"] * draws["score"]
    )
    return np.clip(np.rint(score), 1, 5)


def survey(
    world: World, state: State, month: int, draws: dict[str, np.ndarray], journal: Journal,
    score: np.ndarray, listed_before: np.ndarray,
) -> None:  # fmt: skip
    """A random part of the customers, and half of those listed two months ago, are asked."""
    share = np.where(listed_before, SURVEY_SHARE_AFTER_CAMPAIGN, SURVEY_SHARE)
    asked = np.flatnonzero(state.is_active & (draws["survey"] < share))
    journal.note("survey", month, owner=asked, score=score[asked])


def login_days(world: World, state: State, month: int, draws: dict[str, np.ndarray]) -> np.ndarray:
    """Days with a mobile-bank log-in this month."""
    mean = world.people.logins * np.exp(
        0.35 * draws["login"] + state.shift(world.plan, "logins", month)
    )
    leaving = (state.churned >= 0) & (month - state.churned <= 6)
    days = np.floor(np.where(leaving, 0.4, 1.0) * mean + 0.5)
    return np.where(state.is_active, np.minimum(days, 28), 0).astype(int)
