"""The job that does a run; it waits until the transaction of the run has ended."""

from __future__ import annotations

from procrastinate.contrib.django import app

from scheduling.models import PlanningRun

TASK = "scheduling.perform_run"


def hand_to_worker(run: PlanningRun) -> None:
    """Ask for a worker; call it in the transaction that makes the run."""
    job = app.configure_task(TASK, queue="planning", queueing_lock=f"run-{run.pk}")
    job.defer(run_id=run.pk)
