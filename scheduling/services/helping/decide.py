"""What a coordinator decides for somebody who is left out, beside the ways of a plan.

None of it moves anybody's place in turn: need class and date stay as they are.
"""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.actor import Actor
from courses.enums import RegistrationState
from courses.services.changes import pause_waiting
from courses.services.decided import decide_one_to_one
from courses.services.wishes import add_wish
from people.services import create_facilitator, create_person
from people.services.agreed import add_hours, let_lead
from rooms.services.hours import ask_hours
from scheduling.models import Consent, HelpStep, StepKind, StepState
from scheduling.services.helping.applying import clock
from scheduling.services.helping.letters import (
    send_question,
    tell_managers,
    tell_next_term,
)
from scheduling.services.helping.open import Subject, WayOpen
from scheduling.services.helping.steps import done, keep, log

if TYPE_CHECKING:
    from courses.models import Offering, Registration
    from people.models import Organisation, Person, User
    from rooms.models import Room

EARLIEST, LATEST = 32, 88
"""Quarters of the day (8.00 and 22.00) between which rooms are let."""


@transaction.atomic
def allow_one_to_one(
    *,
    actor: Actor,
    user: User,
    subject: Subject,
    reason: str,
    offering: Offering | None = None,
) -> HelpStep:
    """Allow one-to-one for a reason code; ``offering``: which help is asked for then.

    Raises ``ValidationError`` for a reason that cannot be chosen, a registration that
    was closed, or one that has this reason already.
    """
    registration = subject.registration
    undo = _decided(actor, user, registration, reason, aside=False)
    if undo["was"]["was"] == undo["was"]["now"] and offering is None:
        raise ValidationError(_("One-to-one is allowed for this reason already."))
    step = keep(HelpStep(**subject.about, kind=StepKind.ONE_TO_ONE, made_by=user))
    records = [undo]
    if offering is not None:
        records.append(_wish(actor, registration, offering=offering))
    return done(actor, step, records, "help.one_to_one")


@transaction.atomic
def set_group_first(
    *,
    actor: Actor,
    user: User,
    registration: Registration,
    reason: str,
    schedule: Any = None,
    offering: Offering | None = None,
) -> HelpStep:
    """Set group first aside at once for a reason code: a plan looks for help for this
    person alone from now on. Who did it and why is kept.

    Raises as ``allow_one_to_one``, and when it is set aside already.
    """
    undo = _decided(actor, user, registration, reason, aside=True)
    step = keep(
        HelpStep(
            schedule=schedule,
            registration=registration,
            kind=StepKind.GROUP_FIRST,
            made_by=user,
        )
    )
    records = [undo]
    if offering is not None:
        records.append(_wish(actor, registration, offering=offering))
    return done(actor, step, records, "help.group_first")


def _decided(
    actor: Actor, user: User, registration: Registration, reason: str, *, aside: bool
) -> dict[str, Any]:
    was = decide_one_to_one(
        actor=actor,
        user=user,
        registration_id=registration.pk,
        reason=reason,
        aside=aside,
    )
    return {"kind": "reason", "registration": registration.pk, "was": was}


def _wish(actor: Actor, registration: Registration, **wish: Any) -> dict[str, Any]:
    made = add_wish(actor=actor, registration_id=registration.pk, **wish)
    choices = [] if made is None else [made]
    return {"kind": "choices", "registration": registration.pk, "choices": choices}


@transaction.atomic
def put_on_next_term(
    *, actor: Actor, user: User, subject: Subject, until: date
) -> HelpStep:
    """Let somebody wait for the next period: no plan before that day looks for a seat.

    The resident is told, and can come back any day; the place in turn stays.

    Raises ``ValidationError`` for a day that is over or more than half a year away, and
    when the registration does not wait.
    """
    registration = subject.registration
    if registration.state != RegistrationState.WAITING:
        raise ValidationError(_("This registration does not wait for a seat now."))
    pause_waiting(registration=registration, until=until, actor=actor)
    step = keep(
        HelpStep(
            **subject.about,
            kind=StepKind.NEXT_TERM,
            changes=[{"kind": "next-term", "until": until.isoformat()}],
            asked_id=registration.resident.person_id,
            made_by=user,
        )
    )
    tell_next_term(actor=actor, step=step)
    undo = {"kind": "pause", "registration": registration.pk}
    return done(actor, step, [undo], "help.next_term")


