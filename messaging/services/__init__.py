"""The outbox: queue, review, and send each message at most once."""

from messaging.services.queueing import (
    Letter,
    drop_unsent,
    letter,
    queue,
    queue_for_all,
    queue_letters,
    states_of_messages,
    tell,
)
from messaging.services.review import (
    StaleWords,
    approve,
    drop,
    edit,
    hold_back,
    mark_told,
    send_again,
)
from messaging.services.sending import (
    LEASE,
    MAX_ATTEMPTS,
    give_up_silent,
    goes_at,
    is_quiet,
    masked,
    send_approved,
)
from messaging.services.tidy import erase_gone
from messaging.wording import Wording

__all__ = [
    "LEASE",
    "MAX_ATTEMPTS",
    "Letter",
    "StaleWords",
    "Wording",
    "approve",
    "drop",
    "drop_unsent",
    "edit",
    "erase_gone",
    "give_up_silent",
    "goes_at",
    "hold_back",
    "is_quiet",
    "letter",
    "mark_told",
    "masked",
    "queue",
    "queue_for_all",
    "queue_letters",
    "send_again",
    "send_approved",
    "states_of_messages",
    "tell",
]
