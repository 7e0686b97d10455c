"""The reads of people. Whoever reads a person leaves a line in the access log."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Prefetch, Q, QuerySet

from audit.actor import Actor
from audit.record import (
    ADMINISTRATION,
    CARE,
    OVERSIGHT,
    PLANNING,
    record_event,
    record_read,
)
from people.enums import ContactChannel
from people.models import (
    AvailabilityException,
    AvailabilityWindow,
    Certificate,
    ErasureRequest,
    Facilitator,
    KeepPair,
    Leave,
    Municipality,
    Organisation,
    Person,
    Place,
    Qualification,
    Resident,
    User,
)


def places() -> QuerySet[Place]:
    """All places with their municipality; no person data."""
    return Place.objects.select_related("municipality")


def organisations() -> QuerySet[Organisation]:
    """All organisations; no person data."""
    return Organisation.objects.all()


def municipalities() -> QuerySet[Municipality]:
    """The municipalities of the region, by name."""
    return Municipality.objects.all()


def agreed_minutes() -> dict[int, int | None]:
    """Most minutes a week of every active leader, by id; no name, one query."""
    active = Facilitator.objects.filter(active=True)
    return dict(active.values_list("pk", "max_minutes_per_week"))


def qualifications() -> QuerySet[Qualification]:
    """All qualifications; no person data."""
    return Qualification.objects.all()


# --- Own person ---------------------------------------------------------------


def person_of(*, user: User) -> Person | None:
    """The person behind an account. Seeing oneself is not logged."""
    return Person.objects.filter(user=user).first()


def resident_of(*, user: User) -> Resident | None:
    """The account's resident row, with its person; None if there is none."""
    return Resident.objects.select_related("person").filter(person__user=user).first()


def facilitator_of(*, user: User) -> Facilitator | None:
    """The account's facilitator row, with its person; None if there is none."""
    return (
        Facilitator.objects.select_related("person").filter(person__user=user).first()
    )


# --- Ids, which say nothing about anyone ----------------------------------------


def person_ids_of_facilitators(*, facilitator_ids: Iterable[int]) -> list[int]:
    """Person ids, for log lines."""
    return list(
        Facilitator.objects.filter(pk__in=list(facilitator_ids)).values_list(
            "person_id", flat=True
        )
    )


def person_ids_of_residents(*, resident_ids: Iterable[int]) -> list[int]:
    """Person ids, for log lines."""
    return list(
        Resident.objects.filter(pk__in=list(resident_ids)).values_list(
            "person_id", flat=True
        )
    )


# --- Reading others -------------------------------------------------------------


def group_names(
    *, actor: Actor, person_ids: Iterable[int], purpose: str, where: str | None = None
) -> dict[int, str]:
    """Names as used in groups (alias or call name) by person id; one log line."""
    wanted = list(dict.fromkeys(person_ids))
    names = {
        person.pk: person.group_name for person in Person.objects.filter(pk__in=wanted)
    }
    record_read(
        actor=actor,
        subjects=names,
        purpose=purpose,
        code="person.name.read",
        where=where,
    )
    return names


def find_persons(
    *,
    actor: Actor,
    text: str,
    organisation_ids: Iterable[int] | None,
    purpose: str = ADMINISTRATION,
    limit: int = 20,
) -> list[Person]:
    """Persons whose name or reference contains the text; the search is logged.

    `organisation_ids` None searches the whole region. The text itself is not kept.
    """
    found = Person.objects.filter(
        Q(call_name__icontains=text)
        | Q(alias__icontains=text)
        | Q(reference__icontains=text)
    )
    if organisation_ids is not None:
        found = found.filter(organisation__in=list(organisation_ids))
    persons = list(found.order_by("call_name", "pk")[:limit])
    record_event(
        actor=actor,
        code="person.search",
        action="E",
        purpose=purpose,
        subjects=[person.pk for person in persons],
        object_kind="person",
    )
    return persons


def list_facilitators(
    *,
    actor: Actor,
    organisation_ids: Iterable[int] | None = None,
    purpose: str = ADMINISTRATION,
) -> list[Facilitator]:
    """Active facilitators with person and organisation; one read, one log line."""
    found = Facilitator.objects.filter(active=True).select_related(
        "person", "organisation"
    )
    if organisation_ids is not None:
        found = found.filter(organisation__in=list(organisation_ids))
    facilitators = list(found.order_by("person__call_name", "pk"))
    record_read(
        actor=actor,
        subjects=[one.person_id for one in facilitators],
        purpose=purpose,
        code="facilitator.list",
        object_kind="facilitator",
    )
    return facilitators


def colleagues(
    *, actor: Actor, facilitator_ids: Iterable[int]
) -> dict[int, Facilitator]:
    """Name and organisation, which leaders may see of each other; one log line."""
    found = (
        Facilitator.objects.filter(pk__in=list(facilitator_ids), active=True)
        .select_related("person", "organisation")
        .in_bulk()
    )
    subjects = [one.person_id for one in found.values()]
    record_read(actor=actor, subjects=subjects, purpose=PLANNING, code="person.name")
    return found


# --- Facts for the planner ------------------------------------------------------


