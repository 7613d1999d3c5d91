"""Options and fixtures for all tests."""

from __future__ import annotations

import hypothesis
import pytest

from needs import avoidable

# kinds of tests that run only with --everything
_LATER = {"slow", "spark"}
# how long an example takes says more of the machine than of the code
hypothesis.settings.register_profile("stockcust", deadline=None)
hypothesis.settings.load_profile("stockcust")

_skipped: list[tuple[str, str]] = []


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
