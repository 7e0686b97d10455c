"""Children end together: on a signal, when one ends, and when we are killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
SLEEP = "import time; time.sleep(60)"
PROGRAM = """
import os, sys
from config.supervisor import Supervisor
supervisor = Supervisor()
for number, code in enumerate(sys.argv[1:]):
    supervisor.start(f"child {number}", [sys.executable, "-c", code],
                     environment=os.environ)
print(*[c.pid for c in supervisor.children.values()], flush=True)
sys.exit(supervisor.run())
"""


def start(*children: str) -> tuple[subprocess.Popen[str], list[int]]:
    parent = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *children],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    return parent, [int(pid) for pid in parent.stdout.readline().split()]


def gone(pids: list[int], *, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        alive = [
            pid
            for pid in pids
            if psutil.pid_exists(pid)
            and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
        ]
        if not alive:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_children(number: signal.Signals) -> None:
    parent, pids = start(SLEEP, SLEEP)
    os.kill(parent.pid, number)
    parent.communicate(timeout=20)
    assert parent.returncode == 0
    assert gone(pids)


def test_a_child_that_ends_takes_the_others_along() -> None:
    parent, pids = start("raise SystemExit(3)", SLEEP)
    _, complaint = parent.communicate(timeout=20)
    assert parent.returncode == 1
    assert "child 0 ended with status 3" in complaint
    assert gone(pids)


@pytest.mark.skipif(
    sys.platform != "linux", reason="needs Linux: only its kernel tells the children"
)
def test_children_do_not_outlive_a_killed_parent() -> None:
    parent, pids = start(SLEEP, SLEEP)
    time.sleep(0.3)
    parent.kill()
    parent.communicate(timeout=20)
    assert gone(pids)