@transaction.atomic
def propose_course(
    *,
    actor: Actor,
    user: User,
    subject: Subject,
    offering: Offering,
    agreed_on: date | None = None,
) -> HelpStep:
    """Propose another course or group; with ``agreed_on`` the resident said yes, and it
    becomes a choice at once. Without, the resident is asked and answers on a page.

    Raises ``ValidationError`` when it is among the choices or was asked already.
    """
    registration = subject.registration
    choices = registration.choices.all()
    if any(one.offering_id == offering.pk for one in choices) or (
        registration.offering_id == offering.pk
    ):
        raise ValidationError(_("This is asked for already."))
    step = keep(
        HelpStep(
            **subject.about,
            kind=StepKind.COURSE,
            state=StepState.DONE if agreed_on else StepState.ASKED,
            key=f"o{offering.pk}",
            changes=[{"kind": "offering", "offering": offering.pk}],
            asked_id=registration.resident.person_id,
            agreed_on=agreed_on,
            agreed_how=Consent.TOLD if agreed_on else "",
            made_by=user,
        )
    )
    if agreed_on is None:
        send_question(actor=actor, step=step, leader=False)
        log(actor, step, "help.ask")
        return step
    record = _wish(actor, registration, offering=offering)
    return done(actor, step, [record], "help.apply")


@transaction.atomic
def ask_centre(
    *,
    actor: Actor,
    user: User,
    subject: Subject,
    way: WayOpen,
    room: Room,
    asked_by: Person | None,
) -> HelpStep:
    """Ask the location of ``room`` for one room more, when and for how many the way
    says, in the days of the schedule. Its managers get a message and answer.

    Raises ``ValidationError`` when it was asked already or the days are over.
    """
    (change,) = way.changes
    if way.step is not None:
        raise ValidationError(_("This was done or asked already."))
    hours = ask_hours(
        actor=actor,
        centre=room.centre,
        weekday=change["weekday"] + 1,
        start=clock(max(change["start"], EARLIEST)),
        end=clock(min(change["end"], LATEST)),
        first=subject.schedule.first_date,
        last=subject.schedule.last_date,
        chairs=change["seats"],
        features=change.get("needs", ()),
        asked_by=asked_by,
    )
    step = keep(
        HelpStep(
            **subject.about,
            kind=StepKind.ROOM,
            key=way.key,
            changes=list(way.changes),
            made_by=user,
        )
    )
    tell_managers(actor=actor, hours=hours, centre=room.centre)
    return done(actor, step, [{"kind": "room", "hours": hours.pk}], "help.room")


@transaction.atomic
def add_leader(
    *,
    actor: Actor,
    user: User,
    subject: Subject,
    way: WayOpen,
    call_name: str,
    email: str,
    organisation: Organisation,
) -> HelpStep:
    """Write down a new leader with the roles and trainings that are missing, free in
    the hours of the way.

    Raises ``ValidationError`` for a wrong address, and when it was done already.
    """
    (change,) = way.changes
    if way.step is not None:
        raise ValidationError(_("This was done or asked already."))
    person = create_person(
        actor=actor,
        call_name=call_name,
        organisation=organisation,
        contact_channel="email" if email else "none",
        contact_address=email,
    )
    leader = create_facilitator(
        actor=actor,
        person=person,
        organisation=organisation,
        staff_roles=change["roles"],
    )
    let_lead(
        actor=actor,
        facilitator_id=leader.pk,
        qualification_ids=[int(key) for key in change["skills"]],
    )
    stretch: tuple[int, time, time] = (
        change["weekday"] + 1,
        clock(change["start"]),
        clock(change["end"]),
    )
    add_hours(actor=actor, person_id=person.pk, hours=[stretch])
    step = keep(
        HelpStep(
            **subject.about,
            kind=StepKind.LEADER,
            key=way.key,
            changes=list(way.changes),
            made_by=user,
        )
    )
    return done(actor, step, [{"kind": "leader", "leader": leader.pk}], "help.leader")
