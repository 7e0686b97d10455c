"""Reads of the outbox, for review."""

from __future__ import annotations

from collections.abc import Iterable

from audit.actor import Actor
from audit.record import CARE, record_read
from messaging.enums import MessageState
from messaging.models import OutboxMessage


def outbox(
    *,
    actor: Actor,
    states: Iterable[str] = (MessageState.DRAFT,),
    release: str = "",
    organisation_ids: Iterable[int] | None = None,
) -> list[OutboxMessage]:
    """Messages in these states with their recipients; one read and one log line.

    `organisation_ids` are those that keep the recipients' data; None for all.
    """
    found = OutboxMessage.objects.filter(state__in=list(states))
    if release:
        found = found.filter(release=release)
    if organisation_ids is not None:
        found = found.filter(recipient__organisation__in=list(organisation_ids))
    messages = list(found.select_related("recipient").order_by("created_at", "pk"))
    record_read(
        actor=actor,
        subjects=[message.recipient_id for message in messages],
        purpose=CARE,
        code="message.list",
        object_kind="message",
    )
    return messages
