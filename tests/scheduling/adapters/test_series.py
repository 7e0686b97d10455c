"""Series as facts: what they need, and what was published of them."""

from __future__ import annotations

from typing import Any

import pytest

from courses.models import Session
from scheduling.adapters.series import HELD_WEIGHT_PER_SEAT, Meets
from scheduling.solver.objectives import registration_weight
from scheduling.solver.plan import Meeting
from scheduling.solver.problem import Format, InvalidProblem, Registration
from scheduling.solver.validate import faults
from tests.factories import (
    CentreFactory,
    EnrolmentFactory,
    LeaveFactory,
    OfferingFactory,
    OfferingStaffNeedFactory,
    PlaceFactory,
    QualificationFactory,
    RegistrationFactory,
    SeriesFactory,
    days,
    period,
)
from tests.scheduling.rows import (
    TEN,
    a_conversation,
    a_group,
    a_leader,
    a_room,
    running,
    term,
    week,
)

pytestmark = pytest.mark.django_db


def placement_of(read: Any, row: Any) -> Any:
    placements = {one.series_id: one for one in read.problem.published.placements}
    return placements[read.series(row).id]


class TestPublished:
    def test_what_is_published_is_given(self) -> None:
        leader, room = a_leader(), a_room()
        series = running("2026-12-01 10:00", room=room, leaders=[leader], members=7)
        read = week()
        assert faults(read.problem) == ()
        assert placement_of(read, series).meetings == (
            Meeting(96 + TEN, read.room(room).id, (read.facilitator(leader).id,)),
        )
        assert read.problem.published.freed_series == frozenset()
        facts = read.series(series)
        assert (facts.length, facts.meetings_held, len(facts.members)) == (6, 4, 7)

    def test_a_moved_session_is_a_part_of_its_own_that_nobody_enters(self) -> None:
        series = running(
            "2026-12-01 10:00", "2026-12-08 10:00", "2026-12-17 14:00", members=6
        )
        read = term()
        main, moved = read.parts(series)
        assert [one.days for one in main.date_patterns] == [(1, 8)]
        assert [one.days for one in moved.date_patterns] == [(17,)]
        assert (main.is_closed, moved.is_closed) == (False, True)
        assert main.members == moved.members
        assert faults(read.problem) == ()

    def test_two_weekdays_at_one_time_are_two_parts(self) -> None:
        series = running("2026-12-01 10:00", "2026-12-03 10:00", "2026-12-08 10:00")
        read = term()
        assert [part.date_patterns[0].days for part in read.parts(series)] == [
            (1, 8),
            (3,),
        ]
        assert faults(read.problem) == ()

    def test_one_session_online_keeps_its_group_on_site(self) -> None:
        series = running("2026-12-01 10:00", "2026-12-08 10:00")
        Session.objects.filter(series=series, number=6).update(room=None, online=True)
        read = term()
        assert {part.format for part in read.parts(series)} == {
            Format.IN_PERSON,
            Format.ONLINE,
        }
        assert faults(read.problem) == ()

    def test_a_week_may_hold_a_single_session_on_another_day(self) -> None:
        series = running("2026-12-01 10:00")
        patterns = week().series(series).date_patterns
        assert [one.days for one in patterns] == [(1,), (0,), (2,), (3,), (4,), (5,)]

    def test_sessions_of_another_week_are_left_out(self) -> None:
        series = running("2026-12-08 10:00")
        assert not week().has_series(series)

    def test_a_session_off_the_grid_is_named(self) -> None:
        series = running("2026-12-01 10:05")
        session = series.sessions.get()
        with pytest.raises(InvalidProblem) as caught:
            week()
        (fault,) = caught.value.faults
        assert fault.where == f"session {session.pk}"
        assert "10:05" in fault.wrong

    def test_a_group_that_grew_over_its_size_keeps_its_members(self) -> None:
        series = running("2026-12-01 10:00", members=8)
        series.size_min, series.size_max = 6, 7
        series.save()
        read = week()
        assert read.series(series).size_max == 8
        assert faults(read.problem) == ()

    def test_a_group_that_grew_past_its_leader_is_not_called_off(self) -> None:
        """The seat that asks for a second leader was given: the next one asks."""
        leader = a_leader()
        series = running("2026-12-01 10:00", leaders=[leader], members=8)
        OfferingStaffNeedFactory(offering=series.offering)
        OfferingStaffNeedFactory(offering=series.offering, from_size=8)
        read = week()
        assert [need.from_seats for need in read.series(series).staff] == [0, 9]
        assert read.problem.published.freed_series == frozenset()

    def test_a_leader_who_is_lost_is_still_wanted(self) -> None:
        one, other = a_leader(), a_leader()
        series = running("2026-12-01 10:00", leaders=[one], members=8)
        series.series_leaders.create(facilitator=other)
        OfferingStaffNeedFactory(offering=series.offering)
        OfferingStaffNeedFactory(offering=series.offering, from_size=8)
        read = week()
        assert [need.from_seats for need in read.series(series).staff] == [0, 8]
        assert read.problem.published.freed_series == {read.series(series).id}

    def test_who_joined_further_away_agreed_to_the_journey(self) -> None:
        series = running("2026-12-01 10:00", leaders=[a_leader()], members=1)
        OfferingStaffNeedFactory(offering=series.offering)
        member = series.enrolments.get().resident
        member.person.place = PlaceFactory(lat=52.9, lon=6.9)
        member.person.save()
        member.travel_limit_minutes = 5
        member.save()
        read = week()
        person, room = read.person(member.person), read.room(series.sessions.get().room)
        journey = read.problem.travel(person.home_place_id, room.place_id)
        assert journey > 20
        assert person.travel_limit_minutes == journey
        assert read.problem.published.freed_series == frozenset()

    def test_a_companion_takes_a_seat_and_a_chair(self) -> None:
        series = running("2026-12-01 10:00", members=3)
        EnrolmentFactory(
            series=series, seats=2, registration=RegistrationFactory(state="placed")
        )
        facts = week().series(series)
        assert len(facts.members) == 4
        assert (facts.guests, facts.size_max) == (1, 9)

    def test_a_module_that_is_on_takes_more_people(self) -> None:
        coach = a_leader()
        module = SeriesFactory(
            offering=OfferingFactory(
                kind="digital_module",
                size_min=1,
                size_max=50,
                sessions_count=None,
                session_minutes=None,
                coach_minutes_per_week=15,
            ),
            state="published",
        )
        module.series_leaders.create(facilitator=coach)
        read = week()
        placement = placement_of(read, module)
        assert placement.meetings == ()
        assert placement.coach_ids == (read.facilitator(coach).id,)
        assert read.series(module).is_running
        assert faults(read.problem) == ()


