"""Background work of planning. Arguments are ids only."""

from __future__ import annotations

from django.db import transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status

from scheduling.services.jobs import PLANNING, TASK, hand_to_worker
from scheduling.services.lease import give_up_silent, silent_runs
from scheduling.services.runs import perform_run

STALLED_SECONDS = 120
KEPT_HOURS = 72


@app.task(name=TASK, queue=PLANNING)
def perform(run_id: int) -> None:
    """Do a planning run."""
    perform_run(run_id=run_id)


@app.periodic(cron="* * * * * */5")
@app.task(
    name="scheduling.take_over_silent_runs", queue="care", queueing_lock="take-over"
)
def take_over_silent_runs(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Ask again for runs whose worker fell silent (every five seconds)."""
    give_up_silent()
    for run in silent_runs():
        try:
            with transaction.atomic():
                hand_to_worker(run)
        except AlreadyEnqueued:
            continue  # it waits for a worker that is free


@app.periodic(cron="17 3 * * *")
@app.task(
    name="scheduling.tidy_jobs", queue="care", queueing_lock="tidy", pass_context=True
)
async def tidy_jobs(
    context: JobContext,
    timestamp: int,  # noqa: ARG001 (its signature)
) -> None:
    """Take away what is done, and close jobs whose worker is no more (every night).

    A run is not lost with its job: its own lease sees to that.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        await manager.finish_job(job, status=Status.FAILED, delete_job=False)
    await manager.delete_old_jobs(
        nb_hours=KEPT_HOURS, include_failed=True, include_cancelled=True
    )
