"""What changed in the agenda since a plan or a draft was made, and what did not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import Series, Session
from courses.services import cancel_session, move_session
from courses.services.closing import close_finished
from scheduling.models import Schedule
from scheduling.services import boards, clock
from scheduling.services.choosing import choose_run
from scheduling.services.meanwhile import changed_in_draft
from tests.factories import amsterdam, period
from tests.scheduling.by_hand import World
from tests.scheduling.rows import ACTOR, a_conversation, a_leader, a_room, running
from tests.scheduling.services import test_repairs as repairs
from tests.scheduling.services.test_choosing import Region, beside

pytestmark = pytest.mark.django_db

MONDAY_NOON = amsterdam("2026-11-30 12:00")
TUESDAY = amsterdam("2026-12-01 08:00")
"""Before anything of that day begins."""


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    boards.forget_boards()
    yield
    boards.forget_boards()


def a_talk(start: str) -> Series:
    """A conversation of one person, in the agenda."""
    return running(
        start,
        offering=a_conversation(),
        leaders=[a_leader("ggz_professional"), a_leader("social_worker")],
        members=1,
        minutes=75,
    )


def closed(talk: Series, at: str) -> None:
    """The night comes, and the conversation is over."""
    assert close_finished(actor=ACTOR, now=amsterdam(at)) == 1
    talk.refresh_from_db()
    assert talk.state == "finished"


class TestDrafts:
    @pytest.fixture
    def week(self) -> World:
        """A week opened on its Monday, after the conversation of that day began."""
        self.talk = a_talk("2026-11-30 10:00")
        with clock.standing_at(MONDAY_NOON):
            return World()

    def changed(self, week: World) -> list[Any]:
        with clock.standing_at(TUESDAY):
            return changed_in_draft(schedule=week.draft)

    def test_what_was_held_and_closed_is_no_change(self, week: World) -> None:
        closed(self.talk, "2026-12-01 03:40")
        assert week.draft.sessions.filter(series=self.talk).exists()
        assert self.changed(week) == []

    def test_what_is_still_to_come_is(self, week: World) -> None:
        """The same change before the conversation began would be one."""
        closed(self.talk, "2026-12-01 03:40")
        with clock.standing_at(amsterdam("2026-11-30 09:00")):
            assert changed_in_draft(schedule=week.draft) == [self.talk.pk]

    @pytest.mark.parametrize("what", ["cancelled", "next week", "one more"])
    def test_half_a_week_held_is_not_all_of_it(self, what: str) -> None:
        group = running(
            "2026-11-30 10:00", "2026-12-03 10:00", leaders=[a_leader()], members=6
        )
        with clock.standing_at(MONDAY_NOON):
            week = World()
        later = group.sessions.order_by("period").last()
        if what == "cancelled":
            cancel_session(session=later, actor=ACTOR)
        elif what == "next week":
            to = period("2026-12-10 10:00", 90)
            move_session(session=later, period=to, room_id=later.room_id, actor=ACTOR)
        else:
            Session.objects.create(
                series=group,
                number=30,
                period=period("2026-12-04 10:00", 90),
                room=a_room(),
                last_modified=timezone.now() + timedelta(seconds=5),
            )
        assert self.changed(week) == [group.pk]

    def test_a_group_that_began_is_one_while_the_draft_has_more_of_it(
        self, week: World
    ) -> None:
        """Moved by hand to a moment still to come, before it began."""
        week.apply(week.move(start=amsterdam("2026-12-04 10:00")))
        for group in (week.group, week.other):
            group.save()
        with clock.standing_at(amsterdam("2026-12-01 18:00")):
            assert changed_in_draft(schedule=week.draft) == [week.group.pk]

    @pytest.mark.parametrize("number", [1, 2])
    def test_it_takes_a_fixed_number_of_queries(self, week: World, number: int) -> None:
        for group in (week.group, week.other)[:number]:
            group.save()
        with clock.standing_at(TUESDAY), CaptureQueriesContext(connection) as captured:
            assert len(changed_in_draft(schedule=week.draft)) == number
        assert len(captured) == 4


class TestPlansBeside:
    def test_a_conversation_of_the_week_before_is_none_of_its_facts(self) -> None:
        talk = a_talk("2026-11-23 10:00")
        Region()
        run = beside()
        closed(talk, "2026-11-24 03:40")
        choose_run(actor=ACTOR, run_id=run.pk)
        assert Schedule.objects.get().run_id == run.pk

    def test_nor_is_one_of_its_own_week_that_was_held(self) -> None:
        talk = a_talk("2026-11-30 10:00")
        Region()
        with clock.standing_at(MONDAY_NOON):
            run = beside()
        closed(talk, "2026-12-01 03:40")
        with pytest.raises(ValidationError):
            choose_run(actor=ACTOR, run_id=run.pk)
        with clock.standing_at(TUESDAY):
            schedule = choose_run(actor=ACTOR, run_id=run.pk).schedule
            assert changed_in_draft(schedule=schedule) == []

    def test_what_changed_of_a_group_but_its_sessions_is_judged(self) -> None:
        """And named by the draft that is made of it, to be looked at again."""
        region = Region()
        run = beside()
        region.group.size_max = 9
        region.group.save()
        schedule = choose_run(actor=ACTOR, run_id=run.pk).schedule
        assert changed_in_draft(schedule=schedule) == [region.group.pk]

    def test_a_conversation_that_another_took_is_one(self) -> None:
        """Somebody chose a time of his own, in another week, of what was to be
        planned."""
        Region()
        run = beside()
        talk = Series.objects.filter(state="planned").first()
        talk.state = "published"
        talk.save()
        with pytest.raises(ValidationError, match=talk.offering.title):
            choose_run(actor=ACTOR, run_id=run.pk)

    def test_a_way_to_mend_stays_usable_when_another_week_goes_on(self) -> None:
        talk = a_talk("2026-11-23 10:00")
        world = repairs.World()
        (repair,) = world.ill()
        closed(talk, "2026-11-24 03:40")
        assert repairs.choose(world, repair).state == "draft"
