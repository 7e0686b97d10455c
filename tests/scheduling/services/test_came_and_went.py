"""A holiday that was forgotten, somebody who came in, and somebody who left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from courses.models import Enrolment, Registration, Series
from courses.selectors.came_free import came_free
from courses.services.leaving import end_all
from publishing.services.release import release
from rooms.models import Closure
from scheduling.models import PlanningRun, Repair, Schedule
from scheduling.services.files import erase_files_of
from scheduling.services.repairs import forget_holiday, resident_left, seat_newcomer
from scheduling.solver.repair.mend import MendSettings, mend
from tests.factories import EnrolmentFactory, RegistrationFactory, days
from tests.locking import locked_at_one_go
from tests.scheduling.rows import (
    ACTOR,
    MONDAY,
    a_centre,
    a_conversation,
    a_group,
    a_leader,
    a_room,
    asks_for,
    running,
)
from tests.scheduling.services.test_repairs import (
    TODAY,
    TUESDAY,
    World,
    answered,
    choose,
)

pytestmark = pytest.mark.django_db
NEXT_WEEK = MONDAY + timedelta(weeks=1)


@pytest.fixture
def world() -> World:
    return World()


def common(world: World) -> dict[str, Any]:
    return {"actor": ACTOR, "user": world.user, "today": TODAY, "seconds": 20}


class TestHoliday:
    def forgotten(self, world: World, municipality: Any = None, **more: Any) -> Any:
        asked = common(world) | {"first": TUESDAY, "last": TUESDAY} | more
        return forget_holiday(municipality=municipality, **asked)

    def test_every_centre_is_shut_and_the_group_moves_inside_its_week(
        self, world: World
    ) -> None:
        elsewhere = a_room(centre=a_centre(code="GM0273"), capacity=20)
        online = running(
            "2026-12-01 14:00",
            leaders=[a_leader()],
            members=6,
            offering=a_group(format="online"),
        )
        online.sessions.update(room=None)
        (repair,) = answered(self.forgotten(world))
        assert (repair.kind, repair.about) == ("holiday", "region")
        shut = set(Closure.objects.values_list("centre", "days"))
        day = days("2026-12-01")
        assert {
            (world.room.centre_id, day),
            (elsewhere.centre_id, day),
        } <= shut
        # What is online goes on.
        assert {one["session"] for one in repair.touched} == {str(world.session().pk)}
        best = repair.alternatives.get(rank=1)
        assert best.means["sessions_lost"] == 0
        (change,) = best.means["changes"]
        assert not change["after"]["start"].startswith(TUESDAY.isoformat())
        assert best.proofs[0]["proven"] == "whole"
        release(actor=ACTOR, user=None, schedule=choose(world, repair))
        moved = world.session().period.lower.date()
        assert MONDAY <= moved < NEXT_WEEK
        assert moved != TUESDAY

    def test_of_one_municipality_leaves_the_others_open(self, world: World) -> None:
        elsewhere = a_centre(code="GM0273")
        a_room(centre=elsewhere)
        run = self.forgotten(world, elsewhere.place.municipality)
        assert answered(run) == []
        assert [one.centre for one in Closure.objects.all()] == [elsewhere]
        own = world.room.centre.place.municipality
        assert len(answered(self.forgotten(world, own))) == 1

    def test_it_is_written_down_once_and_looked_past(self, world: World) -> None:
        (first,) = answered(self.forgotten(world))
        shut = Closure.objects.count()
        (second,) = answered(self.forgotten(world, after=first.run_id))
        assert first.touched == second.touched != []
        assert Closure.objects.count() == shut
        logged = AuditEvent.objects.filter(event_code="centre.closure")
        assert logged.count() == shut

    def test_days_that_make_no_sense_write_nothing(self, world: World) -> None:
        with pytest.raises(ValidationError):
            self.forgotten(world, last=MONDAY)
        assert not Closure.objects.exists()


class TestCameIn:
    def asked(self, world: World, registration: Any, **more: Any) -> PlanningRun:
        asked = common(world) | {"first": TUESDAY} | more
        return seat_newcomer(registration=registration, **asked)

    def seats(self, repair: Repair) -> list[tuple[int, str]]:
        """Who gets a seat in which group, by way."""
        found = []
        for way in repair.alternatives.all():
            (seat,) = way.means["seats"]
            found.append((seat["registration"], seat["series"]))
        return found

    def test_each_group_with_a_seat_is_a_way_and_nothing_else_changes(
        self, world: World
    ) -> None:
        offering = world.group.offering
        other = running(
            "2026-12-03 10:00", offering=offering, leaders=[world.spare], members=7
        )
        new, waits = asks_for(offering), asks_for(offering)
        (repair,) = answered(self.asked(world, new))
        assert (repair.kind, repair.about) == ("resident_joined", str(new.pk))
        assert (repair.touched, repair.run.first_date) == ([], MONDAY)
        groups = {str(world.group.pk), str(other.pk)}
        assert set(self.seats(repair)) == {(new.pk, key) for key in groups}
        for way in repair.alternatives.all():
            assert (way.means["changes"], way.means["people"]) == ([], 0)
            assert way.means["seats"][0]["start"].startswith("2026-12-0")
        schedule = choose(world, repair)
        assert schedule.seats.get().registration == new
        release(actor=ACTOR, user=None, schedule=schedule)
        seat = Enrolment.objects.get(registration=new)
        assert seat.state == "enrolled"
        assert str(seat.series_id) == self.seats(repair)[0][1]
        waits.refresh_from_db()
        assert waits.state == "waiting"

    def test_a_seat_that_a_more_urgent_one_waits_for_is_no_way(
        self, world: World
    ) -> None:
        Series.objects.filter(pk=world.group.pk).update(size_max=7)
        new = asks_for(world.group)
        urgent = asks_for(world.group, need_class=1)
        assert answered(self.asked(world, new)) == []
        (repair,) = answered(self.asked(world, urgent))
        assert self.seats(repair) == [(urgent.pk, str(world.group.pk))]

    def test_without_time_it_is_not_said_that_there_is_no_seat(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        none = self.asked(world, asks_for(a_group()))
        assert answered(none) == []
        assert "time_up" not in none.found

        def hurried(*args: Any, **more: Any) -> Any:
            return mend(*args[:3], MendSettings(seconds=0), **more)

        monkeypatch.setattr("scheduling.solver.repair.mend.mend", hurried)
        run = self.asked(world, asks_for(world.group))
        assert answered(run) == []
        assert run.found["time_up"]

    def test_a_seat_that_was_taken_meanwhile_is_not_given(self, world: World) -> None:
        Series.objects.filter(pk=world.group.pk).update(size_max=7)
        (repair,) = answered(self.asked(world, asks_for(world.group)))
        EnrolmentFactory(
            series=world.group, registration=RegistrationFactory(state="placed")
        )
        with pytest.raises(ValidationError):
            choose(world, repair)
        assert not Schedule.objects.exists()

    def test_who_stopped_asking_meanwhile_gets_no_seat(self, world: World) -> None:
        new = asks_for(world.group)
        (repair,) = answered(self.asked(world, new))
        Registration.objects.filter(pk=new.pk).update(state="withdrawn")
        with pytest.raises(ValidationError):
            choose(world, repair)
        assert not new.enrolments.exists()

    def test_who_does_not_wait_is_refused(self, world: World) -> None:
        placed = world.group.enrolments.first().registration
        held = asks_for(world.group)
        EnrolmentFactory(series=world.group, registration=held, state="held_by_draft")
        paused = asks_for(world.group, paused_until=TODAY + timedelta(days=9))
        for registration in (placed, held, paused):
            with pytest.raises(ValidationError):
                self.asked(world, registration)
        assert not PlanningRun.objects.exists()

    def test_the_same_question_runs_once(self, world: World) -> None:
        new = asks_for(world.group)
        run = self.asked(world, new)
        assert self.asked(world, new) == run
        answered(run)
        assert self.asked(world, new, after=run.pk) != run


class Talk:
    """A conversation on Wednesday, led by two, for somebody who waits for more."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.offering = a_conversation()
        self.series = running(
            "2026-12-02 10:00",
            room=world.room,
            leaders=[a_leader("ggz_professional"), a_leader("social_worker")],
            members=1,
            minutes=75,
            first_number=1,
            offering=self.offering,
        )
        self.registration = self.series.enrolments.get().registration
        self.also = asks_for(world.group, resident=self.registration.resident)

    def left(self, **more: Any) -> PlanningRun:
        asked = common(self.world) | {"first": TODAY, "reason": "moved"} | more
        return resident_left(registration=self.registration, **asked)


