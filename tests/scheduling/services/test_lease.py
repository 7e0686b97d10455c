"""Who works on a run: claimed once, prolonged by writing, lost to a higher fence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from scheduling.models import PlanningRun
from scheduling.services.lease import (
    LEASE,
    MOST_ATTEMPTS,
    LeaseLost,
    claim,
    end,
    give_up_silent,
    silent_runs,
    write,
)
from tests.scheduling.rows import MONDAY, SUNDAY

pytestmark = pytest.mark.django_db


def a_run(**fields: Any) -> PlanningRun:
    return PlanningRun.objects.create(first_date=MONDAY, last_date=SUNDAY, **fields)


def silence(run: PlanningRun) -> None:
    """Let the lease of a run be over."""
    PlanningRun.objects.filter(pk=run.pk).update(
        lease_until=timezone.now() - timedelta(seconds=1)
    )


def test_a_run_is_claimed_once() -> None:
    run = a_run()
    first = claim(run_id=run.pk, owner="a")
    assert first is not None
    assert (first.state, first.owner, first.fence, first.attempts) == (
        "running",
        "a",
        1,
        1,
    )
    assert claim(run_id=run.pk, owner="b") is None
    assert claim(run_id=run.pk + 1, owner="b") is None


def test_writing_prolongs_the_lease() -> None:
    run = a_run()
    mine = claim(run_id=run.pk, owner="a")
    assert mine is not None
    silence(run)
    write(run=mine, doing="greedy")
    run.refresh_from_db()
    assert run.doing == "greedy"
    assert run.lease_until is not None
    assert run.lease_until > timezone.now() + LEASE / 2


def test_a_silent_run_is_taken_over_and_the_first_worker_is_refused() -> None:
    run = a_run()
    stale = claim(run_id=run.pk, owner="a")
    silence(run)
    fresh = claim(run_id=run.pk, owner="b")
    assert stale is not None
    assert fresh is not None
    assert (fresh.fence, fresh.attempts) == (2, 2)
    with pytest.raises(LeaseLost):
        write(run=stale, doing="stale")
    with pytest.raises(LeaseLost):
        end(run=stale, state="done")
    end(run=fresh, state="done")
    run.refresh_from_db()
    assert (run.state, run.doing) == ("done", "")


@pytest.mark.parametrize("state", ["done", "cancelled", "failed"])
def test_what_has_ended_is_not_begun_again(state: str) -> None:
    run = a_run(state=state)
    assert claim(run_id=run.pk, owner="a") is None
    assert silent_runs() == []


def test_silent_and_forgotten_runs_are_asked_for_again() -> None:
    now = timezone.now()
    waiting = a_run()
    forgotten = a_run(asked_at=now - LEASE - timedelta(seconds=1))
    busy, silent = a_run(), a_run()
    for run in (busy, silent):
        claim(run_id=run.pk, owner="a")
    silence(silent)
    assert silent_runs() == [forgotten, silent]
    assert waiting not in silent_runs()


def test_a_run_that_fell_silent_three_times_is_given_up() -> None:
    run = a_run()
    for attempt in range(MOST_ATTEMPTS):
        assert give_up_silent() == 0
        assert claim(run_id=run.pk, owner=str(attempt)) is not None
        silence(run)
    assert silent_runs() == []
    assert give_up_silent() == 1
    run.refresh_from_db()
    assert (run.state, run.fault, run.owner) == ("failed", "workers-died", "")
    assert claim(run_id=run.pk, owner="late") is None
