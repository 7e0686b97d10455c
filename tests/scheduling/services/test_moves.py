"""A move by hand is judged at once, with what could be done instead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from scheduling.models import Schedule
from scheduling.services import boards
from scheduling.services.drafts import judge_schedule
from scheduling.services.edits import MoveRefused
from scheduling.services.moves import Move, judge_move
from scheduling.services.redrafts import draft_of_published
from scheduling.services.stand_ins import substitutes, substitutes_published
from tests.factories import LeaveFactory, amsterdam, days
from tests.scheduling.by_hand import World
from tests.scheduling.rows import ACTOR, MONDAY, a_leader, a_room, running

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    boards.forget_boards()
    yield
    boards.forget_boards()


@pytest.fixture
def world() -> World:
    return World()


class TestDraft:
    def test_says_what_is_published(self, world: World) -> None:
        assert world.draft.sessions.count() == 2
        row = world.row()
        published = world.group.sessions.get()
        assert (row.period, row.room_id) == (published.period, published.room_id)
        assert world.draft.left_out.count() == 0
        judged = judge_schedule(actor=ACTOR, schedule=world.draft)
        assert judged.violations == ()

    def test_a_second_one_is_refused(self, world: World) -> None:
        with pytest.raises(ValidationError):
            draft_of_published(actor=ACTOR, user=None, monday=MONDAY)


class TestJudging:
    def test_a_lawful_move_breaks_nothing(self, world: World) -> None:
        verdict = judge_move(
            actor=ACTOR,
            schedule=world.draft,
            move=world.move(start=amsterdam("2026-12-01 10:30")),
        )
        assert verdict.breaches == ()
        # Six members and their leader, half an hour later.
        assert (verdict.people, verdict.minutes) == (7, 30)

    def test_a_double_use_is_named_with_ways_around_it(self, world: World) -> None:
        verdict = judge_move(
            actor=ACTOR,
            schedule=world.draft,
            move=world.move(start=amsterdam("2026-12-01 13:30")),
        )
        (breach,) = verdict.new
        assert breach.rule == "room-conflict"
        assert breach.never
        assert ("room", str(world.room.pk)) in breach.about
        first = verdict.choices[0]
        assert first.start == amsterdam("2026-12-01 13:30")
        assert first.room_id == world.other_room.pk
        assert first.leader_ids == (world.leader.pk,)
        assert len(verdict.choices) <= 5

    def test_other_leaders_are_offered(self, world: World) -> None:
        LeaveFactory(facilitator=world.leader, days=days("2026-12-02", "2026-12-03"))
        verdict = judge_move(
            actor=ACTOR,
            schedule=world.draft,
            move=world.move(start=amsterdam("2026-12-02 10:00")),
        )
        assert {one.rule for one in verdict.new} == {"facilitator-availability"}
        joins = {one.joins for one in verdict.choices if one.joins}
        assert (world.spare.pk,) in joins

    def test_another_leader_alone_is_told_apart(self, world: World) -> None:
        at = {"start": amsterdam("2026-12-01 10:00"), "room_id": world.room.pk}
        other = judge_move(
            actor=ACTOR,
            schedule=world.draft,
            move=world.move(leader_ids=(world.spare.pk,)),
        )
        assert (other.people, other.minutes, other.only_leaders) == (2, 0, True)
        later = judge_move(
            actor=ACTOR,
            schedule=world.draft,
            move=world.move(start=amsterdam("2026-12-01 10:30")),
        )
        assert not later.only_leaders
        for choice in (*other.choices, *later.choices):
            stays = {"start": choice.start, "room_id": choice.room_id} == at
            assert choice.only_leaders == stays
        assert {one.only_leaders for one in other.choices} == {True, False}

    def test_what_is_published_can_be_judged_too(self, world: World) -> None:
        published = Schedule.objects.create(
            first_date=MONDAY,
            last_date=MONDAY + timedelta(days=6),
            state="published",
        )
        verdict = judge_move(
            actor=ACTOR,
            schedule=published,
            move=world.move(start=amsterdam("2026-12-01 13:30")),
        )
        assert {one.rule for one in verdict.new} == {"room-conflict"}

    def test_a_kept_board_needs_four_queries_whatever_the_size(
        self, world: World
    ) -> None:
        move = world.move(start=amsterdam("2026-12-01 10:30"))
        judge_move(actor=ACTOR, schedule=world.draft, move=move)
        with CaptureQueriesContext(
            connection,
        ) as first:
            judge_move(actor=ACTOR, schedule=world.draft, move=move)
        assert len(first) <= 4
        read = AuditEvent.objects.filter(event_code="schedule.judge").get()
        assert len(read.subject_ids) == 6

    def test_a_board_is_read_anew_when_the_draft_changed(self, world: World) -> None:
        judge_move(actor=ACTOR, schedule=world.draft, move=world.move())
        world.apply(world.move(start=amsterdam("2026-12-01 11:00")))
        draft = Schedule.objects.get(pk=world.draft.pk)
        again = judge_move(
            actor=ACTOR,
            schedule=draft,
            move=world.move(start=amsterdam("2026-12-01 11:00")),
        )
        assert (again.version, again.minutes) == (1, 0)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"start": amsterdam("2026-12-01 10:07")},
            {"start": amsterdam("2027-12-01 10:00")},
            {"room_id": 999999},
            {"leader_ids": (999999,)},
            {"session": "00000000-0000-0000-0000-000000000000"},
        ],
    )
    def test_what_makes_no_sense_is_refused_in_words(
        self, world: World, wrong: dict[str, Any]
    ) -> None:
        with pytest.raises(ValidationError) as caught:
            judge_move(actor=ACTOR, schedule=world.draft, move=world.move(**wrong))
        assert caught.value.messages[0].endswith(".")

    def test_online_needs_no_room(self, world: World) -> None:
        verdict = judge_move(
            actor=ACTOR, schedule=world.draft, move=world.move(online=True)
        )
        assert verdict.new == ()
        world.apply(world.move(online=True))
        assert (world.row().room_id, world.row().online) == (None, True)

    def test_what_is_online_goes_into_a_room(self, world: World) -> None:
        world.apply(world.move(online=True))
        draft = Schedule.objects.get(pk=world.draft.pk)
        into = world.move(room_id=world.other_room.pk)
        verdict = judge_move(actor=ACTOR, schedule=draft, move=into)
        assert verdict.new == ()
        assert verdict.choices
        assert all(one.room_id is not None for one in verdict.choices)
        world.apply(into, version=1)
        assert (world.row().room_id, world.row().online) == (world.other_room.pk, False)
        judged = judge_schedule(actor=ACTOR, schedule=draft)
        assert judged.violations == ()

    def test_what_breaks_in_a_room_only_is_new(self, world: World) -> None:
        """Online nobody uses the room; going into it is what makes the double use."""
        world.apply(world.move(online=True, start=amsterdam("2026-12-01 13:30")))
        with pytest.raises(MoveRefused) as caught:
            world.apply(world.move(room_id=world.room.pk), version=1)
        assert {one.rule for one in caught.value.breaches} == {"room-conflict"}


class TestSubstitutes:
    def test_who_could_step_in_is_ranked(self, world: World) -> None:
        found = substitutes(
            actor=ACTOR,
            schedule=world.draft,
            session=world.session,
            missing=world.leader.pk,
        )
        names = [one.facilitator_id for one in found]
        assert sorted(names) == sorted([world.spare.pk, world.other_leader.pk])
        # Nobody travels; the one who leads nothing yet that week comes first.
        assert names[0] == world.spare.pk
        assert [one.week_minutes for one in found] == [90, 180]

    def test_who_is_on_leave_does_not_step_in(self, world: World) -> None:
        LeaveFactory(facilitator=world.spare, days=days("2026-12-01", "2026-12-02"))
        found = substitutes(
            actor=ACTOR,
            schedule=world.draft,
            session=world.session,
            missing=world.leader.pk,
        )
        assert world.spare.pk not in {one.facilitator_id for one in found}

    def test_who_does_not_lead_it_cannot_be_replaced(self, world: World) -> None:
        with pytest.raises(ValidationError):
            substitutes(
                actor=ACTOR,
                schedule=world.draft,
                session=world.session,
                missing=world.spare.pk,
            )

    def test_the_same_are_found_on_what_is_published(self, world: World) -> None:
        of_draft = substitutes(
            actor=ACTOR,
            schedule=world.draft,
            session=world.session,
            missing=world.leader.pk,
        )
        found = substitutes_published(
            actor=ACTOR,
            day=MONDAY + timedelta(days=1),
            session=world.session,
            missing=world.leader.pk,
        )
        assert found == of_draft
        assert world.spare.pk in {one.facilitator_id for one in found}

    def test_who_leads_elsewhere_then_is_not_found(self, world: World) -> None:
        running("2026-12-01 10:30", room=a_room(), leaders=[world.spare], members=6)
        found = substitutes_published(
            actor=ACTOR, day=MONDAY, session=world.session, missing=world.leader.pk
        )
        assert world.spare.pk not in {one.facilitator_id for one in found}


def test_one_date_of_a_running_group_moves_alone() -> None:
    """A term with a group of three Tuesdays: one of them on a Wednesday."""
    leader = a_leader()
    dates = ("2026-12-01 10:00", "2026-12-08 10:00", "2026-12-15 10:00")
    group = running(*dates, leaders=[leader], members=6)
    term = Schedule.objects.create(
        kind="term",
        first_date=MONDAY,
        last_date=MONDAY + timedelta(days=27),
        state="published",
    )
    session = group.sessions.get(number=6)
    move = Move(session=session.pk, start=amsterdam("2026-12-09 10:30"))
    verdict = judge_move(actor=ACTOR, schedule=term, move=move)
    assert verdict.new == ()
    assert verdict.minutes == 24 * 60 + 30
    assert verdict.people == 7
    whole = replace(move, whole_series=True)
    assert judge_move(actor=ACTOR, schedule=term, move=whole).minutes == 3 * (
        24 * 60 + 30
    )
