"""Nothing new is planned, and nothing is moved, to a moment that has gone by."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.enums import Role
from scheduling.services import boards, clock
from scheduling.services.edits import drop_session, swap_leaders
from scheduling.services.moves import judge_move
from scheduling.solver.horizon import WeeklyWindow
from tests.factories import (
    LeaveFactory,
    OfferingFactory,
    SeriesFactory,
    UserFactory,
    amsterdam,
)
from tests.publishing.drafts import World as Region
from tests.publishing.drafts import planned
from tests.scheduling.by_hand import World
from tests.scheduling.rows import (
    ACTOR,
    TEN,
    TUESDAY,
    a_conversation,
    a_leader,
    a_room,
    running,
    week,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    boards.forget_boards()
    yield
    boards.forget_boards()


def test_the_clock_can_stand_still() -> None:
    moment = amsterdam("2026-12-02 12:00")
    with clock.standing_at(moment):
        assert clock.now() == moment
    assert clock.now() == clock.wall_clock() != moment


class TestPlanning:
    @pytest.mark.parametrize(
        ("now", "days"),
        [
            ("2026-11-29 23:59", [0, 1, 2, 3, 4, 5]),
            ("2026-11-30 00:00", [1, 2, 3, 4, 5]),
            ("2026-12-02 09:00", [3, 4, 5]),
        ],
    )
    def test_something_new_begins_on_a_later_day(
        self, now: str, days: list[int]
    ) -> None:
        a_room()
        series = SeriesFactory(offering=a_conversation())
        read = week(now=amsterdam(now))
        found = [one.days for one in read.series(series).date_patterns]
        assert found == [(day,) for day in days]

    def test_when_the_week_is_over_there_is_nothing_to_plan(self) -> None:
        a_room()
        series = SeriesFactory(offering=a_conversation())
        assert not week(now=amsterdam("2026-12-05 08:00")).has_series(series)

    def test_what_has_begun_stays_even_when_it_is_free(self) -> None:
        leader = a_leader()
        group = running("2026-12-01 10:00", leaders=[leader], members=6)
        before = week(free_series=[group.pk], now=amsterdam("2026-12-01 09:45"))
        own, *others = before.series(group).date_patterns
        assert own.days == (TUESDAY,)
        assert [one.days for one in others] == [(2,), (3,), (4,), (5,)]
        assert before.problem.published.freed_series == {before.series(group).id}
        begun = week(free_series=[group.pk], now=amsterdam("2026-12-01 10:00"))
        facts = begun.series(group)
        assert [one.days for one in facts.date_patterns] == [(TUESDAY,)]
        assert facts.windows == (WeeklyWindow(TUESDAY, TEN, TEN + 6),)
        assert begun.problem.published.freed_series == frozenset()

    def test_it_is_not_moved_when_its_leader_went_on_leave(self) -> None:
        leader = a_leader()
        group = running("2026-12-01 10:00", leaders=[leader], members=6)
        LeaveFactory(facilitator=leader)
        facts = week(now=amsterdam("2026-12-02 12:00")).series(group)
        assert [one.days for one in facts.date_patterns] == [(TUESDAY,)]

    def test_nobody_joins_a_conversation_that_has_begun(self) -> None:
        talk = running("2026-12-01 10:00", offering=a_conversation())
        group = running("2026-12-01 10:00", offering=OfferingFactory())
        read = week(now=amsterdam("2026-12-02 12:00"))
        assert read.series(talk).is_closed
        assert not read.series(group).is_closed

    def test_a_run_in_the_middle_of_the_week_plans_the_rest_of_it(self) -> None:
        region = Region()
        with clock.standing_at(amsterdam("2026-12-03 12:00")):
            schedule = planned()
        talk = region.planned_talk(schedule)
        assert timezone.localdate(talk.period.lower).isoformat() == "2026-12-04"
        group = schedule.sessions.get(session_id=region.session.pk)
        assert group.period == region.session.period


class TestMoving:
    @pytest.fixture
    def world(self) -> World:
        return World()

    def test_a_time_that_has_gone_by_is_refused(self, world: World) -> None:
        move = world.move(start=amsterdam("2026-12-01 09:15"))
        with clock.standing_at(amsterdam("2026-12-01 09:15")):
            for act in (
                lambda: judge_move(actor=ACTOR, schedule=world.draft, move=move),
                lambda: world.apply(move),
            ):
                with pytest.raises(ValidationError, match=r"gone by|voorbij"):
                    act()
        assert world.version() == 0
        with clock.standing_at(amsterdam("2026-12-01 09:00")):
            world.apply(move)
        assert world.row().period.lower == amsterdam("2026-12-01 09:15")

    def test_what_is_offered_instead_is_still_to_come(self, world: World) -> None:
        move = world.move(start=amsterdam("2026-12-01 13:30"))
        now = amsterdam("2026-12-01 09:45")
        with clock.standing_at(now):
            verdict = judge_move(actor=ACTOR, schedule=world.draft, move=move)
        assert verdict.choices
        assert all(one.start > now for one in verdict.choices)

    def test_what_has_begun_is_not_changed(self, world: World) -> None:
        step = {"actor": ACTOR, "user": world.user, "schedule": world.draft}
        with clock.standing_at(amsterdam("2026-12-01 10:00")):
            for act in (
                lambda: world.apply(world.move(room_id=world.other_room.pk)),
                lambda: drop_session(session=world.session, version=0, **step),
                lambda: swap_leaders(
                    one=(world.session, world.leader.pk),
                    other=(world.other_session, world.other_leader.pk),
                    version=0,
                    **step,
                ),
            ):
                with pytest.raises(ValidationError, match=r"has begun|begonnen"):
                    act()
            assert world.version() == 0
            later = world.move(
                session=world.other_session, start=amsterdam("2026-12-01 14:00")
            )
            world.apply(later)

    def test_what_a_draft_has_in_the_past_can_be_moved_on(self, world: World) -> None:
        early = amsterdam("2026-12-01 09:00")
        world.apply(
            world.move(
                session=world.other_session, start=early, room_id=world.other_room.pk
            )
        )
        with clock.standing_at(amsterdam("2026-12-01 09:30")):
            world.apply(
                world.move(
                    session=world.other_session, start=amsterdam("2026-12-01 14:00")
                ),
                version=1,
            )
        row = world.row(world.other_session)
        assert row.period.lower == amsterdam("2026-12-01 14:00")

    def test_the_form_offers_no_day_that_has_gone_by(
        self, world: World, client: Client
    ) -> None:
        client.force_login(UserFactory(role=Role.COORDINATOR))
        address = reverse("scheduling:move", args=[world.draft.pk, world.session])
        with clock.standing_at(amsterdam("2026-12-03 12:00")):
            answer = client.get(address)
        days = [key for key, _name in answer.context["form"].fields["day"].choices]
        assert days == [f"2026-12-0{day}" for day in (1, 3, 4, 5, 6)]
