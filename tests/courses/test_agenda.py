"""Publishing, moving and cancelling; and the reads of the agenda."""

import uuid
from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from courses import selectors, services
from courses.enums import RegistrationState, SeriesState, SessionState
from courses.models import Session
from tests.factories import (
    EnrolmentFactory,
    FacilitatorFactory,
    RoomFactory,
    SeriesFactory,
    SessionFactory,
    SessionLeaderFactory,
    amsterdam,
    period,
)

pytestmark = pytest.mark.django_db
WEEK = (amsterdam("2026-11-23 00:00"), amsterdam("2026-11-30 00:00"))


def facts(start: str, number: int = 1, **more) -> services.SessionFacts:
    return services.SessionFacts(
        **{
            "id": uuid.uuid4(),
            "number": number,
            "period": period(start),
            "room_id": None,
            **more,
        }
    )


def publish(actor, series, sessions, **more):
    return services.publish_series(
        series=series,
        actor=actor,
        sessions=sessions,
        **{
            "weekday": 2,
            "start_time": time(10),
            "first_date": date(2026, 11, 24),
            "room_id": None,
            "leader_ids": [],
            **more,
        },
    )


def test_publishing_makes_sessions_with_leaders(actor) -> None:
    series, room, leader = SeriesFactory(), RoomFactory(), FacilitatorFactory()
    plan = [
        facts(day, n, room_id=room.pk, leader_ids=(leader.pk,))
        for n, day in enumerate(["2026-11-24 10:00", "2026-12-01 10:00"], start=1)
    ]
    changes = publish(actor, series, plan, room_id=room.pk, leader_ids=[leader.pk])
    series.refresh_from_db()
    assert (series.state, series.room) == (SeriesState.PUBLISHED, room)
    assert list(series.leaders.all()) == [leader]
    assert [one.pk for one in changes.added] == [one.id for one in plan]
    assert [s.session_leaders.get().facilitator for s in series.sessions.all()] == [
        leader,
        leader,
    ]
    event = AuditEvent.objects.get(event_code="series.publish")
    assert event.subject_ids == [str(leader.person_id)]


def test_publishing_the_same_again_changes_nothing(actor) -> None:
    series, plan = SeriesFactory(), [facts("2026-11-24 10:00")]
    publish(actor, series, plan)
    before = Session.objects.get()
    again = publish(actor, series, plan)
    after = Session.objects.get()
    assert again == services.Changes()
    assert (before.sequence, before.last_modified) == (
        after.sequence,
        after.last_modified,
    )


def test_a_change_raises_the_sequence_and_keeps_the_first_time(actor) -> None:
    series, plan = SeriesFactory(), facts("2026-11-24 10:00")
    publish(actor, series, [plan])
    for start in ("2026-11-25 10:00", "2026-11-26 10:00"):
        moved = facts(start, id=plan.id)
        publish(actor, series, [moved])
    session = Session.objects.get()
    assert (session.sequence, session.original_period) == (2, plan.period)
    assert session.period == moved.period


def test_a_session_missing_from_the_published_week_is_cancelled(actor) -> None:
    series = SeriesFactory()
    plan = [facts("2026-11-24 10:00", 1), facts("2026-12-01 10:00", 2)]
    publish(actor, series, plan)
    week = period("2026-11-23 00:00", 7 * 24 * 60)
    changes = publish(actor, series, [], within=week)
    assert [one.number for one in changes.cancelled] == [1]
    states = series.sessions.order_by("number").values_list("state", "sequence")
    assert list(states) == [("cancelled", 1), ("published", 0)]


def test_two_series_swap_rooms_and_leaders_in_one_release(actor) -> None:
    rooms, leaders = RoomFactory.create_batch(2), FacilitatorFactory.create_batch(2)
    series = SeriesFactory.create_batch(2)
    ids = [uuid.uuid4(), uuid.uuid4()]

    def all_of(order: list[int]) -> None:
        with services.bookings_deferred():
            for n, one in enumerate(series):
                room, leader = rooms[order[n]], leaders[order[n]]
                plan = facts(
                    "2026-11-24 10:00",
                    id=ids[n],
                    room_id=room.pk,
                    leader_ids=(leader.pk,),
                )
                publish(actor, one, [plan], leader_ids=[leader.pk])

    all_of([0, 1])
    all_of([1, 0])
    assert Session.objects.get(pk=ids[0]).room == rooms[1]
    assert Session.objects.get(pk=ids[1]).leaders.get() == leaders[0]


def test_a_double_booking_in_a_release_is_named_and_nothing_is_kept(actor) -> None:
    room = RoomFactory()

    def release() -> None:
        with services.bookings_deferred():
            for one in SeriesFactory.create_batch(2):
                publish(actor, one, [facts("2026-11-24 10:00", room_id=room.pk)])

    with pytest.raises(services.DoubleBooking) as caught:
        release()
    assert caught.value.constraint == "courses_session_room_free"
    assert Session.objects.count() == 0


def test_moving_into_a_taken_room_is_answered_in_a_sentence(actor) -> None:
    taken, session = SessionFactory(), SessionFactory()
    with pytest.raises(ValidationError) as caught:
        services.move_session(
            session=session, period=taken.period, room_id=taken.room_id, actor=actor
        )
    assert len(caught.value.messages) == 1
    session.refresh_from_db()
    assert session.sequence == 0


