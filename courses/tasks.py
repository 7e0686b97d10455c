"""Background work of the waiting lists: they move without anybody pressing a button."""

from __future__ import annotations

import uuid

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from audit.actor import Actor, scene
from courses.services import (
    close_finished,
    import_work,
    lapse_offers,
    remind_of_sessions,
    remind_offers,
    sweep,
)
from courses.services.changes import end_pauses
from courses.services.links import forget_links
from courses.services.proposals import forget_old


@app.periodic(cron="*/10 * * * *")
@app.task(name="courses.lapse_offers", queue="care")
def let_offers_lapse(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Take back offers whose time is over, and offer them on (every ten minutes)."""
    with scene("courses.lapse_offers"):
        actor = Actor.system("courses.lapse_offers")
        lapse_offers(actor=actor)
        remind_offers(actor=actor)


@app.periodic(cron="5-55/10 * * * *")
@app.task(name="courses.sweep", queue="care")
def find_free_seats(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Offer seats that came free without anybody saying so (every ten minutes)."""
    with scene("courses.sweep"):
        sweep(actor=Actor.system("courses.sweep"))


@app.periodic(cron="20 10-20 * * *")
@app.task(name="courses.remind", queue="care")
def remind(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Remind who has an appointment tomorrow (from ten o'clock; each once)."""
    with scene("courses.remind"):
        remind_of_sessions(actor=Actor.system("courses.remind"))


@app.periodic(cron="40 3 * * *")
@app.task(name="courses.close", queue="care")
def close(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Close series whose sessions are over (every night)."""
    with scene("courses.close"):
        close_finished(actor=Actor.system("courses.close"))


@app.periodic(cron="15 6 * * *")
@app.task(name="courses.end_pauses", queue="care")
def let_pauses_end(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Put who paused back in turn on the day that was named (every morning)."""
    with scene("courses.end_pauses"):
        end_pauses(actor=Actor.system("courses.end_pauses"))


@app.periodic(cron="40 3 * * *")
@app.task(name="courses.forget_links", queue="care")
def let_links_go(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Erase links by mail that are over (every night)."""
    with scene("courses.forget_links"):
        forget_links()


@app.periodic(cron="*/15 * * * *")
@app.task(name="courses.forget_imports", queue="care")
def let_imports_go(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Erase files that were proposed to load and not decided on (every quarter)."""
    with scene("courses.forget_imports"):
        forget_old()
        import_work.forget_work()


@app.task(name=import_work.TASK, queue="planning")
def work_on_import(work_id: str) -> None:
    """Check or load a region's file."""
    with scene(import_work.TASK):
        import_work.work_on(work_id=uuid.UUID(work_id))


@app.periodic(cron="* * * * * */10")
@app.task(
    name="courses.take_over_imports", queue="care", queueing_lock="take-over-imports"
)
def take_over_imports(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Ask again for files whose worker died (every ten seconds)."""
    for work_id in import_work.silent_work():
        try:
            with transaction.atomic():
                import_work.hand_over(work_id)
        except AlreadyEnqueued:
            continue  # it waits for a worker that is free
