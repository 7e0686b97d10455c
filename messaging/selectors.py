"""Reads of the outbox, for review."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from audit.actor import Actor
from audit.record import CARE, OWN_DATA, record_read
from messaging.enums import MessageChannel, MessageState
from messaging.models import OutboxMessage
from messaging.services.sending import MAX_ATTEMPTS


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


class Tab(StrEnum):
    """A heap of the outbox, as the page of it shows them."""

    REVIEW = "te-bekijken"
    BY_HAND = "met-de-hand"
    TROUBLE = "aandacht"
    TO_GO = "gaat-weg"
    SENT = "verstuurd"
    DROPPED = "vervallen"


_HAND = Q(channel=MessageChannel.HAND)
_LAST = Q(attempts__gte=MAX_ATTEMPTS)
_TABS: dict[Tab, Q] = {
    Tab.REVIEW: Q(state=MessageState.DRAFT) & ~_HAND,
    Tab.BY_HAND: Q(state__in=[MessageState.DRAFT, MessageState.APPROVED]) & _HAND,
    Tab.TROUBLE: Q(state=MessageState.UNSURE) | Q(state=MessageState.FAILED) & _LAST,
    Tab.TO_GO: Q(state=MessageState.SENDING)
    | Q(state=MessageState.APPROVED) & ~_HAND
    | Q(state=MessageState.FAILED) & ~_LAST,
    Tab.SENT: Q(state=MessageState.SENT),
    Tab.DROPPED: Q(state=MessageState.DROPPED),
}


def _reached(release: str, organisation_ids: Iterable[int] | None) -> Any:
    """Messages of a release, or all, in the reach of an account.

    What goes to an address, or to somebody whose data the region keeps together, is
    for who has the whole region.
    """
    found = OutboxMessage.objects.all()
    if release:
        found = found.filter(release=release)
    if organisation_ids is not None:
        found = found.filter(recipient__organisation__in=list(organisation_ids))
    return found


def outbox_counts(
    *, release: str = "", organisation_ids: Iterable[int] | None = None
) -> dict[Tab, int]:
    """How many messages lie in each heap; one read, no person."""
    counted = _reached(release, organisation_ids).aggregate(
        **{tab.name: Count("pk", filter=where) for tab, where in _TABS.items()}
    )
    return {tab: counted[tab.name] for tab in Tab}


def outbox_page(
    *,
    actor: Actor,
    tab: Tab,
    number: str | int | None,
    per_page: int = 25,
    release: str = "",
    organisation_ids: Iterable[int] | None = None,
) -> Page[OutboxMessage]:
    """One page of a heap, newest first, with recipients; three reads, one log line."""
    found = _reached(release, organisation_ids).filter(_TABS[tab])
    ordered = found.select_related("recipient").order_by("-created_at", "-pk")
    page: Page[OutboxMessage] = Paginator(ordered, per_page).get_page(number)
    record_read(
        actor=actor,
        subjects=[row.recipient_id for row in page if row.recipient_id is not None],
        purpose=CARE,
        code="message.list",
        object_kind="message",
    )
    return page


def message_by_id(
    *, actor: Actor, message_id: int, organisation_ids: Iterable[int] | None = None
) -> OutboxMessage | None:
    """One message with its recipient, in the reach of an account; logged."""
    found = _reached("", organisation_ids).select_related("recipient")
    message: OutboxMessage | None = found.filter(pk=message_id).first()
    if message is not None:
        record_read(
            actor=actor,
            subjects=[message.recipient_id] if message.recipient_id else [],
            purpose=CARE,
            code="message.read",
            object_kind="message",
            object_id=message.pk,
        )
    return message


def ids_in_reach(
    *,
    message_ids: Iterable[int],
    organisation_ids: Iterable[int] | None = None,
) -> list[int]:
    """Those of these messages that an account reaches; no person."""
    found = _reached("", organisation_ids).filter(pk__in=list(message_ids))
    return list(found.order_by("pk").values_list("pk", flat=True))


def ids_to_review(
    *, release: str = "", organisation_ids: Iterable[int] | None = None
) -> list[int]:
    """Every message that waits for review, in the reach of an account; no person."""
    found = _reached(release, organisation_ids).filter(_TABS[Tab.REVIEW])
    return list(found.order_by("pk").values_list("pk", flat=True))


def is_written(*, key: str) -> bool:
    """Whether the message with this key was ever put in the outbox; shows no person."""
    return OutboxMessage.objects.filter(key=key).exists()
