"""Telling coordinators, centre managers and askers that something needs them.

Neutral words, and no review: the reader is a colleague at work, and what is told waits
behind the sign-in. One message for each thing and person, however often it is seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.actor import Actor
from messaging.enums import MessageKind
from messaging.services import Wording, letter, queue_letters
from people.enums import Role
from people.selectors import persons_in_role

if TYPE_CHECKING:
    from people.models import Person

SESSIONS_NEED_YOU = Wording(
    subject=pgettext_lazy("subject", "Something in the schedule needs you"),
    formal=pgettext_lazy(
        "u",
        "A planned meeting cannot go on as it is. Sign in to GEM to see which one "
        "and why.",
    ),
    informal=pgettext_lazy(
        "je",
        "A planned meeting cannot go on as it is. Sign in to GEM to see which one "
        "and why.",
    ),
    link_words=_("Look at the week"),
)
HELP_ASKED = Wording(
    subject=_("A leader asks for a substitute"),
    formal=pgettext_lazy(
        "u", "A leader asks for somebody to come in. Sign in to GEM to see for what."
    ),
    informal=pgettext_lazy(
        "je", "A leader asks for somebody to come in. Sign in to GEM to see for what."
    ),
    link_words=_("Look at the meeting"),
)
ROOM_ASKED = Wording(
    subject=_("Somebody asks for a room"),
    formal=pgettext_lazy(
        "u",
        "Somebody asks to use one of your rooms. Answer before the request lapses.",
    ),
    informal=pgettext_lazy(
        "je",
        "Somebody asks to use one of your rooms. Answer before the request lapses.",
    ),
    link_words=_("Look at the request"),
)
ROOM_ANSWERED = Wording(
    subject=pgettext_lazy("subject", "About the room you asked for"),
    formal=pgettext_lazy(
        "u", "Your request for a room was answered, or has lapsed. Sign in to see."
    ),
    informal=pgettext_lazy(
        "je", "Your request for a room was answered, or has lapsed. Sign in to see."
    ),
    link_words=_("Look at my requests"),
)
AGENDA_BROKEN = Wording(
    subject=_("An agenda of a room cannot be read"),
    formal=pgettext_lazy(
        "u",
        "The agenda of one of your rooms can no longer be read. What was read before "
        "still counts. Sign in to GEM to see what is wrong.",
    ),
    informal=pgettext_lazy(
        "je",
        "The agenda of one of your rooms can no longer be read. What was read before "
        "still counts. Sign in to GEM to see what is wrong.",
    ),
    link_words=_("Look at the agenda"),
)


def site_link(name: str, *args: object) -> str:
    """The whole address of a page of this site, for a message."""
    return f"{settings.GEM_SITE_URL}{reverse(name, args=args)}"


def tell_role(
    *,
    actor: Actor,
    role: Role,
    organisation_ids: Iterable[int],
    wording: Wording,
    key: str,
    link: str,
) -> int:
    """Write to who holds a role there or in the region; how many messages are new."""
    persons = persons_in_role(actor=actor, role=role, organisation_ids=organisation_ids)
    return tell_persons(
        actor=actor, persons=persons, wording=wording, key=key, link=link
    )


def tell_persons(
    *, actor: Actor, persons: Iterable[Person], wording: Wording, key: str, link: str
) -> int:
    """Write the same to these persons, once for each key; how many are new."""
    letters = [
        letter(
            wording,
            key=f"{key}-{person.pk}",
            recipient=person,
            link=link,
            kind=MessageKind.REQUEST,
            review=False,
        )
        for person in persons
    ]
    return len(queue_letters(actor=actor, letters=letters)) if letters else 0
