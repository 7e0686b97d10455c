"""Two who must be kept apart: never in one group, and never told where the other is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from audit.selectors import events_about
from courses import services
from courses.models import Enrolment, Registration, Series
from courses.selectors.turns import kept_away_from, why_the_head_waits
from courses.services.changes import swap
from courses.services.on_behalf import join_any_of
from courses.services.turns import offer_out_of_turn
from courses.suitability import objections
from people.models import Resident
from tests.factories import (
    EnrolmentFactory,
    KeepPairFactory,
    OfferingFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    ResidentFactory,
    SeriesFactory,
    SeriesLeaderFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
PLACES = ("enrolled", "offered", "held_by_draft", "leader")


def group(seats: int = 5, **more: Any) -> Series:
    more.setdefault("offering", OfferingFactory(size_min=0, size_max=seats))
    return SeriesFactory(published=True, **more)


def somebody_there(series: Series, place: str) -> Any:
    """The person whom another must not meet, in some way in the group."""
    if place == "leader":
        return SeriesLeaderFactory(series=series).facilitator.person
    until = timezone.now() + timedelta(days=2) if place == "offered" else None
    seat = EnrolmentFactory(series=series, state=place, offer_expires_at=until)
    return seat.resident.person


def kept_apart(series: Series, place: str = "enrolled") -> Resident:
    resident = ResidentFactory()
    KeepPairFactory(person_a=somebody_there(series, place), person_b=resident.person)
    return resident


@pytest.mark.parametrize("place", PLACES)
def test_who_must_stay_away_waits_as_for_a_full_group(actor: Any, place: str) -> None:
    series = group()
    resident = kept_apart(series, place)
    assert objections(resident_id=resident.pk, series=series) == []
    answer = services.enrol(resident=resident, series=series, actor=actor)
    assert (answer.enrolment, answer.waiting_position) == (None, 1)
    assert answer.registration.state == "waiting"
    services.sweep(actor=actor)
    assert not Enrolment.objects.filter(resident=resident).exists()
    line = AuditEvent.objects.get(event_code="enrolment.apart")
    assert line.object_id == str(answer.registration.pk)
    told = events_about(actor=actor, person_id=resident.person_id, purpose="own data")
    assert "apart" not in " ".join(told.values_list("event_code", flat=True))


def test_others_go_on_and_the_turn_stays_until_the_other_has_left(actor: Any) -> None:
    series = group(2)
    resident = kept_apart(series)
    mine = services.enrol(resident=resident, series=series, actor=actor).registration
    later = services.enrol(resident=ResidentFactory(), series=series, actor=actor)
    assert later.enrolment is not None
    there = series.enrolments.order_by("pk").first()
    services.withdraw(enrolment=there, actor=actor)
    mine.refresh_from_db()
    assert mine.state == "offered"


def test_a_registration_that_waited_already_is_treated_alike(actor: Any) -> None:
    series = group()
    resident = kept_apart(series)
    mine = RegistrationFactory(resident=resident)
    RegistrationChoiceFactory(registration=mine, series=series)
    answer = services.enrol(registration=mine, series=series, actor=actor)
    assert (answer.enrolment, answer.waiting_position) == (None, 1)
    assert services.promote(series_ids=[series.pk], actor=actor) == []


def test_going_to_another_group_keeps_the_seat_there_is(actor: Any) -> None:
    offering = OfferingFactory(size_min=0, size_max=5)
    mine, theirs = group(offering=offering), group(offering=offering, weekday=4)
    resident = kept_apart(theirs)
    seat = EnrolmentFactory(series=mine, registration__resident=resident)
    assert swap(enrolment=seat, series=theirs, actor=actor).enrolment is None
    seat.refresh_from_db()
    assert seat.state == "enrolled"


def test_a_helper_is_told_nothing_either(actor: Any) -> None:
    theirs, other = group(), group(weekday=4)
    resident = kept_apart(theirs)
    both = join_any_of(resident=resident, series_list=[theirs, other], actor=actor)
    assert both.refused == {}
    assert both.seat is not None
    assert both.seat.enrolment.series == other
    again = kept_apart(theirs)
    alone = join_any_of(resident=again, series_list=[theirs], actor=actor)
    assert (alone.seat, alone.refused) == (None, {})


def test_who_plans_sees_why(actor: Any) -> None:
    series = group()
    resident = kept_apart(series)
    mine = services.enrol(resident=resident, series=series, actor=actor).registration
    assert kept_away_from(registration=mine) == [series]
    (why,) = why_the_head_waits(series=series, head=mine)
    with pytest.raises(ValidationError) as refused:
        offer_out_of_turn(
            registration=mine,
            series=series,
            reason="empty_seat",
            user=UserFactory(),
            actor=actor,
        )
    assert refused.value.messages == [why]
    free = RegistrationFactory()
    RegistrationChoiceFactory(registration=free, series=series)
    assert kept_away_from(registration=free) == []


def test_who_leads_a_group_is_told_so_and_only_that(actor: Any) -> None:
    series = group()
    leader = SeriesLeaderFactory(series=series).facilitator
    leads = ResidentFactory(person=leader.person)
    with pytest.raises(ValidationError) as refused:
        services.enrol(resident=leads, series=series, actor=actor)
    assert len(refused.value.messages) == 1
    assert Registration.objects.count() == 0