def test_moving_onto_a_leaders_other_session_is_answered_in_a_sentence(actor) -> None:
    first = SessionLeaderFactory()
    later = SessionFactory(period=period("2026-11-24 14:00"))
    SessionLeaderFactory(facilitator=first.facilitator, session=later)
    with pytest.raises(ValidationError):
        services.move_session(
            session=later,
            period=first.session.period,
            room_id=later.room_id,
            actor=actor,
        )
    later.refresh_from_db()
    assert later.period == period("2026-11-24 14:00")


def test_moving_keeps_the_first_time_and_the_leaders_rows_equal(actor) -> None:
    leader = SessionLeaderFactory()
    to = period("2026-11-26 14:00")
    moved = services.move_session(
        session=leader.session, period=to, room_id=None, actor=actor
    )
    leader.refresh_from_db()
    assert (moved.sequence, moved.original_period) == (1, period("2026-11-24 10:00"))
    assert leader.period == to


def test_a_stand_in_leads_one_session(actor) -> None:
    leader, stand_in = SessionLeaderFactory(), FacilitatorFactory()
    session = services.replace_leaders(
        session=leader.session, facilitator_ids=[stand_in.pk], actor=actor
    )
    assert list(session.leaders.all()) == [stand_in]
    assert session.sequence == 1
    event = AuditEvent.objects.get(event_code="session.leaders")
    assert len(event.subject_ids) == 2


def test_a_stand_in_who_is_taken_is_answered_in_a_sentence(actor) -> None:
    busy = SessionLeaderFactory()
    other = SessionLeaderFactory()
    with pytest.raises(ValidationError):
        services.replace_leaders(
            session=other.session, facilitator_ids=[busy.facilitator_id], actor=actor
        )
    assert list(other.session.leaders.all()) == [other.facilitator]


def test_cancelling_a_session_frees_room_and_leader_and_stays_listed(actor) -> None:
    leader = SessionLeaderFactory()
    services.cancel_session(session=leader.session, actor=actor)
    services.cancel_session(session=leader.session, actor=actor)
    SessionLeaderFactory(
        facilitator=leader.facilitator,
        session=SessionFactory(room=leader.session.room),
    )
    listed = selectors.sessions_between(actor=actor, start=WEEK[0], end=WEEK[1])
    assert sorted(one.state for one in listed) == ["cancelled", "published"]
    assert Session.objects.get(pk=leader.session_id).sequence == 1


def test_cancelling_a_series_lets_its_people_wait_with_their_old_date(actor) -> None:
    seat = EnrolmentFactory()
    soon = timezone.now() + timedelta(days=3)
    coming = SessionFactory(series=seat.series, number=2)
    Session.objects.filter(pk=coming.pk).update(
        period=(soon, soon + timedelta(hours=2))
    )
    before = seat.registration.registered_at
    services.cancel_series(series=seat.series, actor=actor)
    seat.registration.refresh_from_db()
    coming.refresh_from_db()
    assert coming.state == SessionState.CANCELLED
    assert seat.registration.state == RegistrationState.WAITING
    assert seat.registration.registered_at == before


# --- reads -----------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_week_is_two_reads_and_one_log_line(
    actor, number: int, django_assert_num_queries
) -> None:
    leaders = SessionLeaderFactory.create_batch(number)
    SessionFactory(period=period("2026-11-30 00:00"))
    with django_assert_num_queries(3):
        found = selectors.sessions_between(actor=actor, start=WEEK[0], end=WEEK[1])
        names = [
            (
                one.series.offering.title,
                one.room.centre.place.name,
                [x.facilitator.person.group_name for x in one.session_leaders.all()],
            )
            for one in found
        ]
    assert len(names) == number
    event = AuditEvent.objects.get(event_code="agenda.read")
    people = {str(leader.facilitator.person_id) for leader in leaders}
    assert set(event.subject_ids) == people


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("owner", ["leader", "resident", "room", "centre"])
def test_feed_is_one_read_and_one_log_line(
    actor, owner: str, number: int, django_assert_num_queries
) -> None:
    leader, seat, room = FacilitatorFactory(), EnrolmentFactory(), RoomFactory()
    SessionLeaderFactory(session__period=period("2026-11-27 10:00"))
    for day in range(number):
        session = SessionFactory(
            series=seat.series, room=room, period=period(f"2026-11-2{3 + day} 10:00")
        )
        SessionLeaderFactory(session=session, facilitator=leader)
    of = {
        "leader": {"leader_person_id": leader.person_id},
        "resident": {"resident_person_id": seat.resident.person_id},
        "room": {"room_id": room.pk},
        "centre": {"centre_id": room.centre_id},
    }[owner]
    with django_assert_num_queries(2):
        found = selectors.feed_sessions(actor=actor, since=WEEK[0], until=WEEK[1], **of)
        assert all(one.title and one.room and one.centre for one in found)
    assert len(found) == number
    assert AuditEvent.objects.get().event_code == "feed.fetch"


def test_feed_of_a_resident_leaves_out_seats_that_are_no_promise(actor) -> None:
    seat = EnrolmentFactory(state="held_by_draft")
    SessionFactory(series=seat.series)
    found = selectors.feed_sessions(
        actor=actor,
        since=WEEK[0],
        until=WEEK[1],
        resident_person_id=seat.resident.person_id,
    )
    assert found == []


def test_feed_has_one_owner(actor) -> None:
    with pytest.raises(ValueError, match="one owner"):
        selectors.feed_sessions(actor=actor, since=WEEK[0], until=WEEK[1])
