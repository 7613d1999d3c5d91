"""So many at a time, none for ever, nothing left behind."""

from __future__ import annotations

import pytest

from stockcust.report import supervise as module
from stockcust.report.supervise import supervise


class Clock:
    now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Child:
    """Runs for so many seconds of the clock, then ends with a code."""

    running: set[str] = set()
    most = 0

    def __init__(self, name: str, clock: Clock, seconds: float, code: int) -> None:
        self.name, self.clock, self.ends, self.code = name, clock, clock.now + seconds, code
        self.is_killed = False
        Child.running.add(name)
        Child.most = max(Child.most, len(Child.running))

    def poll(self) -> int | None:
        if self.clock.now < self.ends:
            return None
        Child.running.discard(self.name)
        return self.code

    def kill(self) -> None:
        self.is_killed = True
        Child.running.discard(self.name)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    Child.running, Child.most = set(), 0
    return clock


def run(clock: Clock, orders: dict[str, tuple[float, int]], **options) -> dict[str, int | None]:
    ended: dict[str, int | None] = {}
    supervise(
        orders,
        lambda name: Child(name, clock, *orders[name]),
        ended.__setitem__,
        **{"workers": 2, "seconds": 10.0} | options,
    )
    return ended


def test_never_more_than_the_workers_and_every_code_is_told(clock):
    orders = {"a": (1, 0), "b": (3, 1), "c": (1, 0), "d": (1, -9)}
    assert run(clock, orders) == {"a": 0, "b": 1, "c": 0, "d": -9}
    assert Child.most == 2


def test_one_that_outlasts_its_deadline_is_killed_and_the_others_go_on(clock):
    ended = run(clock, {"slow": (99, 0), "a": (9, 0), "b": (9, 0)})
    assert ended == {"slow": None, "a": 0, "b": 0}
    assert not Child.running


def test_when_stopped_the_running_are_killed_and_no_other_is_started(clock):
    ended = run(clock, {"a": (50, 0), "b": (50, 0), "c": (1, 0)}, is_stopped=lambda: clock.now > 2)
    assert ended == {}
    assert not Child.running
    assert Child.most == 2


def test_an_error_of_the_one_who_is_told_leaves_nothing_running(clock):
    def tell(name: str, code: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        supervise(
            ["a", "b"],
            lambda name: Child(name, clock, 1 if name == "a" else 50, 0),
            tell,
            workers=2,
            seconds=99,
        )
    assert not Child.running
