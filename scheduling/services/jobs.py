"""The job that does a run; it waits until the transaction of the run has ended.

Plans may take an hour each, and the rounds as long as a mail server or an agenda keeps
silent, so ways to mend a published week have a queue, and a worker, of their own: who
reports a leader ill waits for neither.
"""

from __future__ import annotations

from procrastinate.contrib.django import app

from scheduling.models import PlanningRun, RunTask

TASK = "scheduling.perform_run"
PLANNING, SOON = "planning", "soon"
"""Queues: of what may take long, and of what somebody waits for."""
BEFORE_CARE = 1
"""Priority of what somebody waits for, where one worker takes all; rounds have 0."""


def hand_to_worker(run: PlanningRun) -> None:
    """Ask for a worker; call it in the transaction that makes the run.

    Raises ``AlreadyEnqueued`` when its job waits already.
    """
    soon = run.task == RunTask.REPAIR
    job = app.configure_task(
        TASK,
        queue=SOON if soon else PLANNING,
        priority=BEFORE_CARE if soon else 0,
        queueing_lock=f"run-{run.pk}",
    )
    job.defer(run_id=run.pk)
