"""Putting messages in the outbox: each key once, in a fixed number of queries."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from audit.actor import Actor
from audit.record import CARE, record_event
from messaging.enums import NOT_GONE, MessageChannel, MessageKind, MessageState
from messaging.models import OutboxMessage
from messaging.wording import Wording, language_of, write

if TYPE_CHECKING:
    from people.models import Organisation, Person

REACHED = {
    "email": MessageChannel.EMAIL,
    "sms": MessageChannel.SMS,
    "phone": MessageChannel.HAND,
    "post": MessageChannel.HAND,
    "none": MessageChannel.HAND,
}


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One message to put in the outbox; `key` names it for ever.

    Give a `recipient`, or an `address` for whom is not known as a person. Without
    `review` nobody has to approve it: for what waits on a clock, such as an offer.
    `urgent` also goes in quiet hours: only for what the reader asked for just now.
    """

    key: str
    subject: str
    body: str
    recipient: Person | None = None
    address: str = ""
    kind: str = MessageKind.NOTICE
    channel: str = ""
    link: str = ""
    link_words: str = ""
    secret: bool = False
    sessions: tuple[uuid.UUID, ...] = ()
    language: str = ""
    release: str = ""
    urgent: bool = False
    not_before: datetime | None = None
    review: bool = True


def letter(
    wording: Wording,
    *,
    key: str,
    recipient: Person | None = None,
    values: Mapping[str, Any] | None = None,
    language: str | None = None,
    organisation: Organisation | None = None,
    **more: Any,
) -> Letter:
    """A letter in the recipient's language and form of address; `more` as `Letter`.

    One to an address only has the form of address of the `organisation`, or else "u".
    """
    written = write(
        wording,
        recipient=recipient,
        values=values,
        language=language,
        organisation=organisation,
    )
    return Letter(
        key=key,
        recipient=recipient,
        subject=written.subject,
        body=written.body,
        link_words=written.link_words,
        language=written.language,
        **more,
    )


@transaction.atomic
def queue_letters(*, actor: Actor, letters: Iterable[Letter]) -> list[OutboxMessage]:
    """Put letters in the outbox; those whose key is known are left as they are.

    Returns the messages added now. Four queries at most, however many letters, and
    one line in the access log. Urgent ones are sent as soon as this is committed,
    the others with the next round of the worker.

    Raises
    ------
    django.core.exceptions.ValidationError
        For a letter without words, with a line break in its subject, or to nobody.
    """
    wanted = {one.key: one for one in letters}
    known = set(
        OutboxMessage.objects.filter(key__in=wanted).values_list("key", flat=True)
    )
    rows = [_row(one, actor) for key, one in wanted.items() if key not in known]
    for row in rows:
        row.clean_fields(exclude=["recipient"])
    OutboxMessage.objects.bulk_create(rows, ignore_conflicts=True)
    # Another program may have put one of the keys there at this very moment.
    mine = {row.uid for row in rows}
    there = OutboxMessage.objects.filter(key__in=wanted).select_related("recipient")
    added = [row for row in there.order_by("pk") if row.uid in mine]
    if added:
        log_messages(actor, "message.queue", "C", added)
    if any(one.urgent and one.state == MessageState.APPROVED for one in added):
        transaction.on_commit(_send_soon)
    return added


def _row(one: Letter, actor: Actor) -> OutboxMessage:
    person = one.recipient
    reached = REACHED[person.contact_channel] if person is not None else "email"
    now = timezone.now()
    state = MessageState.DRAFT if one.review else MessageState.APPROVED
    return OutboxMessage(
        recipient_id=person.pk if person is not None else None,
        address="" if person is not None else one.address,
        kind=one.kind,
        channel=one.channel or reached,
        subject=" ".join(one.subject.split()),
        body=one.body,
        link=one.link,
        link_words=one.link_words,
        secret=one.secret,
        sessions=list(one.sessions),
        language=one.language or language_of(person),
        urgent=one.urgent,
        not_before=one.not_before or now,
        state=state,
        key=one.key,
        release=one.release,
        approved_by="" if one.review else actor.user_id,
        approved_at=None if one.review else now,
    )


def _send_soon() -> None:
    from procrastinate.contrib.django import app

    app.configure_task("messaging.send_approved", queue="care").defer(timestamp=0)


def queue(
    *, actor: Actor, recipient: Person | None, subject: str, body: str, key: str,
    **more: Any,
) -> OutboxMessage:  # fmt: skip
    """Put one message in the outbox, to be reviewed unless `review=False`.

    Subject and body are neutral: no title of a group, no centre, no name. Mail gets an
    HTML part made from the body; `link` (an address of this site) becomes a button
    with `link_words`; the calendar entries of `sessions` (ids) go along as one .ics
    file. `not_before` keeps it back until then; the rest is as in `Letter`. The same
    `key` again gives the message that is already there.
    """
    one = Letter(key=key, recipient=recipient, subject=subject, body=body, **more)
    added = queue_letters(actor=actor, letters=[one])
    return added[0] if added else OutboxMessage.objects.get(key=key)


def tell(
    *, actor: Actor, wording: Wording, recipient: Person | None, key: str,
    values: Mapping[str, Any] | None = None, **more: Any,
) -> OutboxMessage:  # fmt: skip
    """Write a `Wording` to one person (language, je or u) and queue it as `queue`."""
    one = letter(wording, key=key, recipient=recipient, values=values, **more)
    added = queue_letters(actor=actor, letters=[one])
    return added[0] if added else OutboxMessage.objects.get(key=key)


def queue_for_all(
    *, actor: Actor, recipients: Iterable[Person], subject: str, body: str, key: str,
    release: str = "", language: str = "nl",
) -> int:  # fmt: skip
    """Put the same message for each of these persons in the outbox, to be reviewed.

    Each message has the key `<key>-<person id>`. Returns how many were added.
    """
    letters = [
        Letter(
            key=f"{key}-{person.pk}",
            recipient=person,
            subject=subject,
            body=body,
            release=release,
            language=language,
        )
        for person in recipients
    ]
    return len(queue_letters(actor=actor, letters=letters))


def states_of_messages(*, keys: Sequence[str], lock: bool = False) -> dict[str, str]:
    """State of each of these messages, by key; one that never was is left out.

    With ``lock``, in a transaction, none of them goes before it ends. One query; shows
    no person.
    """
    rows = OutboxMessage.objects.filter(key__in=list(keys)).order_by("pk")
    if lock:
        rows = rows.select_for_update(no_key=True, of=("self",))
    return dict(rows.values_list("key", "state"))


@transaction.atomic
def drop_unsent(*, actor: Actor, keys: Sequence[str]) -> list[OutboxMessage]:
    """Drop messages that are no longer true and have not gone; those that did."""
    rows = list(
        OutboxMessage.objects.select_for_update(no_key=True, of=("self",))
        .filter(key__in=list(keys), state__in=NOT_GONE)
        .order_by("pk")
    )
    OutboxMessage.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=MessageState.DROPPED
    )
    if rows:
        log_messages(actor, "message.drop", "U", rows)
    return rows


def log_messages(
    actor: Actor, code: str, action: str, messages: Sequence[OutboxMessage]
) -> None:
    """One line of the access log for an act on messages."""
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=CARE,
        subjects=[row.recipient_id for row in messages if row.recipient_id is not None],
        object_kind="message",
        object_id=messages[0].pk if len(messages) == 1 else "",
    )
