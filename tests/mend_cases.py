"""Rows in which a check before planning finds something, and what mends it.

``CASES``: by check, what makes the rows and gives the key of the record that is mended,
with what is filled in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

from tests.factories import (
    AvailabilityWindowFactory,
    EnrolmentFactory,
    FacilitatorFactory,
    KeepPairFactory,
    OfferingFactory,
    OfferingStaffNeedFactory,
    OpeningHoursFactory,
    PersonFactory,
    PlaceFactory,
    QualificationFactory,
    RegistrationFactory,
    ResidentFactory,
    RoomBookingFactory,
    RoomFactory,
    SeriesFactory,
    SeriesWindowFactory,
    period,
)
from tests.scheduling.rows import a_leader, a_room, asks_for, running
from tests.scheduling.views.conftest import SECRET

FREE = {"days": ["1", "2"], "parts": ["morning", "afternoon"], "asked": "on"}
Case = tuple[Any, dict[str, Any]]
WEEKLY = frozenset(
    {
        "registration-already-member",
        "room-fully-booked",
        "apart-but-in-one-group",
    }
)
"""Checks that are tried on one week; the others on a term."""


def a_course(**fields: Any) -> Any:
    """A series to be planned of two meetings that one expert leads."""
    offering = OfferingFactory(**({"sessions_count": 2, "size_min": 1} | fields))
    OfferingStaffNeedFactory(offering=offering)
    return SeriesFactory(offering=offering)


def a_resident(**fields: Any) -> Any:
    person = PersonFactory(call_name=SECRET, place=fields.pop("place", PlaceFactory()))
    return ResidentFactory(person=person, travel_mode="car", **fields)


def asks(*wishes: Any, allowed_levels: Any = (1, 2, 3), **fields: Any) -> Any:
    levels = {"allowed_levels": list(allowed_levels)}
    return asks_for(*wishes, resident=a_resident(**fields), **levels)


def nobody_may_lead() -> Case:
    a_room()
    series = a_course()
    need = series.offering.staff_needs.get()
    need.qualification = QualificationFactory()
    need.save()
    asks(series)
    return series, {
        "leader": str(a_leader("trainer").pk),
        "role": "expert_by_experience",
    }


def no_hours_fit() -> Case:
    a_room(), a_leader()
    series = a_course()
    SeriesWindowFactory(series=series, start=time(9), end=time(9, 30))
    asks(series)
    return series, {"days": ["2"], "start": "09:00", "end": "17:00"}


def too_few() -> Case:
    a_room(), a_leader()
    series = a_course(size_min=6)
    asks(series)
    return series, {"smallest": "1"}


def never_open() -> Case:
    room = RoomFactory()
    asks(a_course())
    return room, {"days": ["1", "2"], "start": "09:00", "end": "17:00"}


def too_small() -> Case:
    a_leader()
    room = a_room(capacity=1)
    asks(a_course())
    return room, {"capacity": "20", "features": []}


def leader_never_free() -> Case:
    a_room()
    asks(a_course())
    return FacilitatorFactory(), FREE


def leader_too_short() -> Case:
    a_room()
    asks(a_course())
    leader = FacilitatorFactory()
    AvailabilityWindowFactory(person=leader.person, start=time(9), end=time(9, 30))
    return leader, FREE


def leader_too_little() -> Case:
    a_room()
    asks(a_course())
    leader = a_leader(max_minutes_per_week=60, max_block_minutes=60)
    return leader, {"minutes": "120", "asked": "on"}


def asks_for_nothing() -> Case:
    a_room(), a_leader()
    series = a_course()
    asks(series)
    one = RegistrationFactory(resident=a_resident())
    return one, {"offering": str(series.offering.pk), "asked": "on"}


def meets_nothing() -> Case:
    a_room(), a_leader()
    one = asks(a_course())
    AvailabilityWindowFactory(
        person=one.resident.person, weekday=7, start=time(9), end=time(12)
    )
    return one, FREE


def too_far() -> Case:
    a_room(), a_leader()
    place = PlaceFactory(lat=52.36, lon=6.16)
    one = asks(a_course(), place=place, travel_limit_minutes=10)
    return one, {"minutes": "60", "asked": "on"}


def member_already() -> Case:
    group = running("2026-12-01 10:00", leaders=[a_leader()], members=6)
    one = asks(group)
    EnrolmentFactory(
        series=group,
        registration=RegistrationFactory(resident=one.resident, state="placed"),
    )
    return one, {"other": str(group.pk)}


def leaders_never_free() -> Case:
    a_room()
    leader = FacilitatorFactory()
    AvailabilityWindowFactory(
        person=leader.person, weekday=7, start=time(9), end=time(17)
    )
    series = a_course()
    asks(series)
    return series, {"leader": str(leader.pk), **FREE}


def one_organisation() -> Case:
    a_room()
    series = a_course(different_organisations=True)
    series.offering.staff_needs.update(count=2)
    first = a_leader()
    a_leader(organisation=first.organisation)
    asks(series)
    role = {"role": "expert_by_experience"}
    return series, {"leader": str(a_leader("trainer").pk), **role}


def no_such_room() -> Case:
    a_room(), a_leader()
    series = a_course()
    series.offering.required_features.add("lift")
    asks(series)
    return series, {"features": []}


def rooms_shut() -> Case:
    a_leader()
    room = RoomFactory()
    OpeningHoursFactory(centre=room.centre, weekday=7)
    series = a_course()
    asks(series)
    hours = {"days": ["1", "2"], "start": "09:00", "end": "17:00", "asked": "on"}
    return series, {"room": str(room.pk), **hours}


def wrong_order() -> Case:
    a_room(), a_leader()
    first = a_course(sessions_count=6)
    second = a_course()
    second.follows, second.latest_end = first, date(2026, 12, 20)
    second.save()
    asks(first, second)
    return second, {"how": "loose"}


def asked_by_nobody() -> Case:
    a_room(), a_leader()
    return a_course(), {"first_day": "2027-06-01"}


def hangs_on_one() -> Case:
    a_room(), a_leader()
    series = a_course()
    asks(series)
    role = {"role": "expert_by_experience"}
    return series, {"leader": str(a_leader("trainer").pk), **role}


def booked_up() -> Case:
    room = a_room()
    for day in range(5):
        start = f"{'2026-11-30' if not day else f'2026-12-0{day}'} 08:00"
        RoomBookingFactory(room=room, period=period(start, 600))
    evening = {"start": "19:00", "end": "22:00", "asked": "on"}
    return room, {"days": ["1", "2"], **evening}


def not_needed() -> Case:
    a_room()
    asks(a_course())
    return a_leader("trainer"), {"roles": ["expert_by_experience"]}


def another() -> dict[str, Any]:
    """A course that anybody may join."""
    return {"offering": str(a_course().offering.pk), "asked": "on"}


def not_allowed() -> Case:
    a_room(), a_leader()
    one = asks(a_course(kind="group_treatment"), allowed_levels=[1])
    return one, another()


def all_taken() -> Case:
    group = running("2026-12-01 10:00", leaders=[a_leader()], members=1)
    type(group).objects.filter(pk=group.pk).update(size_min=1, size_max=1)
    return asks(group), another()


def unsuitable() -> Case:
    a_room(), a_leader()
    return asks(a_course(language="ar")), another()


def nothing_fits() -> Case:
    a_room(), a_leader("trainer")
    one = asks(a_course())
    free = a_course()
    free.offering.staff_needs.update(roles=["trainer"])
    return one, {"offering": str(free.offering.pk), "asked": "on"}


def no_room_has() -> Case:
    room = a_room()
    a_leader()
    one = asks(a_course(), access_needs=["lift"])
    return one.resident.person, {"room": str(room.pk), "asked": "on"}


def nothing_common() -> Case:
    a_room(), a_leader()
    series = a_course()
    one, other = asks(series), asks(series)
    AvailabilityWindowFactory(
        person=other.resident.person, weekday=7, start=time(9), end=time(12)
    )
    persons = one.resident.person, other.resident.person
    KeepPairFactory(kind="together", person_a=persons[0], person_b=persons[1])
    return one, {"how": "loose", "asked": "on"}


def apart_and_together() -> Case:
    group = running("2026-12-01 10:00", leaders=[a_leader()], members=6)
    one, other = (seat.resident.person for seat in group.enrolments.all()[:2])
    KeepPairFactory(person_a=one, person_b=other)
    return f"person-{one.pk}", {"asked": "on"}


def short_of_time() -> Case:
    a_room(), a_leader(max_minutes_per_week=15)
    asks(a_course(sessions_count=4))
    return "expert_by_experience", {"leader": str(a_leader("trainer").pk)}


CASES: dict[str, Callable[[], Case]] = {
    "series-without-leader": nobody_may_lead,
    "series-without-window": no_hours_fit,
    "series-too-few-interested": too_few,
    "room-without-opening": never_open,
    "room-never-suits": too_small,
    "facilitator-without-availability": leader_never_free,
    "facilitator-shift-too-short": leader_too_short,
    "facilitator-load-too-small": leader_too_little,
    "registration-without-choices": asks_for_nothing,
    "registration-never-free": meets_nothing,
    "registration-too-far": too_far,
    "registration-already-member": member_already,
    "series-leaders-never-free": leaders_never_free,
    "series-too-few-organisations": one_organisation,
    "series-without-room": no_such_room,
    "series-rooms-never-open": rooms_shut,
    "series-order-cannot-fit": wrong_order,
    "series-nobody-asks": asked_by_nobody,
    "series-one-leader": hangs_on_one,
    "room-fully-booked": booked_up,
    "facilitator-not-needed": not_needed,
    "registration-level-not-allowed": not_allowed,
    "registration-choices-taken": all_taken,
    "registration-choices-unsuitable": unsuitable,
    "registration-nothing-fits": nothing_fits,
    "person-needs-no-room-has": no_room_has,
    "together-without-common-choice": nothing_common,
    "apart-but-in-one-group": apart_and_together,
    "role-short": short_of_time,
}
