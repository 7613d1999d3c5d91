"""Options and fixtures for all tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest

from needs import avoidable

# kinds of tests that run only with --everything
_LATER = {"slow", "spark"}
# how long an example takes says more of the machine than of the code
hypothesis.settings.register_profile("same", deadline=None, derandomize=True)
hypothesis.settings.register_profile("search", deadline=None)
hypothesis.settings.load_profile("same")

_skipped: list[tuple[str, str]] = []


def pytest_configure(config: pytest.Config) -> None:
    # a change is judged on the same examples each time; new ones are searched for in the sweep
    if config.getoption("--everything"):
        hypothesis.settings.load_profile("search")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--everything",
        action="store_true",
        help="also run slow tests and Spark; a skip that this machine could have run is a failure",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--everything"):
        return
    later = [item for item in items if _LATER & set(item.keywords)]
    config.hook.pytest_deselected(items=later)
    items[:] = [item for item in items if not _LATER & set(item.keywords)]


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """The one session of all tests; its clock is neither China's nor, most likely, the machine's."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.memory": "3g",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.sql.session.timeZone": "America/Los_Angeles",
        "spark.sql.shuffle.partitions": "4",
        # tables of some rows: the best machine code, plans that adapt and the line that made a
        # column cost more than they save
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m",
        "spark.sql.adaptive.enabled": "false",
        "spark.python.sql.dataFrameDebugging.enabled": "false",
    }
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    yield session
    session.stop()


@pytest.fixture(autouse=True)
def _engine_is_there(request: pytest.FixtureRequest) -> None:
    case = getattr(request.node, "callspec", None)
    if case is not None and case.params.get("engine") == "spark":
        request.getfixturevalue("spark")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and isinstance(report.longrepr, tuple):
        _skipped.append((report.nodeid, report.longrepr[2].removeprefix("Skipped: ")))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not session.config.getoption("--everything"):
        return
    wrong = [(test, reason) for test, reason in _skipped if avoidable(reason)]
    for test, reason in wrong:
        print(f"\nskipped although this machine could have run it: {test} ({reason})")
    if wrong:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
