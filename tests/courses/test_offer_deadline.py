"""Until when an offered place is held: nobody loses it before it could be read."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import Series
from courses.services.promote import answer_by
from messaging.services import goes_at
from people.enums import Role
from tests.factories import (
    EnrolmentFactory,
    OfferingFactory,
    PersonFactory,
    RegistrationFactory,
    ResidentFactory,
    SeriesFactory,
    SessionFactory,
    UserFactory,
    amsterdam,
    period,
)

pytestmark = pytest.mark.django_db


def group(seats: int) -> Series:
    return SeriesFactory(
        published=True, offering=OfferingFactory(size_min=0, size_max=seats)
    )


@pytest.mark.parametrize(
    ("first", "until"),
    [
        (None, "2026-11-04 09:00"),
        ("2026-11-20 10:00", "2026-11-04 09:00"),
        ("2026-11-02 10:00", "2026-11-02 10:00"),
        ("2026-11-01 12:00", "2026-11-01 21:00"),
        ("2026-10-01 10:00", "2026-11-04 09:00"),
    ],
)
def test_an_answer_is_due_before_the_group_begins(first, until: str) -> None:
    series = group(1)
    if first is not None:
        SessionFactory(series=series, room=None, period=period(first))
    at = amsterdam("2026-11-01 09:00")
    assert answer_by(series=series, at=at) == amsterdam(until)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-01 21:05", "2026-11-02 20:00"),
        ("2026-11-02 01:30", "2026-11-02 20:00"),
        ("2026-11-01 20:59", "2026-11-02 20:00"),  # the next round is in quiet hours
        ("2026-11-01 20:30", "2026-11-02 09:00"),
        ("2026-11-02 08:30", "2026-11-02 20:30"),
    ],
)
def test_hours_in_which_nobody_is_told_do_not_count(settings, at, until) -> None:
    settings.QUIET_HOURS = ["21:00", "08:00"]
    series = group(1)
    first = period("2026-11-02 09:00")
    SessionFactory(series=series, room=None, period=first)
    assert answer_by(series=series, at=amsterdam(at)) == amsterdam(until)


def test_quiet_hours_may_lie_in_the_day_or_be_none(settings) -> None:
    noon = amsterdam("2026-11-01 12:00")
    assert goes_at(noon) == noon  # none, in the tests
    settings.QUIET_HOURS = ["11:00", "14:30"]
    assert goes_at(noon) == amsterdam("2026-11-01 14:30")
    assert goes_at(amsterdam("2026-11-01 14:30")) == amsterdam("2026-11-01 14:30")


def test_the_hour_is_on_every_page_about_the_offer(client: Client) -> None:
    user = UserFactory(role=Role.RESIDENT)
    resident = ResidentFactory(person=PersonFactory(user=user))
    until = amsterdam("2031-03-03 09:05")  # a Monday
    seat = EnrolmentFactory(
        registration=RegistrationFactory(resident=resident, state="offered"),
        series=group(3),
        state="offered",
        offered_at=amsterdam("2031-03-02 21:05"),
        offer_expires_at=until,
    )
    later = period("2031-03-12 10:00")
    SessionFactory(series=seat.series, room=None, period=later)
    client.force_login(user)
    for page in (
        reverse("courses:mine"),
        reverse("courses:joined", args=[seat.series_id]),
    ):
        text = client.get(page).content.decode()
        assert "maandag 3 maart" in text
        assert "09.05" in text, page
