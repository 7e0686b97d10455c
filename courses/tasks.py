"""Background work of the waiting lists: they move without anybody pressing a button."""

from __future__ import annotations

from procrastinate.contrib.django import app

from audit.actor import Actor, scene
from courses.services import lapse_offers
from courses.services.changes import end_pauses


@app.periodic(cron="*/10 * * * *")
@app.task(name="courses.lapse_offers", queue="care")
def let_offers_lapse(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Take back offers whose time is over, and offer them on (every ten minutes)."""
    with scene("courses.lapse_offers"):
        lapse_offers(actor=Actor.system("courses.lapse_offers"))


@app.periodic(cron="15 6 * * *")
@app.task(name="courses.end_pauses", queue="care")
def let_pauses_end(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Put who paused back in turn on the day that was named (every morning)."""
    with scene("courses.end_pauses"):
        end_pauses(actor=Actor.system("courses.end_pauses"))
