"""Background work of the outbox: what somebody approved goes out."""

from __future__ import annotations

from procrastinate.contrib.django import app

from audit.actor import Actor, scene
from messaging.services import send_approved


@app.periodic(cron="* * * * *")
@app.task(name="messaging.send_approved", queue="care")
def send_messages(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Send approved messages (every minute)."""
    with scene("messaging.send_approved"):
        send_approved(actor=Actor.system("messaging.send_approved"))