class TestLeft:
    @pytest.fixture
    def talk(self, world: World) -> Talk:
        return Talk(world)

    def test_all_is_ended_and_the_conversation_is_given_back(self, talk: Talk) -> None:
        run = talk.left()
        ended = Registration.objects.filter(resident=talk.registration.resident)
        assert {one.state for one in ended} == {"withdrawn"}
        assert talk.series.enrolments.get().state == "withdrawn"
        (repair,) = answered(run)
        session = talk.series.sessions.get()
        assert [one["session"] for one in repair.touched] == [str(session.pk)]
        best = repair.alternatives.get(rank=1)
        (change,) = best.means["changes"]
        assert (change["after"], best.means["seats"]) == (None, [])
        release(actor=ACTOR, user=None, schedule=choose(talk.world, repair))
        session.refresh_from_db()
        assert session.state == "cancelled"
        codes = set(AuditEvent.objects.values_list("event_code", flat=True))
        assert "registration.withdraw.moved" in codes

    def test_who_waits_for_one_takes_it_as_it_is(self, talk: Talk) -> None:
        waits = asks_for(talk.offering, allowed_levels=[0])
        (repair,) = answered(talk.left())
        best = repair.alternatives.get(rank=1)
        assert best.means["changes"] == []
        (seat,) = best.means["seats"]
        assert (seat["registration"], seat["series"]) == (
            waits.pk,
            str(talk.series.pk),
        )
        release(actor=ACTOR, user=None, schedule=choose(talk.world, repair))
        assert waits.enrolments.get().state == "enrolled"
        assert talk.series.sessions.get().state == "published"

    def test_a_seat_in_a_group_changes_no_session(self, world: World) -> None:
        seat = world.group.enrolments.first()
        run = resident_left(
            registration=seat.registration,
            reason="moved",
            first=TODAY,
            **common(world),
        )
        assert answered(run) == []
        (free,) = came_free(registration_id=seat.registration_id)
        assert (free.series, free.people, free.is_small) == (world.group, 5, True)
        assert not free.is_talk

    def test_pressing_twice_is_pressing_once(self, talk: Talk) -> None:
        run = talk.left()
        assert talk.left() == run
        (repair,) = answered(run)
        again = talk.left(
            after=run.pk, first=repair.first_day, last=repair.last_day, reason=""
        )
        assert again != run
        (newer,) = answered(again)
        assert newer.touched == repair.touched

    def test_without_a_reason_nothing_is_ended(self, talk: Talk) -> None:
        with pytest.raises(ValidationError):
            talk.left(reason="")
        talk.registration.refresh_from_db()
        assert talk.registration.state == "placed"
        assert not PlanningRun.objects.exists()

    def test_what_comes_free_is_not_offered_to_who_left(self, world: World) -> None:
        """The group is full but for the seat of who leaves and waits for it too."""
        Series.objects.filter(pk=world.group.pk).update(size_max=6)
        seat = world.group.enrolments.first()
        again = asks_for(world.group, resident=seat.resident)
        next_ = asks_for(world.group)
        ended = end_all(registration=seat.registration, reason="moved", actor=ACTOR)
        assert ended == [again, seat.registration]
        assert not again.enrolments.exists()
        assert next_.enrolments.get().state == "offered"
        with pytest.raises(ValidationError):
            end_all(registration=seat.registration, reason="moved", actor=ACTOR)

    def test_what_it_touches_is_locked_at_one_go(self, talk: Talk) -> None:
        """A series that was given up before, and one that is waited for, too."""
        former = running("2026-12-04 10:00", leaders=[a_leader()])
        EnrolmentFactory(
            series=former, registration=talk.registration, state="withdrawn"
        )
        wanted = running("2026-12-04 13:00", leaders=[a_leader()])
        mine = asks_for(wanted, resident=talk.registration.resident, need_class=1)
        group = running("2026-12-04 15:00", leaders=[a_leader()])
        seat = EnrolmentFactory(
            series=group,
            registration=RegistrationFactory(
                resident=talk.registration.resident, state="placed"
            ),
        )
        waits = asks_for(group, need_class=1)
        with CaptureQueriesContext(connection) as seen:
            end_all(registration=talk.registration, reason="moved", actor=ACTOR)
        series, people = locked_at_one_go(seen.captured_queries)
        touched = (talk.series, former, wanted, group)
        assert {one.pk.hex for one in touched} <= series
        own = {talk.registration.pk, talk.also.pk, mine.pk, seat.registration_id}
        assert {str(key) for key in (*own, waits.pk)} <= people
        assert waits.enrolments.get().state == "offered"

    def test_who_asked_for_more_after_it_ended_is_ended_again(self, talk: Talk) -> None:
        """Within the seconds in which a press counts as the same press."""
        talk.left()
        more = asks_for(talk.world.group, resident=talk.registration.resident)
        talk.left()
        more.refresh_from_db()
        assert more.state == "withdrawn"

    @pytest.mark.parametrize("kind", ["resident_joined", "resident_left"])
    def test_it_is_erased_with_the_person(self, talk: Talk, kind: str) -> None:
        run = talk.left()
        (repair,) = answered(run)
        PlanningRun.objects.update(problem=None, rows={})
        Repair.objects.update(kind=kind)
        for one in PlanningRun.objects.exclude(changes=[]):
            PlanningRun.objects.filter(pk=one.pk).update(
                changes=[one.changes[0] | {"kind": kind}]
            )
        assert erase_files_of(actor=ACTOR, person=talk.also.resident.person)
        repair.refresh_from_db()
        run.refresh_from_db()
        assert (repair.about, run.changes) == ("", [])
        other = RegistrationFactory().resident.person
        assert erase_files_of(actor=ACTOR, person=other) == []


def test_what_came_free_takes_as_many_queries_for_three_groups_as_for_one(
    world: World,
) -> None:
    seat = world.group.enrolments.first()
    counts = []
    for more in (0, 2):
        for _ in range(more):
            series = running("2026-12-04 10:00", leaders=[a_leader()])
            EnrolmentFactory(
                series=series,
                registration=RegistrationFactory(
                    resident=seat.resident, state="withdrawn"
                ),
                state="withdrawn",
            )
        Enrolment.objects.filter(pk=seat.pk).update(state="withdrawn")
        with CaptureQueriesContext(connection) as asked:
            found = came_free(registration_id=seat.registration_id)
        assert len(found) == 1 + more
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_database_knows_what_can_happen(world: World) -> None:
    (repair,) = world.ill()
    with pytest.raises(IntegrityError), transaction.atomic():
        Repair.objects.filter(pk=repair.pk).update(kind="flood")
    assert Repair.objects.filter(pk=repair.pk).update(kind="resident_joined") == 1
