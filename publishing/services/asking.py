"""After a release: each new leader is asked whether he or she will lead.

The mail has a link that works once and a button; where to be and for what stays behind
it. Messages wait in the outbox with the others of the release.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.actor import Actor
from courses.services import ask_leaders, asked_in_vain, drop_askings
from messaging.enums import NOT_GONE, MessageKind
from messaging.services import (
    Wording,
    drop_unsent,
    letter,
    queue_letters,
    states_of_messages,
)
from publishing.services.tell import site_link

WILL_YOU_LEAD = Wording(
    subject=pgettext_lazy("subject", "Will you lead this?"),
    formal=pgettext_lazy(
        "u",
        "You are asked to lead something. Look when and where it is, and say yes or "
        "no. The button works once, for two weeks. You can also answer in your own "
        "agenda, after signing in.",
    ),
    informal=pgettext_lazy(
        "je",
        "You are asked to lead something. Look when and where it is, and say yes or "
        "no. The button works once, for two weeks. You can also answer in your own "
        "agenda, after signing in.",
    ),
    link_words=_("Look and answer"),
)


def ask_new_leaders(
    *, actor: Actor, series_ids: Iterable[uuid.UUID], release: str = ""
) -> int:
    """Ask who was not asked yet for these series; how many messages wait now.

    Who leads nothing of it after all is not asked any more, if he did not hear of it.
    """
    series_ids = [*series_ids]
    _ask_no_more(actor, series_ids)
    letters = [
        letter(
            WILL_YOU_LEAD,
            key=_key(one.assignment.pk),
            recipient=one.assignment.facilitator.person,
            link=site_link("publishing:assignment_link", one.token),
            secret=True,
            kind=MessageKind.REQUEST,
            release=release,
        )
        for one in ask_leaders(actor=actor, series_ids=series_ids)
    ]
    return len(queue_letters(actor=actor, letters=letters)) if letters else 0


def _key(assignment_id: int) -> str:
    return f"lead-{assignment_id}"


def _ask_no_more(actor: Actor, series_ids: Iterable[uuid.UUID]) -> None:
    """Take askings back whose message has not gone, with that message: the leader would
    be asked for something that is led by somebody else."""
    vain = {_key(pk): pk for pk in asked_in_vain(series_ids=series_ids)}
    if not vain:
        return
    states = states_of_messages(keys=[*vain], lock=True)
    unheard = [key for key, state in states.items() if state in NOT_GONE]
    drop_unsent(actor=actor, keys=unheard)
    drop_askings(actor=actor, assignment_ids=[vain[key] for key in unheard])
