"""A leader ill, a room lost, a centre shut: written down, mended, chosen, released."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from audit.models import AuditEvent
from courses.models import Session
from messaging.models import OutboxMessage
from people.models import Leave
from publishing.services.release import release
from rooms.models import Closure, RoomBooking
from scheduling.models import PlanningRun, Repair, RepairAlternative, Schedule
from scheduling.services.files import erase_files, erase_files_of
from scheduling.services.redrafts import choose_alternative, draft_of_published
from scheduling.services.repairs import close_centre, lose_room, report_ill
from scheduling.services.runs import perform_run
from tests.factories import RoomBookingFactory, UserFactory, amsterdam, period
from tests.scheduling.rows import (
    ACTOR,
    MONDAY,
    a_centre,
    a_leader,
    a_room,
    running,
)

pytestmark = pytest.mark.django_db

TUESDAY, TODAY = date(2026, 12, 1), date(2026, 11, 30)


class World:
    """A group that meets on two Tuesdays, a leader who could step in, another room."""

    def __init__(self) -> None:
        self.room = a_room(capacity=20)
        self.other_room = a_room(centre=self.room.centre, capacity=20)
        self.leader, self.spare = a_leader(), a_leader()
        self.group = running(
            "2026-12-01 10:00",
            "2026-12-08 10:00",
            room=self.room,
            leaders=[self.leader],
            members=6,
        )
        self.user = UserFactory()

    def ask(
        self, first: date = TUESDAY, last: date = TUESDAY, **more: Any
    ) -> PlanningRun:
        return report_ill(
            **{
                "actor": ACTOR,
                "user": self.user,
                "facilitator": self.leader,
                "first": first,
                "last": last,
                "today": TODAY,
                "seconds": 20,
            }
            | more
        )

    def ill(
        self, first: date = TUESDAY, last: date = TUESDAY, **more: Any
    ) -> list[Repair]:
        return answered(self.ask(first, last, **more))

    def session(self, number: int = 5) -> Session:
        return self.group.sessions.get(number=number)

    def leaders(self, number: int = 5) -> set[int]:
        rows = self.session(number).session_leaders.all()
        return {one.facilitator_id for one in rows}


def answered(run: PlanningRun) -> list[Repair]:
    """What a worker finds, week by week."""
    assert perform_run(run_id=run.pk) is None
    run.refresh_from_db()
    assert run.state == "done", run.fault
    found = Repair.objects.filter(pk__in=run.found.get("repairs", ()))
    return list(found.order_by("run__first_date"))


@pytest.fixture
def world() -> World:
    return World()


def choose(world: World, repair: Repair, rank: int = 1) -> Schedule:
    return choose_alternative(actor=ACTOR, repair=repair, rank=rank)


class TestIll:
    def test_from_the_report_to_the_agenda_of_the_substitute(
        self, world: World
    ) -> None:
        (repair,) = world.ill()
        assert Leave.objects.get().facilitator == world.leader
        assert (repair.kind, repair.about) == ("leader_ill", str(world.leader.pk))
        assert repair.reported_by == world.user
        (touched,) = repair.touched
        assert touched["session"] == str(world.session().pk)
        best = repair.alternatives.get(rank=1)
        assert best.means["sessions_lost"] == 0
        assert best.means["minutes_moved"] == 0
        (change,) = best.means["changes"]
        assert change["after"]["leaders"] == [world.spare.pk]
        assert change["after"]["room"] == world.room.pk
        assert best.means["steps_in"][0]["facilitator"] == world.spare.pk
        assert best.proofs[0] == {
            "wish": "repair-sessions-and-seats",
            "value": 0,
            "bound": 0,
            "proven": "whole",
        }

        schedule = choose(world, repair)
        assert schedule.state == "draft"
        assert schedule.left_out.count() == 0
        # Nothing is changed before the release.
        assert world.leaders() == {world.leader.pk}
        done = release(actor=ACTOR, user=world.user, schedule=schedule)
        assert world.leaders() == {world.spare.pk}
        assert world.leaders(6) == {world.leader.pk}
        assert {change["what"] for change in done.changes} == {"leaders"}
        waiting = OutboxMessage.objects.all()
        told = {message.recipient_id for message in waiting}
        assert told == {world.leader.person_id, world.spare.person_id}
        assert {message.state for message in waiting} == {"draft"}

    def test_each_week_has_a_repair_of_its_own(self, world: World) -> None:
        repairs = world.ill(last=TUESDAY + timedelta(days=7))
        firsts = {repair.run.first_date for repair in repairs}
        assert firsts == {MONDAY, MONDAY + timedelta(days=7)}
        assert Leave.objects.count() == 1

    def test_weeks_that_are_not_touched_have_none(self, world: World) -> None:
        day = date(2026, 12, 3)
        assert world.ill(first=day, last=day) == []
        assert Leave.objects.count() == 1
        assert not Repair.objects.exists()

    def test_what_lies_behind_us_is_not_touched(self, world: World) -> None:
        repairs = world.ill(last=TUESDAY + timedelta(days=7), today=date(2026, 12, 2))
        assert [one.run.first_date for one in repairs] == [MONDAY + timedelta(days=7)]

    def test_days_that_make_no_sense_write_nothing(self, world: World) -> None:
        with pytest.raises(ValidationError):
            world.ill(first=TUESDAY, last=MONDAY)
        with pytest.raises(ValidationError):
            world.ill(last=TUESDAY + timedelta(weeks=40))
        assert not Leave.objects.exists()

    def test_another_way_can_be_chosen_until_it_is_published(
        self, world: World
    ) -> None:
        (repair,) = world.ill()
        ways = {one.rank: one.means["changes"] for one in repair.alternatives.all()}
        assert 2 <= len(ways) <= 5
        first = choose(world, repair)
        second = choose(world, repair, rank=max(ways))
        assert not Schedule.objects.filter(pk=first.pk).exists()
        repair.refresh_from_db()
        assert repair.chosen == max(ways)
        release(actor=ACTOR, user=None, schedule=second)
        with pytest.raises(ValidationError):
            choose(world, repair)

    def test_another_draft_of_the_week_is_not_thrown_away(self, world: World) -> None:
        (repair,) = world.ill()
        draft = draft_of_published(actor=ACTOR, user=None, monday=MONDAY)
        with pytest.raises(ValidationError):
            choose(world, repair)
        assert Schedule.objects.filter(pk=draft.pk).exists()

    def test_its_files_are_erased_with_those_of_runs(self, world: World) -> None:
        (repair,) = world.ill()
        later = repair.reported_at + timedelta(days=1)
        erase_files(actor=ACTOR, before=later, dry_run=False)
        assert not PlanningRun.objects.filter(problem__isnull=False).exists()
        assert set(RepairAlternative.objects.values_list("plan", flat=True)) == {None}
        with pytest.raises(ValidationError):
            choose(world, repair)

    def test_who_was_ill_is_erased_with_the_facts_and_not_before(
        self, world: World
    ) -> None:
        run = world.ask()
        moment = run.asked_at + timedelta(microseconds=1)
        assert erase_files(actor=ACTOR, before=moment, dry_run=False) == []  # waits
        (repair,) = answered(run)
        assert erase_files(actor=ACTOR, before=run.asked_at, dry_run=False) == []
        # Of those whose facts went before this was erased too.
        PlanningRun.objects.update(problem=None)
        later, both = repair.reported_at + timedelta(days=1), [run.pk, repair.run_id]
        assert erase_files(actor=ACTOR, before=later) == both
        assert PlanningRun.objects.get(pk=run.pk).changes == run.changes
        assert erase_files(actor=ACTOR, before=later, dry_run=False) == both
        assert erase_files(actor=ACTOR, before=later, dry_run=False) == []
        repair.refresh_from_db()
        assert (repair.about, repair.touched) == ("", [])
        assert PlanningRun.objects.get(pk=run.pk).changes == []
        ways = RepairAlternative.objects.values_list("means", "proofs")
        assert set(map(str, ways)) == {"({}, [])"}

    @pytest.mark.parametrize("who", ["ill", "steps in", "takes part"])
    def test_it_is_erased_with_each_person_it_is_about(
        self, world: World, who: str
    ) -> None:
        run = world.ask()
        (repair,), asked = answered(run), run.changes
        seat = world.group.enrolments.first()
        person = {
            "ill": world.leader.person,
            "steps in": world.spare.person,
            "takes part": seat.resident.person,
        }[who]
        assert repair.run_id in erase_files_of(actor=ACTOR, person=person)
        repair.refresh_from_db()
        assert (repair.about, repair.touched) == ("", [])
        ways = repair.alternatives.values_list("plan", "means", "proofs")
        assert set(map(str, ways)) == {"(None, {}, [])"}
        run.refresh_from_db()
        assert run.changes == ([] if who == "ill" else asked)
        assert erase_files_of(actor=ACTOR, person=person) == []

    def test_who_was_ill_is_erased_when_the_facts_are_gone_already(
        self, world: World
    ) -> None:
        (repair,) = world.ill()
        PlanningRun.objects.update(problem=None, rows={})
        others = a_leader().person
        assert erase_files_of(actor=ACTOR, person=others) == []
        found = erase_files_of(actor=ACTOR, person=world.leader.person)
        assert repair.run_id in found
        assert len(found) == 2
        repair.refresh_from_db()
        assert repair.about == ""
        assert not PlanningRun.objects.exclude(changes=[]).exists()

    def test_it_is_logged_without_names(self, world: World) -> None:
        (repair,) = world.ill()
        choose(world, repair)
        codes = set(AuditEvent.objects.values_list("event_code", flat=True))
        assert {"leave.create", "repair.report", "repair.choose"} <= codes


class TestRooms:
    def test_a_lost_room_is_taken_around_what_it_has(self, world: World) -> None:
        RoomBookingFactory(
            room=world.room, period=period("2026-12-01 15:00"), state="confirmed"
        )
        run = lose_room(
            actor=ACTOR,
            user=None,
            room=world.room,
            first=TUESDAY,
            last=TUESDAY,
            today=TODAY,
            seconds=20,
        )
        (repair,) = answered(run)
        bookings = RoomBooking.objects.filter(room=world.room, state="confirmed")
        assert bookings.count() == 3
        (change,) = repair.alternatives.get(rank=1).means["changes"]
        assert change["after"]["room"] == world.other_room.pk
        assert change["after"]["start"] == change["before"]["start"]
        proven = [one["proven"] for one in repair.alternatives.get(rank=1).proofs[:5]]
        assert proven == ["whole"] * 5, "its own booking breaks no rule before"
        release(actor=ACTOR, user=None, schedule=choose(world, repair))
        assert world.session().room_id == world.other_room.pk
        assert world.session(6).room_id == world.room.pk

    def test_a_shut_centre_moves_what_is_in_it(self, world: World) -> None:
        elsewhere = a_room(centre=a_centre(code="GM0150"), capacity=20)
        run = close_centre(
            actor=ACTOR,
            user=None,
            centre=world.room.centre,
            first=TUESDAY,
            last=TUESDAY,
            today=TODAY,
            seconds=20,
        )
        (repair,) = answered(run)
        assert Closure.objects.get().centre == world.room.centre
        best = repair.alternatives.get(rank=1).means
        assert best["sessions_lost"] == 0
        (change,) = best["changes"]
        start = amsterdam("2026-12-01 10:00").isoformat()
        assert (
            change["after"]["room"] == elsewhere.pk or change["after"]["start"] != start
        )
        release(actor=ACTOR, user=None, schedule=choose(world, repair))
        assert world.session(6).room_id == world.room.pk
