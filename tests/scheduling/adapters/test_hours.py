"""When people, leaders and rooms can be used, from the rows that say so."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from tests.factories import (
    AvailabilityExceptionFactory,
    AvailabilityWindowFactory,
    CertificateFactory,
    ClosureFactory,
    FacilitatorFactory,
    LeaveFactory,
    RoomBookingFactory,
    days,
    period,
)
from tests.scheduling.rows import (
    FIVE,
    NINE,
    NOON,
    ONE,
    TEN,
    TUESDAY,
    a_centre,
    a_leader,
    a_room,
    asks_for,
    running,
    term,
    week,
)

pytestmark = pytest.mark.django_db


def is_free(leader: Any, day: int, start: int, end: int) -> bool:
    read = week()
    return read.is_free(read.facilitator(leader).availability, day, start, end)


class TestLeaders:
    def test_who_told_no_hours_is_never_free(self) -> None:
        assert not is_free(FacilitatorFactory(), TUESDAY, NINE, NINE + 1)

    def test_a_weekly_window_counts_in_whole_quarters(self) -> None:
        leader = FacilitatorFactory()
        AvailabilityWindowFactory(
            person=leader.person, weekday=2, start=time(8, 50), end=time(12, 10)
        )
        assert is_free(leader, TUESDAY, NINE, NOON)
        assert not is_free(leader, TUESDAY, NINE - 1, NOON)
        assert not is_free(leader, TUESDAY, NINE, NOON + 1)
        assert not is_free(leader, TUESDAY + 1, NINE, NOON)

    def test_a_window_that_ends_in_the_week_counts_on_its_days_only(self) -> None:
        leader = FacilitatorFactory()
        for weekday in (1, 3):
            AvailabilityWindowFactory(
                person=leader.person,
                weekday=weekday,
                valid=DateRange(None, date(2026, 12, 2)),
            )
        assert is_free(leader, 0, NINE, NOON)
        assert not is_free(leader, 2, NINE, NINE + 1)

    def test_an_exception_takes_part_of_a_day_away(self) -> None:
        leader = a_leader()
        AvailabilityExceptionFactory(
            person=leader.person,
            days=days("2026-12-01"),
            available=False,
            start=time(10, 5),
            end=time(11, 55),
        )
        assert is_free(leader, TUESDAY, NINE, TEN)
        assert not is_free(leader, TUESDAY, TEN, TEN + 1)
        assert not is_free(leader, TUESDAY, NOON - 1, NOON)
        assert is_free(leader, TUESDAY, NOON, FIVE)

    def test_an_exception_gives_an_evening(self) -> None:
        leader = a_leader()
        AvailabilityExceptionFactory(
            person=leader.person,
            days=days("2026-12-01"),
            available=True,
            start=time(19),
            end=time(21),
        )
        assert is_free(leader, TUESDAY, 76, 84)
        assert not is_free(leader, TUESDAY + 1, 76, 84)

    def test_leave_blocks_whole_days_also_those_given_by_an_exception(self) -> None:
        leader = a_leader()
        AvailabilityExceptionFactory(
            person=leader.person, days=days("2026-12-01"), available=True
        )
        LeaveFactory(facilitator=leader, days=days("2026-12-01", "2026-12-02"))
        assert is_free(leader, 0, NINE, FIVE)
        assert not is_free(leader, 1, NINE, NINE + 1)
        assert not is_free(leader, 2, NINE, NINE + 1)
        assert is_free(leader, 3, NINE, FIVE)

    def test_a_certificate_that_lapses_in_the_horizon_does_not_count(self) -> None:
        lasting, lapsing = a_leader(), a_leader()
        CertificateFactory(facilitator=lasting)
        CertificateFactory(
            facilitator=lapsing, valid=DateRange(None, date(2026, 12, 4))
        )
        read = week()
        assert len(read.facilitator(lasting).skills) == 1
        assert read.facilitator(lapsing).skills == frozenset()


class TestRooms:
    def test_a_room_is_open_when_its_centre_is(self) -> None:
        room = a_room()
        read = week()
        opening = read.room(room).opening
        assert read.is_free(opening, TUESDAY, NINE, FIVE)
        assert not read.is_free(opening, TUESDAY, NINE - 1, FIVE)
        assert not read.is_free(opening, 5, NINE, NINE + 1)

    def test_a_closure_shuts_one_centre(self) -> None:
        shut, other = a_room(), a_room()
        ClosureFactory(centre=shut.centre, days=days("2026-12-01"))
        read = week()
        assert not read.is_free(read.room(shut).opening, TUESDAY, NINE, NINE + 1)
        assert read.is_free(read.room(other).opening, TUESDAY, NINE, FIVE)

    def test_bookings_that_stand_or_are_asked_for_are_kept_free(self) -> None:
        room = a_room()
        for state, start in (
            ("confirmed", "2026-12-01 10:00"),
            ("requested", "2026-12-02 10:00"),
            ("lapsed", "2026-12-03 10:00"),
        ):
            RoomBookingFactory(room=room, state=state, period=period(start, 110))
        booked = week().room(room).booked
        assert [(span.start, span.end) for span in booked] == [
            (96 + TEN, 96 + NOON),
            (192 + TEN, 192 + NOON),
        ]

    def test_school_holidays_shut_only_the_centres_that_keep_them(self) -> None:
        """Autumn 2026: Noord from 10 to 18 October, Midden from 17 to 25 October."""
        noord = a_room(centre=a_centre(closes_on_school_holidays=True))
        midden = a_room(
            centre=a_centre(
                region="Midden", code="GM0285", closes_on_school_holidays=True
            )
        )
        never = a_room(centre=a_centre())
        read = term(date(2026, 9, 28), date(2026, 11, 1))

        def shut_on(when: date) -> list[Any]:
            day = read.problem.horizon.day_of(when)
            return [
                room
                for room in (noord, midden, never)
                if not read.is_free(read.room(room).opening, day, NINE, FIVE)
            ]

        assert shut_on(date(2026, 10, 13)) == [noord]
        assert shut_on(date(2026, 10, 20)) == [midden]
        assert shut_on(date(2026, 10, 27)) == []

    def test_christmas_shuts_a_centre_that_keeps_public_holidays(self) -> None:
        keeps = a_room(centre=a_centre(closes_on_public_holidays=True))
        read = term()
        friday = read.problem.horizon.day_of(date(2026, 12, 25))
        assert not read.is_free(read.room(keeps).opening, friday, NINE, NINE + 1)


class TestResidents:
    def test_who_told_no_hours_can_always_come(self) -> None:
        asking = asks_for(running("2026-12-01 10:00").offering)
        read = week()
        free = read.person(asking.resident.person).availability
        assert read.is_free(free, 6, 0, 96)

    def test_the_hours_of_a_group_somebody_is_in_are_agreed(self) -> None:
        """A form filled in later does not throw anyone out of a running group."""
        series = running("2026-12-01 10:00", members=1, minutes=120)
        member = series.enrolments.get().resident
        AvailabilityWindowFactory(
            person=member.person, weekday=1, start=time(13), end=time(17)
        )
        member.pace_per_week = 1
        member.save()
        read = week()
        free = read.person(member.person).availability
        assert read.is_free(free, TUESDAY, TEN, NOON)
        assert not read.is_free(free, TUESDAY, NOON, NOON + 1)
        assert read.is_free(free, 0, ONE, FIVE)

    def test_the_pace_is_at_least_what_somebody_already_does(self) -> None:
        series = running(
            "2026-12-01 10:00", "2026-12-01 14:00", "2026-12-03 10:00", members=1
        )
        member = series.enrolments.get().resident
        member.pace_per_week, member.pace_per_day = 2, 1
        member.save()
        person = week().person(member.person)
        assert (person.sessions_per_week, person.sessions_per_day) == (3, 2)
