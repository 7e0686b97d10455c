"""A release: all of it or nothing, for those whom it concerns, and back again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import Enrolment, Registration, Series, Session
from messaging.models import OutboxMessage
from publishing.services.calendar import differences
from publishing.services.release import preview, release
from scheduling.models import Schedule
from scheduling.services.drafts import drop_drafts
from tests.factories import (
    LeaveFactory,
    OfferingFactory,
    SeriesFactory,
    SessionFactory,
    UserFactory,
    days,
    period,
)
from tests.publishing.drafts import World, planned, publish
from tests.scheduling.rows import (
    ACTOR,
    MONDAY,
    a_conversation,
    a_leader,
    a_room,
    asks_for,
    running,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


class TestPreview:
    def test_says_what_would_change_for_whom_and_changes_nothing(
        self, world: World
    ) -> None:
        schedule = planned()
        before = Session.objects.count()
        seen = preview(actor=ACTOR, schedule=schedule)
        assert seen.can_be_released
        talk = Series.objects.get(offering__kind="exploratory_conversation")
        by_what = {(one.what.value, one.series): one for one in seen.changes}
        assert set(by_what) == {
            ("added", str(talk.pk)),
            ("seat", str(talk.pk)),
            ("seat", str(world.group.pk)),
        }
        leads = {one.person_id for one in world.planned_talk(schedule).leaders.all()}
        assert len(leads) == 2
        assert set(by_what["added", str(talk.pk)].persons) == leads
        joins = by_what["seat", str(world.group.pk)].persons
        assert joins == (world.joins.resident.person_id,)
        assert Session.objects.count() == before
        assert not OutboxMessage.objects.exists()


class TestReleasing:
    def test_what_was_planned_is_in_the_agenda(self, world: World) -> None:
        schedule = planned()
        user = UserFactory()
        done = release(actor=ACTOR, user=user, schedule=schedule)
        schedule.refresh_from_db()
        assert (schedule.state, schedule.published_by) == ("published", user)
        assert (done.former, done.released_by) == (None, user)
        talk = Series.objects.get(offering__kind="exploratory_conversation")
        session = talk.sessions.get()
        drafted = schedule.sessions.get(series=talk)
        assert session.pk == drafted.session_id
        assert (session.period, session.room_id) == (drafted.period, drafted.room_id)
        assert {one.facilitator_id for one in session.session_leaders.all()} == {
            one.pk for one in drafted.leaders.all()
        }
        assert (talk.state, talk.first_date) == (
            "published",
            timezone.localtime(session.period.lower).date(),
        )
        assert {one.state for one in Registration.objects.all()} == {"placed"}
        seats = Enrolment.objects.filter(registration__in=[world.joins, world.talks])
        assert {one.state for one in seats} == {"enrolled"}
        assert differences() == ()

    def test_what_does_not_change_keeps_its_sequence(self, world: World) -> None:
        before = (world.session.sequence, world.session.last_modified)
        publish(planned())
        world.session.refresh_from_db()
        assert (world.session.sequence, world.session.last_modified) == before

    def test_messages_go_to_whom_it_concerns_and_to_nobody_else(
        self, world: World
    ) -> None:
        other = running("2026-12-03 10:00", leaders=[a_leader()], members=6)
        schedule = planned()
        done = publish(schedule)
        leads = world.planned_talk(schedule).leaders.all()
        concerned = {one.person_id for one in leads} | {
            world.joins.resident.person_id,
            world.talks.resident.person_id,
        }
        messages = OutboxMessage.objects.exclude(kind="request")
        assert sorted(one.recipient_id for one in messages) == sorted(concerned)
        assert {one.state for one in messages} == {"draft"}
        assert {one.release for one in messages} == {str(done.pk)}
        text = " ".join(one.subject + one.body for one in messages)
        for word in (other.offering.title, world.group.offering.title, "Kruising"):
            assert word not in text

    def test_new_leaders_are_asked_by_a_link_that_nobody_else_sees(
        self, world: World
    ) -> None:
        schedule = planned()
        publish(schedule)
        leads = world.planned_talk(schedule).leaders.all()
        asked = OutboxMessage.objects.filter(kind="request")
        assert {one.person_id for one in leads} <= {one.recipient_id for one in asked}
        assert {(one.state, one.secret) for one in asked} == {("draft", True)}
        for one in asked:
            assert re.search(r"/agenda/[\w-]{22}/vraag/$", one.link)
            assert world.group.offering.title not in one.subject + one.body

    def test_a_group_that_moves_raises_its_sequence_and_tells_everybody(
        self, world: World
    ) -> None:
        LeaveFactory(facilitator=world.leader, days=days("2026-12-01"))
        publish(planned())
        former = world.session.period
        world.session.refresh_from_db()
        assert world.session.state == "published"
        assert world.session.period != former
        assert world.session.original_period == former
        assert world.session.sequence == 1
        told = set(OutboxMessage.objects.values_list("recipient_id", flat=True))
        assert world.members() | {world.leader.person_id} <= told
        assert differences() == ()

    def test_a_session_that_cannot_be_held_stays_as_cancelled(
        self, world: World
    ) -> None:
        SessionFactory(
            series=world.group,
            number=9,
            room=world.group.room,
            period=period("2026-12-08 10:00", 90),
        )
        LeaveFactory(facilitator=world.leader, days=days("2026-11-30", "2026-12-06"))
        done = publish(planned())
        world.session.refresh_from_db()
        assert (world.session.state, world.session.sequence) == ("cancelled", 1)
        assert "cancelled" in {one["what"] for one in done.changes}
        world.group.refresh_from_db()
        assert world.group.state == "running"
        assert len(world.members()) >= 6
        assert differences() == ()

    def test_who_loses_a_conversation_waits_again_with_the_old_date(
        self, world: World
    ) -> None:
        publish(planned())
        talk = Series.objects.get(offering__kind="exploratory_conversation")
        for one in world.talkers:
            LeaveFactory(facilitator=one, days=days("2026-11-30", "2026-12-06"))
        publish(planned())
        talk.refresh_from_db()
        assert talk.state == "cancelled"
        asked = world.talks.registered_at
        world.talks.refresh_from_db()
        assert (world.talks.state, world.talks.registered_at) == ("waiting", asked)

    def test_a_session_keeps_its_odd_length(self) -> None:
        group = running("2026-12-01 10:00", leaders=[a_leader()], members=6, minutes=80)
        session = group.sessions.get()
        done = publish(planned())
        assert done.changes == []
        session.refresh_from_db()
        assert session.sequence == 0

    def test_a_module_begins_without_a_time_or_a_room(self) -> None:
        a_room()
        module = SeriesFactory(
            offering=OfferingFactory(
                kind="digital_module",
                size_min=1,
                size_max=50,
                sessions_count=None,
                session_minutes=None,
            )
        )
        asking = asks_for(module)
        publish(planned())
        module.refresh_from_db()
        asking.refresh_from_db()
        assert (module.state, asking.state) == ("published", "placed")
        later = asks_for(module)
        publish(planned())
        later.refresh_from_db()
        assert later.state == "placed"
        assert differences() == ()


class TestDropping:
    def test_a_dropped_draft_lets_its_seats_go(self, world: World) -> None:
        planned()
        assert drop_drafts(actor=ACTOR, kind="week", first_date=MONDAY) == 1
        assert not Schedule.objects.exists()
        assert not Enrolment.objects.filter(state="held_by_draft").exists()
        # The seat in the running group goes to who is first in turn: the same person.
        world.joins.refresh_from_db()
        world.talks.refresh_from_db()
        assert (world.joins.state, world.talks.state) == ("offered", "waiting")
        assert world.group.enrolments.filter(state="offered").count() == 1

    def test_what_is_published_is_never_dropped(self, world: World) -> None:
        publish(planned())
        assert drop_drafts(actor=ACTOR, kind="week", first_date=MONDAY) == 0
        assert Schedule.objects.get().state == "published"


class TestGoingBack:
    def test_an_archived_schedule_is_released_again(self, world: World) -> None:
        first = planned()
        publish(first)
        LeaveFactory(facilitator=world.leader, days=days("2026-12-01"))
        second = planned()
        done = publish(second)
        first.refresh_from_db()
        assert (first.state, done.former) == ("archived", first)
        was = first.sessions.get(series=world.group).period
        moved = Session.objects.get(pk=world.session.pk)
        assert moved.period != was
        world.leader.leave.all().delete()
        back = publish(first)
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.state, second.state) == ("published", "archived")
        assert back.former == second
        moved.refresh_from_db()
        assert (moved.period, moved.sequence) == (was, 2)
        assert differences() == ()


def test_what_does_not_change_costs_no_reads() -> None:
    """One group and a conversation, then the same with four more groups."""

    def cost(week: int) -> int:
        monday = MONDAY + timedelta(weeks=week)
        asks_for(talk, allowed_levels=[0])
        schedule = planned(first_date=monday, last_date=monday + timedelta(6))
        with CaptureQueriesContext(connection) as captured:
            publish(schedule)
        return len(captured)

    talk = a_conversation()
    a_leader("ggz_professional")
    a_leader("social_worker")
    running("2026-12-01 10:00", "2026-12-08 10:00", leaders=[a_leader()], members=6)
    first = cost(0)
    for hour in ("09", "11", "13", "15"):
        running(f"2026-12-08 {hour}:00", leaders=[a_leader()], members=6)
    assert cost(1) - first <= 2
