"""The writes of people: checked, keyword-only, and logged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import ADMINISTRATION, record_event
from audit.rows import Put, put_row, save_checked
from people.models import (
    AvailabilityException,
    AvailabilityWindow,
    Certificate,
    Facilitator,
    KeepPair,
    Leave,
    Municipality,
    Organisation,
    Person,
    Place,
    Qualification,
    Relative,
    Resident,
    RoleMembership,
    User,
)
from people.models.availability import always

Shared = TypeVar("Shared", Organisation, Municipality, Place, Qualification)


def _log(
    actor: Actor, code: str, action: str, subjects: Iterable[object], object_id: object
) -> None:
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=ADMINISTRATION,
        subjects=subjects,
        object_kind=code.partition(".")[0],
        object_id=object_id,
    )


def days_between(first: date, last: date) -> DateRange:
    """Both days included, as the half-open range the database keeps.

    Raises
    ------
    django.core.exceptions.ValidationError
        If the last day comes before the first.
    """
    if last < first:
        raise ValidationError(_("The last day must not come before the first day."))
    return DateRange(first, last + timedelta(days=1))


def _put_shared(
    actor: Actor, model: type[Shared], key: dict[str, Any], fields: dict[str, Any]
) -> Shared:
    row, done = put_row(model, key=key, fields=fields)
    if done is not Put.SAME:
        action = "C" if done is Put.ADDED else "U"
        _log(actor, f"{model._meta.model_name}.{done.value}", action, [], row.pk)
    return row


@transaction.atomic
def put_organisation(*, actor: Actor, code: str, **fields: Any) -> Organisation:
    """Add or change the organisation with this code; the same again does nothing."""
    return _put_shared(actor, Organisation, {"code": code}, fields)


@transaction.atomic
def put_municipality(*, actor: Actor, code: str, **fields: Any) -> Municipality:
    """Add or change the municipality with this CBS code."""
    return _put_shared(actor, Municipality, {"code": code}, fields)


@transaction.atomic
def put_place(
    *, actor: Actor, name: str, municipality: Municipality, **fields: Any
) -> Place:
    """Add or change a place of a municipality."""
    key = {"name": name, "municipality": municipality}
    return _put_shared(actor, Place, key, fields)


@transaction.atomic
def put_qualification(*, actor: Actor, code: str, **fields: Any) -> Qualification:
    """Add or change the qualification with this code."""
    return _put_shared(actor, Qualification, {"code": code}, fields)


@transaction.atomic
def create_account(
    *,
    actor: Actor,
    email: str,
    password: str | None = None,
    is_staff: bool = False,
    language: str = "nl",
) -> User:
    """Make an account; the address is kept in lower case.

    Raises
    ------
    django.core.exceptions.ValidationError
        If the address is wrong or already has an account.
    """
    user = User(email=email.strip().lower(), is_staff=is_staff, language=language)
    user.set_password(password)
    save_checked(user)
    _log(actor, "account.create", "C", [], user.pk)
    return user


@transaction.atomic
def grant_role(
    *, actor: Actor, user: User, role: str, organisation: Organisation | None = None
) -> RoleMembership:
    """Give an account a role, in one organisation or (None) in the whole region."""
    held = RoleMembership.objects.filter(
        user=user, role=role, organisation=organisation
    ).first()
    if held is not None:
        return held
    membership = save_checked(
        RoleMembership(user=user, role=role, organisation=organisation)
    )
    user.forget_roles()
    _log(actor, "role.grant", "C", [], membership.pk)
    return membership


@transaction.atomic
def create_person(*, actor: Actor, call_name: str, **fields: Any) -> Person:
    """Write down a person; `fields` are those of Person."""
    person = save_checked(Person(call_name=call_name, **fields))
    _log(actor, "person.create", "C", [person.pk], person.pk)
    return person


@transaction.atomic
def update_person(*, actor: Actor, person: Person, **fields: Any) -> Person:
    """Change fields of a person.

    Raises
    ------
    ValueError
        For a field that Person does not have.
    """
    known = {field.name for field in Person._meta.fields}
    for name, value in fields.items():
        if name not in known:
            raise ValueError(f"Person has no field {name!r}")
        setattr(person, name, value)
    save_checked(person)
    _log(actor, "person.update", "U", [person.pk], person.pk)
    return person


@transaction.atomic
def create_resident(*, actor: Actor, person: Person, **wishes: Any) -> Resident:
    """Let a person look for something; `wishes` are the fields of Resident."""
    resident = save_checked(Resident(person=person, **wishes))
    _log(actor, "resident.create", "C", [person.pk], resident.pk)
    return resident


@transaction.atomic
def update_wishes(*, actor: Actor, resident: Resident, **wishes: Any) -> Resident:
    """Change travel limit, pace, wishes or needs of a resident.

    Raises
    ------
    ValueError
        For a field that Resident does not have.
    """
    known = {field.name for field in Resident._meta.fields} - {"id", "person"}
    for name, value in wishes.items():
        if name not in known:
            raise ValueError(f"Resident has no field {name!r}")
        setattr(resident, name, value)
    save_checked(resident)
    _log(actor, "resident.update", "U", [resident.person_id], resident.pk)
    return resident


@transaction.atomic
def add_relative(*, actor: Actor, person: Person, resident: Resident) -> Relative:
    """Say that a person is close to a resident."""
    relative = save_checked(Relative(person=person, resident=resident))
    _log(actor, "relative.create", "C", [person.pk, resident.person_id], relative.pk)
    return relative


@transaction.atomic
def create_facilitator(
    *,
    actor: Actor,
    person: Person,
    organisation: Organisation,
    staff_roles: Sequence[str],
    **limits: Any,
) -> Facilitator:
    """Let a person lead for an organisation; `limits` are the load limits."""
    facilitator = save_checked(
        Facilitator(
            person=person,
            organisation=organisation,
            staff_roles=list(staff_roles),
            **limits,
        )
    )
    _log(actor, "facilitator.create", "C", [person.pk], facilitator.pk)
    return facilitator


@transaction.atomic
def grant_certificate(
    *,
    actor: Actor,
    facilitator: Facilitator,
    qualification: Qualification,
    valid: DateRange | None = None,
) -> Certificate:
    """Write down that a facilitator holds a qualification; without dates: always."""
    certificate = save_checked(
        Certificate(
            facilitator=facilitator,
            qualification=qualification,
            valid=always() if valid is None else valid,
        )
    )
    _log(actor, "certificate.create", "C", [facilitator.person_id], certificate.pk)
    return certificate


@transaction.atomic
def set_weekly_hours(
    *,
    actor: Actor,
    person: Person,
    hours: Sequence[tuple[int, time, time]],
    valid: DateRange | None = None,
) -> list[AvailabilityWindow]:
    """Replace a person's weekly windows by (ISO weekday, from, until).

    Raises
    ------
    django.core.exceptions.ValidationError
        If two of them overlap or one ends before it starts; the old ones then stay.
    """
    person.windows.all().delete()
    windows = [
        save_checked(
            AvailabilityWindow(
                person=person,
                weekday=weekday,
                start=start,
                end=end,
                valid=always() if valid is None else valid,
            )
        )
        for weekday, start, end in hours
    ]
    _log(actor, "availability.update", "U", [person.pk], person.pk)
    return windows


@transaction.atomic
def add_exception(
    *,
    actor: Actor,
    person: Person,
    first: date,
    last: date,
    available: bool,
    start: time | None = None,
    end: time | None = None,
) -> AvailabilityException:
    """Add days on which a person can, or cannot, come; both days included."""
    exception = save_checked(
        AvailabilityException(
            person=person,
            days=days_between(first, last),
            start=start,
            end=end,
            available=available,
        )
    )
    _log(actor, "availability.update", "U", [person.pk], person.pk)
    return exception


@transaction.atomic
def add_leave(
    *, actor: Actor, facilitator: Facilitator, first: date, last: date
) -> Leave:
    """Write down days on which a facilitator is away; both days included.

    Days that are written down already are not written twice.
    """
    days = days_between(first, last)
    known = Leave.objects.filter(facilitator=facilitator, days__contains=days).first()
    if known is not None:
        return known
    leave = save_checked(Leave(facilitator=facilitator, days=days))
    _log(actor, "leave.create", "C", [facilitator.person_id], leave.pk)
    return leave


@transaction.atomic
def keep_pair(*, actor: Actor, kind: str, one: Person, other: Person) -> KeepPair:
    """Keep two persons apart or together; why is not asked and not kept."""
    pair = save_checked(KeepPair(kind=kind, person_a=one, person_b=other))
    _log(actor, "pair.create", "C", [one.pk, other.pk], pair.pk)
    return pair
