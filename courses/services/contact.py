"""A resident's own contact details, and a new mail address proven by a link."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.actor import Actor
from courses.near import by_postcode
from people import services as people
from people.enums import ContactChannel
from people.selectors import places
from people.services.accounts import account_by_address, change_account_address

if TYPE_CHECKING:
    from courses.models import MailLink
    from people.models import Person


class AddressTaken(Exception):
    """The new address belongs to the account of somebody else."""


@transaction.atomic
def update_contact(
    *, actor: Actor, person: Person, details: Mapping[str, Any]
) -> Person:
    """Keep what `forms_contact.ContactForm` gave; journeys count from the postcode.

    A postcode of nowhere near leaves the place as it is.
    """
    digits = details["postcode4"]
    place = by_postcode(places(), digits) if digits else None
    return people.update_person(
        actor=actor, person=person, **details, place=place or person.place
    )


@transaction.atomic
def take_address(*, actor: Actor, link: MailLink) -> Person:
    """Let the address of a used link be the person's, for messages and to sign in.

    Staff, who sign in with a second step, keep the address that they sign in with. The
    old address is told, so that nobody loses an account unseen.

    Raises
    ------
    AddressTaken
        When another account has the address; nothing has changed then.
    """
    person, new = link.person, link.address
    if person is None:
        raise ValueError(f"link {link.pk} proves an address of nobody")
    other = account_by_address(address=new)
    if other is not None and other != person.user:
        raise AddressTaken
    user = person.user
    old = {user.email} if user is not None else set()
    if person.contact_channel == ContactChannel.EMAIL:
        old.add(person.contact_address.lower())
    people.update_person(
        actor=actor,
        person=person,
        contact_channel=ContactChannel.EMAIL.value,
        contact_address=new,
    )
    if user is not None and not user.needs_two_factor:
        change_account_address(actor=actor, user=user, address=new)
    for address in sorted(old - {new}):
        transaction.on_commit(partial(_tell_old, address, link.language))
    return person


def _tell_old(address: str, language: str) -> None:
    """Neutral words to the address that was; a dead mailbox stops nothing."""
    with override(language):
        EmailMessage(
            subject=_("Your e-mail address was changed"),
            body=_(
                "Your messages now go to another e-mail address. Did you do this? Then "
                "all is well. Was it not you? Call the organisation that helps you."
            ),
            to=[address],
            headers={"Auto-Submitted": "auto-generated", "Content-Language": language},
        ).send(fail_silently=True)