def _hours() -> list[Prefetch]:
    return [
        Prefetch("person__windows", queryset=AvailabilityWindow.objects.all()),
        Prefetch("person__exceptions", queryset=AvailabilityException.objects.all()),
    ]


def planning_residents(
    *, actor: Actor, resident_ids: Iterable[int] | None = None
) -> list[Resident]:
    """Residents with person, place, weekly windows and exceptions; one log line.

    Read `resident.person.windows.all()` and `.exceptions.all()`; three queries.
    """
    found = Resident.objects.select_related("person__place").prefetch_related(*_hours())
    if resident_ids is not None:
        found = found.filter(pk__in=list(resident_ids))
    residents = list(found.order_by("pk"))
    record_read(
        actor=actor,
        subjects=[one.person_id for one in residents],
        purpose=PLANNING,
        code="resident.facts.read",
        object_kind="resident",
    )
    return residents


def planning_facilitators(
    *, actor: Actor, facilitator_ids: Iterable[int] | None = None
) -> list[Facilitator]:
    """Active facilitators with everything the planner asks; one log line.

    Loaded: person (with place, windows, exceptions), organisation, travel base,
    `certificates` (with qualification) and `leave`; five queries.
    """
    found = Facilitator.objects.select_related(
        "person__place", "organisation", "travel_base"
    ).prefetch_related(
        *_hours(),
        Prefetch(
            "certificates", queryset=Certificate.objects.select_related("qualification")
        ),
        Prefetch("leave", queryset=Leave.objects.all()),
    )
    if facilitator_ids is None:
        found = found.filter(active=True)
    else:
        found = found.filter(pk__in=list(facilitator_ids))
    facilitators = list(found.order_by("pk"))
    record_read(
        actor=actor,
        subjects=[one.person_id for one in facilitators],
        purpose=PLANNING,
        code="facilitator.facts.read",
        object_kind="facilitator",
    )
    return facilitators


def planning_pairs(*, actor: Actor, person_ids: Iterable[int]) -> list[KeepPair]:
    """Pairs of which both persons take part in the planning; one log line."""
    ids = list(person_ids)
    pairs = list(
        KeepPair.objects.filter(person_a__in=ids, person_b__in=ids).order_by("pk")
    )
    record_read(
        actor=actor,
        subjects=[pk for pair in pairs for pk in (pair.person_a_id, pair.person_b_id)],
        purpose=PLANNING,
        code="pair.read",
        object_kind="pair",
    )
    return pairs


def person_ids_by_facilitator(*, facilitator_ids: Iterable[int]) -> dict[int, int]:
    """The person behind each of these facilitators; ids only, nothing is shown."""
    rows = Facilitator.objects.filter(pk__in=list(facilitator_ids))
    return dict(rows.values_list("pk", "person_id"))


def persons_by_id(*, actor: Actor, person_ids: Iterable[int]) -> list[Person]:
    """These persons, to write to them; one read, one log line."""
    wanted = Person.objects.filter(pk__in=list(person_ids))
    persons = list(wanted.select_related("organisation").order_by("pk"))
    record_read(
        actor=actor,
        subjects=[person.pk for person in persons],
        purpose=CARE,
        code="person.contact.read",
    )
    return persons


def number_to_write_to(*, person_ids: Iterable[int]) -> int:
    """How many of these get messages at all; one read, no person."""
    wanted = Person.objects.filter(pk__in=list(person_ids))
    return wanted.exclude(contact_channel=ContactChannel.NONE).count()


def persons_by_resident(
    *, actor: Actor, resident_ids: Iterable[int]
) -> dict[int, Person]:
    """The person behind each resident, to write to; one read, one log line."""
    found = Resident.objects.filter(pk__in=list(resident_ids))
    persons = {
        one.pk: one.person for one in found.select_related("person__organisation")
    }
    record_read(
        actor=actor,
        subjects=[person.pk for person in persons.values()],
        purpose=CARE,
        code="person.contact.read",
    )
    return persons


def erasure_requests(*, actor: Actor) -> list[ErasureRequest]:
    """All requests for erasure, open ones first, newest first; one line in the log."""
    # "asked" is the first of the states in the alphabet too.
    rows = list(ErasureRequest.objects.order_by("state", "-asked_at", "-pk"))
    record_read(
        actor=actor,
        subjects=[row.person_number for row in rows],
        purpose=OVERSIGHT,
        code="erasure.list",
        object_kind="erasure",
    )
    return rows


def persons_in_role(
    *, actor: Actor, role: str, organisation_ids: Iterable[int] = ()
) -> list[Person]:
    """Who holds a role in the region or in one of these organisations, to write to.

    Accounts without a person cannot be written to. One read, one log line.
    """
    held = Q(
        user__memberships__role=role,
        user__memberships__organisation__isnull=True,
    ) | Q(
        user__memberships__role=role,
        user__memberships__organisation__in=list(organisation_ids),
    )
    persons = list(
        Person.objects.filter(held, user__is_active=True)
        .select_related("organisation")
        .distinct()
        .order_by("pk")
    )
    record_read(
        actor=actor,
        subjects=[person.pk for person in persons],
        purpose=PLANNING,
        code="person.contact.read",
    )
    return persons
