"""Messages after a release: one for each person it concerns, neutral, to review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.actor import Actor
from messaging.enums import MessageKind
from messaging.services import Letter, Wording, drop_unsent, letter, queue_letters
from people.selectors import persons_by_id
from publishing.changes import Change
from publishing.models import Release
from publishing.services.untold import key_of, to_tell

if TYPE_CHECKING:
    from people.models import Person

CHANGED = Wording(
    subject=pgettext_lazy("subject", "There is a change in your agenda"),
    formal=pgettext_lazy(
        "u", "Something changed in your agenda. Sign in to GEM to see what."
    ),
    informal=pgettext_lazy(
        "je", "Something changed in your agenda. Sign in to GEM to see what."
    ),
    link_words=_("See my agenda"),
)


def notice_for(person: Person) -> Letter | None:
    """The message a release would put in the outbox; ``None`` for who wants none."""
    if person.contact_channel == "none":
        return None
    return letter(CHANGED, key="release", recipient=person)


def queue_notices(*, actor: Actor, release: Release, changes: Iterable[Change]) -> int:
    """Put one message for each person in the outbox; how many.

    It says that something changed and not what: what and where is behind the sign-in.
    The calendar entries of the sessions that changed go along, made anew when the
    message is sent: who saved an earlier one sees it move, or be cancelled. Going back
    on what nobody was told of yet is told to nobody, and the messages about it go;
    whoever is told has the entries of those messages with the new one.
    """
    told = to_tell(schedule=release.schedule, changes=changes, release=release)
    carried: dict[int, list[UUID]] = defaultdict(list)
    for gone in drop_unsent(actor=actor, keys=told.outdated) if told.outdated else ():
        carried[gone.recipient_id or 0] += gone.sessions
    letters = [
        letter(
            CHANGED,
            recipient=person,
            key=key_of(release.pk, person.pk),
            kind=MessageKind.RELEASE,
            release=str(release.pk),
            # The first page leads everybody to what is theirs.
            link=f"{settings.GEM_SITE_URL}/",
            sessions=tuple(
                dict.fromkeys([*carried[person.pk], *told.sessions[person.pk]])
            ),
        )
        for person in persons_by_id(actor=actor, person_ids=sorted(told.sessions))
        if person.contact_channel != "none"
    ]
    return len(queue_letters(actor=actor, letters=letters))
