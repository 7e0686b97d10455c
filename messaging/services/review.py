"""Looking a message over: edit, approve, hold back, drop, tell by hand, send again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.rows import save_checked
from messaging.enums import NOT_GONE, MessageChannel, MessageState
from messaging.models import OutboxMessage
from messaging.services.queueing import log_messages


class StaleWords(Exception):
    """Somebody else changed the words after they were looked at; nothing is done."""


def _in_state(ids: Iterable[int], states: Sequence[str]) -> list[OutboxMessage]:
    return list(
        OutboxMessage.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__in=list(ids), state__in=list(states))
        .order_by("pk")
    )


def _act(
    actor: Actor, code: str, messages: list[OutboxMessage], **fields: object
) -> int:
    OutboxMessage.objects.filter(pk__in=[row.pk for row in messages]).update(**fields)
    if messages:
        log_messages(actor, code, "U", messages)
    return len(messages)


@transaction.atomic
def approve(
    *,
    actor: Actor,
    message_ids: Iterable[int],
    seen: Mapping[int, str] | None = None,
) -> int:
    """Approve messages that wait for review; returns how many were approved now.

    `seen`: for messages that were read, the mark of the words as they were then.

    Raises
    ------
    StaleWords
        If the words of one of those are others by now.
    """
    rows = _in_state(message_ids, [MessageState.DRAFT])
    for row in rows:
        _check_seen(row, (seen or {}).get(row.pk, row.words_mark))
    return _act(
        actor,
        "message.approve",
        rows,
        state=MessageState.APPROVED,
        approved_by=actor.user_id,
        approved_at=timezone.now(),
    )


@transaction.atomic
def hold_back(*, actor: Actor, message_ids: Iterable[int]) -> int:
    """Take approved or failed messages back into review; how many were taken back.

    A failed one starts with a clean slate when it is approved again.
    """
    return _act(
        actor,
        "message.hold_back",
        _in_state(message_ids, [MessageState.APPROVED, MessageState.FAILED]),
        state=MessageState.DRAFT,
        approved_by="",
        approved_at=None,
        attempts=0,
        fault="",
        not_before=timezone.now(),
    )


@transaction.atomic
def drop(*, actor: Actor, message_ids: Iterable[int]) -> int:
    """Drop messages that have not gone, or perhaps have; how many were dropped now."""
    return _act(
        actor,
        "message.drop",
        _in_state(message_ids, [*NOT_GONE, MessageState.UNSURE]),
        state=MessageState.DROPPED,
    )


@transaction.atomic
def send_again(*, actor: Actor, message_id: int) -> bool:
    """Let a message that perhaps went, or failed for good, go once more.

    A person decides this: the reader may get it twice. The Message-ID stays, so that
    many mail programs show it once. Returns whether it was in such a state.
    """
    rows = _in_state([message_id], [MessageState.UNSURE, MessageState.FAILED])
    return bool(
        _act(
            actor,
            "message.send_again",
            rows,
            state=MessageState.APPROVED,
            approved_by=actor.user_id,
            approved_at=timezone.now(),
            attempts=0,
            fault="",
            not_before=timezone.now(),
        )
    )


@transaction.atomic
def mark_told(*, actor: Actor, message_id: int) -> bool:
    """Write down that somebody was told by telephone or post; False if not by hand."""
    rows = [
        row
        for row in _in_state([message_id], [MessageState.DRAFT, MessageState.APPROVED])
        if row.channel == MessageChannel.HAND
    ]
    now = timezone.now()
    return bool(
        _act(
            actor,
            "message.told",
            rows,
            state=MessageState.SENT,
            sent_at=now,
            approved_by=actor.user_id,
            approved_at=now,
        )
    )


def _check_seen(row: OutboxMessage, seen: str) -> None:
    if seen != row.words_mark:
        raise StaleWords(row.pk)


@transaction.atomic
def edit(
    *, actor: Actor, message_id: int, subject: str, body: str, seen: str
) -> OutboxMessage:
    """Change the words of a message that waits for review.

    `seen` is the `words_mark` of the words that were looked at.

    Raises
    ------
    StaleWords
        If somebody else changed the words meanwhile.
    django.core.exceptions.ValidationError
        If it is not in review any more, is secret, or the words are not right.
    """
    rows = _in_state([message_id], [MessageState.DRAFT])
    if not rows or rows[0].secret:
        raise ValidationError(
            _("This message can no longer be changed. Hold it back first.")
        )
    row = rows[0]
    _check_seen(row, seen)
    row.subject, row.body = " ".join(subject.split()), body.replace("\r\n", "\n")
    save_checked(row)
    log_messages(actor, "message.edit", "U", [row])
    return row
