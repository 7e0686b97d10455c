"""Tiny regions in which exactly one thing is missing, planned, and planned again."""

from __future__ import annotations

from datetime import time
from typing import Any

from scheduling.models import PlanningRun, Schedule, SeriesPin
from scheduling.services.runs import perform_run, start_run
from tests.factories import (
    AvailabilityWindowFactory,
    FacilitatorFactory,
    OfferingFactory,
    OfferingStaffNeedFactory,
    PersonFactory,
    PlaceFactory,
    QualificationFactory,
    ResidentFactory,
    RoomFactory,
    SeriesFactory,
)
from tests.scheduling.rows import (
    ACTOR,
    MONDAY,
    SUNDAY,
    a_centre,
    a_leader,
    a_room,
    asks_for,
    running,
)


def planned(kind: str = "term") -> Schedule:
    """The draft of a plan of these rows: of four weeks, or of the week."""
    last = SUNDAY if kind == "week" else SUNDAY.replace(day=27)
    PlanningRun.objects.filter(state="queued").delete()
    run = start_run(
        actor=ACTOR,
        user=None,
        kind=kind,
        first_date=MONDAY,
        last_date=last,
        seconds=3,
        workers=1,
    )
    schedule = perform_run(run_id=run.pk)
    assert schedule is not None
    return schedule


def a_course(least: int = 1, most: int = 4, **fields: Any) -> Any:
    """A series to be planned of a course of two meetings, led by one leader."""
    offering = OfferingFactory(
        size_min=least, size_max=most, sessions_count=2, **fields
    )
    OfferingStaffNeedFactory(offering=offering)
    return SeriesFactory(offering=offering)


def a_resident(**fields: Any) -> Any:
    """Somebody who lives in the town of the rooms and comes by car."""
    place = fields.pop("place", None) or PlaceFactory()
    return ResidentFactory(
        person=PersonFactory(place=place), travel_mode="car", **fields
    )


class Missing:
    """One thing is missing: ``one`` waits for ``series`` and gets no seat."""

    def __init__(self) -> None:
        self.series = a_course()
        self.one: Any = None

    def asks(self, **fields: Any) -> Any:
        return asks_for(self.series, resident=a_resident(**fields))

    # A way of each kind ---------------------------------------------------------------
    def travel(self) -> None:
        a_room(), a_leader()
        self.one = self.asks(
            place=PlaceFactory(lat=52.36, lon=6.16), travel_limit_minutes=10
        )

    def half_day(self) -> None:
        a_room(), a_leader()
        self.one = self.asks()
        AvailabilityWindowFactory(
            person=self.one.resident.person, weekday=6, start=time(9), end=time(12)
        )

    def pace(self) -> None:
        a_room(), a_leader()
        self.asks()
        group = running(
            "2026-12-01 10:00",
            "2026-12-08 10:00",
            "2026-12-15 10:00",
            "2026-12-22 10:00",
            leaders=[a_leader()],
            members=6,
        )
        self.one = self.asks(pace_per_week=1)
        group.enrolments.create(
            registration=asks_for(resident=self.one.resident, state="placed"),
            resident=self.one.resident,
        )

    def choice(self) -> None:
        a_room(), a_leader()
        self.asks()
        missing = a_course()
        need = missing.offering.staff_needs.get()
        need.qualification = QualificationFactory()
        need.save()
        self.one = asks_for(missing, resident=a_resident())

    def more_seats(self) -> None:
        a_room(), a_leader()
        self.series = a_course(1, 2)
        self.asks(), self.asks()
        self.one = self.asks()
        leaders = FacilitatorFactory._meta.model.objects.all()
        leaders.update(max_minutes_per_week=120)

    def repeat(self) -> None:
        a_room(), a_leader()
        self.series = a_course(1, 2)
        self.asks(), self.asks()
        self.one = self.asks()

    def smaller_start(self) -> None:
        a_room(), a_leader()
        self.series = a_course(2)
        self.one = self.asks()

    def new_room(self) -> None:
        RoomFactory(centre=a_centre(), capacity=1)
        a_leader()
        self.one = self.asks()

    def new_leader(self) -> None:
        a_room()
        self.one = self.asks()
        need = self.series.offering.staff_needs.get()
        need.qualification = QualificationFactory()
        need.save()

    def leader_hours(self) -> None:
        a_room()
        self.one = self.asks()
        leader = FacilitatorFactory()
        AvailabilityWindowFactory(
            person=leader.person, weekday=6, start=time(9), end=time(10)
        )

    def leader_minutes(self) -> None:
        a_room()
        self.one = self.asks()
        a_leader(max_minutes_per_week=60)

    def unpin(self) -> None:
        a_room(), a_leader()
        self.one = self.asks()
        SeriesPin.objects.create(series=self.series, closed=True)


KINDS = (
    "travel",
    "half-day",
    "pace",
    "choice",
    "more-seats",
    "repeat",
    "smaller-start",
    "new-room",
    "new-leader",
    "leader-hours",
    "leader-minutes",
    "unpin",
)


def missing(kind: str) -> Missing:
    """The region in which a change of this kind is what helps."""
    region = Missing()
    getattr(region, kind.replace("-", "_"))()
    return region
