"""Who and what does not come back when a decision is gone back on, and keeps what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from courses.models import Enrolment, Registration, Series
from courses.services import enrol, withdraw
from courses.services.changes import pause_waiting
from publishing.models import ChangedSeat
from publishing.remembered import seat_before
from publishing.services.release import ReleaseRefused, preview, release
from scheduling.models import Schedule
from scheduling.services.decisions import end_group, merge_groups
from tests.factories import (
    EnrolmentFactory,
    KeepPairFactory,
    LeaveFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    SessionFactory,
    SessionLeaderFactory,
    days,
    period,
)
from tests.publishing.decided import Decided
from tests.scheduling.rows import ACTOR, a_group, a_leader, running

pytestmark = pytest.mark.django_db


def leaves(seat: Enrolment, _world: Decided) -> None:
    Registration.objects.filter(pk=seat.registration_id).update(state="withdrawn")


def pauses(seat: Enrolment, _world: Decided) -> None:
    Registration.objects.filter(pk=seat.registration_id).update(
        paused_until="2027-01-11"
    )


def wants_something_else(seat: Enrolment, _world: Decided) -> None:
    seat.registration.choices.all().delete()
    Registration.objects.filter(pk=seat.registration_id).update(offering=None)
    RegistrationChoiceFactory(registration=seat.registration, offering=a_group())


def goes_elsewhere(seat: Enrolment, world: Decided) -> None:
    row = Registration.objects.get(pk=seat.registration_id)
    enrol(series=world.other, registration=row, actor=ACTOR)


def has_something_then(seat: Enrolment, _world: Decided) -> None:
    EnrolmentFactory(
        series=running("2026-12-01 10:30", leaders=[a_leader()]),
        registration=RegistrationFactory(resident=seat.resident, state="placed"),
    )


def must_stay_away(seat: Enrolment, world: Decided) -> None:
    pair = sorted(
        [seat.resident.person, world.leader.person], key=lambda person: person.pk
    )
    KeepPairFactory(person_a=pair[0], person_b=pair[1])


def group_shrinks(_seat: Enrolment, world: Decided) -> None:
    Series.objects.filter(pk=world.group.pk).update(size_min=1, size_max=1)
    Registration.objects.filter(pk=_seat.registration_id).update(need_class=5)


CASES: list[tuple[Callable[[Any, Any], None], str, str]] = [
    (leaves, "left", "withdrawn"),
    (pauses, "paused", "waiting"),
    (wants_something_else, "wishes", "waiting"),
    (goes_elsewhere, "elsewhere", "placed"),
    (has_something_then, "clash", "waiting"),
    (must_stay_away, "apart", "waiting"),
    (group_shrinks, "full", "waiting"),
]


@pytest.mark.parametrize(("happens", "why", "state"), CASES)
def test_who_does_not_come_back_is_named_and_not_lost(
    world: Decided, happens: Callable[[Any, Any], None], why: str, state: str
) -> None:
    one, other = world.seats(world.group)
    asked = one.registration.registered_at
    world.decide(end_group)
    happens(one, world)
    seats = Enrolment.objects.filter(registration=one.registration, state="enrolled")
    had = list(seats.values_list("pk", flat=True))
    seen = world.back()
    (away,) = seen.back.away
    assert (away.registration, away.why.value) == (one.registration_id, why)
    assert away.keeps is (why == "elsewhere")
    assert world.seats(world.group) == [other]
    assert list(seats.values_list("pk", flat=True)) == had
    row = Registration.objects.get(pk=one.registration_id)
    assert (row.state, row.registered_at) == (state, asked)
    if state == "waiting" and why != "wishes":
        assert row.choices.filter(offering=world.offering).exists()
    assert one.resident.person_id not in world.told()


def test_who_went_along_keeps_the_other_seat_when_the_former_is_not_free(
    world: Decided,
) -> None:
    one, other = world.seats(world.group)
    world.decide(merge_groups, target_id=world.other.pk)
    group_shrinks(one, world)
    seen = world.back()
    assert [(line.why.value, line.keeps) for line in seen.back.away] == [("full", True)]
    assert world.seats(world.group) == [other]
    there = {seat.registration_id for seat in world.seats(world.other)}
    assert one.registration_id in there


def test_who_gave_up_the_new_seat_is_done(world: Decided) -> None:
    one, other = world.seats(world.group)
    world.decide(merge_groups, target_id=world.other.pk)
    new = Enrolment.objects.get(registration=one.registration, state="enrolled")
    withdraw(enrolment=new, actor=ACTOR)
    seen = world.back()
    assert [line.why.value for line in seen.back.away] == ["left"]
    assert world.seats(world.group) == [other]


def test_who_was_only_offered_something_comes_back(world: Decided) -> None:
    one, _other = seats = world.seats(world.group)
    world.decide(end_group)
    row = Registration.objects.get(pk=one.registration_id)
    EnrolmentFactory(
        series=world.other,
        registration=row,
        state="offered",
        offer_expires_at="2026-12-05T10:00Z",
    )
    Registration.objects.filter(pk=row.pk).update(state="offered")
    seen = world.back()
    assert seen.back.away == ()
    assert world.seats(world.group) == seats
    assert not Enrolment.objects.filter(state="offered").exists()


def test_who_was_erased_is_counted(world: Decided) -> None:
    one, other = world.seats(world.group)
    world.decide(end_group)
    one.registration.delete()
    seen = world.back()
    assert seen.back.forgotten == ((world.group.pk, 1),)
    assert world.seats(world.group) == [other]


def test_who_waited_for_the_group_waits_for_what_he_chose_since(
    world: Decided,
) -> None:
    world.decide(end_group)
    world.waits.choices.all().delete()
    RegistrationChoiceFactory(registration=world.waits, series=world.other)
    world.back()
    (choice,) = world.waits.choices.all()
    assert choice.series == world.other


def test_a_later_session_whose_room_is_taken_stays_cancelled(world: Decided) -> None:
    world.decide(end_group)
    others = running("2026-12-08 10:00", room=world.group.room, leaders=[a_leader()])
    seen = world.back()
    (missing,) = seen.back.not_held
    assert (missing.series, missing.why.value) == (world.group.pk, "room")
    states = [one.state for one in world.group.sessions.order_by("period")]
    assert states == ["published", "cancelled", "published"]
    assert others.sessions.get().state == "published"
    assert len(world.seats(world.group)) == 2


def test_a_later_session_whose_leader_is_elsewhere_stays_cancelled(
    world: Decided,
) -> None:
    world.decide(end_group)
    elsewhere = SessionFactory(
        series=running("2026-12-10 10:00"), number=9, period=period("2026-12-15 10:00")
    )
    SessionLeaderFactory(session=elsewhere, facilitator=world.leader)
    seen = world.back()
    assert [one.why.value for one in seen.back.not_held] == ["leader"]
    states = [one.state for one in world.group.sessions.order_by("period")]
    assert states == ["published", "published", "cancelled"]


def test_a_room_that_is_taken_in_the_week_itself_is_never_used_twice(
    world: Decided,
) -> None:
    world.decide(end_group)
    running("2026-12-01 10:00", room=world.group.room, leaders=[a_leader()])
    picture = world.picture()
    before = Schedule.objects.get(pk=world.before.pk)
    seen = preview(actor=ACTOR, schedule=before)
    assert {one.rule: one.never for one in seen.breaches} == {"room-conflict": True}
    accept = [one.key for one in seen.breaches]
    with pytest.raises(ReleaseRefused) as refused:
        release(actor=ACTOR, user=world.user, schedule=before, accept=accept)
    assert refused.value.why == "breaches"
    assert world.picture() == picture


def test_what_changed_after_looking_is_not_done_unseen(world: Decided) -> None:
    one, _other = world.seats(world.group)
    world.decide(end_group)
    before = Schedule.objects.get(pk=world.before.pk)
    looked_at = preview(actor=ACTOR, schedule=before).mark
    row = Registration.objects.get(pk=one.registration_id)
    pause_waiting(registration=row, until=period("2027-01-11 10:00").lower.date(),
                  actor=ACTOR)  # fmt: skip
    with pytest.raises(ReleaseRefused) as refused:
        release(actor=ACTOR, user=world.user, schedule=before, looked_at=looked_at)
    assert refused.value.why == "stale"
    assert world.seats(world.group) == []


def test_a_leader_who_is_away_by_now_is_named(world: Decided) -> None:
    world.decide(end_group)
    LeaveFactory(facilitator=world.leader, days=days("2026-11-30", "2026-12-02"))
    before = Schedule.objects.get(pk=world.before.pk)
    seen = preview(actor=ACTOR, schedule=before)
    assert "facilitator-availability" in {one.rule for one in seen.breaches}
    world.back()
    assert len(world.seats(world.group)) == 2


def test_who_chose_otherwise_in_a_later_release_gets_the_seat_back() -> None:
    """A release that changed only what was chosen did not move anybody on."""
    had, has = Enrolment(pk=5), Enrolment(pk=7)
    chose = ChangedSeat(choices_was=[[1, 2, None, None]])
    found = seat_before(has, [chose, ChangedSeat(was=had, now=has)])
    assert (found.seat, found.moved_on) == (had, False)
    found = seat_before(None, [chose, ChangedSeat(was=had)])
    assert (found.seat, found.moved_on) == (had, False)


@pytest.mark.parametrize(
    "gone",
    [
        [1, 2_000_000_000, None, None],
        [1, None, str(uuid4()), None],
        [1, None, None, str(uuid4())],
    ],
)
def test_nobody_asks_for_what_is_no_longer_there(
    world: Decided, gone: list[Any]
) -> None:
    """An offering, a group, and a session."""
    world.decide(end_group)
    ChangedSeat.objects.filter(registration=world.waits).update(choices_was=[gone])
    asks = list(world.waits.choices.values())
    world.back()
    assert list(world.waits.choices.values()) == asks
