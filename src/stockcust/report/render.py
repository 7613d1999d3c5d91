"""The last phase of a run: make each report in isolation, keep what is good, list everything."""

from __future__ import annotations

import getpass
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tqdm import tqdm

import stockcust
from stockcust.report.files import write_whole
from stockcust.report.freeze import Facts, Frozen
from stockcust.report.index import Entry, State, index_html
from stockcust.report.launch import carry_out
from stockcust.report.ledger import Record, is_current, now, package_versions, publish, read_record
from stockcust.report.plan import Job, Plan
from stockcust.report.texts import texts
from stockcust.report.worker import LOG, Order, Outcome, read_outcome

INDEX = "index.html"
_WORK = ".work"


@dataclass(frozen=True, slots=True)
class How:
    """How a run makes its reports; ``seconds`` is the wall-clock time that one may take."""

    lang: str
    engine: str
    workers: int = 1
    seconds: float = 600.0
    is_fresh: bool = False
    has_bar: bool = False


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did, by branch; the overview of all branches is called ``(network)``.

    ``failed`` gives the reason by branch.
    """

    folder: Path
    done: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    failed: Mapping[str, str] = field(default_factory=dict)

    @property
    def index(self) -> Path:
        """The page that lists all branches."""
        return self.folder / INDEX

    @property
    def exit_code(self) -> int:
        """0 if every report is there, 3 if some failed and the others are done."""
        return 3 if self.failed else 0


def render(frozen: Frozen, plan: Plan, out: Path, how: How) -> RunSummary:
    """Make the wanted reports that are not there yet, then the index over all branches.

    Parameters
    ----------
    frozen : the results that the reports show.
    plan : the reports; one that fails stops no other, and its predecessor is kept.
    out : folder for reports; those of a day go to a folder inside.
    how : engine, workers and so on.
    """
    home = out / frozen.facts.as_of
    is_there = {
        job.name: not how.is_fresh and is_current(home / job.folder, job.inputs)
        for job in plan.wanted
    }
    todo = [job for job in plan.wanted if not is_there[job.name]]
    run = _Run(home, frozen.facts, how)
    failed = run.make(todo)
    summary = RunSummary(
        home,
        done=tuple(job.name for job in todo if job.name not in failed),
        unchanged=tuple(name for name, there in is_there.items() if there),
        failed=failed,
    )
    entries = [_entry(job, summary) for job in plan.every]
    page = index_html(
        entries,
        frozen.network.branches,
        home=home,
        as_of=frozen.facts.as_of,
        lang=how.lang,
        footer=run.footer,
    )
    write_whole(summary.index, page)
    return summary


class _Run:
    """The reports of one run on their way from orders to their places."""

    def __init__(self, home: Path, facts: Facts, how: How) -> None:
        self.home, self.how = home, how
        self.started = now()
        self.footer = _footer(facts, how.lang, self.started)
        self.facts = {**asdict(facts), "packages": package_versions(), "user": _user()}
        self.jobs: dict[str, Job] = {}
        self.failed: dict[str, str] = {}

    def make(self, jobs: list[Job]) -> dict[str, str]:
        """Make all reports; return why some could not be made, by name."""
        work = self.home / _WORK
        shutil.rmtree(work, ignore_errors=True)  # of a run that was killed
        orders = [self._order(job, work / str(number)) for number, job in enumerate(jobs)]
        how = self.how
        with tqdm(total=len(jobs), unit="report", disable=None if how.has_bar else True) as bar:

            def ended(order: Order, code: int | None) -> None:
                self._ended(order, code)
                bar.update()

            carry_out(orders, ended, engine=how.engine, workers=how.workers, seconds=how.seconds)
        shutil.rmtree(work, ignore_errors=True)
        return self.failed

    def _order(self, job: Job, work: Path) -> Order:
        work.mkdir(parents=True)
        order = Order(
            work=str(work.resolve()),
            notebook=str(job.notebook.resolve()),
            parameters=job.parameters,
            title=job.title,
            lang=self.how.lang,
            seconds=self.how.seconds,
            footer=self.footer,
        )
        self.jobs[order.work] = job
        return order

    def _ended(self, order: Order, code: int | None) -> None:
        job, work = self.jobs[order.work], Path(order.work)
        outcome = read_outcome(work) or _death(order, code)
        try:
            publish(self.home / job.folder, work, self._record(job, outcome))
        except OSError as error:
            outcome = Outcome(f"could not be written: {error}")
        if outcome.error:
            self.failed[job.name] = outcome.error
        shutil.rmtree(work, ignore_errors=True)

    def _record(self, job: Job, outcome: Outcome) -> Record:
        return Record(
            branch_id=job.branch_id,
            status="failed" if outcome.error else "done",
            notebook=job.notebook.name,
            parameters=job.parameters,
            inputs=job.inputs,
            engine=self.how.engine,
            started=outcome.started or self.started,
            finished=now(),
            seconds=outcome.seconds,
            error=outcome.error,
            warnings=outcome.warnings,
            run=self.facts,
        )


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container whose user has no name
        return "unknown"


def _death(order: Order, code: int | None) -> Outcome:
    """Say why a worker left no word: it was killed for its slowness, or it died by itself."""
    if code is None:
        return Outcome(f"killed: not done within {order.seconds:g} seconds")
    log = Path(order.work) / LOG
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n") if log.is_file() else []
    last = next((line for line in reversed(lines) if line.strip()), "no message")
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    return Outcome(f"the process died ({how}): {last[:200]}")


def _entry(job: Job, summary: RunSummary) -> Entry:
    folder = summary.folder / job.folder
    record = read_record(folder)
    state: State = "missing"
    note = ""
    if job.name in summary.done:
        state = "done"
    elif job.name in summary.failed or (record and not record.is_done):
        state = "failed"
        note = summary.failed.get(job.name) or (record.error or "" if record else "")
    elif record and record.good:
        state = "unchanged" if is_current(folder, job.inputs) else "outdated"
    return Entry(job.branch_id, job.folder, state, note)


def _footer(facts: Facts, lang: str, made: str) -> str:
    return texts(lang)["footer"].format(
        version=stockcust.__version__,
        rules=f"{facts.rulebook_version} ({facts.rulebook_hash[:8]})",
        data=facts.data_hash[:12],
        made=f"{made[:16].replace('T', ' ')} UTC",
    )
