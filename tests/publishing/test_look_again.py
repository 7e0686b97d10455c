"""A draft whose groups changed is looked at again: nobody's work is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from courses.models import Enrolment, Session
from courses.services import cancel_series, cancel_session, move_session
from courses.services.agenda import replace_leaders
from people.enums import Role
from publishing.services.release import preview, release
from scheduling.models import Schedule
from scheduling.services import boards
from scheduling.services.decisions import end_group
from scheduling.services.edits import StaleDraft, drop_session, undo
from scheduling.services.look_again import LookedAgain, look_again
from tests.factories import EnrolmentFactory, UserFactory, period
from tests.publishing.drafts import World as Planned
from tests.publishing.drafts import planned
from tests.scheduling.by_hand import World
from tests.scheduling.rows import ACTOR, a_leader, running
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


def again(world: World) -> LookedAgain:
    return look_again(actor=ACTOR, schedule=world.draft, version=world.version())


def changed(schedule: Schedule) -> tuple[str, ...]:
    schedule.refresh_from_db()
    return preview(actor=ACTOR, schedule=schedule).changed_meanwhile


def publish(world: World) -> None:
    world.draft.refresh_from_db()
    release(actor=ACTOR, user=world.user, schedule=world.draft)


def in_other_room(world: World) -> None:
    """The work by hand: the first group meets in another room."""
    world.apply(world.move(room_id=world.other_room.pk))


def rooms(world: World) -> tuple[Any, Any]:
    return (
        Session.objects.get(pk=world.session).room_id,
        Session.objects.get(pk=world.other_session).room_id,
    )


class TestTakenOver:
    def test_a_touch_that_changes_no_session(self, world: World) -> None:
        in_other_room(world)
        world.group.size_max = 9
        world.group.save()
        before = world.state()
        assert changed(world.draft) == (str(world.group.pk),)
        assert again(world) == LookedAgain()
        assert (changed(world.draft), world.state()) == ((), before)
        publish(world)
        assert rooms(world) == (world.other_room.pk, world.room.pk)

    def test_a_colleague_who_steps_in_stays_where_nothing_was_done_by_hand(
        self, world: World
    ) -> None:
        in_other_room(world)
        other = Session.objects.get(pk=world.other_session)
        replace_leaders(session=other, facilitator_ids=[world.spare.pk], actor=ACTOR)
        assert again(world) == LookedAgain()
        assert changed(world.draft) == ()
        publish(world)
        assert rooms(world)[0] == world.other_room.pk
        led = other.session_leaders.values_list("facilitator_id", flat=True)
        assert list(led) == [world.spare.pk]

    def test_what_both_changed_stays_as_in_the_draft_and_is_named(
        self, world: World
    ) -> None:
        in_other_room(world)
        session = Session.objects.get(pk=world.session)
        later = period("2026-12-01 15:00", 90)
        move_session(session=session, period=later, room_id=world.room.pk, actor=ACTOR)
        mine = world.row().period
        assert again(world) == LookedAgain(kept=frozenset({world.group.pk}))
        assert (world.row().period, world.row().room_id) == (mine, world.other_room.pk)
        undo(actor=ACTOR, user=world.user, schedule=world.draft, version=2)
        assert (world.row().period, world.row().room_id) == (later, world.room.pk)
        assert changed(world.draft) == ()

    def test_what_was_called_off_or_is_new_in_the_agenda(self, world: World) -> None:
        in_other_room(world)
        cancel_session(session=Session.objects.get(pk=world.other_session), actor=ACTOR)
        new = Session.objects.create(
            series=world.other,
            number=9,
            period=period("2026-12-03 13:00", 90),
            room=world.room,
        )
        again(world)
        held = set(world.draft.sessions.values_list("session_id", flat=True))
        assert held == {world.session, new.pk}
        assert changed(world.draft) == ()

    def test_what_is_not_held_by_hand_stays_so(self, world: World) -> None:
        drop_session(
            actor=ACTOR,
            user=world.user,
            schedule=world.draft,
            session=world.session,
            version=0,
        )
        session = Session.objects.get(pk=world.session)
        replace_leaders(session=session, facilitator_ids=[world.spare.pk], actor=ACTOR)
        assert again(world).kept == {world.group.pk}
        assert not world.draft.sessions.filter(session_id=world.session).exists()
        undo(actor=ACTOR, user=world.user, schedule=world.draft, version=2)
        assert [one.pk for one in world.row().leaders.all()] == [world.spare.pk]


class TestGone:
    def test_a_group_that_was_cancelled_is_not_held_and_does_not_come_back(
        self, world: World
    ) -> None:
        in_other_room(world)
        world.apply(
            world.move(session=world.other_session, leader_ids=(world.spare.pk,)),
            version=1,
        )
        cancel_series(series=world.group, actor=ACTOR)
        assert again(world) == LookedAgain()
        assert not world.draft.sessions.filter(series=world.group).exists()
        step = {"actor": ACTOR, "user": world.user, "schedule": world.draft}
        assert undo(version=3, **step) is not None
        assert undo(version=4, **step) is None
        assert not world.draft.sessions.filter(series=world.group).exists()
        publish(world)
        world.group.refresh_from_db()
        assert world.group.state == "cancelled"

    def test_a_decision_on_the_whole_of_it_has_to_be_taken_back_first(
        self, world: World
    ) -> None:
        in_other_room(world)
        end_group(
            actor=ACTOR,
            user=world.user,
            schedule=world.draft,
            series_id=world.other.pk,
            version=1,
        )
        cancel_series(series=world.other, actor=ACTOR)
        assert again(world).decided == {world.other.pk}
        assert changed(world.draft) == (str(world.other.pk),)
        undo(
            actor=ACTOR,
            user=world.user,
            schedule=world.draft,
            version=world.version(),
        )
        assert again(world).decided == frozenset()
        assert changed(world.draft) == ()
        assert world.row().room_id == world.other_room.pk

    def test_an_older_page_does_nothing(self, world: World) -> None:
        in_other_room(world)
        with pytest.raises(StaleDraft):
            look_again(actor=ACTOR, schedule=world.draft, version=0)
        publish(world)
        with pytest.raises(ValidationError):
            again(world)


def test_who_got_something_else_at_that_hour_waits_on() -> None:
    world = Planned()
    group = world.group
    Session.objects.create(
        series=group, number=6, period=period("2026-12-08 10:00", 90), room=group.room
    )
    schedule = planned()
    beside = running("2026-12-08 10:30", leaders=[a_leader()])
    EnrolmentFactory(series=beside, registration__resident=world.joins.resident)
    seen = preview(actor=ACTOR, schedule=schedule)
    assert [one.rule for one in seen.breaches] == ["resident-conflict"]
    done = look_again(actor=ACTOR, schedule=schedule, version=0)
    assert (done.seats, done.kept, done.decided) == (1, frozenset(), frozenset())
    schedule.refresh_from_db()
    assert preview(actor=ACTOR, schedule=schedule).can_be_released
    (left,) = schedule.left_out.all()
    assert (left.registration, left.reasons[0]["rules"]) == (
        world.joins,
        ["resident-conflict"],
    )
    seats = Enrolment.objects.filter(registration=world.joins)
    assert [one.state for one in seats] == ["withdrawn"]
    release(actor=ACTOR, user=None, schedule=schedule)
    world.joins.refresh_from_db()
    assert world.joins.state == "waiting"


def test_the_page_offers_it_and_tells_what_became_of_it(
    world: World, client: Client
) -> None:
    in_other_room(world)
    session = Session.objects.get(pk=world.session)
    replace_leaders(session=session, facilitator_ids=[world.spare.pk], actor=ACTOR)
    client.force_login(UserFactory(role=Role.COORDINATOR))
    page, press = (
        f"/rooster/{world.draft.pk}/{name}/"
        for name in ("publiceren", "opnieuw-bekijken")
    )
    html = client.get(page).content.decode()
    assert faults(html) == []
    assert 'id="look-again"' in html
    assert client.post(press, {"version": "0"}).status_code == 409
    answer = client.post(press, {"version": "1"}, follow=True)
    html = answer.content.decode()
    assert answer.redirect_chain == [(page, 302)]
    assert faults(html) == []
    assert world.group.offering.title in html
    assert 'id="look-again"' not in html
    assert 'id="publish"' in html
