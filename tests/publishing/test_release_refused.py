"""A release that may not be: nothing changes, and what stands in the way is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from courses.models import Enrolment, Session
from courses.services import move_session
from messaging.models import OutboxMessage
from publishing.models import Release
from publishing.services.release import ReleaseRefused, preview, release
from scheduling.models import AcceptedViolation
from scheduling.services.drafts import accept_violations, drop_drafts
from tests.factories import (
    LeaveFactory,
    SeriesFactory,
    SessionFactory,
    UserFactory,
    days,
    period,
)
from tests.publishing.drafts import World, planned, publish, refused
from tests.scheduling.rows import (
    ACTOR,
    MONDAY,
    running,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


class TestRefusing:
    def test_twice(self, world: World) -> None:
        schedule = planned()
        publish(schedule)
        assert refused(schedule).why == "state"
        assert Release.objects.count() == 1

    def test_a_draft_that_was_dropped(self, world: World) -> None:
        schedule = planned()
        drop_drafts(actor=ACTOR, kind="week", first_date=MONDAY)
        assert refused(schedule).why == "state"

    def test_a_series_that_changed_meanwhile(self, world: World) -> None:
        schedule = planned()
        world.group.size_max = 9
        world.group.save()
        error = refused(schedule)
        assert (error.why, error.preview and error.preview.changed_meanwhile) == (
            "changed",
            (str(world.group.pk),),
        )
        assert not Release.objects.exists()
        assert Enrolment.objects.filter(state="held_by_draft").count() == 2

    def test_a_session_that_was_moved_by_hand_is_not_moved_back(
        self, world: World
    ) -> None:
        schedule = planned()
        moved = move_session(
            session=world.session,
            period=period("2026-12-02 14:00", 90),
            room_id=world.session.room_id,
            actor=ACTOR,
        )
        assert refused(schedule).why == "changed"
        world.session.refresh_from_db()
        assert world.session.period == moved.period

    def test_a_rule_that_is_broken_today(self, world: World) -> None:
        schedule = planned()
        LeaveFactory(facilitator=world.leader, days=days("2026-12-01"))
        error = refused(schedule)
        assert error.why == "breaches"
        assert error.preview is not None
        (breach,) = error.preview.breaches
        assert breach.rule == "facilitator-availability"
        assert ("facilitator", str(world.leader.pk)) in breach.about
        assert ("series", str(world.group.pk)) in breach.about
        assert not Release.objects.exists()

    def test_unless_a_coordinator_accepted_it_by_name(self, world: World) -> None:
        schedule = planned()
        LeaveFactory(facilitator=world.leader, days=days("2026-12-01"))
        (breach,) = preview(actor=ACTOR, schedule=schedule).breaches
        accept_violations(schedule=schedule, user=UserFactory(), violations=[breach])
        assert publish(schedule).schedule == schedule

    def test_what_was_accepted_is_that_breach_and_no_other(self, world: World) -> None:
        """The same leader and group, at another hour."""
        schedule = planned()
        LeaveFactory(facilitator=world.leader, days=days("2026-12-01"))
        (breach,) = preview(actor=ACTOR, schedule=schedule).breaches
        assert breach.slot is not None
        earlier = replace(breach, slot=breach.slot - 4)
        accept_violations(schedule=schedule, user=UserFactory(), violations=[earlier])
        with pytest.raises(ReleaseRefused):
            publish(schedule)

    def test_or_who_publishes_accepts_it_there(self, world: World) -> None:
        schedule, user = planned(), UserFactory()
        LeaveFactory(facilitator=world.leader, days=days("2026-12-01"))
        (breach,) = preview(actor=ACTOR, schedule=schedule).breaches
        with pytest.raises(ReleaseRefused):
            release(actor=ACTOR, user=user, schedule=schedule, accept=["another"])
        assert not AcceptedViolation.objects.exists()
        done = release(actor=ACTOR, user=user, schedule=schedule, accept=[breach.key])
        assert done.schedule == schedule
        (accepted,) = schedule.accepted_violations.all()
        assert (accepted.rule, accepted.accepted_by) == (breach.rule, user)

    def test_a_program_accepts_nothing(self, world: World) -> None:
        schedule = planned()
        LeaveFactory(facilitator=world.leader, days=days("2026-12-01"))
        (breach,) = preview(actor=ACTOR, schedule=schedule).breaches
        with pytest.raises(ReleaseRefused):
            release(actor=ACTOR, user=None, schedule=schedule, accept=[breach.key])

    def test_a_double_use_is_never_accepted(self, world: World) -> None:
        schedule = planned()
        talk = world.planned_talk(schedule)
        talk.room, talk.period = world.group.room, period("2026-12-01 10:30", 75)
        talk.save()
        breaches = preview(actor=ACTOR, schedule=schedule).breaches
        assert "room-conflict" in {one.rule for one in breaches}
        for breach in breaches:
            AcceptedViolation.objects.create(
                schedule=schedule,
                rule=breach.rule,
                about=[list(pair) for pair in breach.about],
                slot=breach.slot,
                facts=[list(pair) for pair in breach.facts],
                accepted_by=UserFactory(),
            )
        assert refused(schedule).why == "breaches"
        with pytest.raises(ReleaseRefused):
            release(
                actor=ACTOR,
                user=UserFactory(),
                schedule=schedule,
                accept=[one.key for one in breaches],
            )

    def test_what_the_database_refuses_leaves_nothing_behind(
        self, world: World
    ) -> None:
        """A series that is over for us, and of which a session still stands."""
        schedule = planned()
        talk = world.planned_talk(schedule)
        over = SeriesFactory(state="finished", room=talk.room)
        SessionFactory(series=over, room=talk.room, period=talk.period)
        error = refused(schedule)
        assert (error.why, error.constraint) == ("double", "courses_session_room_free")
        schedule.refresh_from_db()
        assert schedule.state == "draft"
        assert not Session.objects.filter(pk=talk.session_id).exists()
        assert not OutboxMessage.objects.exists()
        assert Enrolment.objects.filter(state="held_by_draft").count() == 2

    def test_facts_that_are_faulty_are_told(self, world: World) -> None:
        schedule = planned()
        odd = running("2026-12-03 10:05")
        error = refused(schedule)
        assert error.why == "breaches"
        assert error.preview is not None
        assert str(odd.sessions.get().pk) in error.preview.breaches[0].rule
