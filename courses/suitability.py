"""May this resident join this series himself? Whole sentences when not.

The planner judges the same questions for its plans; this is for the moment a
resident presses a button. Nothing here says anything about another person.
"""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from courses.enums import RUNNING_STATES, EnrolmentState, RegistrationState
from courses.kinds import WayIn
from courses.models import Enrolment, Registration, Series
from people import selectors as people
from rooms import selectors as rooms


def objections(
    *, resident_id: int, series: Series, registration: Registration | None = None
) -> list[str]:
    """Why the resident cannot have a seat in, or wait for, the series; [] if he can.

    `series` comes with its offering. A registration, where there is one, tells
    which levels of care a professional allowed.
    """
    found = [*_of_the_series(series, registration)]
    if not found:
        found += _of_the_resident(resident_id, series)
    return found


def _of_the_series(series: Series, registration: Registration | None) -> list[str]:
    policy = series.offering.policy
    if series.state not in RUNNING_STATES:
        return [_("You cannot join this group now. Choose another group.")]
    if not policy.takes_registrations:
        return [_("You can walk in here. You do not need to enrol.")]
    allowed = registration.allowed_levels if registration is not None else []
    if policy.way_in == WayIn.REFERRAL and policy.level_of_care not in allowed:
        return [_("You need a referral for this. Ask your doctor or social worker.")]
    if policy.needs_reason_code and (
        registration is None or registration.one_to_one_reason_id is None
    ):
        return [
            _("One-to-one help is arranged together with you. Ask your care worker.")
        ]
    closed_after = series.offering.closed_after_session
    if closed_after is not None:
        held = series.sessions.filter(
            state="published", period__endswith__lte=timezone.now()
        ).count()
        if held >= closed_after:
            return [_("This group has already started. Choose a later group.")]
    return []


def _of_the_resident(resident_id: int, series: Series) -> list[str]:
    offering = series.offering
    facts = people.joining_facts(resident_id=resident_id)
    ask_us = _("You cannot join this group. Contact us, and we look for one that fits.")
    if facts.birth_year is not None:
        first = series.first_date or timezone.localdate()
        oldest = first.year - facts.birth_year
        if offering.age_min is not None and oldest < offering.age_min:
            return [
                _("This group is for people of %(age)s years and older.")
                % {"age": offering.age_min}
            ]
        if offering.age_max is not None and oldest - 1 > offering.age_max:
            return [
                _("This group is for people of up to %(age)s years.")
                % {"age": offering.age_max}
            ]
    if offering.prerequisite is not None and not _finished(
        resident_id, offering.prerequisite.pk
    ):
        return [
            _("You first need to finish “%(title)s”.")
            % {"title": offering.prerequisite.title}
        ]
    leaders = set(series.leaders.values_list("person_id", flat=True))
    if facts.person_id in leaders or facts.apart & leaders:
        return [ask_us]
    members = set(
        Enrolment.objects.filter(
            series=series, state__in=["held_by_draft", "offered", "enrolled"]
        ).values_list("resident__person_id", flat=True)
    )
    return [ask_us] if facts.apart & members else []


def fits_unasked(*, resident_id: int, series: Series) -> bool:
    """Whether a group suits someone who asked for its offering, not for this series.

    Language, form, access needs and the journey by the way the resident travels.
    Who chose the series himself decided that himself.
    """
    facts = people.joining_facts(resident_id=resident_id)
    offering = series.offering
    if offering.language not in facts.languages:
        return False
    if facts.format_wishes and offering.format not in facts.format_wishes:
        return False
    if series.room is None:
        return True
    there = set(series.room.features.values_list("pk", flat=True))
    if not facts.access_needs <= there:
        return False
    if facts.place is None:
        return True
    centre = series.room.centre.place
    minutes = rooms.travel_minutes_matrix(
        places=[facts.place, centre], mode=facts.travel_mode
    )
    return minutes[facts.place.pk, centre.pk] <= facts.travel_limit_minutes


def _finished(resident_id: int, offering_id: int) -> bool:
    return (
        Enrolment.objects.filter(
            resident_id=resident_id,
            series__offering_id=offering_id,
            state=EnrolmentState.COMPLETED,
        ).exists()
        or Registration.objects.filter(
            resident_id=resident_id,
            offering_id=offering_id,
            state=RegistrationState.FINISHED,
        ).exists()
    )
