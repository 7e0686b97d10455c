"""Real workers, one of them killed with -9 in the middle of a run."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from courses.models import Enrolment, Series
from scheduling.models import PlanningRun, Schedule
from scheduling.services.asking import ask_for_run
from tests.factories import UserFactory
from tests.other_program import start_program
from tests.scheduling.rows import (
    ACTOR,
    MONDAY,
    SUNDAY,
    a_conversation,
    a_leader,
    asks_for,
    running,
)

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = """
from datetime import timedelta
import django
django.setup()
from django.core.management import call_command
from scheduling.services import lease
lease.LEASE = timedelta(seconds=3)
call_command("procrastinate", "worker", "--shutdown-graceful-timeout=1")
"""


class Workers:
    """Worker programs on the database of this test."""

    def __init__(self) -> None:
        self.programs: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        program = start_program(WORKER)
        self.programs.append(program)
        return program


@pytest.fixture
def workers() -> Iterator[Workers]:
    found = Workers()
    yield found
    for program in found.programs:
        program.kill()
        program.wait()


def wait_until(run: PlanningRun, done: Callable[[], Any], seconds: float) -> None:
    """Look at the run until something is so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        run.refresh_from_db()
        if done():
            return
        time.sleep(0.02)
    pytest.fail(f"after {seconds} s run is {run.state}, {run.doing!r}: {run.fault}")


def test_a_killed_worker_s_run_ends_with_exactly_one_draft(workers: Workers) -> None:
    group = running("2026-12-01 10:00", leaders=[a_leader()], members=6)
    a_leader("ggz_professional")
    a_leader("social_worker")
    asks_for(group)
    talk = a_conversation()
    for _ in range(3):
        asks_for(talk, allowed_levels=[0])
    run = ask_for_run(
        actor=ACTOR,
        user=UserFactory(),
        kind="week",
        first_date=MONDAY,
        last_date=SUNDAY,
        seconds=3,
    )
    first = workers.start()
    wait_until(run, lambda: run.problem is not None, 30)
    first.send_signal(signal.SIGKILL)
    first.wait()
    run.refresh_from_db()
    assert (run.state, run.fence) == ("running", 1)
    assert not Schedule.objects.exists()

    workers.start()
    wait_until(run, lambda: run.state != "running", 45)
    assert (run.state, run.fence, run.attempts) == ("done", 2, 2)
    schedule = Schedule.objects.get()
    assert schedule.run == run
    assert schedule.seats.count() == 4
    # The worker's own round may have offered the seat in the group that runs.
    kept = Enrolment.objects.filter(state__in=["held_by_draft", "offered"])
    assert (
        kept.filter(registration__in=schedule.seats.values("registration")).count() == 4
    )
    assert Series.objects.filter(offering=talk).count() == 3
