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
from courses.services import ask_leaders
from messaging.enums import MessageKind
from messaging.services import Wording, letter, queue_letters
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
    """Ask who was not asked yet for these series; how many messages wait now."""
    letters = [
        letter(
            WILL_YOU_LEAD,
            key=f"lead-{one.assignment.pk}",
            recipient=one.assignment.facilitator.person,
            link=site_link("publishing:assignment_link", one.token),
            secret=True,
            kind=MessageKind.REQUEST,
            release=release,
        )
        for one in ask_leaders(actor=actor, series_ids=series_ids)
    ]
    return len(queue_letters(actor=actor, letters=letters)) if letters else 0
