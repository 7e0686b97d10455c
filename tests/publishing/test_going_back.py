"""Going back to a week from before a group was merged, stopped or taken online."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from courses.models import Enrolment, Registration, Series, Session
from courses.selectors.returning import Hindrance
from courses.services.promote import promote
from messaging.models import OutboxMessage
from people.enums import Role
from publishing.aims import Stays
from publishing.back_words import AWAY, NOT_BACK, NOT_HELD
from publishing.free_then import WhyNot
from publishing.models import ChangedGroup, ChangedSeat
from publishing.services.release import preview
from publishing.services.stopping import stop_series
from scheduling.models import Schedule
from scheduling.services.decisions import end_group, group_online, merge_groups
from tests.factories import (
    EnrolmentFactory,
    LeaveFactory,
    RegistrationFactory,
    UserFactory,
    days,
)
from tests.publishing.decided import Decided
from tests.publishing.drafts import World, planned, publish
from tests.scheduling.rows import ACTOR, asks_for
from tests.web.html import faults

pytestmark = pytest.mark.django_db


def lines(seen: Any) -> list[tuple[Any, str]]:
    return [(one.series, one.stays.value) for one in seen.back.lines]


def whats(seen: Any) -> set[str]:
    return {one.what.value for one in seen.changes}


class TestRestored:
    """The week is as it was; who is concerned hears of it."""

    @pytest.mark.parametrize("what", [end_group, merge_groups, group_online])
    def test_all_is_as_it_was_before_the_decision(
        self, world: Decided, what: Any
    ) -> None:
        before = world.picture()
        more = {"target_id": world.other.pk} if what is merge_groups else {}
        world.decide(what, **more)
        assert world.picture() != before
        seen = world.back()
        assert world.picture() == before
        assert seen.back.not_restored() == []

    def test_a_group_that_was_stopped_comes_back_with_its_people(
        self, world: Decided
    ) -> None:
        seats = world.seats(world.group)
        waiting = {one.pk: one.registered_at for one in Registration.objects.all()}
        world.decide(end_group)
        assert world.seats(world.group) == []
        OutboxMessage.objects.all().delete()
        seen = world.back()
        assert world.seats(world.group) == seats  # the very rows
        assert {"back", "seat_back", "added"} <= whats(seen)
        states = set(world.group.sessions.values_list("state", flat=True))
        assert states == {"published"}
        persons = {one.resident.person_id for one in seats}
        assert world.told() == {*persons, world.leader.person_id}
        to = set(OutboxMessage.objects.values_list("recipient", flat=True))
        assert to == world.told()
        for row in Registration.objects.all():
            assert row.registered_at == waiting[row.pk]
        assert AuditEvent.objects.filter(event_code="enrolment.return").exists()

    def test_who_went_along_in_a_merger_comes_back(self, world: Decided) -> None:
        seats = world.seats(world.group)
        world.decide(merge_groups, target_id=world.other.pk)
        assert len(world.seats(world.other)) == 7
        world.back()
        assert world.seats(world.group) == seats
        assert len(world.seats(world.other)) == 5
        left = world.other.enrolments.filter(state="withdrawn")
        assert {one.registration_id for one in left} == {
            one.registration_id for one in seats
        }

    def test_calendars_see_the_sessions_come_back(self, world: Decided) -> None:
        numbers = dict(world.group.sessions.values_list("pk", "sequence"))
        world.decide(end_group)
        world.back()
        for session in world.group.sessions.all():
            assert session.sequence == numbers[session.pk] + 2

    def test_a_person_gets_the_conversation_back(self) -> None:
        world = World()
        first = planned()
        publish(first)
        talk = Series.objects.get(offering=world.talk)
        seat = talk.enrolments.get(state="enrolled")
        away = [
            LeaveFactory(facilitator=one, days=days("2026-11-30", "2026-12-06"))
            for one in world.talkers
        ]
        publish(planned())
        seat.refresh_from_db()
        assert seat.state == "withdrawn"
        for one in away:
            one.delete()
        first.refresh_from_db()
        assert preview(actor=ACTOR, schedule=first).back.not_restored() == []
        publish(first)
        seat.refresh_from_db()
        assert (seat.state, seat.registration.state) == ("enrolled", "placed")
        assert Session.objects.get(series=talk).state == "published"

    def test_an_offer_that_was_cut_short_is_made_again(self) -> None:
        world = Decided(members=3)
        Series.objects.filter(pk=world.group.pk).update(size_max=4)
        first = asks_for(world.group, need_class=1)
        (offer,) = promote(series_ids=[world.group.pk], actor=ACTOR)
        world.publish()
        world.redraft()
        world.before = Schedule.objects.get(state="published")
        world.decide(end_group)
        first.refresh_from_db()
        assert first.state == "waiting"
        world.back()
        first.refresh_from_db()
        assert first.state == "offered"
        assert first.enrolments.get(state="offered").pk != offer.pk


class TestBackAndForth:
    """From every release to every other: always the week as that one left it."""

    @pytest.mark.parametrize(
        "steps",
        [
            (group_online, end_group),
            (group_online, merge_groups),
        ],
    )
    def test_every_way_between_releases(self, world: Decided, steps: Any) -> None:
        schedules = [world.before]
        pictures = [world.picture()]
        for what in steps:
            more = {"target_id": world.other.pk} if what is merge_groups else {}
            schedules.append(world.draft)
            world.decide(what, **more)
            pictures.append(world.picture())
            if what is not steps[-1]:
                world.redraft()
        assert len({repr(one) for one in pictures}) == len(pictures)
        here = len(schedules) - 1
        done = set()
        for one, other in itertools.permutations(range(len(schedules)), 2):
            for target in (one, other) if here != one else (other,):
                if target == here:
                    continue
                seen = world.go(schedules[target])
                assert seen.back.not_restored() == []
                assert world.picture() == pictures[target], (here, target)
                done.add((here, target))
                here = target
        assert done == set(itertools.permutations(range(len(schedules)), 2))

    def test_forward_again_tells_whom_it_concerns(self, world: Decided) -> None:
        stopped = world.draft
        seats = world.seats(world.group)
        world.decide(end_group)
        world.back()
        seen = world.go(stopped)
        (ended,) = [one for one in seen.changes if one.what == "ended"]
        persons = {one.resident.person_id for one in seats}
        assert set(ended.persons) == persons
        assert world.told() == {*persons, world.leader.person_id}

    def test_who_came_since_is_not_lost_by_going_forward(self, world: Decided) -> None:
        """The merger's group filled up meanwhile: who cannot go along waits."""
        merged = world.draft
        first, second = world.seats(world.group)
        world.decide(merge_groups, target_id=world.other.pk)
        world.back()
        for _number in range(2):
            placed = RegistrationFactory(state="placed")
            EnrolmentFactory(series=world.other, registration=placed)
        seen = world.go(merged)
        assert [(one.why.value, one.keeps) for one in seen.back.away] == [
            ("full", False)
        ]
        assert len(world.seats(world.other)) == 8
        rows = [first.registration, second.registration]
        for row in rows:
            row.refresh_from_db()
        assert sorted(row.state for row in rows) == ["placed", "waiting"]


