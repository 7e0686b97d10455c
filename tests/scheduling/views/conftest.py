"""A coordinator who is signed in, and small weeks to look at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from people.enums import Role
from people.models import User
from scheduling.models import (
    LeftOut,
    PlanningRun,
    Schedule,
    ScheduledLeader,
    ScheduledSeat,
    ScheduledSeries,
    ScheduledSession,
)
from scheduling.weeks import Week
from tests.factories import (
    EnrolmentFactory,
    FacilitatorFactory,
    OfferingFactory,
    OpeningHoursFactory,
    PersonFactory,
    RegistrationFactory,
    ResidentFactory,
    RoomFactory,
    SeriesFactory,
    SessionFactory,
    SessionLeaderFactory,
    UserFactory,
    period,
)

WEEK = Week.read("2026-W49")
SECRET = "Zilverlinde"  # the name of every resident here: it must never be shown


@pytest.fixture
def coordinator() -> User:
    return UserFactory(role=Role.COORDINATOR)


@pytest.fixture
def signed_in(client: Client, coordinator: User) -> Client:
    client.force_login(coordinator)
    return client


def resident() -> Any:
    return ResidentFactory(person=PersonFactory(call_name=SECRET))


def published_session(day: int = 1, hour: int = 10, **extra: Any) -> Any:
    """A session in December 2026 with a leader and a participant of a group of 10."""
    offering = extra.pop("offering", None) or OfferingFactory()
    room = extra.pop("room", None) or room_in_use()
    series = SeriesFactory(published=True, offering=offering, room=room)
    session = SessionFactory(
        series=series,
        number=extra.pop("number", 4),
        room=room,
        period=period(f"2026-12-{day:02} {hour:02}:00"),
        **extra,
    )
    SessionLeaderFactory(session=session)
    EnrolmentFactory(
        series=series, registration=RegistrationFactory(resident=resident())
    )
    return session


def room_in_use() -> Any:
    room = RoomFactory()
    for weekday in (1, 2, 3, 4):
        OpeningHoursFactory(centre=room.centre, weekday=weekday)
    return room


FIGURES = {
    "seated": 371,
    "asking": 412,
    "held": 118,
    "series": 120,
    "light": 0.84,
    "one_to_one": 31,
    "waiting": 21.7,
    "norm": 28,
    "gap": 0.004,
    "value": 99,
    "bound": 100.0,
    "seconds": 60.0,
    "first_plan_seconds": 0.5,
    "costs": {},
}


def a_schedule(state: str = "draft", **extra: Any) -> Schedule:
    return Schedule.objects.create(
        first_date=WEEK.monday,
        last_date=WEEK.sunday,
        state=state,
        figures=extra.pop("figures", FIGURES),
        **extra,
    )


def planned(
    schedule: Schedule, session: Any = None, day: int = 1, hour: int = 10, **extra: Any
) -> ScheduledSession:
    """A session of a draft; of a published session, or of a new series."""
    series = session.series if session else SeriesFactory()
    ScheduledSeries.objects.get_or_create(
        schedule=schedule, series=series, defaults={"seen_at": timezone.now()}
    )
    row = ScheduledSession.objects.create(
        schedule=schedule,
        series=series,
        number=session.number if session else 1,
        period=period(f"2026-12-{day:02} {hour:02}:00"),
        room=extra.pop("room", session.room if session else room_in_use()),
        **({"session_id": session.pk} if session else {}),
    )
    leaders = (
        [one.facilitator for one in session.session_leaders.all()]
        if session
        else [FacilitatorFactory()]
    )
    for leader in extra.pop("leaders", leaders):
        ScheduledLeader.objects.create(session=row, facilitator=leader)
    return row


def seated(schedule: Schedule, series: Any) -> ScheduledSeat:
    seat = EnrolmentFactory(
        series=series,
        state="held_by_draft",
        registration=RegistrationFactory(resident=resident()),
    )
    return ScheduledSeat.objects.create(
        schedule=schedule,
        registration=seat.registration,
        series=series,
        enrolment=seat,
    )


def left_out(schedule: Schedule, *reasons: tuple[Any, list[str]]) -> LeftOut:
    """Someone without a seat; each reason is (series, rules)."""
    return LeftOut.objects.create(
        schedule=schedule,
        registration=RegistrationFactory(
            resident=resident(), norm_date=WEEK.monday - timedelta(days=7)
        ),
        reasons=[
            {"series": str(series.pk), "rules": rules, "verified": "plan_fixed"}
            for series, rules in reasons
        ],
    )


def a_run(**extra: Any) -> PlanningRun:
    return PlanningRun.objects.create(
        **{"first_date": WEEK.monday, "last_date": WEEK.sunday, **extra}
    )
