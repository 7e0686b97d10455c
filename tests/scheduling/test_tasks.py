"""The rounds of the worker: silent runs are asked for again, done jobs go away."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections
from django.utils import timezone
from procrastinate.contrib.django import app

from scheduling.models import PlanningRun
from scheduling.services.lease import LEASE, MOST_ATTEMPTS, claim
from scheduling.tasks import perform, take_over_silent_runs, tidy_jobs
from tests.scheduling.rows import MONDAY, SUNDAY


def jobs() -> list[tuple[str, str, str]]:
    """Task, state and arguments of each job, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status, args::text FROM procrastinate_jobs")
        return sorted(cursor.fetchall(), key=str)


def silent_run(**fields: int) -> PlanningRun:
    run = PlanningRun.objects.create(first_date=MONDAY, last_date=SUNDAY)
    assert claim(run_id=run.pk, owner="a") is not None
    PlanningRun.objects.filter(pk=run.pk).update(
        lease_until=timezone.now() - timedelta(seconds=1), **fields
    )
    return run


@pytest.mark.django_db
def test_a_silent_run_is_asked_for_once_however_often_is_looked() -> None:
    run = silent_run()
    for _ in range(3):
        take_over_silent_runs(0)
    ((task, status, args),) = jobs()
    assert (task, status) == ("scheduling.perform_run", "todo")
    assert str(run.pk) in str(args)


@pytest.mark.django_db
def test_a_run_whose_job_was_lost_before_it_began_is_asked_for_again() -> None:
    long_ago = timezone.now() - LEASE - timedelta(seconds=1)
    PlanningRun.objects.create(first_date=MONDAY, last_date=SUNDAY, asked_at=long_ago)
    take_over_silent_runs(0)
    assert [status for _, status, _ in jobs()] == ["todo"]


@pytest.mark.django_db
def test_ways_to_mend_are_asked_for_again_in_the_queue_that_does_not_wait() -> None:
    for task in ("repair", "what_if"):
        PlanningRun.objects.filter(pk=silent_run().pk).update(task=task, as_draft=False)
    take_over_silent_runs(0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT queue_name, priority FROM procrastinate_jobs")
        assert sorted(cursor.fetchall()) == [("planning", 0), ("soon", 1)]


@pytest.mark.django_db
def test_a_run_that_fell_silent_too_often_is_given_up() -> None:
    run = silent_run(attempts=MOST_ATTEMPTS)
    take_over_silent_runs(0)
    run.refresh_from_db()
    assert (run.state, run.fault) == ("failed", "workers-died")
    assert jobs() == []


@pytest.mark.django_db(transaction=True)
def test_jobs_of_dead_workers_are_closed_and_old_ones_taken_away() -> None:
    with connection.cursor() as cursor:  # emptying the tables leaves the queue alone
        cursor.execute("DELETE FROM procrastinate_jobs")
    for run_id in (1, 2, 3):
        perform.defer(run_id=run_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing' "
            "WHERE args->>'run_id' IN ('1', '2')"
        )
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'succeeded' "
            "WHERE args->>'run_id' = '2'"
        )
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '5 days'")

    async def tidy() -> None:
        await tidy_jobs.func(SimpleNamespace(app=app), 0)
        await sync_to_async(connections.close_all)()

    # A browser test before this one leaves its event loop in this thread.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, tidy()).result()
    assert [(status, args) for _, status, args in jobs()] == [
        ("failed", '{"run_id": 1}'),
        ("todo", '{"run_id": 3}'),
    ]
