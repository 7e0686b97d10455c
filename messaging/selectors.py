"""Reads of the outbox, for review."""

from __future__ import annotations

from collections.abc import Iterable

from audit.actor import Actor
from audit.record import CARE, OWN_DATA, record_read
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


GONE_OR_GOING = (
    MessageState.APPROVED,
    MessageState.SENDING,
    MessageState.SENT,
    MessageState.UNSURE,
    MessageState.FAILED,
)
"""States of messages that their reader may see on the site."""


def messages_to(*, actor: Actor, person_id: int) -> list[OutboxMessage]:
    """A person's own messages, newest first, to be read on the site; one log line.

    Those that still wait for review, or were dropped, are nobody's yet.
    """
    found = OutboxMessage.objects.filter(recipient=person_id, state__in=GONE_OR_GOING)
    messages = list(found.order_by("-created_at", "-pk"))
    record_read(
        actor=actor,
        subjects=[person_id],
        purpose=OWN_DATA,
        code="message.read",
        object_kind="message",
    )
    return messages


def letters_for_copy(*, person_id: int) -> list[OutboxMessage]:
    """All messages to a person, for a copy of all data; whoever makes it logs."""
    found = OutboxMessage.objects.filter(recipient=person_id)
    return list(found.order_by("created_at", "pk"))
