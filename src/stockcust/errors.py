"""Every error a user can see."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: what, where, and what to do about it."""

    what: str
    where: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        sentence = f"{self.where}: {self.what}" if self.where else self.what
        return f"{sentence} -> {self.remedy}" if self.remedy else sentence


class StockcustError(Exception):
    """A problem the user can mend; it carries all problems found, never only the first."""

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = tuple(Problem(p) if isinstance(p, str) else p for p in problems)
        super().__init__(*self.problems)

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return str(self.problems[0])
        numbered = (f"  {i}. {problem}" for i, problem in enumerate(self.problems, 1))
        return f"{len(self.problems)} problems:\n" + "\n".join(numbered)


# ---------------------------------------------------------------- what the user gave us


class CallError(StockcustError):
    """An argument or option is wrong: unknown branch, impossible date, misspelt name."""


class InputError(StockcustError):
    """A bank's file cannot be read as what it is meant to be."""


class MappingError(InputError):
    """A mapping names files, headers, codes or units that do not fit."""


class RulebookError(StockcustError):
    """A rulebook is incomplete, contradicts itself or has unknown keys."""


# ---------------------------------------------------------------- what happened on the way


class ReportError(StockcustError):
    """A report could not be made; the last good one is kept."""
