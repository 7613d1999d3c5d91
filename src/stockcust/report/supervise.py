"""Keep so many reports going at a time, and end those that outlast their deadline."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

Order = TypeVar("Order")

GRACE_SECONDS = 10.0  # between the deadline that a report keeps itself and being killed
_PAUSE_SECONDS = 0.01


class Child(Protocol):
    """A process that makes one report."""

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""

    def kill(self) -> None:
        """End the process and all it started."""


def supervise(
    orders: Iterable[Order],
    start: Callable[[Order], Child],
    ended: Callable[[Order, int | None], None],
    *,
    workers: int,
    seconds: float,
    is_stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Start one process per order, never more than ``workers`` at a time.

    Parameters
    ----------
    orders : what to make.
    start : starts the process of one order.
    ended : told of each order's exit code, None if it had to be killed.
    workers : processes at a time.
    seconds : wall-clock time after which a process is killed with all it started.
    is_stopped : asked again and again; once true nothing more is started and all are killed.
    """
    waiting = deque(orders)
    running: list[tuple[Order, Child, float]] = []
    try:
        while (waiting or running) and not is_stopped():
            while waiting and len(running) < workers:
                order = waiting.popleft()
                running.append((order, start(order), time.monotonic() + seconds))
            running = [entry for entry in running if not _has_ended(entry, ended)]
            time.sleep(_PAUSE_SECONDS)
    finally:
        for _, child, _ in running:
            child.kill()


def _has_ended(
    entry: tuple[Order, Child, float], ended: Callable[[Order, int | None], None]
) -> bool:
    order, child, deadline = entry
    code = child.poll()
    if code is None and time.monotonic() < deadline:
        return False
    # a report that has ended may have left processes of its own behind
    child.kill()
    ended(order, code)
    return True
