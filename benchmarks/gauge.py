"""Runs one program and says what it took: time, memory and CPU of all its processes."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

EVERY = 0.2
LATER_EVERY = 1.0
FIRST = 10.0
"""Seconds in which memory is looked at often: a look costs 20 ms of a core."""

LEAST_GRACE = 300.0


@dataclass(frozen=True)
class Taken:
    """What a program took.

    ``peak_mb`` is the most that all its processes together used at one moment, looked
    at five times a second, after ten seconds once a second; memory they share counts
    once. ``cpu_seconds`` of all that
    it started. ``others_cores`` that were kept busy by anybody else meanwhile.
    """

    status: int
    output: str
    seconds: float
    peak_mb: int
    cpu_seconds: float
    others_cores: float
    load_before: float


class Overtime(RuntimeError):
    """A program that did not end in time and was ended."""


def run(words: list[str], folder: Path, root: Path, allowed: float) -> Taken:
    """Run ``words`` in ``folder``, where ``root`` can be imported from.

    Ends it, and all that it started, when it takes half as long again as ``allowed``
    seconds and five minutes (Java loads slowly on a busy machine).
    """
    latest = 1.5 * allowed + LEAST_GRACE
    load, began = os.getloadavg()[0], time.monotonic()
    busy, cpu = _busy(), _children()
    with (folder / "output").open("w+", encoding="utf-8") as output:
        program = subprocess.Popen(  # noqa: S603 - our own words
            words,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(root)},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        peak = 0
        try:
            while program.poll() is None:
                peak = max(peak, _memory(program.pid))
                passed = time.monotonic() - began
                if passed > latest:
                    raise Overtime(f"not over after {latest:.0f} s")
                with suppress(subprocess.TimeoutExpired):
                    program.wait(EVERY if passed < FIRST else LATER_EVERY)
        finally:
            if program.poll() is None:
                os.killpg(program.pid, signal.SIGKILL)
                program.wait()
        output.seek(0)
        said = output.read()
    seconds = time.monotonic() - began
    used = _children() - cpu
    others = max(0.0, (_busy() - busy - used) / seconds)
    return Taken(
        program.returncode, said, seconds, round(peak / 2**20), used, others, load
    )


def _memory(number: int) -> int:
    """Bytes of a process and all under it; what they share counts once on Linux."""
    total = 0
    try:
        top = psutil.Process(number)
        family = [top, *top.children(recursive=True)]
    except psutil.Error:
        return 0
    for one in family:
        try:
            full = one.memory_full_info()
            total += getattr(full, "pss", 0) or full.rss
        except psutil.Error:  # it has just ended
            continue
    return total


def _busy() -> float:
    times = psutil.cpu_times()
    idle = times.idle + getattr(times, "iowait", 0.0)
    return float(sum(times) - idle - getattr(times, "guest", 0.0))


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
