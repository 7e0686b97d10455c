"""Is this somebody we know? Asked when a helper writes down a resident.

Two rows for one person split a waiting time and a file; one row for two persons shows
one the other's. So only what is surely the same person is taken as such, and what looks
like it is left for a coordinator to ask about. Who writes never learns the answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Q

from audit.actor import Actor
from audit.record import ADMINISTRATION, CARE, record_event
from people.enums import ContactChannel
from people.models import Person, Resident
from people.services import create_person, create_resident

if TYPE_CHECKING:
    from people.models import Organisation, Place, User

NUMBERS = frozenset({ContactChannel.PHONE.value, ContactChannel.SMS.value})
LOCK = 5150_0001
"""Key of the lock under which people are looked for and added, one at a time."""


@dataclass(frozen=True, kw_only=True)
class Described:
    """A resident as a helper describes one: the least by which to plan."""

    call_name: str
    birth_year: int | None
    contact_channel: str
    contact_address: str
    place: Place | None = None
    postcode4: str = ""
    organisation: Organisation | None = None


@dataclass(frozen=True, kw_only=True)
class Met:
    """The resident who was meant; `looks_like` is who else is much alike, if new."""

    resident: Resident
    is_new: bool
    looks_like: Person | None


@transaction.atomic
def meet(*, actor: Actor, described: Described) -> Met:
    """The resident who is described: known by name, year and address, or new.

    A year that is not known on one side is not held against it.

    What is known of somebody is never changed by what a helper writes. Until the
    transaction ends no other program adds a person this way.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    alike = list(_alike(described))
    record_event(
        actor=actor,
        code="person.search",
        action="E",
        purpose=CARE,
        subjects=[person.pk for person in alike],
        object_kind="person",
    )
    same = next((one for one in alike if _is(one, described)), None)
    if same is not None:
        resident = resident_for(actor=actor, person=same)
        return Met(resident=resident, is_new=False, looks_like=None)
    person = create_person(
        actor=actor,
        call_name=described.call_name,
        birth_year=described.birth_year,
        contact_channel=described.contact_channel,
        contact_address=described.contact_address,
        place=described.place,
        postcode4=described.postcode4,
        organisation=described.organisation,
    )
    resident = create_resident(actor=actor, person=person)
    alike_one = alike[0] if alike else None
    return Met(resident=resident, is_new=True, looks_like=alike_one)


def resident_for(*, actor: Actor, person: Person) -> Resident:
    """The person's resident row; made when there is none."""
    found = Resident.objects.select_related("person").filter(person=person).first()
    return found or create_resident(actor=actor, person=person)


@transaction.atomic
def remove_double(*, actor: Actor, person: Person) -> None:
    """Take away a row that was a second one for somebody; what hung on it has moved."""
    record_event(
        actor=actor,
        code="person.double",
        action="D",
        purpose=ADMINISTRATION,
        subjects=[person.pk],
        object_kind="person",
        object_id=person.pk,
    )
    person.delete()


@transaction.atomic
def person_of_account(
    *, actor: Actor, user: User, organisation: Organisation | None
) -> Person:
    """The person behind a helper's account, to write to; made when there is none."""
    person = Person.objects.filter(user=user).first()
    if person is not None:
        return person
    return create_person(
        actor=actor,
        user=user,
        organisation=organisation,
        call_name=user.email.partition("@")[0][:60],
        contact_channel=ContactChannel.EMAIL,
        contact_address=user.email,
    )


def _alike(described: Described) -> Iterable[Person]:
    """Persons with this address, and those of this name and year in this place.

    A year that was not written down, or not told, contradicts nothing.
    """
    own = reached_at(described.contact_channel, described.contact_address)
    year = described.birth_year
    wanted = Q(pk__in=[]) if year is None else Q(birth_year=year)
    if own:
        there = Q(contact_address__iregex=_written_as(own))
        wanted |= there if year is None else there & Q(birth_year=None)
    for person in Person.objects.filter(wanted).order_by("pk"):
        at = reached_at(person.contact_channel, person.contact_address)
        same_place = described.place is None or person.place_id == described.place.pk
        same_name = plain(person.call_name) == plain(described.call_name)
        same_year = year is not None and person.birth_year == year
        if (own and at == own) or (same_year and same_place and same_name):
            yield person


def _written_as(own: str) -> str:
    """A regular expression for the ways to write what `reached_at` gave.

    POSIX advanced, as PostgreSQL reads it; it may find more, and never less.
    """
    if own.isdigit():
        return r"\D*".join(own[-9:]) + r"\D*$"
    return r"\s+".join(re.escape(word) for word in own.split())


def _is(person: Person, described: Described) -> bool:
    own = reached_at(described.contact_channel, described.contact_address)
    at = reached_at(person.contact_channel, person.contact_address)
    return (
        bool(own)
        and at == own
        and plain(person.call_name) == plain(described.call_name)
    )


def plain(name: str) -> str:
    """A name without case, accents and odd spaces, to compare it by."""
    bare = unicodedata.normalize("NFKD", name)
    letters = "".join(one for one in bare if not unicodedata.combining(one))
    return " ".join(letters.casefold().split())


def reached_at(channel: str, address: str) -> str:
    """An address or number in one way of writing; empty when there is none.

    A Dutch number is the same with +31, 0031 or 0 in front.
    """
    if channel in NUMBERS:
        digits = re.sub(r"\D", "", address)
        return re.sub(r"^(0031|31)(?=\d{9}$)", "0", digits)
    return " ".join(address.casefold().split())
