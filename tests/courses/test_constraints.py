"""What the database itself refuses, whatever program writes (services left out)."""

from datetime import date, time

import pytest
from django.db import connection

from courses.models import Enrolment, Offering, Session, SessionLeader
from tests.factories import (
    EnrolmentFactory,
    FacilitatorFactory,
    OfferingFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    ResidentFactory,
    RoomFactory,
    SeriesFactory,
    SeriesLeaderFactory,
    SessionFactory,
    SessionLeaderFactory,
    ThemeFactory,
    UserFactory,
    amsterdam,
    period,
    reason_code,
)
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


# --- rooms --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "minutes"),
    [
        ("2026-11-24 10:00", 120),  # the same
        ("2026-11-24 09:00", 61),  # one minute into it
        ("2026-11-24 11:59", 60),  # its last minute
        ("2026-11-24 10:30", 15),  # inside
        ("2026-11-24 09:00", 300),  # around
    ],
)
def test_room_is_not_booked_twice(start: str, minutes: int) -> None:
    first = SessionFactory(period=period("2026-11-24 10:00", 120))
    with refused_by("courses_session_room_free"):
        SessionFactory(room=first.room, period=period(start, minutes))


def test_room_is_free_right_before_and_after_and_when_cancelled() -> None:
    first = SessionFactory(period=period("2026-11-24 10:00", 120))
    SessionFactory(room=first.room, period=period("2026-11-24 09:00", 60))
    SessionFactory(room=first.room, period=period("2026-11-24 12:00", 60))
    cancelled = SessionFactory(
        room=first.room, state="cancelled", period=period("2026-11-24 10:00", 120)
    )
    assert Session.objects.filter(room=cancelled.room).count() == 4


def test_two_online_sessions_at_one_time_need_no_room() -> None:
    SessionFactory(room=None, online=True)
    SessionFactory(room=None, online=True)
    assert Session.objects.filter(online=True).count() == 2


def test_two_sessions_can_swap_rooms_in_one_deferred_transaction() -> None:
    one, other = SessionFactory(), SessionFactory()
    rooms = one.room_id, other.room_id
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS courses_session_room_free DEFERRED")
    Session.objects.filter(pk=one.pk).update(room=rooms[1])
    Session.objects.filter(pk=other.pk).update(room=rooms[0])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS courses_session_room_free IMMEDIATE")
    one.refresh_from_db()
    assert one.room_id == rooms[1]


def test_session_number_is_used_once_in_a_series() -> None:
    first = SessionFactory(number=1)
    with refused_by("courses_session_number_once"):
        SessionFactory(series=first.series, number=1, room=None)


# --- leaders ------------------------------------------------------------------


def test_leader_is_not_in_two_places() -> None:
    first = SessionLeaderFactory()
    other = SessionFactory(period=period("2026-11-24 11:00"))
    with refused_by("courses_session_leader_free"):
        SessionLeader.objects.bulk_create(
            [
                SessionLeader(
                    session=other,
                    facilitator=first.facilitator,
                    period=other.period,
                    state=other.state,
                )
            ]
        )


def test_leader_row_takes_period_and_state_of_its_session() -> None:
    session = SessionFactory(state="cancelled")
    SessionLeader.objects.bulk_create(
        [
            SessionLeader(
                session=session,
                facilitator=FacilitatorFactory(),
                period=period("2030-01-01 10:00"),
                state="published",
            )
        ]
    )
    leader = SessionLeader.objects.get()
    assert (leader.period, leader.state) == (session.period, "cancelled")


def test_leader_row_follows_when_the_session_moves_by_raw_update() -> None:
    leader = SessionLeaderFactory()
    moved = period("2026-11-25 14:00", 90)
    Session.objects.update(period=moved, state="cancelled")
    leader.refresh_from_db()
    assert (leader.period, leader.state) == (moved, "cancelled")


def test_stale_leader_row_cannot_bring_the_old_period_back() -> None:
    stale = SessionLeaderFactory()
    moved = period("2026-11-25 14:00", 90)
    Session.objects.update(period=moved)
    stale.save()
    stale.refresh_from_db()
    assert stale.period == moved


def test_moving_a_session_onto_the_leaders_other_session_is_refused() -> None:
    first = SessionLeaderFactory()
    second = SessionLeaderFactory(
        facilitator=first.facilitator,
        session=SessionFactory(period=period("2026-11-24 14:00")),
    )
    with refused_by("courses_session_leader_free"):
        Session.objects.filter(pk=second.session_id).update(
            period=period("2026-11-24 10:00")
        )


# --- seats --------------------------------------------------------------------


def full_series(seats: int = 1):
    return SeriesFactory(published=True, size_min=0, size_max=seats)


@pytest.mark.parametrize("state", ["held_by_draft", "offered", "enrolled"])
def test_bulk_insert_cannot_overbook(state: str) -> None:
    series = full_series()
    EnrolmentFactory(series=series, state="held_by_draft")
    late = RegistrationFactory()
    with refused_by("courses_enrolment_seat_free"):
        Enrolment.objects.bulk_create(
            [
                Enrolment(
                    registration=late,
                    resident=late.resident,
                    series=series,
                    state=state,
                    offer_expires_at=amsterdam("2026-12-01 12:00"),
                )
            ]
        )


