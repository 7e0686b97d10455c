"""Background work of publishing."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from audit.actor import Actor, scene
from publishing.services.calendar import differences, mirror_series

logger = logging.getLogger(__name__)


@app.periodic(cron="47 3 * * *")
@app.task(name="publishing.reconcile_calendar", queue="care", queueing_lock="reconcile")
def reconcile_calendar(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Write the calendar of series anew of which it shows other dates (every night)."""
    found = differences()
    if found:
        logger.warning("the calendar differed on %s dates and was mended", len(found))
        mirror_series(series_ids={one.series_id for one in found})


@app.periodic(cron="*/15 * * * *")
@app.task(name="publishing.propose_times", queue="care")
def propose_times(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Propose times to who waits for a conversation or a consultation."""
    from publishing.services import conversations, thinking

    actor = Actor.system("publishing.propose_times")
    with scene("publishing.propose_times"):
        conversations.propose(actor=actor)
        thinking.propose_consultations(actor=actor)


@app.periodic(cron="5 * * * *")
@app.task(name="publishing.tend_conversations", queue="care")
def tend_conversations(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Remind, let unanswered times lapse, and mark what was held (every hour)."""
    from publishing.services.tending import tend

    with scene("publishing.tend_conversations"):
        tend(actor=Actor.system("publishing.tend_conversations"))
