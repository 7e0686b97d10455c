"""Ways out are looked for by a worker: once, week by week, and nothing is lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from people.models import Leave
from publishing.services.release import preview, release
from rooms.models import Closure
from scheduling.models import PlanningRun, Repair, RunState, Schedule
from scheduling.services import clock, ways_out
from scheduling.services.lease import LeaseLost, claim
from scheduling.services.repairs import close_centre, lose_room
from scheduling.services.runs import ask_to_stop, perform_run
from scheduling.services.ways_out import look_for_ways
from tests.at_once import at_once
from tests.factories import LeaveFactory, amsterdam, days
from tests.scheduling.rows import ACTOR, MONDAY, a_leader, running
from tests.scheduling.services.test_repairs import (
    TODAY,
    TUESDAY,
    World,
    answered,
    choose,
)

pytestmark = pytest.mark.django_db
TEN_O_CLOCK = 96 + 40
"""Quarter of the week at which the group of Tuesday begins."""
NEXT_WEEK = TUESDAY + timedelta(weeks=1)


@pytest.fixture
def world() -> World:
    return World()


def asked(run: PlanningRun, **fields: Any) -> PlanningRun:
    PlanningRun.objects.filter(pk=run.pk).update(**fields)
    run.refresh_from_db()
    return run


def ill(world: World) -> PlanningRun:
    return world.ask(today=TUESDAY)


def lost(world: World) -> PlanningRun:
    return lose_room(room=world.room, **of_today(world))


def shut(world: World) -> PlanningRun:
    return close_centre(centre=world.room.centre, **of_today(world))


def of_today(world: World) -> dict[str, Any]:
    asked = {"first": TUESDAY, "last": TUESDAY, "today": TUESDAY, "seconds": 20}
    return {"actor": ACTOR, "user": world.user} | asked


class TestAsking:
    def test_the_fact_and_the_job_are_written_and_nothing_is_solved(
        self, world: World
    ) -> None:
        run = world.ask()
        assert (run.task, run.state, run.as_draft) == ("repair", "queued", False)
        assert (run.first_date, run.asked_by) == (MONDAY, world.user)
        assert Leave.objects.get().facilitator == world.leader
        job = ProcrastinateJob.objects.get()
        assert job.task_name == "scheduling.perform_run"
        assert job.args == {"run_id": run.pk}
        assert not Repair.objects.exists()

    def test_the_same_question_runs_once(self, world: World) -> None:
        run = world.ask()
        assert world.ask() == run
        assert world.ask(last=NEXT_WEEK) != run
        answered(run)
        assert world.ask() == run  # one press more, a moment later
        assert ProcrastinateJob.objects.count() == 2
        # Who has seen the answer, or asks later, gets a new one.
        again = world.ask(after=run.pk)
        assert again.pk > run.pk
        assert world.ask(after=run.pk) == again
        answered(again)
        asked(again, asked_at=timezone.now() - timedelta(minutes=1))
        assert world.ask(after=run.pk) not in (run, again)

    def test_what_stopped_or_failed_is_asked_anew(self, world: World) -> None:
        for state in (RunState.CANCELLED, RunState.FAILED):
            run = asked(world.ask(), state=state)
            assert world.ask() != run

    def test_a_closure_is_not_written_twice_and_is_looked_past(
        self, world: World
    ) -> None:
        found = []
        for after in (0, 1_000_000):
            run = close_centre(
                actor=ACTOR,
                user=None,
                centre=world.room.centre,
                first=TUESDAY,
                last=TUESDAY,
                today=TODAY,
                after=after,
            )
            (repair,) = answered(run)
            found.append([one["session"] for one in repair.touched])
        assert found == [[str(world.session().pk)]] * 2
        assert Closure.objects.count() == 1

    def test_days_that_are_over_touch_nothing(self, world: World) -> None:
        long_ago = TODAY - timedelta(weeks=2)
        assert world.ill(first=long_ago, last=long_ago) == []
        assert Leave.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_run_once() -> None:
    world = World()
    first, second = at_once(world.ask, world.ask)
    assert isinstance(first, PlanningRun)
    assert first == second
    assert PlanningRun.objects.count() == Leave.objects.count() == 1
    assert ProcrastinateJob.objects.filter(args={"run_id": first.pk}).count() == 1


class TestOfToday:
    """What began before somebody reported it has been, and stays as it was."""

    @pytest.fixture
    def world(self) -> World:
        """The leader has another group, later on the same Tuesday."""
        world = World()
        world.later = running(
            "2026-12-01 15:00", room=world.room, leaders=[world.leader], members=6
        )
        return world

    def reported(self, world: World, at: str, what: Any) -> list[Any]:
        with clock.standing_at(amsterdam(f"2026-12-01 {at}")):
            return answered(what(world))

    def sessions(self, found: list[Repair]) -> set[str]:
        return {one["session"] for repair in found for one in repair.touched}

    @pytest.mark.parametrize("what", [ill, lost, shut])
    def test_what_is_over_is_not_touched(self, world: World, what: Any) -> None:
        now, then = str(world.session().pk), str(world.later.sessions.get().pk)
        at = "14:20"
        (repair,) = found = self.reported(world, at, what)
        assert self.sessions(found) == {then}
        moment = amsterdam(f"2026-12-01 {at}")
        assert repair.alternatives.exists()
        for one in repair.alternatives.all():
            for change in one.means["changes"]:
                assert change["session"] != now
                new = change["after"]
                assert new is None or datetime.fromisoformat(new["start"]) > moment
        with clock.standing_at(moment):
            draft = choose(world, repair)
            seen = preview(actor=ACTOR, schedule=draft)
            # That who led it is away on paper is asked about like all that stands.
            assert {one.slot for one in seen.breaches} == {TEN_O_CLOCK}
            accept = [one.key for one in seen.breaches]
            release(
                actor=ACTOR,
                user=world.user,
                schedule=draft,
                accept=accept,
                looked_at=seen.mark,
            )
        assert (world.session().room_id, world.leaders()) == (
            world.room.pk,
            {world.leader.pk},
        )

    def test_what_is_still_to_come_is(self, world: World) -> None:
        now, then = str(world.session().pk), str(world.later.sessions.get().pk)
        found = self.reported(world, "09:59", ill)
        assert self.sessions(found) == {now, then}

    def test_nothing_is_left_when_all_of_it_has_begun(self, world: World) -> None:
        assert self.reported(world, "15:00", ill) == []


class TestWorking:
    def test_a_worker_that_died_is_taken_over_after_the_week_it_kept(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = world.ask(last=NEXT_WEEK)
        mine = claim(run_id=run.pk, owner="a")
        assert mine is not None
        look, calls = ways_out.load_week, []

        def dies_in_the_second_week(**asked: Any) -> Any:
            calls.append(asked["monday"])
            if len(calls) == 2:
                raise KeyboardInterrupt
            return look(**asked)

        monkeypatch.setattr(ways_out, "load_week", dies_in_the_second_week)
        with pytest.raises(KeyboardInterrupt):
            look_for_ways(actor=ACTOR, run=mine)
        (kept,) = Repair.objects.all()
        asked(run, lease_until=timezone.now() - timedelta(seconds=1))
        assert answered(run) == [kept, Repair.objects.exclude(pk=kept.pk).get()]
        assert calls == [MONDAY, *[MONDAY + timedelta(weeks=1)] * 2]
        assert (run.fence, run.attempts) == (2, 2)

    def test_who_lost_the_lease_keeps_nothing(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = world.ask()
        mine = claim(run_id=run.pk, owner="a")
        assert mine is not None
        mended = ways_out._mended

        def meanwhile(*given: Any) -> Any:
            found = mended(*given)
            asked(run, lease_until=timezone.now() - timedelta(seconds=1))
            assert claim(run_id=run.pk, owner="b") is not None
            return found

        monkeypatch.setattr(ways_out, "_mended", meanwhile)
        with pytest.raises(LeaseLost):
            look_for_ways(actor=ACTOR, run=mine)
        assert not Repair.objects.exists()
        assert PlanningRun.objects.get() == run

    def test_stopping_keeps_what_was_found(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = world.ask(last=NEXT_WEEK)
        write = ways_out.write

        def stop_while_it_looks(*, run: PlanningRun, **fields: Any) -> None:
            if fields.get("doing") == "ways":
                ask_to_stop(actor=ACTOR, run=run)
            write(run=run, **fields)

        monkeypatch.setattr(ways_out, "write", stop_while_it_looks)
        perform_run(run_id=run.pk)
        run.refresh_from_db()
        (repair,) = Repair.objects.all()
        assert repair.alternatives.exists()
        assert (run.state, run.found) == (
            "cancelled",
            {"weeks": [MONDAY.isoformat()], "repairs": [repair.pk]},
        )

    def test_stopped_before_it_began_it_finds_nothing(self, world: World) -> None:
        run = world.ask()
        ask_to_stop(actor=ACTOR, run=run)
        perform_run(run_id=run.pk)
        run.refresh_from_db()
        assert (run.state, run.found) == ("cancelled", {})
        assert Leave.objects.exists()


class TestChoosing:
    """A way is chosen when it fits the week of today, or not at all."""

    def refused(self, world: World, repair: Repair) -> str:
        with pytest.raises(ValidationError) as refused:
            choose(world, repair)
        assert not Schedule.objects.exists()
        repair.refresh_from_db()
        assert repair.chosen is None
        return " ".join(refused.value.messages)

    def test_not_when_a_group_changed_meanwhile(self, world: World) -> None:
        (repair,) = world.ill()
        session = world.session()
        session.last_modified = timezone.now()
        session.save()
        assert world.group.offering.title in self.refused(world, repair)

    def test_not_when_who_steps_in_is_away_meanwhile(self, world: World) -> None:
        (repair,) = world.ill()
        LeaveFactory(facilitator=world.spare, days=days("2026-12-01", "2026-12-02"))
        self.refused(world, repair)

    def test_what_is_the_matter_elsewhere_does_not_stand_in_the_way(
        self, world: World
    ) -> None:
        leader = a_leader()
        running("2026-12-03 10:00", leaders=[leader], members=6)
        (repair,) = world.ill()
        LeaveFactory(facilitator=leader, days=days("2026-12-03", "2026-12-04"))
        assert choose(world, repair).state == "draft"
