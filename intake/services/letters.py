"""Mails about a conversation: neutral, to who has a mail address.

Who has none is telephoned: the coordinator's page lists them. Nothing here names a
subject, a place, a professional or the resident (NTA 7516).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from audit.actor import Actor
from courses.words import moment
from intake.services.proposals import make_link
from messaging.services import approve, queue
from people.services.known import person_of_account

if TYPE_CHECKING:
    from intake.models import Consultation, ProposedTime, Referral
    from people.models import Facilitator, Person

Words = tuple[Promise, Promise]

TIMES: Words = (
    _("Choose a time for your appointment"),
    _(
        "Hello,\n\nWe have %(number)d times for you. Choose one here:\n"
        "%(address)s\n\nCan you not come at these times? You can say so there. "
        "You can also call us.\n\nKind regards,\nGEM"
    ),
)
STILL: Words = (
    _("You can still choose a time"),
    _(
        "Hello,\n\nWe wrote to you with times for an appointment. You can still "
        "choose one, or ask for other times.%(moment)s\n\nKind regards,\nGEM"
    ),
)
CHOSEN: Words = (
    _("You have an appointment"),
    _(
        "Hello,\n\nYou have an appointment on %(moment)s. Sign in to see where. "
        "Can you not come? Tell us in time.\n\nKind regards,\nGEM"
    ),
)
TOMORROW: Words = (
    _("Tomorrow you have an appointment"),
    _(
        "Hello,\n\nYou have an appointment on %(moment)s. Sign in to see where."
        "\n\nKind regards,\nGEM"
    ),
)
NEWS: Words = (
    _("There is news for you"),
    _(
        "Hello,\n\nThere is news about something you asked for. Sign in to read it."
        "%(moment)s\n\nKind regards,\nGEM"
    ),
)
QUESTION: Words = (
    _("Somebody asks for half an hour of your time"),
    _(
        "Hello,\n\nA helper asks you to think along. Sign in to see when, and to say "
        "yes or no.%(moment)s\n\nKind regards,\nGEM"
    ),
)


def can_mail(person: Person) -> bool:
    """Whether a mail reaches this person."""
    return person.contact_channel == "email" and bool(person.contact_address)


def send(*, actor: Actor, person: Person, subject: str, body: str, key: str) -> bool:
    """Put a mail in the outbox that may go at once; whether one could be written."""
    if not can_mail(person):
        return False
    message = queue(
        actor=actor,
        recipient=person,
        subject=subject,
        body=body,
        key=key,
        language=language_of(person),
    )
    approve(actor=actor, message_ids=[message.pk])
    return True


def language_of(person: Person) -> str:
    """Dutch, or English for who speaks no Dutch."""
    return "nl" if "nl" in person.languages else "en"


def tell_times(*, actor: Actor, referral: Referral, number: int) -> bool:
    """There are times to choose from: with a link that works without an account."""
    person = referral.resident.person
    if not can_mail(person):
        return False
    address = settings.GEM_SITE_URL + reverse(
        "publishing:link_times", args=[make_link(referral=referral)]
    )
    with override(language_of(person)):
        return send(
            actor=actor,
            person=person,
            subject=str(TIMES[0]),
            body=str(TIMES[1]) % {"number": number, "address": address},
            key=f"times-{referral.pk}-{timezone.now():%Y%m%d%H%M%S%f}",
        )


def tell_appointment(*, actor: Actor, referral: Referral, time: ProposedTime) -> bool:
    """The time that was chosen, without what it is for."""
    person = referral.resident.person
    return _tell(actor, person, CHOSEN, time, f"appointment-{time.pk}")


def remind_appointment(*, actor: Actor, referral: Referral, time: ProposedTime) -> bool:
    """Tomorrow there is an appointment."""
    person = referral.resident.person
    return _tell(actor, person, TOMORROW, time, f"appointment-reminder-{time.pk}")


def remind_to_choose(*, actor: Actor, referral: Referral, round_of: str) -> bool:
    """The times are still waiting; once for each round of times."""
    person = referral.resident.person
    return _tell(actor, person, STILL, None, f"times-reminder-{referral.pk}-{round_of}")


def tell_referrer(*, actor: Actor, referral: Referral, what: str) -> bool:
    """There is news of a referral: to sign in for, and nothing else."""
    if referral.referrer is None:
        return False
    person = person_of_account(
        actor=actor, user=referral.referrer, organisation=referral.organisation
    )
    return _tell(actor, person, NEWS, None, f"referral-{referral.pk}-{what}")


def tell_consultation(*, actor: Actor, time: ProposedTime, lead: Facilitator) -> bool:
    """A professional is asked for half an hour: to sign in for."""
    key = f"consultation-{time.pk}-asked"
    return _tell(actor, lead.person, QUESTION, None, key)


def tell_asker(*, actor: Actor, consultation: Consultation, time: ProposedTime) -> bool:
    """Somebody will think along, and when."""
    person = person_of_account(
        actor=actor,
        user=consultation.asked_by,
        organisation=consultation.organisation,
    )
    return _tell(actor, person, CHOSEN, time, f"consultation-{time.pk}-accepted")


def _tell(
    actor: Actor, person: Person, words: Words, time: ProposedTime | None, key: str
) -> bool:
    with override(language_of(person)):
        when = moment(time.period.lower) if time is not None else ""
        return send(
            actor=actor,
            person=person,
            subject=str(words[0]),
            body=str(words[1]) % {"moment": when},
            key=key,
        )
