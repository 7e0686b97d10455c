"""Messages arrive whole, and a searcher's process never outlives its leader."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

from scheduling.solver.search.line import read_message, write_message

LEADER = """
import queue, sys, time
from scheduling.solver.search.line import ProcessHelper
helper = ProcessHelper(0, queue.Queue())
print(helper._process.pid, flush=True)
time.sleep(60)
"""


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_messages_survive_the_pipe() -> None:
    stream = BytesIO()
    sent = [("change", {"a": (1, 2)}), ("over",), ("plan", "x" * 100_000)]
    for message in sent:
        write_message(stream, message)
    stream.seek(0)
    assert [read_message(stream) for _ in range(4)] == [*sent, None]


def test_half_a_message_is_the_end() -> None:
    stream = BytesIO()
    write_message(stream, ("over",))
    assert read_message(BytesIO(stream.getvalue()[:-2])) is None


def test_a_process_ends_when_its_leader_is_killed() -> None:
    root = Path(__file__).parents[4]
    leader = subprocess.Popen(
        [sys.executable, "-c", LEADER],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert leader.stdout is not None
    with leader:
        searcher = int(leader.stdout.readline())
        assert is_alive(searcher)
        leader.send_signal(signal.SIGKILL)
    latest = time.monotonic() + 30
    while is_alive(searcher) and time.monotonic() < latest:
        time.sleep(0.05)
    assert not is_alive(searcher)