class TestFreed:
    """What is published and is no longer possible is planned anew."""

    def freed(self, series: Any) -> bool:
        read = week()
        assert faults(read.problem) == ()
        return read.series(series).id in read.problem.published.freed_series

    def staffed(self, **fields: Any) -> Any:
        offering = a_group()
        OfferingStaffNeedFactory(offering=offering)
        return running("2026-12-01 10:00", offering=offering, members=6, **fields)

    def test_nothing_is_freed_where_nothing_is_wrong(self) -> None:
        assert not self.freed(self.staffed(leaders=[a_leader()]))

    def test_a_leader_on_leave(self) -> None:
        ill, well = a_leader(), a_leader()
        broken, whole = self.staffed(leaders=[ill]), self.staffed(leaders=[well])
        LeaveFactory(facilitator=ill, days=days("2026-12-01"))
        read = week()
        assert read.problem.published.freed_series == {read.series(broken).id}
        assert read.has_series(whole)

    def test_a_centre_that_is_closed(self) -> None:
        series = self.staffed(leaders=[a_leader()])
        series.room.centre.closures.create(days=days("2026-12-01"))
        assert self.freed(series)

    def test_a_leader_who_left(self) -> None:
        leader = a_leader()
        series = self.staffed(leaders=[leader])
        leader.active = False
        leader.save()
        assert self.freed(series)

    def test_a_room_no_longer_in_use_is_planned_anew_with_its_sessions(self) -> None:
        series = self.staffed(leaders=[a_leader()])
        a_room()
        series.room.active = False
        series.room.save()
        read = week()
        ident = read.series(series).id
        assert faults(read.problem) == ()
        assert ident not in {one.series_id for one in read.problem.published.placements}
        session = series.sessions.get()
        assert read.loaded.rows["sessions"][ident] == [str(session.pk)]

    def test_what_is_asked_to_be_free(self) -> None:
        series = self.staffed(leaders=[a_leader()])
        read = week(free_series=[series.pk])
        assert read.problem.published.freed_series == {read.series(series).id}


