"""Real workers: one killed with -9 in the middle of a run, and those of others full."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from config.management.commands.gem import WORKERS
from courses.models import Enrolment, Series
from scheduling.models import PlanningRun, Schedule
from scheduling.services.asking import ask_for_run
from scheduling.services.jobs import SOON, hand_to_worker
from scheduling.services.repairs import report_ill
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

ROUND = "messaging.send_approved"
WORKER = """
from datetime import timedelta
import django
django.setup()
from django.core.management import call_command
from scheduling.services import lease
lease.LEASE = timedelta(seconds=3)
call_command("procrastinate", "worker", "--shutdown-graceful-timeout=1")
"""

# Plans that go on until the program is ended and hold their lease meanwhile, and a mail
# server that never answers.
WITHOUT_END = """
import sys, time
import django
django.setup()
from django.core.management import call_command
from messaging import tasks as rounds
from scheduling import tasks
from scheduling.enums import RunTask
from scheduling.models import PlanningRun
from scheduling.services import lease

def without_end(*, run_id):
    if PlanningRun.objects.get(pk=run_id).task != RunTask.PLAN:
        return real(run_id=run_id)
    run = lease.claim(run_id=run_id, owner="busy")
    while True:
        time.sleep(0.5)
        lease.write(run=run)

def silent(*, actor):
    while True:
        time.sleep(0.5)

real, tasks.perform_run = tasks.perform_run, without_end
rounds.send_approved = silent
call_command("procrastinate", "worker", *{takes!r})
"""


class Workers:
    """Worker programs on the database of this test."""

    def __init__(self) -> None:
        self.programs: list[subprocess.Popen[bytes]] = []

    def start(self, code: str = WORKER) -> subprocess.Popen[bytes]:
        program = start_program(code)
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


def test_an_ill_leader_waits_neither_for_plans_nor_for_rounds(
    workers: Workers,
) -> None:
    leader, user = a_leader(), UserFactory()
    plans = [
        PlanningRun.objects.create(first_date=MONDAY, last_date=SUNDAY)
        for _ in range(3)
    ]
    for plan in plans:
        hand_to_worker(plan)
    for _ in range(4):
        app.configure_task(ROUND, queue="care").defer(timestamp=0)
    for takes in WORKERS.values():
        workers.start(WITHOUT_END.replace("{takes!r}", repr(takes)))
    for plan in plans[:2]:
        wait_until(plan, lambda plan=plan: plan.state == "running", 30)
    busy = ProcrastinateJob.objects.filter(task_name=ROUND, status="doing")
    wait_until(plans[0], lambda: busy.count() == 4, 30)
    run = report_ill(
        actor=ACTOR,
        user=user,
        facilitator=leader,
        first=MONDAY,
        last=MONDAY,
        today=MONDAY,
    )
    wait_until(run, lambda: run.state == "done", 20)
    states = [PlanningRun.objects.get(pk=plan.pk).state for plan in plans]
    assert states == ["running", "running", "queued"]


def test_each_job_has_a_worker_that_takes_its_queue() -> None:
    taken = {
        queue
        for (queues, _slots) in WORKERS.values()
        for queue in queues.removeprefix("--queues=").split(",")
    }
    ours = {task.queue for task in app.tasks.values()}
    assert taken == {SOON, *(ours - {"builtin"})}
