"""Who works on a run: a lease with a fence, so that a killed worker is taken over.

Each take-over raises the fence; whatever an earlier worker still writes names an older
fence and is refused. A run therefore ends once, whoever ends it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from scheduling.models import PlanningRun, RunState

LEASE = timedelta(seconds=15)
MOST_ATTEMPTS = 3


class LeaseLost(Exception):
    """Another worker has taken the run over; what this one does no longer counts."""


def claim(*, run_id: int, owner: str) -> PlanningRun | None:
    """Take a run that waits, or whose worker fell silent; ``None`` if there is none."""
    now = timezone.now()
    taken = PlanningRun.objects.filter(
        Q(state=RunState.QUEUED) | Q(state=RunState.RUNNING, lease_until__lt=now),
        pk=run_id,
    ).update(
        state=RunState.RUNNING,
        owner=owner,
        lease_until=now + LEASE,
        fence=F("fence") + 1,
        attempts=F("attempts") + 1,
        started_at=now,
    )
    return PlanningRun.objects.get(pk=run_id) if taken else None


def write(*, run: PlanningRun, **fields: Any) -> None:
    """Write to a run and prolong the lease; raises ``LeaseLost`` with an old fence."""
    changed = PlanningRun.objects.filter(
        pk=run.pk, fence=run.fence, state=RunState.RUNNING
    ).update(lease_until=timezone.now() + LEASE, **fields)
    if not changed:
        raise LeaseLost(f"run {run.pk}")


def stop_asked(*, run: PlanningRun) -> bool:
    """Whether a person asked to stop the run."""
    return bool(
        PlanningRun.objects.filter(pk=run.pk, cancel_asked=True).values("pk").exists()
    )


def end(*, run: PlanningRun, state: RunState, **fields: Any) -> None:
    """End a run; raises ``LeaseLost`` when another worker has it."""
    write(run=run, state=state, finished_at=timezone.now(), owner="", **fields)


def silent_runs() -> list[PlanningRun]:
    """Runs that may be tried again: their worker fell silent, or never began.

    Of each only what it is for is read; one query.
    """
    now = timezone.now()
    silent = Q(state=RunState.RUNNING, lease_until__lt=now, attempts__lt=MOST_ATTEMPTS)
    forgotten = Q(state=RunState.QUEUED, asked_at__lt=now - LEASE)
    found = PlanningRun.objects.filter(silent | forgotten)
    return list(found.order_by("pk").only("pk", "task"))


def give_up_silent() -> int:
    """End runs that fell silent too often; how many."""
    return PlanningRun.objects.filter(
        state=RunState.RUNNING,
        lease_until__lt=timezone.now(),
        attempts__gte=MOST_ATTEMPTS,
    ).update(
        state=RunState.FAILED,
        finished_at=timezone.now(),
        fault="workers-died",
        owner="",
    )