class TestNeeds:
    def test_the_offering_says_what_a_series_needs(self) -> None:
        offering = OfferingFactory(
            required_features=["step-free"],
            different_organisations=True,
            age_min=18,
            age_max=65,
            closed_after_session=2,
            over_enrolment=1,
            prerequisite=OfferingFactory(),
        )
        OfferingStaffNeedFactory(
            offering=offering, count=2, qualification=QualificationFactory()
        )
        a_room()
        series = SeriesFactory(offering=offering, size_max=9)
        facts = term().series(series)
        assert (facts.size_min, facts.size_max) == (6, 10)
        assert (facts.age_min, facts.age_max, facts.closed_after) == (18, 65, 2)
        assert facts.different_organisations
        assert len(facts.room_features) == len(facts.prerequisites) == 1
        (need,) = facts.staff
        assert (need.count, len(need.roles), len(need.skills)) == (2, 1, 1)
        assert facts.length == 8

    def test_without_own_needs_those_of_its_kind_count(self) -> None:
        a_room()
        series = SeriesFactory(offering=OfferingFactory())
        assert [need.count for need in term().series(series).staff] == [1, 1]

    def test_a_draft_says_whether_a_new_series_has_a_room(self) -> None:
        room = a_room()
        usual = SeriesFactory(offering=a_conversation())
        online = SeriesFactory(offering=a_conversation(format="online"))
        when = period("2026-12-01 10:00", 75)
        read = week(
            as_drafted={
                usual.pk: [Meets("a", 1, when, None, ())],
                online.pk: [Meets("b", 1, when, room.pk, ())],
            }
        )
        assert read.series(usual).format is Format.ONLINE
        assert read.series(online).format is Format.IN_PERSON

    def test_a_centre_not_in_use_leaves_no_place(self) -> None:
        a_room()
        series = SeriesFactory(centre=CentreFactory(active=False))
        read = term()
        assert read.series(series).place_ids == frozenset()
        assert faults(read.problem) == ()

    def test_former_room_and_leaders_count_while_they_are_in_use(self) -> None:
        here, gone = a_leader(), a_leader(active=False)
        room, shut = a_room(), a_room(active=False)
        one = SeriesFactory(room=room)
        other = SeriesFactory(room=shut)
        for series in (one, other):
            series.preferred_leaders.set([here, gone])
        read = term()
        kept, lost = read.series(one).continuity, read.series(other).continuity
        assert kept is not None
        assert lost is not None
        assert kept.room_id == read.room(room).id
        assert lost.room_id is None
        assert kept.facilitator_ids == {read.facilitator(here).id}

    def test_allowed_hours_win_over_the_region_s(self) -> None:
        from datetime import time

        a_room()
        own, usual = SeriesFactory(), SeriesFactory()
        own.windows.create(weekday=4, start=time(19), end=time(21))
        read = term()
        assert [(one.weekday, one.start) for one in read.series(own).windows] == [
            (3, 76)
        ]
        assert len(read.series(usual).windows) == 15

    def test_the_published_time_is_allowed_outside_the_usual_hours(self) -> None:
        room = a_room()
        series = running("2026-12-01 17:30", room=room)
        session = series.sessions.get()
        assert session.period == period("2026-12-01 17:30", 90)
        windows = week().series(series).windows
        assert (1, 70, 76) in [(one.weekday, one.start, one.end) for one in windows]


def test_no_new_seat_outweighs_a_member_of_a_running_group() -> None:
    heaviest = registration_weight(
        Registration(
            id="n",
            person_id="p",
            choices=(),
            urgency=5,
            waiting_days=10_000,
            norm_days=1,
        )
    )
    assert heaviest <= HELD_WEIGHT_PER_SEAT
