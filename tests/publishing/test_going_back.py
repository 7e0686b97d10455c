"""Going back to a schedule from before a group was merged, stopped or taken online."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from courses.models import Series, Session
from people.enums import Role
from publishing.releases import NOT_BACK
from publishing.services.release import preview, release
from publishing.services.stopping import stop_series
from scheduling.models import Schedule
from scheduling.services import boards
from scheduling.services.decisions import end_group, group_online, merge_groups
from scheduling.services.edits import MoveRefused
from scheduling.services.redrafts import draft_of_published
from tests.factories import LeaveFactory, UserFactory, days
from tests.publishing.drafts import World, planned, publish
from tests.scheduling.rows import ACTOR, MONDAY
from tests.scheduling.small import Small
from tests.web.html import faults

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    boards.forget_boards()
    yield
    boards.forget_boards()


class Decided(Small):
    """The week as it was published, and then published again with a decision."""

    def __init__(self) -> None:
        super().__init__()
        self.before = self.draft
        self.publish()
        self.draft = draft_of_published(actor=ACTOR, user=self.user, monday=MONDAY)

    def publish(self) -> None:
        self.draft.refresh_from_db()
        release(actor=ACTOR, user=self.user, schedule=self.draft)

    def decide(self, what: Any, **more: Any) -> None:
        try:
            self.act(what, **more)
        except MoveRefused as refused:
            self.act(what, accept=[one.key for one in refused.breaches], **more)
        self.publish()
        self.before.refresh_from_db()
        assert self.before.state == "archived"

    def back(self) -> Any:
        """Go back to the schedule from before; what it did not bring back."""
        seen = preview(actor=ACTOR, schedule=self.before)
        accept = [one.key for one in seen.breaches]
        release(actor=ACTOR, user=self.user, schedule=self.before, accept=accept)
        self.before.refresh_from_db()
        assert self.before.state == "published"
        return seen

    def states(self) -> tuple[str, set[str]]:
        series = Series.objects.get(pk=self.group.pk)
        return series.state, set(series.sessions.values_list("state", flat=True))


@pytest.fixture
def world() -> Decided:
    return Decided()


def told(seen: Any) -> list[tuple[Any, str]]:
    return [(one.series, one.stays.value) for one in seen.not_back]


def test_a_group_that_was_stopped_stays_stopped_and_is_named(world: Decided) -> None:
    world.decide(end_group)
    assert world.states() == ("cancelled", {"cancelled"})
    seen = world.back()
    assert told(seen) == [(world.group.pk, "stopped")]
    assert str(world.group.pk) not in {one.series for one in seen.changes}
    assert world.states() == ("cancelled", {"cancelled"})
    assert world.seats(world.group) == []


def test_a_group_that_was_merged_stays_so_and_people_keep_their_seats(
    world: Decided,
) -> None:
    went = {one.resident_id for one in world.seats(world.group)}
    world.decide(merge_groups, target_id=world.other.pk)
    seen = world.back()
    assert told(seen) == [(world.group.pk, "merged")]
    assert world.states() == ("cancelled", {"cancelled"})
    assert went <= {one.resident_id for one in world.seats(world.other)}


def test_a_group_that_went_online_gets_its_room_back_for_this_week_alone(
    world: Decided,
) -> None:
    world.decide(group_online)
    seen = world.back()
    assert told(seen) == [(world.group.pk, "online")]
    first, *later = world.group.sessions.order_by("period")
    assert not first.online
    assert first.room_id is not None
    assert {one.online for one in later} == {True}
    assert Series.objects.get(pk=world.group.pk).room_id is None


def test_a_group_that_was_stopped_by_hand_stays_stopped(world: Decided) -> None:
    world.publish()
    world.before.refresh_from_db()
    stop_series(actor=ACTOR, series=world.group)
    seen = world.back()
    assert told(seen) == [(world.group.pk, "stopped")]
    assert world.states() == ("cancelled", {"cancelled"})


def test_a_decision_of_the_schedule_itself_is_not_told_twice(world: Decided) -> None:
    world.decide(end_group)
    stopped = world.draft
    world.back()
    stopped.refresh_from_db()
    seen = preview(actor=ACTOR, schedule=stopped)
    assert seen.not_back == ()
    assert "ended" not in {one.what for one in seen.changes}


def test_a_draft_brings_nothing_back(world: Decided) -> None:
    world.act(end_group)
    assert preview(actor=ACTOR, schedule=world.draft).not_back == ()


def test_a_conversation_that_a_release_took_out_does_come_back() -> None:
    world = World()
    first = planned()
    publish(first)
    talk = Series.objects.get(offering=world.talk)
    away = [
        LeaveFactory(facilitator=one, days=days("2026-11-30", "2026-12-06"))
        for one in world.talkers
    ]
    publish(planned())
    talk.refresh_from_db()
    assert talk.state == "cancelled"
    for one in away:
        one.delete()
    first.refresh_from_db()
    assert preview(actor=ACTOR, schedule=first).not_back == ()
    publish(first)
    assert Session.objects.get(series=talk).state == "published"


@pytest.mark.parametrize(
    ("what", "stays"), [(end_group, "stopped"), (group_online, "online")]
)
def test_the_page_says_it_before_anything_is_done(
    client: Client, world: Decided, what: Any, stays: str
) -> None:
    world.decide(what)
    client.force_login(UserFactory(role=Role.COORDINATOR))
    answer = client.get(f"/rooster/{world.before.pk}/publiceren/")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert faults(html) == []
    assert str(NOT_BACK[stays]) in html
    assert world.offering.title in html
    assert Schedule.objects.get(state="published") == world.draft
