"""Somebody is asked for by two presses at the same moment, over connections."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from audit.actor import Actor
from courses.models import Enrolment, Registration
from courses.services.somebody import Somebody, ask_for_somebody
from people.enums import Role
from people.models import Person
from people.services.known import Described
from tests.at_once import at_once
from tests.factories import OfferingFactory, SeriesFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("forms", [1, 2])
def test_two_presses_at_once_make_one_person_with_one_seat(forms: int) -> None:
    """On one form, and on two forms that describe the same new person."""
    series = SeriesFactory(
        published=True, offering=OfferingFactory(size_min=0, size_max=5)
    )
    user = UserFactory(role=Role.COORDINATOR)
    marks = [uuid.uuid4() for _form in range(forms)] * (2 // forms)
    who = Somebody(
        described=Described(
            call_name="Ed",
            birth_year=None,
            contact_channel="phone",
            contact_address="0570 123456",
        )
    )

    def press(mark: uuid.UUID) -> Any:
        return ask_for_somebody(
            actor=Actor.of(user), user=user, once=mark, who=who, series_list=[series]
        )

    results = at_once(lambda: press(marks[0]), lambda: press(marks[1]))
    assert [one for one in results if isinstance(one, Exception)] == []
    assert Person.objects.filter(call_name="Ed").count() == 1
    seat = Enrolment.objects.get(series=series)
    assert seat.state == "enrolled"
    assert {one.seat.enrolment for one in results} == {seat}
    assert Registration.objects.count() == 1
