"""What people are told or asked when somebody looks for a seat for them: neutral words.

What it is about stays behind the sign-in. None waits for review: a coordinator pressed
the button for this one person, and the words are always the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.actor import Actor
from messaging.enums import MessageKind
from messaging.services import Wording, drop_unsent, letter, queue_letters
from people.enums import Role
from people.selectors import persons_by_id, persons_in_role

if TYPE_CHECKING:
    from rooms.models import Centre, ExtraHours
    from scheduling.models import HelpStep

QUESTION = Wording(
    subject=_("We have a question for you"),
    formal=pgettext_lazy(
        "u",
        "We are looking for a place for you. Sign in to read our question, and say yes "
        "or no. No is fine too: your place in turn stays as it was.",
    ),
    informal=pgettext_lazy(
        "je",
        "We are looking for a place for you. Sign in to read our question, and say yes "
        "or no. No is fine too: your place in turn stays as it was.",
    ),
    link_words=_("Read the question"),
)
LEADER_QUESTION = Wording(
    subject=_("Could you do a little more?"),
    formal=pgettext_lazy(
        "u",
        "With a little more of your time a group can be held. Sign in to read our "
        "question, and say yes or no. No is fine too.",
    ),
    informal=pgettext_lazy(
        "je",
        "With a little more of your time a group can be held. Sign in to read our "
        "question, and say yes or no. No is fine too.",
    ),
    link_words=_("Read the question"),
)
NEXT_TERM = Wording(
    subject=pgettext_lazy("subject", "About your request"),
    formal=pgettext_lazy(
        "u",
        "There is no place for you yet. We look again for the next period. Your place "
        "in turn stays as it was. Sign in to see it, or to tell us that you want "
        "something else.",
    ),
    informal=pgettext_lazy(
        "je",
        "There is no place for you yet. We look again for the next period. Your place "
        "in turn stays as it was. Sign in to see it, or to tell us that you want "
        "something else.",
    ),
    link_words=_("See my request"),
)
ROOM_WANTED = Wording(
    subject=_("We are looking for one more room"),
    formal=pgettext_lazy(
        "u",
        "We look for one more room for a group. Sign in to see when, and answer.",
    ),
    informal=pgettext_lazy(
        "je",
        "We look for one more room for a group. Sign in to see when, and answer.",
    ),
    link_words=_("Look at the request"),
)


def page(name: str, *args: object) -> str:
    """The whole address of a page of this site, for a message."""
    return f"{settings.GEM_SITE_URL}{reverse(name, args=args)}"


def key_of(step: HelpStep) -> str:
    """The key of the message about a step; one for each step."""
    return f"help-{step.pk}"


def send_question(*, actor: Actor, step: HelpStep, leader: bool) -> None:
    """Ask the person of a step; the answer is given on a page of the site."""
    _send(
        actor,
        step,
        LEADER_QUESTION if leader else QUESTION,
        page("scheduling:question", step.pk),
        MessageKind.REQUEST if leader else MessageKind.NOTICE,
    )


def tell_next_term(*, actor: Actor, step: HelpStep) -> None:
    """Tell a resident that we look again in the next period."""
    _send(actor, step, NEXT_TERM, page("courses:mine"), MessageKind.NOTICE)


def _send(
    actor: Actor, step: HelpStep, wording: Wording, link: str, kind: MessageKind
) -> None:
    persons = persons_by_id(actor=actor, person_ids=[step.asked_id or 0])
    letters = [
        letter(
            wording, key=key_of(step), recipient=one, link=link, kind=kind, review=False
        )
        for one in persons
        if one.contact_channel != "none"
    ]
    if letters:
        queue_letters(actor=actor, letters=letters)


def take_message_back(*, actor: Actor, step: HelpStep) -> None:
    """Drop what was not sent yet about a step that was answered or undone."""
    drop_unsent(actor=actor, keys=[key_of(step)])


def tell_managers(*, actor: Actor, hours: ExtraHours, centre: Centre) -> int:
    """Tell who minds a centre that a room is asked for; how many messages wait."""
    managers = persons_in_role(
        actor=actor,
        role=Role.CENTRE_MANAGER,
        organisation_ids=[centre.organisation_id],
    )
    letters = [
        letter(
            ROOM_WANTED,
            key=f"hours-{hours.pk}-{one.pk}",
            recipient=one,
            link=page("publishing:centre_asked", centre.code),
            kind=MessageKind.REQUEST,
            review=False,
        )
        for one in managers
    ]
    return len(queue_letters(actor=actor, letters=letters)) if letters else 0
