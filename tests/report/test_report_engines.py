"""A report is made only if every cell ran; whatever else happens ends as a truthful failure.

All notebooks of the fork engine run in one template, so that what one does to its process would
show in the next.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat
import pytest
from report_fakes import code_cells, write_notebook

import needs
from stockcust.errors import CallError
from stockcust.report.engines import execute
from stockcust.report.launch import carry_out, choose_engine
from stockcust.report.worker import LOG, Order, Outcome, Process, read_outcome

SPOIL = (
    "import os, sys, builtins, random\nimport numpy as np, pandas as pd, matplotlib.pyplot as plt",
    "os.environ['SPOILT'] = '1'; builtins.spoilt = 1; sys.path.insert(0, '/spoilt'); os.chdir('/')\n"
    "plt.rcParams['figure.dpi'] = 7; pd.set_option('display.max_columns', 3); np.sum = None",
)
IS_CLEAN = (
    "import os, sys, builtins\nimport numpy as np, pandas as pd, matplotlib.pyplot as plt",
    "assert 'SPOILT' not in os.environ and not hasattr(builtins, 'spoilt')\n"
    "assert '/spoilt' not in sys.path and os.getcwd() != '/' and np.sum is not None\n"
    "assert plt.rcParams['figure.dpi'] == 100 and pd.get_option('display.max_columns') == 20\n"
    "assert 'left_over' not in globals() and len(Out) == 0",
    "left_over = 1\nleft_over",
)
NOTEBOOKS = {
    "spoils": SPOIL,
    "clean": IS_CLEAN,
    "raises": ("1 + 1", "raise ValueError('客户 13800001111 坏')", "2 + 2"),
    "exits": ("1 + 1", "import sys; sys.exit(0)", "2 + 2"),
    "dies": ("import os; os._exit(0)",),
    "is_killed": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)",),
    "is_slow": (
        "import time\nfor _ in range(1000):\n    try: time.sleep(30)\n    except Exception: pass",
    ),
    "floods": ("for n in range(30_000): print('a long line of nothing', n)",),
    "leaves": (
        "import subprocess\nprocess = subprocess.Popen(['sleep', '97'])",
        "print(process.pid)",
    ),
    "random": ("import random, numpy as np\nprint(random.random(), np.random.rand())", "1 / 0"),
    "random_too": ("import random, numpy as np\nprint(random.random(), np.random.rand())", "1 / 0"),
    "single": ("import threading, os\nassert threading.active_count() == 1", "1 / 0"),
}
SECONDS = 3.0


@dataclass
class Ended:
    work: Path
    code: int | None
    outcome: Outcome | None


def order_of(folder: Path, name: str, cells: tuple[str, ...], seconds: float = SECONDS) -> Order:
    work = folder / name
    work.mkdir()
    notebook = write_notebook(folder / f"{name}.ipynb", cells)
    return Order(str(work), str(notebook), {"branch_id": "B7"}, name, "zh", seconds)


def run_all(orders: list[Order], engine: str, seconds: float = SECONDS) -> dict[str, Ended]:
    ended: dict[str, Ended] = {}

    def tell(order: Order, code: int | None) -> None:
        work = Path(order.work)
        ended[work.name] = Ended(work, code, read_outcome(work))

    carry_out(orders, tell, engine=engine, workers=2, seconds=seconds)
    return ended


@pytest.fixture(scope="module")
def forked(tmp_path_factory) -> dict[str, Ended]:
    if not hasattr(os, "fork"):
        pytest.skip("needs os.fork")
    folder = tmp_path_factory.mktemp("forked")
    return run_all([order_of(folder, name, cells) for name, cells in NOTEBOOKS.items()], "fork")


def failed(ended: Ended) -> list[nbformat.NotebookNode]:
    """Code cells of the notebook that is kept: two of parameters, then those of the test."""
    return code_cells(nbformat.read(ended.work / "run.failed.ipynb", as_version=4))


def test_every_order_is_told_of_once(forked):
    assert forked.keys() == NOTEBOOKS.keys()


@pytest.mark.parametrize("name", ["spoils", "clean", "floods", "leaves"])
def test_what_runs_to_its_end_becomes_a_page(forked, name):
    assert forked[name].code == 0
    assert forked[name].outcome.error is None
    assert (forked[name].work / "report.html").is_file()
    assert not (forked[name].work / "run.failed.ipynb").exists()


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("raises", "cell 4: ValueError: 客户 138****1111 坏"),
        ("exits", "code cell 4 ended the notebook early"),
        ("is_slow", "not done within 3 seconds"),
    ],
)
def test_what_does_not_is_a_failure_with_its_notebook_and_no_page(forked, name, error):
    assert forked[name].outcome.error == error
    assert len(failed(forked[name])) == 2 + len(NOTEBOOKS[name])
    assert not (forked[name].work / "report.html").exists()


def test_the_failed_notebook_shows_where_and_hides_personal_numbers(forked):
    cells = failed(forked["raises"])
    assert [bool(cell.get("execution_count")) for cell in cells] == [True] * 4 + [False]
    assert "138****1111" in str(cells[3].outputs)
    assert "13800001111" not in str(cells[3].outputs)


@pytest.mark.parametrize(("name", "code"), [("dies", 0), ("is_killed", -9)])
def test_a_process_that_dies_leaves_no_word_but_its_code(forked, name, code):
    assert forked[name].outcome is None
    assert forked[name].code == code


def test_a_flood_is_cut_and_says_so(forked):
    page = (forked["floods"].work / "report.html").read_text(encoding="utf-8")
    assert "[output cut here]" in page
    assert len(page) < 300_000


def test_nothing_that_a_report_started_outlives_it(forked):
    page = (forked["leaves"].work / "report.html").read_text(encoding="utf-8")
    pid = int(page.split("<pre>")[1].split("<")[0])
    assert has_ended(pid)


def test_each_report_has_random_numbers_of_its_own(forked):
    texts = [failed(forked[name])[2].outputs[0].text for name in ("random", "random_too")]
    assert set(texts[0].split()).isdisjoint(texts[1].split())


def test_the_template_has_no_threads_that_a_fork_would_lose(forked):
    assert forked["single"].outcome.error.endswith("ZeroDivisionError: division by zero")


def test_the_time_is_split_into_parts(forked):
    assert forked["clean"].outcome.seconds.keys() == {"compute", "plots", "html"}


def test_the_log_of_a_report_is_kept_apart(forked):
    assert (forked["raises"].work / LOG).is_file()


SAYS_ITS_NUMBER = (
    "import os, signal, sys, time\nprint(os.getpid(), file=sys.__stderr__, flush=True)",
)


@needs.fork
def test_if_the_template_dies_its_reports_die_and_all_that_it_owes_are_told_of(tmp_path):
    kills_it = (*SAYS_ITS_NUMBER, "os.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(60)")
    orders = [order_of(tmp_path, name, kills_it, 60) for name in ("a", "b", "c")]
    ended = run_all(orders, "fork", 60)
    assert {name: end.code for name, end in ended.items()} == dict.fromkeys("abc", -9)
    # several run at a time: who comes last may not have said its number when the template dies
    begun = [log for log in tmp_path.glob(f"*/{LOG}") if log.read_text().strip()]
    assert begun
    assert all(has_ended(number_in(log)) for log in begun)


@needs.fork
@pytest.mark.parametrize("engine", ["fork", "kernel"])
def test_if_the_run_is_killed_nothing_goes_on_without_it(tmp_path, engine):
    order = order_of(tmp_path, "a", (*SAYS_ITS_NUMBER, "time.sleep(60)"), 60)
    code = (
        "import json, sys\nfrom stockcust.report.launch import carry_out\n"
        "from stockcust.report.worker import Order\norder = Order(**json.loads(sys.argv[1]))\n"
        f"carry_out([order], print, engine={engine!r}, workers=1, seconds=60)"
    )
    log = tmp_path / "a" / LOG
    run = subprocess.Popen([sys.executable, "-c", code, json.dumps(asdict(order))])
    while not (log.is_file() and log.read_text().strip()):
        assert run.poll() is None
        time.sleep(0.05)
    number = number_in(log)
    run.kill()
    run.wait()
    assert has_ended(number)


def number_in(log: Path) -> int:
    return int(log.read_text().split()[-1])


def has_ended(pid: int) -> bool:
    """Whether a process ends within some seconds; one that waits to be buried has ended."""
    for _ in range(300):
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text().split()[2] == "Z":
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        (NOTEBOOKS["exits"], "code cell 4 ended the notebook early"),
        (("1", "import os; os._exit(0)"), "DeadKernelError: Kernel died"),
        (NOTEBOOKS["is_slow"], "not done within 3 seconds"),
    ],
    ids=["exits", "dies", "is_slow"],
)
def test_a_kernel_fails_as_truthfully(write, cells, error):
    execution = execute(write(*cells), {"branch_id": "B7"}, "kernel", seconds=3)
    assert execution.failure == error
    assert execution.notebook.cells


def test_a_missing_notebook_or_kernel_is_a_failure_too(tmp_path):
    execution = execute(tmp_path / "no.ipynb", {}, "kernel", seconds=3)
    assert "no.ipynb" in execution.failure


def test_the_kernel_engine_works_as_a_program_of_its_own(tmp_path):
    ended = run_all([order_of(tmp_path, "a", ("branch_id",), 30)], "kernel", 30)
    assert ended["a"].outcome.error is None
    assert "B7" in (ended["a"].work / "report.html").read_text(encoding="utf-8")


def test_a_program_of_its_own_can_be_killed(tmp_path):
    process = Process(order_of(tmp_path, "a", ("1",)))
    process.kill()
    assert process.poll() not in (None, 0)


def test_the_engine_is_the_fastest_that_there_is(monkeypatch):
    assert choose_engine(None) == ("fork" if hasattr(os, "fork") else "kernel")
    assert choose_engine("kernel") == "kernel"
    with pytest.raises(CallError, match="unknown engine 'frok'"):
        choose_engine("frok")
    monkeypatch.delattr(os, "fork", raising=False)
    assert choose_engine(None) == "kernel"
    with pytest.raises(CallError, match="needs Unix"):
        choose_engine("fork")
