"""Messages that are gone do not stay for ever."""

from __future__ import annotations

from django.db.models import Q

from messaging.enums import MessageState
from messaging.models import OutboxMessage

GONE = (MessageState.SENT, MessageState.UNSURE, MessageState.DROPPED)


def erase_gone(*, past: Q) -> int:
    """Erase messages that were sent or dropped and match `past`; how many."""
    return OutboxMessage.objects.filter(past, state__in=GONE).delete()[0]
