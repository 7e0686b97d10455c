"""A room that others have booked, and what is no longer in use, at a release."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people.enums import Role
from publishing.models import Release
from publishing.releases import accepted_in_words
from publishing.services.release import (
    Breach,
    ReleasePreview,
    ReleaseRefused,
    preview,
    release,
)
from scheduling.messages import BESIDE_RULES, LENT, OUT_OF_USE, rule_words
from scheduling.models import AcceptedViolation, Schedule
from scheduling.services import boards, clock
from scheduling.services.edits import MoveRefused, undo
from tests.factories import RoomBookingFactory, UserFactory, amsterdam, period
from tests.scheduling.by_hand import World
from tests.scheduling.rows import ACTOR
from tests.web.html import faults

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    boards.forget_boards()
    yield
    boards.forget_boards()


@pytest.fixture
def world() -> World:
    return World()


def is_let(room: object) -> None:
    """Others have the room from half past nine to eleven on the first day."""
    RoomBookingFactory(room=room, period=period("2026-12-01 09:30", 90))


def looked_at(world: World) -> ReleasePreview:
    with clock.standing_at(amsterdam("2026-11-29 12:00")):
        return preview(actor=ACTOR, schedule=Schedule.objects.get(pk=world.draft.pk))


def publish(world: World, breaches: tuple[Breach, ...]) -> None:
    with clock.standing_at(amsterdam("2026-11-29 12:00")):
        release(
            actor=ACTOR,
            user=world.user,
            schedule=Schedule.objects.get(pk=world.draft.pk),
            accept=[one.key for one in breaches],
        )


class TestByHand:
    """A move to a room that is let; the same in the room that was let meanwhile."""

    def test_nobody_can_accept_it(self, world: World) -> None:
        is_let(world.other_room)
        move = world.move(room_id=world.other_room.pk)
        with pytest.raises(MoveRefused) as refused:
            world.apply(move)
        (breach,) = refused.value.verdict.new
        assert (breach.rule, breach.never) == ("room-booking", True)
        with pytest.raises(MoveRefused):
            world.apply(move, accept=[breach.key])
        assert world.row().room_id == world.room.pk

    def test_other_leaders_where_it_was_let_meanwhile_are_no_matter(
        self, world: World
    ) -> None:
        is_let(world.room)
        world.apply(world.move(leader_ids=(world.spare.pk,)))
        (row,) = world.row().leader_rows.all()
        assert row.facilitator_id == world.spare.pk


class TestRelease:
    def test_a_room_that_was_let_after_the_move_is_refused(self, world: World) -> None:
        world.apply(world.move(room_id=world.other_room.pk))
        is_let(world.other_room)
        breaches = looked_at(world).breaches
        assert [(one.rule, one.never) for one in breaches] == [(LENT, True)]
        assert set(breaches[0].about) == {
            ("room", str(world.other_room.pk)),
            ("series", str(world.group.pk)),
        }
        with pytest.raises(ReleaseRefused):
            publish(world, breaches)
        assert world.group.sessions.get().room_id == world.room.pk

    def test_a_move_to_the_hour_of_a_booking_is_refused(self, world: World) -> None:
        world.apply(world.move(start=amsterdam("2026-12-01 15:00")))
        RoomBookingFactory(room=world.room, period=period("2026-12-01 15:30", 60))
        assert [one.rule for one in looked_at(world).breaches] == [LENT]

    def test_what_was_published_there_before_may_stay_by_name(
        self, world: World
    ) -> None:
        is_let(world.room)
        afternoon = amsterdam("2026-12-01 14:00")
        world.apply(world.move(session=world.other_session, start=afternoon))
        breaches = looked_at(world).breaches
        assert [(one.rule, one.never) for one in breaches] == [("room-booking", False)]
        publish(world, breaches)
        assert world.other.sessions.get().period.lower == afternoon
        assert AcceptedViolation.objects.filter(rule="room-booking").count() == 1


class TestOutOfUse:
    """A room or leader that went out of use while the draft stood."""

    @pytest.fixture
    def gone(self, world: World) -> World:
        world.apply(
            world.move(room_id=world.other_room.pk, leader_ids=(world.spare.pk,))
        )
        world.other_room.active = False
        world.other_room.save()
        world.spare.active = False
        world.spare.save()
        return world

    def test_it_is_told_with_the_group(self, gone: World, client: Client) -> None:
        breaches = [one for one in looked_at(gone).breaches if one.rule == OUT_OF_USE]
        assert {one.about[0] for one in breaches} == {
            ("room", str(gone.other_room.pk)),
            ("facilitator", str(gone.spare.pk)),
        }
        assert all(one.never for one in breaches)
        client.force_login(UserFactory(role=Role.COORDINATOR))
        with clock.standing_at(amsterdam("2026-11-29 12:00")):
            answer = client.get(f"/rooster/{gone.draft.pk}/publiceren/")
        html = answer.content.decode()
        assert faults(html) == []
        assert str(BESIDE_RULES[OUT_OF_USE].broken) in html
        assert gone.group.offering.title in html
        assert OUT_OF_USE not in html

    def test_the_keys_that_a_form_sends_back_are_each_one_word(
        self, gone: World
    ) -> None:
        assert not [one.key for one in looked_at(gone).breaches if " " in one.key]


def test_who_publishes_sees_what_a_colleague_accepted(
    world: World, client: Client
) -> None:
    """On the page before, and on the page of the publication; not what was undone."""
    late = world.move(start=amsterdam("2026-12-01 22:00"))
    with pytest.raises(MoveRefused) as refused:
        world.apply(late)
    world.apply(late, accept=[one.key for one in refused.value.verdict.new])
    client.force_login(UserFactory(role=Role.COORDINATOR))
    with clock.standing_at(amsterdam("2026-11-29 12:00")):
        before = client.get(f"/rooster/{world.draft.pk}/publiceren/").content.decode()
    publish(world, ())
    done = Release.objects.get()
    after = client.get(f"/publicaties/{done.pk}/").content.decode()
    listed = client.get("/publicaties/").content.decode()
    assert faults(listed) == []
    assert f'href="/publicaties/{done.pk}/#accepted"' in listed
    assert 'id="accepted"' in after
    rules = {one.rule for one in refused.value.verdict.new}
    assert rules
    for html in (before, after):
        assert faults(html) == []
        assert str(world.user) in html
        assert all(str(rule_words(rule).broken) in html for rule in rules)


def test_what_was_accepted_and_undone_is_not_told(world: World) -> None:
    late = world.move(start=amsterdam("2026-12-01 22:00"))
    with pytest.raises(MoveRefused) as refused:
        world.apply(late)
    world.apply(late, accept=[one.key for one in refused.value.verdict.new])
    assert accepted_in_words(world.draft, actor=ACTOR)
    undo(actor=ACTOR, user=world.user, schedule=world.draft, version=1)
    assert accepted_in_words(world.draft, actor=ACTOR) == []


def test_the_list_asks_as_much_for_three_publications_as_for_one(
    client: Client,
) -> None:
    user = UserFactory(role=Role.COORDINATOR)
    client.force_login(user)

    def asked(number: int) -> int:
        for _one in range(number):
            day = date(2026, 1, 5) + timedelta(weeks=Schedule.objects.count())
            schedule = Schedule.objects.create(
                first_date=day, last_date=day + timedelta(days=6), state="archived"
            )
            Release.objects.create(schedule=schedule)
            AcceptedViolation.objects.create(
                schedule=schedule, rule="room-open", about=[], accepted_by=user
            )
        with CaptureQueriesContext(connection) as seen:
            html = client.get("/publicaties/").content.decode()
        assert html.count("#accepted") == Schedule.objects.count()
        return len(seen)

    asked(1)
    assert asked(1) == asked(2)
