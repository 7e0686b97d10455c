"""Helping who is left out, the question they get, and a room that is asked for."""

from datetime import date, time
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from rooms.models import ExtraHours
from scheduling.models import HelpStep, LeftOut, Schedule, ScheduledSeries
from tests.factories import UserFactory
from tests.web.permission_row import (
    LOOKED_AT,
    MANAGER,
    PLANNED,
    RESIDENT,
    Row,
    coordinators,
    only,
    planners,
    posted,
)

PERSON = ("help_draft", "helped")
SERIES = ("help_draft", "open_series")
ROWS: list[Row] = [
    coordinators("scheduling:help-person", *PERSON),
    coordinators("scheduling:help-person", *PERSON, method="post", answer=422),
    planners("scheduling:help-series", *SERIES),
    posted("scheduling:group-first", "helped"),
    coordinators("scheduling:group-first", "helped", method="post", answer=302),
    only((RESIDENT,), "scheduling:question", "question"),
    only((MANAGER,), "publishing:centre_asked", "centre"),
]
ADMIN = {"scheduling_helpstep": LOOKED_AT, "rooms_extrahours": PLANNED}


def bring(world: Any) -> None:
    """Somebody who is left out and was asked something, a series, and a room."""
    waiting = world.region.resident.registrations.get(pk=world.things["waiting"])
    days = {"first_date": date(2027, 6, 7), "last_date": date(2027, 6, 13)}
    draft = Schedule.objects.create(**days)
    LeftOut.objects.create(schedule=draft, registration=waiting)
    ScheduledSeries.objects.create(
        schedule=draft,
        series=world.region.series["money"],
        held=False,
        seen_at=world.region.series["money"].last_modified,
    )
    step = HelpStep.objects.create(
        registration=waiting,
        kind="way",
        state="asked",
        changes=[{"kind": "travel", "km": 7}],
        asked=world.region.resident.person,
        made_by=UserFactory(),
    )
    hours = ExtraHours.objects.create(
        centre=world.region.rooms["Olst Huiskamer"].centre,
        weekday=2,
        start=time(18),
        end=time(22),
        days=DateRange(date(2027, 5, 3), date(2027, 8, 1)),
    )
    world.things |= {
        "help_draft": draft.pk,
        "helped": waiting.pk,
        "question": step.pk,
        "scheduling_helpstep": step.pk,
        "rooms_extrahours": hours.pk,
    }
