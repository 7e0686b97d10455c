"""Background work of planning. Arguments are ids only."""

from __future__ import annotations

from procrastinate.contrib.django import app

from scheduling.services.lease import give_up_silent, silent_runs
from scheduling.services.runs import perform_run


@app.task(name="scheduling.perform_run", queue="planning")
def perform(run_id: int) -> None:
    """Do a planning run."""
    perform_run(run_id=run_id)


@app.periodic(cron="* * * * * */5")
@app.task(name="scheduling.take_over_silent_runs", queue="care")
def take_over_silent_runs(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Ask again for runs whose worker fell silent (every five seconds)."""
    for run_id in silent_runs():
        perform.configure(queueing_lock=f"run-{run_id}").defer(run_id=run_id)
    give_up_silent()
