"""What residents are told about seats: neutral, in their language, with je or u.

None of these waits for review: an offer has a deadline, and a confirmation or a
reminder tells what is so. They go through the outbox all the same, where a
coordinator sees them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.actor import Actor
from courses.enums import SessionState
from courses.models import Enrolment, Session
from messaging.enums import MessageKind
from messaging.services import Wording, drop_unsent, letter, queue_letters
from people.selectors import persons_by_resident

if TYPE_CHECKING:
    from people.models import Person

OFFER = Wording(
    subject=_("There is a place: answer before %(until)s"),
    formal=pgettext_lazy(
        "u",
        "There is a place for you. We keep it for you until %(until)s. Sign in to see "
        "it, and say yes or no. Do we hear nothing by then? Then the place goes to the "
        "next person on the waiting list.",
    ),
    informal=pgettext_lazy(
        "je",
        "There is a place for you. We keep it for you until %(until)s. Sign in to see "
        "it, and say yes or no. Do we hear nothing by then? Then the place goes to the "
        "next person on the waiting list.",
    ),
    link_words=_("Look and answer"),
)
OFFER_REMINDER = Wording(
    subject=_("We still keep a place: answer before %(until)s"),
    formal=pgettext_lazy(
        "u",
        "There is still a place for you, until %(until)s. Sign in and say yes or no. "
        "No is fine too: then somebody else can have it.",
    ),
    informal=pgettext_lazy(
        "je",
        "There is still a place for you, until %(until)s. Sign in and say yes or no. "
        "No is fine too: then somebody else can have it.",
    ),
    link_words=_("Look and answer"),
)
OFFER_LAPSED = Wording(
    subject=_("The place that we kept"),
    formal=pgettext_lazy(
        "u",
        "We did not hear from you, so the place went to the next person on the waiting "
        "list. You have lost nothing else. Do you still want to take part? Sign in and "
        "tell us. Your place in turn stays as it was.",
    ),
    informal=pgettext_lazy(
        "je",
        "We did not hear from you, so the place went to the next person on the waiting "
        "list. You have lost nothing else. Do you still want to take part? Sign in and "
        "tell us. Your place in turn stays as it was.",
    ),
    link_words=_("Sign in"),
)
ENROLLED = Wording(
    subject=_("Your place is certain"),
    formal=pgettext_lazy(
        "u",
        "Your place is certain. Sign in to see when and where you are expected. Can "
        "you not come after all? Tell us there, so that somebody else can have the "
        "place.",
    ),
    informal=pgettext_lazy(
        "je",
        "Your place is certain. Sign in to see when and where you are expected. Can "
        "you not come after all? Tell us there, so that somebody else can have the "
        "place.",
    ),
    link_words=_("See my appointments"),
)
TOMORROW = Wording(
    subject=_("You have an appointment tomorrow"),
    formal=pgettext_lazy(
        "u",
        "You have an appointment on %(start)s. Sign in for the details. Can you not "
        "come? Tell us there.",
    ),
    informal=pgettext_lazy(
        "je",
        "You have an appointment on %(start)s. Sign in for the details. Can you not "
        "come? Tell us there.",
    ),
    link_words=_("See my appointments"),
)


def own_page() -> str:
    """The address of a resident's own appointments."""
    return f"{settings.GEM_SITE_URL}{reverse('courses:mine')}"


def offer_key(offer: Enrolment) -> str:
    """The key of the message about an offer; one for each time it is made."""
    return f"offer-{offer.pk}"


def tell_offers(*, actor: Actor, offers: Sequence[Enrolment]) -> None:
    """Tell each owner that a seat is kept, and until when; a few queries in all."""
    _tell(actor, offers, OFFER, MessageKind.OFFER, "")


def remind_of_offers(*, actor: Actor, offers: Sequence[Enrolment]) -> None:
    """Tell each owner once more, before the offer lapses; once for each offer."""
    _tell(actor, offers, OFFER_REMINDER, MessageKind.REMINDER, "-reminder")


def tell_lapsed(*, actor: Actor, offers: Sequence[Enrolment]) -> None:
    """Tell who did not answer that the seat went on; drop what was not sent yet."""
    offers_over(actor=actor, offers=offers)
    _tell(actor, offers, OFFER_LAPSED, MessageKind.OFFER, "-lapsed")


def offers_over(*, actor: Actor, offers: Sequence[Enrolment]) -> None:
    """Drop what was not sent yet about offers that were answered or taken back."""
    keys = [
        f"{offer_key(one)}{suffix}" for one in offers for suffix in ("", "-reminder")
    ]
    drop_unsent(actor=actor, keys=keys)


def tell_enrolled(*, actor: Actor, seat: Enrolment) -> None:
    """Confirm a seat; the dates that are known go along as a calendar file."""
    person = persons_by_resident(actor=actor, resident_ids=[seat.resident_id]).get(
        seat.resident_id
    )
    if person is None or person.contact_channel == "none":
        return
    dates = Session.objects.filter(
        series=seat.series_id, state=SessionState.PUBLISHED
    ).order_by("period")
    queue_letters(
        actor=actor,
        letters=[
            letter(
                ENROLLED,
                recipient=person,
                key=f"enrolled-{seat.pk}",
                kind=MessageKind.ENROLMENT,
                link=own_page(),
                sessions=tuple(dates.values_list("pk", flat=True)),
                review=False,
            )
        ],
    )


def _tell(
    actor: Actor,
    offers: Sequence[Enrolment],
    wording: Wording,
    kind: str,
    suffix: str,
) -> None:
    if not offers:
        return
    persons: dict[int, Person] = persons_by_resident(
        actor=actor, resident_ids=[one.resident_id for one in offers]
    )
    page = own_page()
    queue_letters(
        actor=actor,
        letters=[
            letter(
                wording,
                recipient=persons[one.resident_id],
                key=f"{offer_key(one)}{suffix}",
                values={"until": one.offer_expires_at},
                kind=kind,
                link=page,
                review=False,
            )
            for one in offers
        ],
    )
