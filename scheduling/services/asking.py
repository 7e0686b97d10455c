"""Asking for a run from a page: the run and its job are written together."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from audit.actor import Actor
from scheduling.models import PlanningRun, RunKind
from scheduling.services.jobs import hand_to_worker
from scheduling.services.runs import start_run

if TYPE_CHECKING:
    from people.models import User


@transaction.atomic
def ask_for_run(
    *,
    actor: Actor,
    user: User,
    kind: RunKind | str,
    first_date: date,
    last_date: date,
    seconds: int,
    **options: Any,
) -> PlanningRun:
    """Start a run in the background. The job sees the run: one transaction has both.

    ``options`` are those of ``start_run``: as_draft, may_move, shown and so on. Raises
    ``ValidationError`` and ``StaleDraft`` as it does; then there is no job either.
    """
    run = start_run(
        actor=actor,
        user=user,
        kind=kind,
        first_date=first_date,
        last_date=last_date,
        seconds=seconds,
        **options,
    )
    hand_to_worker(run)
    return run