class TestStaysAsItIs:
    """What does not come back is named, and nothing is done to it."""

    def test_a_group_that_was_stopped_by_hand(self, world: Decided) -> None:
        world.publish()
        stop_series(actor=ACTOR, series=world.group)
        seen = world.back()
        assert lines(seen) == [(world.group.pk, "stopped")]
        assert Series.objects.get(pk=world.group.pk).state == "cancelled"
        assert world.seats(world.group) == []

    @pytest.mark.parametrize(
        ("what", "stays"),
        [(end_group, "stopped"), (merge_groups, "merged"), (group_online, "online")],
    )
    def test_a_decision_from_before_it_was_kept(
        self, world: Decided, what: Any, stays: str
    ) -> None:
        more = {"target_id": world.other.pk} if what is merge_groups else {}
        world.decide(what, **more)
        ChangedGroup.objects.all().delete()
        ChangedSeat.objects.all().delete()
        seats = world.picture()["seats"]
        assert lines(world.back()) == [(world.group.pk, stays)]
        assert world.picture()["seats"] == seats

    def test_a_group_that_was_given_another_room_since(self, world: Decided) -> None:
        world.decide(group_online)
        other = world.other.room
        Series.objects.filter(pk=world.group.pk).update(room=other)
        assert lines(world.back()) == [(world.group.pk, "changed")]
        assert Series.objects.get(pk=world.group.pk).room == other

    def test_a_room_that_is_too_small_by_now(self, world: Decided) -> None:
        room = world.group.room
        world.decide(group_online)
        room.capacity = 2
        room.save()
        assert lines(world.back()) == [(world.group.pk, "online")]
        assert Series.objects.get(pk=world.group.pk).room is None

    def test_a_group_that_was_removed(self, world: Decided) -> None:
        world.decide(end_group)
        ChangedGroup.objects.update(series=None)
        ChangedSeat.objects.all().delete()
        seen = preview(actor=ACTOR, schedule=Schedule.objects.get(pk=world.before.pk))
        assert (None, "removed") in lines(seen)

    def test_a_draft_brings_nothing_back(self, world: Decided) -> None:
        world.act(end_group)
        seen = preview(actor=ACTOR, schedule=world.draft)
        assert seen.back.not_restored() == []
        assert not seen.back.touched

    def test_a_decision_of_the_schedule_itself_stands(self, world: Decided) -> None:
        stopped = world.draft
        world.decide(end_group)
        world.redraft()
        world.publish()
        stopped.refresh_from_db()
        seen = preview(actor=ACTOR, schedule=stopped)
        assert seen.back.not_restored() == []
        assert not {"ended", "back"} & whats(seen)


