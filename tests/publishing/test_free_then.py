"""Sessions come back where room and leader are free by then, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from audit.models import AuditEvent
from courses.models import Series, Session
from people.selectors.leaders import leave_between
from publishing.services.release import preview
from rooms.models import Room
from scheduling.models import Schedule
from scheduling.services.decisions import end_group, group_online
from tests.factories import (
    ClosureFactory,
    LeaveFactory,
    RoomBookingFactory,
    SessionFactory,
    days,
    period,
)
from tests.publishing.decided import Decided
from tests.scheduling.rows import ACTOR, a_leader, a_room, running

pytestmark = pytest.mark.django_db
OWN = "Eigen ruimte"


def states(world: Decided) -> list[str]:
    return [one.state for one in world.group.sessions.order_by("period")]


def ends(world: Decided, series: Series) -> None:
    """Stop another group than the small one, and publish that."""
    small, world.group = world.group, series
    world.decide(end_group)
    world.group = small


def lends_the_room(world: Decided) -> None:
    RoomBookingFactory(room=world.group.room, period=period("2026-12-08 11:00"))


def is_asked_for_the_room(world: Decided) -> None:
    booked = period("2026-12-08 09:00", 120)
    RoomBookingFactory(room=world.group.room, period=booked, state="requested")


def closes(world: Decided) -> None:
    ClosureFactory(centre=world.group.room.centre, days=days("2026-12-08"))


def goes_on_leave(world: Decided) -> None:
    LeaveFactory(facilitator=world.leader, days=days("2026-12-07", "2026-12-09"))


def opens_on_other_days(world: Decided) -> None:
    world.group.room.centre.opening_hours.filter(weekday=2).delete()


def takes_the_room_out_of_use(world: Decided) -> None:
    Room.objects.filter(pk=world.group.room_id).update(active=False)


def leads_no_more(world: Decided) -> None:
    type(world.leader).objects.filter(pk=world.leader.pk).update(active=False)


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (opens_on_other_days, "hours"),
        (takes_the_room_out_of_use, "unused"),
        (leads_no_more, "stopped"),
    ],
)
def test_what_cannot_be_used_any_more_is_not_booked_again(
    world: Decided, happens: Callable[[Decided], None], why: str
) -> None:
    world.decide(end_group)
    happens(world)
    before = Schedule.objects.get(pk=world.before.pk)
    seen = preview(actor=ACTOR, schedule=before)
    assert [one.why.value for one in seen.back.not_held] == [why, why]


def removes_the_room(world: Decided) -> None:
    """The group's own; its sessions are in another one."""
    Room.objects.get(name=OWN).delete()


@pytest.mark.parametrize("happens", [takes_the_room_out_of_use, removes_the_room])
def test_a_group_online_gets_no_room_that_is_gone(
    world: Decided, happens: Callable[[Decided], None]
) -> None:
    if happens is removes_the_room:
        own = a_room(name=OWN)
        Series.objects.filter(pk=world.group.pk).update(room=own)
    world.decide(group_online)
    happens(world)
    before = Schedule.objects.get(pk=world.before.pk)
    seen = preview(actor=ACTOR, schedule=before)
    assert not seen.back.touched
    assert [(one.series, one.stays.value) for one in seen.back.lines] == [
        (world.group.pk, "room-gone")
    ]


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (lends_the_room, "lent"),
        (is_asked_for_the_room, "lent"),
        (closes, "closed"),
        (goes_on_leave, "leave"),
    ],
)
def test_a_later_session_that_cannot_be_held_stays_cancelled(
    world: Decided, happens: Callable[[Decided], None], why: str
) -> None:
    world.decide(end_group)
    happens(world)
    seen = world.back()
    (missing,) = seen.back.not_held
    assert (missing.series, missing.why.value) == (world.group.pk, why)
    assert missing.start == period("2026-12-08 10:00").lower
    assert states(world) == ["published", "cancelled", "published"]
    assert len(world.seats(world.group)) == 2


def test_what_is_beside_it_hinders_nobody(world: Decided) -> None:
    world.decide(end_group)
    room = world.group.room
    RoomBookingFactory(room=room, period=period("2026-12-08 11:30"))
    RoomBookingFactory(room=room, period=period("2026-12-08 10:00"), state="lapsed")
    RoomBookingFactory(room=world.other.room, period=period("2026-12-08 10:00"))
    ClosureFactory(centre=room.centre, days=days("2026-12-09", "2026-12-12"))
    LeaveFactory(facilitator=world.other_leader, days=days("2026-12-08"))
    assert world.back().back.not_held == ()
    assert states(world) == ["published"] * 3


def test_a_session_online_gets_no_lent_room_and_keeps_its_leader(
    world: Decided,
) -> None:
    world.decide(group_online)
    lends_the_room(world)
    LeaveFactory(facilitator=world.leader, days=days("2026-12-15"))
    seen = world.back()
    assert [one.why.value for one in seen.back.not_held] == ["lent"]
    rows = world.group.sessions.order_by("period")
    assert [one.online for one in rows] == [False, True, False]


def test_whose_leave_was_looked_at_is_in_the_log() -> None:
    away, there = a_leader(), a_leader()
    LeaveFactory(facilitator=away, days=days("2026-12-07", "2026-12-09"))
    LeaveFactory(facilitator=there, days=days("2026-12-10"))
    found = leave_between(
        actor=ACTOR,
        facilitator_ids=[away.pk, there.pk],
        first=date(2026, 12, 8),
        last=date(2026, 12, 9),
    )
    assert list(found) == [away.pk]
    (line,) = AuditEvent.objects.filter(event_code="facilitator.facts.read")
    assert line.subject_ids == [str(away.person_id)]


def test_two_that_come_back_do_not_meet_in_one_room(world: Decided) -> None:
    world.decide(end_group)
    later = world.other.sessions.order_by("period")[1]
    Session.objects.filter(pk=later.pk).update(
        period=period("2026-12-08 10:00"), room=world.group.room
    )
    world.redraft()
    ends(world, world.other)
    seen = world.back()
    assert [one.why.value for one in seen.back.not_held] == ["room"]
    held = Session.objects.filter(
        period__overlap=period("2026-12-08 10:00"), state="published"
    )
    assert held.count() == 1


def test_what_the_week_itself_holds_comes_first() -> None:
    third = running("2026-12-09 10:00", leaders=[a_leader()], members=5)
    world = Decided()
    world.decide(end_group)
    extra = SessionFactory(
        series=third, number=9, period=world.group.sessions.first().period,
        room=world.group.room,
    )  # fmt: skip
    world.redraft()
    ends(world, third)
    seen = world.back()
    assert [(one.series, one.why.value) for one in seen.back.not_held] == [
        (third.pk, "room")
    ]
    extra.refresh_from_db()
    assert extra.state == "cancelled"
    assert states(world) == ["published"] * 3
