"""A reminder the day before: once, neutral, and only for who comes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import Absence
from courses.services import remind_of_sessions
from messaging.models import OutboxMessage
from tests.factories import EnrolmentFactory, SessionFactory, amsterdam, period

pytestmark = pytest.mark.django_db
TODAY = amsterdam("2026-11-23 10:20")


def seat(session: Any, **more: Any) -> Any:
    return EnrolmentFactory(series=session.series, **more)


def test_who_comes_tomorrow_is_reminded_once_and_of_the_time_only(actor) -> None:
    session = SessionFactory(period=period("2026-11-24 10:00"))
    one, missing = seat(session), seat(session)
    Absence.objects.create(enrolment=missing, session=session)
    seat(session, registration__resident__person__contact_channel="phone")
    seat(session, state="offered", offer_expires_at=TODAY)
    seat(SessionFactory(period=period("2026-11-25 10:00")))
    seat(SessionFactory(period=period("2026-11-24 12:00"), state="cancelled"))
    for _twice in range(2):
        remind_of_sessions(actor=actor, now=TODAY)
    message = OutboxMessage.objects.get()
    assert (message.recipient, message.kind) == (one.resident.person, "reminder")
    assert "dinsdag 24 november" in message.body
    assert "10.00" in message.body
    for word in (session.series.offering.title, session.room.name):
        assert word not in message.subject + message.body


def test_the_last_and_the_first_minute_of_tomorrow(actor) -> None:
    for start in ("2026-11-24 00:00", "2026-11-24 23:45", "2026-11-25 00:00"):
        seat(SessionFactory(period=period(start), room=None))
    assert remind_of_sessions(actor=actor, now=amsterdam("2026-11-23 23:59")) == 2


def test_queries_do_not_grow_with_the_people(actor) -> None:
    session = SessionFactory(period=period("2026-11-24 10:00"))

    def cost(number: int) -> int:
        for _one in range(number):
            seat(session)
        with CaptureQueriesContext(connection) as seen:
            assert remind_of_sessions(actor=actor, now=TODAY) == number
        return len(seen)

    assert cost(1) == cost(3) <= 11
