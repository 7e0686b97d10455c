"""Changes by hand: written once on the newest state, and undone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from audit.models import AuditEvent
from scheduling.models import AcceptedViolation, Schedule, SeriesPin
from scheduling.selectors import draft_week
from scheduling.services import boards
from scheduling.services.drafts import judge_schedule, not_accepted
from scheduling.services.edits import (
    MoveRefused,
    StaleDraft,
    drop_session,
    edits_since,
    redo,
    swap_leaders,
    undo,
)
from scheduling.services.moves import judge_move
from scheduling.services.pins import pin_session, unpin_series
from scheduling.views.states import with_breaches
from scheduling.weeks import Week
from tests.at_once import at_once
from tests.factories import LeaveFactory, amsterdam, days
from tests.scheduling.by_hand import World
from tests.scheduling.rows import ACTOR, MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    boards.forget_boards()
    yield
    boards.forget_boards()


@pytest.fixture
def world() -> World:
    return World()


class TestApplying:
    def test_a_move_is_written_with_who_when_and_what(self, world: World) -> None:
        edit = world.apply(
            world.move(start=amsterdam("2026-12-02 09:30"), room_id=world.other_room.pk)
        )
        row = world.row()
        assert row.period.lower == amsterdam("2026-12-02 09:30")
        assert row.period.upper == amsterdam("2026-12-02 11:00")
        assert row.room_id == world.other_room.pk
        assert (edit.number, edit.kind, edit.made_by) == (1, "move", world.user)
        assert edit.before[0]["room"] == world.room.pk
        assert edit.after[0]["room"] == world.other_room.pk
        assert world.version() == 1
        assert AuditEvent.objects.filter(event_code="schedule.move").count() == 1

    def test_a_double_use_is_never_accepted(self, world: World) -> None:
        before = world.state()
        move = world.move(start=amsterdam("2026-12-01 13:00"))
        with pytest.raises(MoveRefused) as caught:
            world.apply(move)
        keys = {one.key for one in caught.value.breaches}
        with pytest.raises(MoveRefused):
            world.apply(move, accept=keys)
        assert (world.state(), world.version()) == (before, 0)
        assert not AcceptedViolation.objects.exists()

    def test_another_breach_is_accepted_by_name_and_then_released(
        self, world: World
    ) -> None:
        move = world.move(start=amsterdam("2026-12-01 08:00"))
        with pytest.raises(MoveRefused) as caught:
            world.apply(move)
        keys = {one.key for one in caught.value.breaches}
        assert "room-conflict" not in " ".join(keys)
        with pytest.raises(MoveRefused) as again:
            world.apply(move, accept=sorted(keys)[:1])
        assert len(again.value.breaches) == len(keys) - 1
        world.apply(move, accept=keys)
        rows = AcceptedViolation.objects.filter(schedule=world.draft)
        assert {row.accepted_by for row in rows} == {world.user}
        judged = judge_schedule(actor=ACTOR, schedule=world.draft)
        assert judged.violations
        assert not_accepted(schedule=world.draft, judged=judged) == ()

    def test_a_stale_form_is_refused_with_what_changed(self, world: World) -> None:
        world.apply(world.move(start=amsterdam("2026-12-01 10:30")))
        with pytest.raises(StaleDraft) as caught:
            world.apply(world.move(start=amsterdam("2026-12-01 11:00")), version=0)
        (edit,) = caught.value.edits
        assert edit.after[0]["start"].startswith("2026-12-01T10:30")
        assert caught.value.schedule.version == 1
        assert world.row().period.lower == amsterdam("2026-12-01 10:30")

    def test_what_is_published_is_not_changed_by_hand(self, world: World) -> None:
        Schedule.objects.update(state="published")
        with pytest.raises(ValidationError):
            world.apply(world.move(start=amsterdam("2026-12-01 10:30")))

    def test_facts_are_read_anew(self, world: World) -> None:
        """Leave that was written after the board was read is seen all the same."""
        move = world.move(start=amsterdam("2026-12-02 10:00"))
        fine = judge_move(actor=ACTOR, schedule=world.draft, move=move)
        assert fine.new == ()
        LeaveFactory(facilitator=world.leader, days=days("2026-12-02", "2026-12-03"))
        with pytest.raises(MoveRefused) as caught:
            world.apply(move)
        assert caught.value.breaches[0].rule == "facilitator-availability"

    def test_leaders_change_places(self, world: World) -> None:
        swap_leaders(
            actor=ACTOR,
            user=world.user,
            schedule=world.draft,
            one=(world.session, world.leader.pk),
            other=(world.other_session, world.other_leader.pk),
            version=0,
        )
        assert [one.pk for one in world.row().leaders.all()] == [world.other_leader.pk]
        other = world.row(world.other_session)
        assert [one.pk for one in other.leaders.all()] == [world.leader.pk]

    def test_a_session_can_be_taken_out_and_put_back(self, world: World) -> None:
        before = world.state()
        drop_session(
            actor=ACTOR,
            user=world.user,
            schedule=world.draft,
            session=world.session,
            version=0,
        )
        assert len(world.state()) == 1
        undo(actor=ACTOR, user=world.user, schedule=world.draft, version=1)
        assert world.state() == before


class TestAccepted:
    """What was accepted by name counts while the change stands, and then only."""

    def accept(self, world: World, start: str, version: int = 0) -> None:
        move = world.move(start=amsterdam(start))
        with pytest.raises(MoveRefused) as caught:
            world.apply(move, version=version)
        keys = {one.key for one in caught.value.breaches}
        world.apply(move, version=version, accept=keys)

    def refused(self, world: World) -> set[str]:
        judged = judge_schedule(actor=ACTOR, schedule=world.draft)
        return {one.rule for one in not_accepted(schedule=world.draft, judged=judged)}

    def broken(self, world: World) -> set[Any]:
        rows = draft_week(actor=ACTOR, schedule=world.draft, week=Week.of(MONDAY))
        told = with_breaches(rows, concerned=(), draft=world.draft)
        return {one.id for one in told if one.broken}

    def test_it_goes_and_comes_back_with_its_change(self, world: World) -> None:
        LeaveFactory(facilitator=world.leader, days=days("2026-12-02"))
        self.accept(world, "2026-12-02 10:00")
        assert (self.refused(world), self.broken(world)) == (set(), {world.session})
        who = {"actor": ACTOR, "user": world.user, "schedule": world.draft}
        undo(**who, version=1)
        assert self.broken(world) == set()
        LeaveFactory(facilitator=world.leader, days=days("2026-12-01"))
        assert self.refused(world) == {"facilitator-availability"}
        redo(**who, version=2)
        assert (self.refused(world), self.broken(world)) == (set(), {world.session})

    def test_a_move_back_leaves_nothing_accepted(self, world: World) -> None:
        LeaveFactory(facilitator=world.leader, days=days("2026-12-02"))
        self.accept(world, "2026-12-02 10:00")
        world.apply(world.move(start=amsterdam("2026-12-01 10:00")), version=1)
        assert self.broken(world) == set()
        LeaveFactory(facilitator=world.leader, days=days("2026-12-01"))
        assert self.refused(world) == {"facilitator-availability"}

    def test_another_hour_of_the_leave_is_asked_again(self, world: World) -> None:
        LeaveFactory(facilitator=world.leader, days=days("2026-12-02"))
        self.accept(world, "2026-12-02 10:00")
        self.accept(world, "2026-12-02 11:00", version=1)
        assert self.refused(world) == set()


class TestUndo:
    def act(self, world: World, what: Any) -> Any:
        return what(
            actor=ACTOR,
            user=world.user,
            schedule=world.draft,
            version=world.version(),
        )

    def test_back_and_forth_step_by_step(self, world: World) -> None:
        states = [world.state()]
        for hour in ("10:30", "11:00"):
            world.apply(
                world.move(start=amsterdam(f"2026-12-01 {hour}")),
                version=world.version(),
            )
            states.append(world.state())
        for expected in (states[1], states[0]):
            self.act(world, undo)
            assert world.state() == expected
        assert self.act(world, undo) is None
        for expected in (states[1], states[2]):
            self.act(world, redo)
            assert world.state() == expected
        assert self.act(world, redo) is None
        assert world.version() == 6

    def test_a_new_change_ends_what_was_undone(self, world: World) -> None:
        world.apply(world.move(start=amsterdam("2026-12-01 10:30")))
        edit = self.act(world, undo)
        assert (edit.state, edit.changed_by) == ("undone", world.user)
        world.apply(world.move(start=amsterdam("2026-12-01 11:00")), version=2)
        assert self.act(world, redo) is None
        edit.refresh_from_db()
        assert edit.state == "discarded"

    def test_what_changed_since_is_no_more_than_that(self, world: World) -> None:
        """Doing and undoing one change are two versions of it, and one change."""
        for hour in ("10:30", "11:00"):
            move = world.move(start=amsterdam(f"2026-12-01 {hour}"))
            world.apply(move, version=world.version())
        for what in (undo, undo, redo, redo, undo):
            self.act(world, what)

        def since(version: int) -> list[int]:
            found = edits_since(schedule=world.draft, version=version)
            return [one.number for one in found]

        assert [since(version) for version in range(8)] == [
            [1, 2], [1, 2], [1, 2], [1, 2], [1, 2], [2], [2], []
        ]  # fmt: skip
        self.act(world, redo)
        self.act(world, undo)
        assert (since(7), since(5)) == ([2], [2])

    def test_a_stale_undo_is_refused(self, world: World) -> None:
        world.apply(world.move(start=amsterdam("2026-12-01 10:30")))
        with pytest.raises(StaleDraft):
            undo(actor=ACTOR, user=world.user, schedule=world.draft, version=0)


class TestPins:
    def test_a_session_is_pinned_as_it_is(self, world: World) -> None:
        pin_session(
            actor=ACTOR,
            user=world.user,
            schedule=world.draft,
            session=world.session,
            version=0,
            leaders=False,
        )
        pin = SeriesPin.objects.get()
        assert (pin.series, pin.room, pin.made_by) == (
            world.group,
            world.room,
            world.user,
        )
        assert pin.first_start == amsterdam("2026-12-01 10:00")
        assert pin.facilitators == []
        assert unpin_series(actor=ACTOR, series_id=world.group.pk)
        assert not unpin_series(actor=ACTOR, series_id=world.group.pk)
        assert not SeriesPin.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_coordinators_at_once_one_is_told_what_changed() -> None:
    world = World()

    def move(hour: str) -> str:
        try:
            world.apply(world.move(start=amsterdam(f"2026-12-01 {hour}")))
        except StaleDraft as error:
            return f"stale {len(error.edits)}"
        return "done"

    answers = at_once(lambda: move("10:30"), lambda: move("11:00"))
    assert sorted(map(str, answers)) == ["done", "stale 1"]
    assert world.draft.edits.count() == 1