def test_each_reason_has_words() -> None:
    assert set(NOT_BACK) == set(Stays)
    assert set(AWAY) == set(Hindrance)
    assert set(NOT_HELD) == set(WhyNot)


class TestPages:
    def test_what_does_not_come_back_is_on_the_page(
        self, client: Client, world: Decided
    ) -> None:
        world.decide(end_group)
        gone, back = list(Enrolment.objects.filter(series=world.group).order_by("pk"))
        Registration.objects.filter(pk=gone.registration_id).update(state="withdrawn")
        client.force_login(UserFactory(role=Role.COORDINATOR))
        answer = client.get(f"/rooster/{world.before.pk}/publiceren/")
        html = answer.content.decode()
        assert answer.status_code == 200
        assert faults(html) == []
        assert str(AWAY[Hindrance.LEFT]) in html
        assert str(gone.registration_id) in html
        assert Schedule.objects.get(state="published") == world.draft
        sheet = client.get(f"/rooster/{world.before.pk}/publiceren/mensen/")
        people = sheet.context["sheet"].people
        assert faults(sheet.content.decode()) == []
        assert [one.pk for one in people] == [
            back.resident.person_id,
            world.leader.person_id,
        ]
        assert str(back.registration_id) in people[0].who

    def test_who_does_not_coordinate_sees_numbers(
        self, client: Client, world: Decided
    ) -> None:
        world.decide(end_group)
        Registration.objects.exclude(pk=world.waits.pk).filter(state="waiting").update(
            state="withdrawn"
        )
        client.force_login(UserFactory(role=Role.FUNCTIONAL_ADMINISTRATOR))
        html = client.get(f"/rooster/{world.before.pk}/publiceren/").content.decode()
        assert str(AWAY[Hindrance.LEFT]) not in html
        assert world.offering.title in html

    def test_the_queries_do_not_grow(self) -> None:
        counts = []
        for members in (2, 6):
            Schedule.objects.update(kind="term")  # out of the way of the next one
            world = Decided(members=members)
            world.decide(end_group)
            with CaptureQueriesContext(connection) as seen:
                found = preview(
                    actor=ACTOR, schedule=Schedule.objects.get(pk=world.before.pk)
                )
            assert len(found.back.seats) == members
            counts.append(len(seen))
        assert counts[0] == counts[1]
