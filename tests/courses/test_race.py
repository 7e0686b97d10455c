"""Two people press at the same moment: two real connections, one last seat."""

import threading

import pytest
from django.db import IntegrityError, connection, connections

from courses import services
from courses.models import Enrolment
from tests.factories import (
    OfferingFactory,
    RegistrationFactory,
    ResidentFactory,
    SeriesFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Run the acts in threads of their own that start together; return the results."""
    start = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=10)
            results[number] = acts[number]()
        except Exception as fault:  # noqa: BLE001 (handed to the test)
            results[number] = fault
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


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