def test_a_given_up_seat_cannot_come_back_into_a_full_series() -> None:
    series = full_series()
    gone = EnrolmentFactory(series=series, state="withdrawn")
    EnrolmentFactory(series=series)
    with refused_by("courses_enrolment_seat_free"):
        Enrolment.objects.filter(pk=gone.pk).update(state="enrolled")


def test_a_companion_needs_a_seat_too() -> None:
    series = full_series(seats=2)
    EnrolmentFactory(series=series, seats=2)
    with refused_by("courses_enrolment_seat_free"):
        EnrolmentFactory(series=series)


def test_over_enrolment_gives_extra_seats_and_no_more() -> None:
    series = full_series()
    Offering.objects.update(over_enrolment=1)
    EnrolmentFactory.create_batch(2, series=series)
    with refused_by("courses_enrolment_seat_free"):
        EnrolmentFactory(series=series)


def test_the_room_counts_its_leaders() -> None:
    series = SeriesFactory(
        published=True, size_min=0, size_max=10, room=RoomFactory(capacity=3)
    )
    SeriesLeaderFactory.create_batch(2, series=series)
    EnrolmentFactory(series=series)
    with refused_by("courses_enrolment_seat_free"):
        EnrolmentFactory(series=series)


def test_one_active_seat_per_registration() -> None:
    seat = EnrolmentFactory()
    with refused_by("courses_enrolment_one_per_registration"):
        EnrolmentFactory(registration=seat.registration)


def test_one_active_seat_per_resident_and_series() -> None:
    seat = EnrolmentFactory()
    other = RegistrationFactory(resident=seat.resident)
    with refused_by("courses_enrolment_one_per_resident"):
        EnrolmentFactory(registration=other, series=seat.series)


def test_seat_belongs_to_the_resident_of_the_registration() -> None:
    registration = RegistrationFactory()
    Enrolment.objects.bulk_create(
        [
            Enrolment(
                registration=registration,
                resident=ResidentFactory(),
                series=SeriesFactory(),
            )
        ]
    )
    assert Enrolment.objects.get().resident == registration.resident


# --- registrations and offerings ------------------------------------------------


def test_reason_for_one_to_one_needs_author_and_time() -> None:
    with refused_by("courses_registration_reason_has_author"):
        RegistrationFactory(one_to_one_reason=reason_code())
    whole = RegistrationFactory(
        one_to_one_reason=reason_code(),
        reason_by=UserFactory(),
        reason_at=amsterdam("2026-11-20 10:00"),
    )
    assert whole.pk


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"need_class": 0}, "need_class"),
        ({"need_class": 6}, "need_class"),
        ({"seats": 3}, "seats"),
        ({"allowed_levels": []}, "levels"),
        ({"allowed_levels": [7]}, "levels"),
        (
            {"group_first_set_aside_at": amsterdam("2026-11-20 10:00")},
            "set_aside_has_author",
        ),
        ({"state": "lost"}, "state_known"),
    ],
)
def test_registration_outside_its_bounds(fields: dict, name: str) -> None:
    with refused_by(f"courses_registration_{name}"):
        RegistrationFactory(**fields)


def test_registration_is_for_a_theme_or_an_offering() -> None:
    with refused_by("courses_registration_one_wish"):
        RegistrationFactory(theme=ThemeFactory(), offering=OfferingFactory())


def test_choice_is_one_thing_with_its_own_rank() -> None:
    choice = RegistrationChoiceFactory()
    with refused_by("courses_choice_one_thing"):
        RegistrationChoiceFactory(offering=OfferingFactory(), series=SeriesFactory())
    with refused_by("courses_choice_rank_once"):
        RegistrationChoiceFactory(registration=choice.registration)
    with refused_by("courses_choice_once"):
        RegistrationChoiceFactory(
            registration=choice.registration, series=choice.series, rank=2
        )


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"size_min": 11}, "sizes"),
        ({"size_min": 0, "size_max": 0}, "sizes"),
        ({"sessions_count": 0}, "sessions"),
        ({"session_minutes": None}, "sessions"),
        ({"session_minutes": 10}, "minutes"),
        ({"every_weeks": 0}, "rhythm"),
        ({"age_min": 25, "age_max": 16}, "ages"),
        ({"kind": "lecture"}, "kind_known"),
    ],
)
def test_offering_outside_its_bounds(fields: dict, name: str) -> None:
    with refused_by(f"courses_offering_{name}"):
        OfferingFactory(**fields)


def test_series_needs_day_and_time_together_and_dates_in_order() -> None:
    with refused_by("courses_series_day_and_time"):
        SeriesFactory(weekday=2)
    with refused_by("courses_series_day_and_time"):
        SeriesFactory(start_time=time(10))
    with refused_by("courses_series_dates"):
        SeriesFactory(earliest_start=date(2026, 12, 2), latest_end=date(2026, 12, 1))
