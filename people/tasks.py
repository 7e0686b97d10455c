"""Background work of people: requests for erasure are carried out by themselves."""

from __future__ import annotations

from procrastinate.contrib.django import app

from audit.actor import Actor, scene
from people.services.erasure import due_requests, erase


@app.periodic(cron="23 4 * * *")
@app.task(name="people.erase_due", queue="care", queueing_lock="erase")
def erase_due(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Erase who asked for it and did not take it back (every night)."""
    with scene("people.erase_due"):
        for request in due_requests():
            erase(
                actor=Actor.system("people.erase_due"), request=request, dry_run=False
            )
