"""The outbox: queue, review, and send each message once."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from audit.actor import Actor
from audit.record import CARE, record_event
from audit.rows import save_checked
from messaging.enums import MessageChannel, MessageState
from messaging.models import OutboxMessage

if TYPE_CHECKING:
    from people.models import Person

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 5


def _log(actor: Actor, code: str, action: str, messages: list[OutboxMessage]) -> None:
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=CARE,
        subjects=[message.recipient_id for message in messages],
        object_kind="message",
        object_id=messages[0].pk if len(messages) == 1 else "",
    )


@transaction.atomic
def queue(
    *,
    actor: Actor,
    recipient: Person,
    subject: str,
    body: str,
    key: str,
    release: str = "",
    channel: str = MessageChannel.EMAIL,
    language: str = "nl",
) -> OutboxMessage:
    """Put a message in the outbox, to be reviewed.

    Subject and body are neutral: no title of a group, no centre, no other name.
    The same `key` again gives the message that is already there.
    """
    existing = OutboxMessage.objects.filter(key=key).first()
    if existing is not None:
        return existing
    message = save_checked(
        OutboxMessage(
            recipient=recipient,
            subject=subject,
            body=body,
            key=key,
            release=release,
            channel=channel,
            language=language,
        )
    )
    _log(actor, "message.queue", "C", [message])
    return message


@transaction.atomic
def queue_for_all(
    *,
    actor: Actor,
    recipients: Iterable[Person],
    subject: str,
    body: str,
    key: str,
    release: str = "",
    language: str = "nl",
) -> int:
    """Put the same message for each of these persons in the outbox, to be reviewed.

    Neutral as in `queue`. Each message has the key `<key>-<person id>`; the same key
    again adds nothing. A fixed number of queries; returns how many were added.
    """
    found = {f"{key}-{person.pk}": person for person in recipients}
    there = OutboxMessage.objects.filter(key__in=found).values_list("key", flat=True)
    for known in there:
        del found[known]
    messages = [
        OutboxMessage(
            recipient=person,
            subject=subject,
            body=body,
            key=own_key,
            release=release,
            language=language,
        )
        for own_key, person in found.items()
    ]
    OutboxMessage.objects.bulk_create(messages)
    if messages:
        _log(actor, "message.queue", "C", messages)
    return len(messages)


def _in_state(ids: Iterable[int], *states: str) -> list[OutboxMessage]:
    return list(
        OutboxMessage.objects.select_for_update()
        .filter(pk__in=list(ids), state__in=states)
        .order_by("pk")
    )


@transaction.atomic
def approve(*, actor: Actor, message_ids: Iterable[int]) -> int:
    """Approve messages that wait for review; returns how many were approved now."""
    messages = _in_state(message_ids, MessageState.DRAFT)
    OutboxMessage.objects.filter(pk__in=[message.pk for message in messages]).update(
        state=MessageState.APPROVED,
        approved_by=actor.user_id,
        approved_at=timezone.now(),
    )
    if messages:
        _log(actor, "message.approve", "U", messages)
    return len(messages)


@transaction.atomic
def drop(*, actor: Actor, message_ids: Iterable[int]) -> int:
    """Drop messages that were not sent; returns how many were dropped now."""
    messages = _in_state(
        message_ids, MessageState.DRAFT, MessageState.APPROVED, MessageState.FAILED
    )
    OutboxMessage.objects.filter(pk__in=[message.pk for message in messages]).update(
        state=MessageState.DROPPED
    )
    if messages:
        _log(actor, "message.drop", "U", messages)
    return len(messages)


def send_approved(*, actor: Actor, limit: int = 100) -> int:
    """Send approved e-mails, one transaction each; returns how many were sent.

    The row is locked while it is sent, and rows locked by another worker are passed
    over, so that two workers never send the same message. A message that fails is
    tried again up to five times. Other channels wait for their adapter.
    """
    sent = 0
    tried: list[int] = []
    for _number in range(limit):
        message = _send_next(actor, tried)
        if message is None:
            break
        tried.append(message.pk)
        sent += message.state == MessageState.SENT
    return sent


@transaction.atomic
def _send_next(actor: Actor, tried: list[int]) -> OutboxMessage | None:
    message = (
        OutboxMessage.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("recipient")
        .filter(
            state__in=[MessageState.APPROVED, MessageState.FAILED],
            channel=MessageChannel.EMAIL,
            attempts__lt=MAX_ATTEMPTS,
        )
        .exclude(pk__in=tried)
        .order_by("created_at", "pk")
        .first()
    )
    if message is None:
        return None
    message.attempts += 1
    try:
        _deliver(message)
    except Exception:
        # Any fault of the mail server; the address stays out of the log.
        logger.exception("message %s could not be sent", message.pk)
        message.state = MessageState.FAILED
    else:
        message.state = MessageState.SENT
        message.sent_at = timezone.now()
    message.save(update_fields=["state", "attempts", "sent_at"])
    _log(actor, "message.send", "E", [message])
    return message


def _deliver(message: OutboxMessage) -> None:
    person = message.recipient
    if person.contact_channel != "email":
        raise ValueError(f"person {person.pk} has no e-mail address")
    EmailMessage(
        subject=message.subject, body=message.body, to=[person.contact_address]
    ).send()
