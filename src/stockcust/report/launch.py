"""Have orders carried out by the engine asked for, and tell of each one that has ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict

from stockcust.errors import CallError
from stockcust.report.supervise import GRACE_SECONDS, supervise
from stockcust.report.worker import ENVIRONMENT, Order, Process

FORK = "fork"
KERNEL = "kernel"
Ended = Callable[[Order, int | None], None]


def choose_engine(engine: str | None) -> str:
    """The engine to use: the one asked for, else the fastest that this system has.

    Raises
    ------
    CallError : there is no such engine, or not on this system.
    """
    if engine not in (None, FORK, KERNEL):
        raise CallError(f"unknown engine '{engine}'; choose '{FORK}' or '{KERNEL}'")
    if hasattr(os, "fork"):
        return engine or FORK
    if engine == FORK:
        raise CallError(f"engine '{FORK}' needs Unix; use '{KERNEL}' here")
    return KERNEL


def carry_out(
    orders: Sequence[Order], ended: Ended, *, engine: str, workers: int, seconds: float
) -> None:
    """Make all reports, ``workers`` at a time.

    Parameters
    ----------
    orders : what to make; each has a work folder of its own.
    ended : told of each order with its exit code, None if it was killed for taking too long.
    engine : ``fork`` or ``kernel``.
    workers : reports at a time.
    seconds : wall-clock time that one report may take.
    """
    if not orders:
        return
    if engine == KERNEL:
        limit = seconds + GRACE_SECONDS
        supervise(orders, Process, ended, workers=workers, seconds=limit)
    else:
        _fork(orders, ended, workers, seconds)


def _fork(orders: Sequence[Order], ended: Ended, workers: int, seconds: float) -> None:
    sheet = {"orders": [asdict(o) for o in orders], "workers": workers, "seconds": seconds}
    template = subprocess.Popen(
        [sys.executable, "-P", "-m", "stockcust.report.template"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | ENVIRONMENT,
        start_new_session=True,  # Ctrl-C reaches us only, and we end it by closing its input
    )
    assert template.stdin and template.stdout
    waiting = {order.work: order for order in orders}
    try:
        with suppress(BrokenPipeError):  # it died: what it did not tell of is told below
            template.stdin.write(json.dumps(sheet) + "\n")
            template.stdin.flush()
        for line in template.stdout:
            event = json.loads(line)
            ended(waiting.pop(event["work"]), event["code"])
    finally:
        _close(template)
    for order in waiting.values():
        ended(order, template.returncode)


def _close(template: subprocess.Popen[str]) -> None:
    assert template.stdin and template.stdout
    with suppress(BrokenPipeError):
        template.stdin.close()
    template.wait()
    template.stdout.close()
