"""Messages about a conversation: neutral, in the reader's language, with je or u.

Who has no mail address and no number for text messages is telephoned: the
coordinator's page says so. Nothing here names a subject, a place, a professional or
the resident (NTA 7516). None waits for review: a time that nobody hears of is lost.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.actor import Actor
from intake.services.proposals import make_link
from messaging.enums import MessageKind
from messaging.selectors import is_written
from messaging.services import Wording, tell
from people.services.known import person_of_account

if TYPE_CHECKING:
    from intake.models import Consultation, ProposedTime, Referral
    from people.models import Facilitator, Person

REACHED = frozenset({"email", "sms"})
TIMES = Wording(
    subject=pgettext_lazy("subject", "Choose a time for your appointment"),
    formal=pgettext_lazy(
        "u",
        "We have times for you. Choose one before %(until)s. Can you not come at these "
        "times? You can say so there. You can also call us.",
    ),
    informal=pgettext_lazy(
        "je",
        "We have times for you. Choose one before %(until)s. Can you not come at these "
        "times? You can say so there. You can also call us.",
    ),
    link_words=_("Choose a time"),
)
STILL = Wording(
    subject=pgettext_lazy("subject", "You can still choose a time"),
    formal=pgettext_lazy(
        "u",
        "We wrote to you with times for an appointment. You can still choose one, or "
        "ask for other times.",
    ),
    informal=pgettext_lazy(
        "je",
        "We wrote to you with times for an appointment. You can still choose one, or "
        "ask for other times.",
    ),
    link_words=_("Choose a time"),
)
CHOSEN = Wording(
    subject=pgettext_lazy("subject", "You have an appointment"),
    formal=pgettext_lazy(
        "u",
        "You have an appointment on %(start)s. Sign in to see where. Can you not come? "
        "Tell us in time.",
    ),
    informal=pgettext_lazy(
        "je",
        "You have an appointment on %(start)s. Sign in to see where. Can you not come? "
        "Tell us in time.",
    ),
)
NEWS = Wording(
    subject=pgettext_lazy("subject", "There is news for you"),
    formal=pgettext_lazy(
        "u", "There is news about something you asked for. Sign in to read it."
    ),
    informal=pgettext_lazy(
        "je", "There is news about something you asked for. Sign in to read it."
    ),
)
QUESTION = Wording(
    subject=pgettext_lazy("subject", "Somebody asks for half an hour of your time"),
    formal=pgettext_lazy(
        "u",
        "A helper asks you to think along. Sign in to see when, and to say yes or no.",
    ),
    informal=pgettext_lazy(
        "je",
        "A helper asks you to think along. Sign in to see when, and to say yes or no.",
    ),
)


def can_write(person: Person) -> bool:
    """Whether a message reaches this person without anybody calling."""
    return person.contact_channel in REACHED and bool(person.contact_address)


def tell_times(*, actor: Actor, referral: Referral) -> bool:
    """There are times to choose from: with a link that works without an account."""
    return _with_link(actor, referral, TIMES, "times")


def remind_to_choose(*, actor: Actor, referral: Referral, round_of: str) -> bool:
    """The times are still waiting; once for each round of times. The old link ends."""
    return _with_link(actor, referral, STILL, "times-reminder", round_of)


def _with_link(
    actor: Actor, referral: Referral, wording: Wording, name: str, round_of: str = ""
) -> bool:
    person = referral.resident.person
    if not can_write(person):
        return False
    key = f"{name}-{referral.pk}-{round_of or f'{timezone.now():%Y%m%d%H%M%S%f}'}"
    if is_written(key=key):  # a new link would stop the one that was mailed
        return False
    secret, until = make_link(referral=referral)
    tell(
        actor=actor,
        wording=wording,
        recipient=person,
        key=key,
        values={"until": timezone.localdate(until)},
        kind=MessageKind.APPOINTMENT,
        link=settings.GEM_SITE_URL + reverse("publishing:link_times", args=[secret]),
        secret=True,
        review=False,
    )
    return True


def tell_appointment(
    *, actor: Actor, referral: Referral, time: ProposedTime, session_id: uuid.UUID
) -> bool:
    """The time that was chosen, without what it is for."""
    return _tell(
        actor,
        referral.resident.person,
        CHOSEN,
        f"appointment-{time.pk}",
        reverse("courses:mine"),
        values={"start": time.period.lower},
        sessions=(session_id,),
    )


def tell_referrer(*, actor: Actor, referral: Referral, what: str) -> bool:
    """There is news of a referral: to sign in for, and nothing else."""
    if referral.referrer is None:
        return False
    person = person_of_account(
        actor=actor, user=referral.referrer, organisation=referral.organisation
    )
    page = reverse("intake:own_referral", args=[referral.pk])
    return _tell(actor, person, NEWS, f"referral-{referral.pk}-{what}", page)


def tell_consultation(*, actor: Actor, time: ProposedTime, lead: Facilitator) -> bool:
    """A professional is asked for half an hour: to sign in for."""
    page = reverse("publishing:asked")
    return _tell(actor, lead.person, QUESTION, f"consultation-{time.pk}-asked", page)


def tell_asker(
    *,
    actor: Actor,
    consultation: Consultation,
    time: ProposedTime,
    session_id: uuid.UUID,
) -> bool:
    """Somebody will think along, and when."""
    person = person_of_account(
        actor=actor,
        user=consultation.asked_by,
        organisation=consultation.organisation,
    )
    return _tell(
        actor,
        person,
        CHOSEN,
        f"consultation-{time.pk}-accepted",
        reverse("intake:think_along"),
        values={"start": time.period.lower},
        sessions=(session_id,),
    )


def _tell(
    actor: Actor, person: Person, wording: Wording, key: str, page: str, **more: Any
) -> bool:
    if not can_write(person):
        return False
    tell(
        actor=actor,
        wording=wording,
        recipient=person,
        key=key,
        kind=MessageKind.APPOINTMENT,
        link=settings.GEM_SITE_URL + page,
        review=False,
        **more,
    )
    return True
