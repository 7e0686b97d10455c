"""Sending, at most once: a message is never given to the mail server twice by itself.

SMTP cannot take a message and say so in one step that survives a crash: whoever is
killed after the server took the message and before writing that down cannot know. So
the state `sending` is committed first, with a fence; then the message is handed over;
then the result is written, if the fence is still ours. A message that stays in
`sending` becomes `unsure` and is shown to a coordinator, who decides. What is certain
not to have gone (no connection, an answer that refuses) is tried again by itself,
after growing pauses.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit.actor import Actor
from messaging.delivery import Deliverer, NotSent, Perhaps
from messaging.enums import TO_GO, MessageChannel, MessageState
from messaging.models import OutboxMessage
from messaging.services.queueing import log_messages

logger = logging.getLogger(__name__)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
MAX_ATTEMPTS = len(PAUSES) + 1
LEASE = timedelta(minutes=15)
"""Longer than any conversation with a mail server (EMAIL_TIMEOUT for each step)."""
ROUND = timedelta(minutes=1)
"""Between two rounds of sending (`messaging.tasks`)."""
BY_PROGRAM = (MessageChannel.EMAIL, MessageChannel.SMS)


def is_quiet(at: datetime) -> bool:
    """Whether readers are left alone now: `QUIET_HOURS`, on the region's clock."""
    start, end = (time.fromisoformat(text) for text in settings.QUIET_HOURS)
    now = timezone.localtime(at).time()
    if start == end:
        return False
    return start <= now < end if start < end else now >= start or now < end


def goes_at(at: datetime) -> datetime:
    """When a message written at this moment goes: `at`, or the end of quiet hours.

    Also that end where quiet hours begin before the next round of sending.
    """
    if not is_quiet(at + ROUND):
        return at
    end = time.fromisoformat(settings.QUIET_HOURS[1])
    local = timezone.localtime(at + ROUND)
    over = datetime.combine(local.date(), end, tzinfo=local.tzinfo)
    return over if over > local else over + timedelta(days=1)


@dataclass
class _Claimed:
    """A message that is ours to send, as long as its fence is this one."""

    message: OutboxMessage
    fence: int


def send_approved(
    *, actor: Actor, limit: int = 500, now: datetime | None = None
) -> int:
    """Send what was approved and whose time has come; returns how many went.

    Several workers may do this at once: each message is claimed by one. In quiet
    hours only urgent messages go. A message that failed is tried again after a pause
    of 1, 5, 15, 60 and 240 minutes, and then left to a person.
    """
    at = now or timezone.now()
    give_up_silent(actor=actor, now=at)
    sent = 0
    with Deliverer() as deliverer:
        for _number in range(limit):
            claimed = _claim(at)
            if claimed is None:
                break
            sent += _send(actor, claimed, deliverer, at)
    return sent


def give_up_silent(*, actor: Actor, now: datetime | None = None) -> int:
    """Messages whose sender fell silent: perhaps they went, so they are not sent."""
    at = now or timezone.now()
    with transaction.atomic():
        silent = list(
            OutboxMessage.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(state=MessageState.SENDING, sending_since__lte=at - LEASE)
            .order_by("pk")
        )
        OutboxMessage.objects.filter(pk__in=[row.pk for row in silent]).update(
            state=MessageState.UNSURE, fault="silence"
        )
        if silent:
            log_messages(actor, "message.unsure", "U", silent)
    return len(silent)


@transaction.atomic
def _claim(at: datetime) -> _Claimed | None:
    """Take the next message and write down that it is being sent: committed first."""
    found = OutboxMessage.objects.filter(
        state__in=TO_GO,
        channel__in=BY_PROGRAM,
        attempts__lt=MAX_ATTEMPTS,
        not_before__lte=at,
    )
    if is_quiet(at):
        found = found.filter(urgent=True)
    message = (
        found.select_for_update(skip_locked=True, of=("self",))
        .select_related("recipient")
        .order_by("-urgent", "not_before", "pk")
        .first()
    )
    if message is None:
        return None
    message.state = MessageState.SENDING
    message.fence += 1
    message.attempts += 1
    message.sending_since = timezone.now()
    message.save(update_fields=["state", "fence", "attempts", "sending_since"])
    return _Claimed(message, message.fence)


def _send(actor: Actor, claimed: _Claimed, deliverer: Deliverer, at: datetime) -> bool:
    message = claimed.message
    try:
        deliverer.deliver(message)
    except NotSent as refused:
        # The address and the server's own words stay out of the log.
        logger.warning("message %s was not sent: %s", message.pk, refused.code)
        last = refused.final or message.attempts >= MAX_ATTEMPTS
        pause = timedelta() if last else PAUSES[message.attempts - 1]
        return _settle(
            actor,
            claimed,
            state=MessageState.FAILED,
            fault=refused.code,
            attempts=MAX_ATTEMPTS if last else message.attempts,
            not_before=at + pause,
        )
    except Perhaps as doubt:
        logger.warning("message %s was perhaps sent: %s", message.pk, doubt.code)
        return _settle(actor, claimed, state=MessageState.UNSURE, fault=doubt.code)
    gone = {"body": "", "link": ""} if message.secret else {}
    if message.address:
        gone["address"] = masked(message.address)
    return _settle(
        actor,
        claimed,
        state=MessageState.SENT,
        sent_at=timezone.now(),
        fault="",
        **gone,
    )


@transaction.atomic
def _settle(actor: Actor, claimed: _Claimed, **fields: object) -> bool:
    """Write down how it went, unless somebody let it go once more meanwhile."""
    ours = OutboxMessage.objects.filter(
        pk=claimed.message.pk,
        fence=claimed.fence,
        state__in=[MessageState.SENDING, MessageState.UNSURE],
    ).update(**fields)
    if not ours:
        logger.warning("message %s was settled by another", claimed.message.pk)
        return False
    log_messages(actor, "message.send", "E", [claimed.message])
    return fields["state"] == MessageState.SENT


def masked(address: str) -> str:
    """An address that cannot be read back: its first letter and its domain."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain}" if domain and name else "***"
