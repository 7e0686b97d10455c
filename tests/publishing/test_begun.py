"""What has begun is as it was: no release, and no going back, changes or makes it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from courses.models import Session
from people.enums import Role
from publishing.models import Release
from publishing.services.release import ReleaseRefused, preview, release
from scheduling.messages import BESIDE_RULES, GONE_BY
from scheduling.models import Schedule
from scheduling.services import clock
from scheduling.services.edits import drop_session, undo
from scheduling.services.redrafts import draft_of_published
from tests.factories import UserFactory, amsterdam
from tests.scheduling.by_hand import World
from tests.scheduling.rows import ACTOR, MONDAY
from tests.web.html import faults

pytestmark = pytest.mark.django_db

TEN = amsterdam("2026-12-01 10:00")
"""When the first group begins; the other begins at one."""


@pytest.fixture
def world() -> World:
    return World()


def publish(world: World, draft: Schedule, at: str = "2026-11-29 12:00") -> Release:
    draft.refresh_from_db()
    with clock.standing_at(amsterdam(at)):
        return release(actor=ACTOR, user=world.user, schedule=draft)


def as_it_is(key: Any) -> tuple[Any, ...]:
    one = Session.objects.get(pk=key)
    return one.state, one.period.lower, one.room_id, one.sequence


def test_what_began_before_the_release_stays_and_the_rest_changes(
    world: World,
) -> None:
    before = as_it_is(world.session)
    world.apply(world.move(start=amsterdam("2026-12-01 11:00")))
    later = world.move(session=world.other_session, start=amsterdam("2026-12-01 14:00"))
    world.apply(later, version=1)
    done = publish(world, world.draft, "2026-12-01 10:00")
    assert as_it_is(world.session) == before
    moved = as_it_is(world.other_session)
    assert moved[1] == amsterdam("2026-12-01 14:00")
    assert {one["session"] for one in done.changes} == {str(world.other_session)}


def test_what_began_is_not_cancelled(world: World) -> None:
    drop_session(
        actor=ACTOR,
        user=world.user,
        schedule=world.draft,
        session=world.session,
        version=0,
    )
    before = as_it_is(world.session)
    done = publish(world, world.draft, "2026-12-01 10:15")
    assert (as_it_is(world.session), done.changes) == (before, [])
    world.group.refresh_from_db()
    assert world.group.state == "running"


class TestGoneBy:
    """A draft with something at a moment that has gone by when it is published."""

    @pytest.fixture
    def late(self, world: World) -> World:
        early = amsterdam("2026-12-01 09:00")
        room = world.other_room.pk
        world.apply(world.move(session=world.other_session, start=early, room_id=room))
        return world

    def test_it_is_refused_by_name(self, late: World, client: Client) -> None:
        before = as_it_is(late.other_session)
        with pytest.raises(ReleaseRefused) as refused:
            publish(late, late.draft, "2026-12-01 09:30")
        assert refused.value.why == "breaches"
        (breach,) = refused.value.preview.breaches
        assert (breach.rule, breach.never) == (GONE_BY, True)
        assert breach.about == (("series", str(late.other.pk)),)
        assert as_it_is(late.other_session) == before
        client.force_login(UserFactory(role=Role.COORDINATOR))
        with clock.standing_at(amsterdam("2026-12-01 09:30")):
            answer = client.get(f"/rooster/{late.draft.pk}/publiceren/")
        html = answer.content.decode()
        assert faults(html) == []
        assert str(BESIDE_RULES[GONE_BY].broken) in html
        assert late.other.offering.title in html

    def test_in_time_it_is_not(self, late: World) -> None:
        done = publish(late, late.draft, "2026-12-01 08:45")
        assert done.changes

    def test_taken_back_the_rest_can_be_published(self, late: World) -> None:
        undo(actor=ACTOR, user=late.user, schedule=late.draft, version=1)
        assert publish(late, late.draft, "2026-12-01 09:30").changes == []


class TestGoingBack:
    @pytest.fixture
    def moved(self, world: World) -> World:
        """Published as it was; then again, with one group two days later and the other
        not held."""
        publish(world, world.draft)
        world.first = world.draft  # type: ignore[attr-defined]
        world.draft = draft_of_published(actor=ACTOR, user=world.user, monday=MONDAY)
        world.apply(world.move(start=amsterdam("2026-12-03 10:00")))
        drop_session(
            actor=ACTOR,
            user=world.user,
            schedule=world.draft,
            session=world.other_session,
            version=1,
        )
        publish(world, world.draft)
        return world

    def back(self, world: World, at: str) -> Release:
        return publish(world, world.first, at)  # type: ignore[attr-defined]

    def test_in_time_it_brings_back_what_was(self, moved: World) -> None:
        done = self.back(moved, "2026-11-30 12:00")
        assert as_it_is(moved.session)[1] == TEN
        assert {one["what"] for one in done.changes} >= {"moved"}

    def test_what_is_over_does_not_come_back(self, moved: World) -> None:
        before = as_it_is(moved.session), as_it_is(moved.other_session)
        assert before[0][1] == amsterdam("2026-12-03 10:00")
        with clock.standing_at(amsterdam("2026-12-02 12:00")):
            first = Schedule.objects.get(pk=moved.first.pk)  # type: ignore[attr-defined]
            assert preview(actor=ACTOR, schedule=first).changes == ()
        assert self.back(moved, "2026-12-02 12:00").changes == []
        assert (as_it_is(moved.session), as_it_is(moved.other_session)) == before

    def test_what_was_held_stays_when_it_was_not_there_before(
        self, moved: World
    ) -> None:
        before = as_it_is(moved.session)
        assert self.back(moved, "2026-12-03 10:30").changes == []
        assert as_it_is(moved.session) == before
