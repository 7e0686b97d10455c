"""Background work of publishing."""

from __future__ import annotations

import logging
from contextlib import suppress

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from audit.actor import Actor, scene
from publishing.services.bookings import let_requests_lapse, read_agenda
from publishing.services.calendar import differences, mirror_series
from publishing.services.privacy import tell_held
from rooms.services.sources import due_sources

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
    """Close what was ended, remind, let times lapse, mark what was held (hourly)."""
    from publishing.services.tending import tend

    with scene("publishing.tend_conversations"):
        tend(actor=Actor.system("publishing.tend_conversations"))


@app.periodic(cron="*/10 * * * *")
@app.task(name="publishing.read_agendas", queue="care", queueing_lock="read-agendas")
def read_agendas(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Ask for the reading of agendas of rooms that are due (every ten minutes)."""
    for source_id in due_sources(now=timezone.now()):
        # One that is still waiting or being read is not asked for a second time.
        with suppress(AlreadyEnqueued):
            read_one.configure(
                lock=f"agenda-{source_id}", queueing_lock=f"agenda-{source_id}"
            ).defer(source_id=source_id)


@app.task(name="publishing.read_agenda", queue="care")
def read_one(source_id: int) -> None:
    """Read the agenda of one room."""
    with scene("publishing.read_agenda"):
        read_agenda(actor=Actor.system("publishing.read_agenda"), source_id=source_id)


@app.periodic(cron="*/5 * * * *")
@app.task(name="publishing.lapse_requests", queue="care", queueing_lock="requests")
def let_room_requests_lapse(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Let requests for rooms lapse whose hold is over (every five minutes)."""
    with scene("publishing.lapse_requests"):
        let_requests_lapse(actor=Actor.system("publishing.lapse_requests"))


@app.periodic(cron="*/10 * * * *")
@app.task(name="publishing.tell_held", queue="care", queueing_lock="tell-held")
def tell_who_waits(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Tell whose erasure waits (every ten minutes; each once)."""
    with scene("publishing.tell_held"):
        tell_held(actor=Actor.system("publishing.tell_held"))
