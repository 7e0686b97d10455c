"""Background work of people: what is asked to be erased, or kept too long, goes."""

from __future__ import annotations

from procrastinate.contrib.django import app

from audit.actor import Actor, scene
from people.services.erasure import due_requests, erase
from people.services.retention import tidy_up
from people.services.sessions import forget_sessions


@app.periodic(cron="23 4 * * *")
@app.task(name="people.erase_due", queue="care", queueing_lock="erase")
def erase_due(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Erase who asked for it and did not take it back (every night)."""
    with scene("people.erase_due"):
        for request in due_requests():
            erase(
                actor=Actor.system("people.erase_due"), request=request, dry_run=False
            )


@app.periodic(cron="53 3 * * *")
@app.task(name="people.tidy_up", queue="care", queueing_lock="tidy-up")
def tidy_up_old(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Take away what may no longer be kept (every night)."""
    with scene("people.tidy_up"):
        tidy_up(actor=Actor.system("people.tidy_up"), dry_run=False)


@app.periodic(cron="37 * * * *")
@app.task(name="people.forget_sessions", queue="care", queueing_lock="sessions")
def let_sessions_go(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Take away sessions that are over (every hour)."""
    forget_sessions()
