"""Going back to a week from before a group began: it was not there, and stays away."""

from __future__ import annotations

from typing import Any

import pytest

from courses.models import Enrolment, Registration, Series, Session
from publishing.services.release import preview, release
from scheduling.models import Schedule
from scheduling.services.decisions import end_group, merge_groups
from scheduling.services.edits import MoveRefused
from tests.factories import LeaveFactory, days
from tests.publishing.drafts import World, planned, publish
from tests.scheduling.halves import Large
from tests.scheduling.rows import ACTOR

pytestmark = pytest.mark.django_db


class Split(Large):
    """A week that was published, and published again with the group split in two."""

    def __init__(self) -> None:
        super().__init__()
        self.before = self.draft
        self.release()
        self.draft = self.again()
        self.split()
        self.parted = self.draft
        self.release()
        self.half = Series.objects.exclude(pk=self.group.pk).get(offering=self.offering)
        self.draft = self.again()

    def release(self) -> None:
        self.draft.refresh_from_db()
        release(actor=ACTOR, user=self.user, schedule=self.draft)

    def decide(self, what: Any, series: Series, **more: Any) -> None:
        wanted = {"actor": ACTOR, "user": self.user, "schedule": self.draft}
        wanted |= {"series_id": series.pk, "version": self.version()} | more
        try:
            what(**wanted)
        except MoveRefused as refused:
            what(**wanted | {"accept": [one.key for one in refused.breaches]})
        self.release()

    def go(self, schedule: Schedule) -> Any:
        schedule.refresh_from_db()
        seen = preview(actor=ACTOR, schedule=schedule)
        accept = [one.key for one in seen.breaches]
        release(actor=ACTOR, user=self.user, schedule=schedule, accept=accept)
        return seen

    def placed(self, series: Series) -> int:
        return series.enrolments.filter(state="enrolled").count()

    def state(self, series: Series) -> str:
        return str(Series.objects.get(pk=series.pk).state)


def test_a_half_that_was_merged_again_stays_merged_in_the_whole() -> None:
    world = Split()
    world.decide(merge_groups, world.half, target_id=world.group.pk)
    assert (world.placed(world.group), world.state(world.half)) == (8, "cancelled")
    seen = world.go(world.before)
    assert seen.back.not_restored() == []
    assert not seen.back.touched
    assert (world.placed(world.group), world.placed(world.half)) == (8, 0)
    assert world.state(world.half) == "cancelled"
    assert not world.half.sessions.filter(state="published").exists()


def test_a_half_comes_back_in_a_week_that_had_it() -> None:
    world = Split()
    world.decide(merge_groups, world.half, target_id=world.group.pk)
    seen = world.go(world.parted)
    assert seen.back.not_restored() == []
    assert (world.placed(world.group), world.placed(world.half)) == (4, 4)
    assert world.half.sessions.filter(state="published").count() == 3


def test_who_was_in_a_half_that_stopped_still_waits() -> None:
    world = Split()
    gone = list(world.half.enrolments.values_list("registration_id", flat=True))
    world.decide(end_group, world.half)
    seen = world.go(world.before)
    assert seen.back.seats == ()
    assert world.state(world.half) == "cancelled"
    states = Registration.objects.filter(pk__in=gone).values_list("state", flat=True)
    assert set(states) == {"waiting"}


def test_a_conversation_that_was_planned_later_is_not_booked_again() -> None:
    world = World()
    away = [
        LeaveFactory(facilitator=one, days=days("2026-11-30", "2026-12-06"))
        for one in world.talkers
    ]
    first = planned()
    publish(first)
    assert not Session.objects.filter(series__offering=world.talk).exists()
    for one in away:
        one.delete()
    publish(planned())
    talk = Session.objects.get(series__offering=world.talk)
    assert talk.state == "published"
    for one in world.talkers:
        LeaveFactory(facilitator=one, days=days("2026-11-30", "2026-12-06"))
    publish(planned())
    talk.refresh_from_db()
    assert talk.state == "cancelled"
    first.refresh_from_db()
    assert preview(actor=ACTOR, schedule=first).back.not_restored() == []
    publish(first)
    talk.refresh_from_db()
    assert talk.state == "cancelled"
    assert not Enrolment.objects.filter(series=talk.series, state="enrolled").exists()
