"""What a press must know beside size and room: leaders, dates, pace and journey."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses import selectors, services
from courses.models import Enrolment, Series
from courses.suitability import cautions, fits_unasked, objections
from tests.factories import (
    CertificateFactory,
    EnrolmentFactory,
    FacilitatorFactory,
    OfferingFactory,
    OfferingStaffNeedFactory,
    PlaceFactory,
    QualificationFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    ResidentFactory,
    RoomFactory,
    SeriesFactory,
    SeriesLeaderFactory,
    SessionFactory,
    SessionLeaderFactory,
    feature,
)

pytestmark = pytest.mark.django_db
DAY = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)
DAY += timedelta(days=7 - DAY.weekday())  # a Monday to come


def peer_group(**more: Any) -> Series:
    """At most 3 with one leader, and 5 with a second one."""
    offering = OfferingFactory(
        kind="peer_group", size_min=1, size_max=5, sessions_count=None, **more
    )
    OfferingStaffNeedFactory(offering=offering)
    OfferingStaffNeedFactory(offering=offering, from_size=4)
    series = SeriesFactory(offering=offering, published=True)
    SeriesLeaderFactory(series=series)
    return series


def fill(series: Series, number: int) -> None:
    EnrolmentFactory.create_batch(number, series=series)


def meets(series: Any, *, day: int = 0, hour: int = 0, place: Any = None) -> Any:
    start = DAY + timedelta(days=day, hours=hour)
    room = RoomFactory(centre__place=place) if place is not None else RoomFactory()
    return SessionFactory(
        series=series, room=room, period=(start, start + timedelta(hours=2))
    )


def a_series(**more: Any) -> Series:
    return SeriesFactory(
        published=True, offering=OfferingFactory(size_min=0, size_max=9), **more
    )


# --- leaders ---------------------------------------------------------------------


def test_a_group_grows_no_further_than_its_leaders(actor) -> None:
    series = peer_group()
    fill(series, 3)
    assert selectors.series_by_id(series_id=series.pk).seats_open == 0
    late = services.enrol(resident=ResidentFactory(), series=series, actor=actor)
    assert (late.enrolment, late.waiting_position) == (None, 1)
    SeriesLeaderFactory(series=series)
    assert selectors.series_by_id(series_id=series.pk).seats_open == 2
    (offer,) = services.offer_free_seats(series=series, actor=actor)
    assert offer.registration == late.registration


def test_the_second_leader_must_have_the_role_and_the_certificate() -> None:
    training = QualificationFactory()
    series = peer_group()
    series.offering.staff_needs.filter(from_size=4).update(qualification=training)
    host = FacilitatorFactory(staff_roles=["host"])
    SeriesLeaderFactory(series=series, facilitator=host)
    assert selectors.series_by_id(series_id=series.pk).seats_open == 3
    host.staff_roles = ["expert_by_experience"]
    host.save()
    assert selectors.series_by_id(series_id=series.pk).seats_open == 3
    CertificateFactory(facilitator=host, qualification=training)
    assert selectors.series_by_id(series_id=series.pk).seats_open == 5


def test_the_database_refuses_a_seat_beyond_the_leaders() -> None:
    series = peer_group()
    fill(series, 3)
    with pytest.raises(IntegrityError, match="leaders for 3"), transaction.atomic():
        fill(series, 1)
    EnrolmentFactory(series=series, state="held_by_draft")  # its release brings one
    assert series.enrolments.count() == 4


def test_who_is_in_stays_when_a_leader_leaves() -> None:
    series = peer_group()
    second = SeriesLeaderFactory(series=series)
    fill(series, 4)
    offer = series.enrolments.first()
    second.delete()
    for state in ("offered", "enrolled"):
        Enrolment.objects.filter(pk=offer.pk).update(
            state=state, offer_expires_at=timezone.now()
        )
    assert series.enrolments.count() == 4


def test_a_series_to_be_planned_has_no_leaders_yet_and_takes_seats() -> None:
    series = peer_group()
    series.series_leaders.all().delete()
    Series.objects.filter(pk=series.pk).update(state="proposed")
    fill(series, 5)
    assert series.enrolments.count() == 5


# --- dates -----------------------------------------------------------------------


def has(resident: Any, **when: Any) -> Series:
    other = a_series()
    meets(other, **when)
    EnrolmentFactory(registration__resident=resident, series=other)
    return other


@pytest.mark.parametrize(
    ("when", "clashes"),
    [({}, True), ({"hour": 1}, True), ({"hour": 2}, False), ({"day": 1}, False)],
)
def test_two_meetings_at_one_time_are_refused(actor, when: dict, clashes: bool) -> None:
    place, resident, series = PlaceFactory(), ResidentFactory(), a_series()
    has(resident, place=place)
    meets(series, place=place, **when)
    found = objections(resident_id=resident.pk, series=series)
    assert len(found) == clashes
    assert objections(resident_id=resident.pk, series=series, waits=True) == []


def test_the_way_between_two_places_counts(actor) -> None:
    resident, series = ResidentFactory(), a_series()
    has(resident, place=PlaceFactory(lat=52.25, lon=6.16))
    meets(series, hour=2, place=PlaceFactory(lat=52.39, lon=6.28))
    with pytest.raises(ValidationError, match=r"."):
        services.enrol(resident=resident, series=series, actor=actor)
    assert Enrolment.objects.filter(series=series).count() == 0


def test_who_leads_elsewhere_at_that_time_cannot_come(actor) -> None:
    resident, series = ResidentFactory(), a_series()
    session = meets(a_series())
    leader = FacilitatorFactory(person=resident.person)
    SessionLeaderFactory(session=session, facilitator=leader, period=session.period)
    meets(series)
    assert len(objections(resident_id=resident.pk, series=series)) == 1


def test_an_offer_passes_over_who_is_elsewhere_and_keeps_the_turn(actor) -> None:
    busy, free = RegistrationFactory.create_batch(2)
    series = a_series()
    for one in (busy, free):
        RegistrationChoiceFactory(registration=one, series=series)
    meets(series)
    has(busy.resident)
    Series.objects.filter(pk=series.pk).update(size_min=0, size_max=1)
    (offer,) = services.offer_free_seats(series=series, actor=actor)
    assert offer.registration == free
    busy.refresh_from_db()
    assert busy.state == "waiting"


# --- the resident's own limits ----------------------------------------------------


def test_more_than_the_own_pace_is_a_caution_not_a_refusal(actor) -> None:
    resident = ResidentFactory(pace_per_week=1)
    has(resident, day=1)
    series = a_series()
    meets(series)
    (words,) = cautions(resident_id=resident.pk, series=series)
    assert "2" in words
    assert not fits_unasked(resident_id=resident.pk, series=series)
    assert services.enrol(resident=resident, series=series, actor=actor).enrolment
    calm = ResidentFactory(pace_per_week=2)
    has(calm, day=1)
    assert cautions(resident_id=calm.pk, series=series) == []


def test_two_on_one_day_are_a_caution(actor) -> None:
    resident = ResidentFactory(pace_per_week=5, pace_per_day=1)
    has(resident, hour=6)
    series = a_series()
    meets(series)
    assert len(cautions(resident_id=resident.pk, series=series)) == 1


def test_journey_and_room_are_cautions_with_the_limit_in_them() -> None:
    resident = ResidentFactory(travel_limit_minutes=10, access_needs=["lift"])
    series = a_series()
    series.room = RoomFactory(centre__place__lat=52.6)
    series.save()
    far, room = sorted(cautions(resident_id=resident.pk, series=series), key=len)[::-1]
    assert "10" in far
    assert room
    series.room.features.add(feature("lift"))
    assert len(cautions(resident_id=resident.pk, series=series)) == 1
