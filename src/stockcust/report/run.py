"""A whole run: prepare, compute the network, render one report per branch, list them all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from stockcust.errors import CallError
from stockcust.report.files import only_run
from stockcust.report.freeze import freeze
from stockcust.report.launch import choose_engine
from stockcust.report.plan import plan_reports
from stockcust.report.pools_file import write_pools
from stockcust.report.prepare import Sources
from stockcust.report.render import How, RunSummary, render
from stockcust.report.texts import texts


def run_reports(
    data: str | Path,
    *,
    as_of: str | dt.date | None = None,
    out: str | Path = "reports",
    branches: Sequence[str] | None = None,
    lang: str = "zh",
    dimension: str = "",
    rulebook: str | Path | None = None,
    mapping: str | Path | None = None,
    workers: int = 1,
    engine: str | None = None,
    fresh: bool = False,
    seconds: float = 600.0,
    progress: bool = True,
) -> RunSummary:
    """Make one report per branch, one of the network, an index of them all, and the pools' file.

    Parameters
    ----------
    data : folder or file of the bank.
    as_of : the day that the reports stand for; by default the bank's last month end.
    out : folder for reports; a folder per day is made inside.
    branches : ids of the branches to do; by default all, and the overview.
    lang : ``zh`` or ``en``; reports of another language in ``out`` are replaced.
    dimension : divide customers by this as well, a name in the rulebook's `dimensions`.
    rulebook, mapping : paths; by default the standard rules and the contract's own headers.
    workers : reports made at a time.
    engine : ``fork`` (fast, Unix) or ``kernel`` (reference); by default the fastest there is.
    fresh : make reports again although nothing changed.
    seconds : wall-clock time that one report may take.
    progress : show a bar where there is a terminal.

    Returns
    -------
    what was done, kept and failed. A report that fails stops no other and its predecessor stays.

    Raises
    ------
    CallError : an argument is wrong, or another run is writing to ``out``.
    StockcustError : the files or the rulebook cannot be used.
    """
    engine = choose_engine(engine)
    if workers < 1:
        raise CallError(f"workers must be at least 1, not {workers}")
    texts(lang)  # refuses a language without texts
    sources = Sources(Path(data), as_of, _path(rulebook), _path(mapping))
    how = How(lang, engine, workers, seconds, is_fresh=fresh, has_bar=progress)
    with only_run(Path(out)):
        frozen = freeze(sources, Path(out))
        plan = plan_reports(frozen, lang=lang, branches=branches, dimension=dimension)
        write_pools(frozen, Path(out) / frozen.facts.as_of)
        return render(frozen, plan, Path(out), how)


def _path(path: str | Path | None) -> Path | None:
    return Path(path) if path else None
