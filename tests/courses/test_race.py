"""Two people press at the same moment: two real connections, one last seat."""

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from courses import services
from courses.models import Enrolment, Series
from courses.selectors import waiting_position, waiting_queue
from tests.at_once import at_once
from tests.factories import (
    OfferingFactory,
    RegistrationFactory,
    ResidentFactory,
    SeriesFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


def last_seat():
    return SeriesFactory(
        published=True, offering=OfferingFactory(size_min=0, size_max=1)
    )


def test_two_residents_and_one_seat(actor) -> None:
    series = last_seat()
    residents = ResidentFactory.create_batch(4)
    results = at_once(
        *(
            lambda one=one: services.enrol(resident=one, series=series, actor=actor)
            for one in residents
        )
    )
    assert [type(one).__name__ for one in results] == ["EnrolResult"] * 4
    seated = [one for one in results if one.enrolment is not None]
    assert len(seated) == 1
    assert sorted(one.waiting_position for one in results if one.enrolment is None) == [
        1,
        2,
        3,
    ]
    assert Enrolment.objects.filter(series=series, state="enrolled").count() == 1


def test_a_crowd_through_the_pages_fills_twelve_seats_and_waits_in_order() -> None:
    series = SeriesFactory(
        published=True, offering=OfferingFactory(size_min=0, size_max=12)
    )
    Series.objects.filter(pk=series.pk).update(room=None)
    path = reverse("courses:join", args=[series.pk])
    visitors = []
    for _one in range(24):
        account = UserFactory(role="resident")
        ResidentFactory(person__user=account)
        visitors.append(Client())
        visitors[-1].force_login(account)
    answers = at_once(*(lambda one=one: one.post(path) for one in visitors))
    assert {one.status_code for one in answers} == {302}
    seats = Enrolment.objects.filter(series=series, state="enrolled")
    waiting = list(waiting_queue(series=series))
    assert (seats.count(), len(waiting)) == (12, 12)
    last = max(seat.registration.registered_at for seat in seats)
    assert all(one.registered_at >= last for one in waiting)
    places = [waiting_position(registration=one, series=series) for one in waiting]
    assert places == list(range(1, 13))


def test_one_resident_who_presses_twice_gets_one_seat(actor) -> None:
    series = SeriesFactory(published=True)
    resident = ResidentFactory()

    def press():
        return services.enrol(resident=resident, series=series, actor=actor)

    results = at_once(press, press)
    assert sorted(type(one).__name__ for one in results) == [
        "EnrolResult",
        "ValidationError",
    ]
    assert Enrolment.objects.filter(resident=resident).count() == 1


def test_the_database_holds_even_without_the_service() -> None:
    series = last_seat()
    registrations = RegistrationFactory.create_batch(2)

    def insert(registration):
        Enrolment.objects.bulk_create(
            [
                Enrolment(
                    registration=registration,
                    resident_id=registration.resident_id,
                    series=series,
                )
            ]
        )

    results = at_once(*(lambda one=one: insert(one) for one in registrations))
    faults = [one for one in results if one is not None]
    assert [type(one) for one in faults] == [IntegrityError]
    assert Enrolment.objects.count() == 1
