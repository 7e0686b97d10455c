"""A resident's own contact details, and a new mail address proven by a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from audit.actor import Actor
from courses.near import by_postcode
from courses.services.link_words import CHANGED as ADDRESS_CHANGED
from messaging.enums import MessageKind
from messaging.services import letter, queue_letters
from people import services as people
from people.enums import ContactChannel
from people.selectors import places
from people.services.accounts import account_by_address, change_account_address

if TYPE_CHECKING:
    from courses.models import MailLink
    from people.models import Organisation, Person


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
    _tell_old(link, person.organisation, sorted(old - {new, ""}))
    return person


def _tell_old(
    link: MailLink, organisation: Organisation | None, old: Sequence[str]
) -> None:
    """Neutral words to each address that was, at once; a dead mailbox stops nothing."""
    letters = [
        letter(
            ADDRESS_CHANGED,
            key=f"address-changed-{link.pk}-{number}",
            address=address,
            organisation=organisation,
            language=link.language,
            kind=MessageKind.ACCOUNT,
            secret=True,
            urgent=True,
            review=False,
        )
        for number, address in enumerate(old)
    ]
    queue_letters(actor=Actor.system("courses.contact"), letters=letters)
