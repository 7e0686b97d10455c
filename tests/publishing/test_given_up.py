"""Seats of a draft in what is not held after all: nobody is lost at the release."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from courses.models import Enrolment, Registration, Series
from courses.services import hold_seats
from messaging.models import OutboxMessage
from people.enums import Role
from publishing.changes import What
from publishing.releases import HEADINGS
from publishing.services.calendar import differences
from publishing.services.release import preview
from scheduling.messages import BESIDE_RULES, NOT_FINISHED_TAG, RULES, TAKEN_OUT
from scheduling.models import (
    Schedule,
    ScheduledSeat,
    ScheduledSeries,
    ScheduleEdit,
)
from scheduling.resident_words import NOT_HELD
from scheduling.services.decisions import end_group
from scheduling.services.edits import drop_session, redo, undo
from scheduling.services.why import why_not_placed
from tests.factories import SeriesFactory, SessionFactory, UserFactory, period
from tests.publishing.drafts import World, planned, publish
from tests.scheduling.rows import ACTOR, MONDAY, SUNDAY, a_group, asks_for
from tests.web.html import faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def drop(schedule: Schedule, session: Any) -> ScheduleEdit:
    return drop_session(
        actor=ACTOR,
        user=UserFactory(),
        schedule=schedule,
        session=session,
        version=schedule.version,
    )


def told(schedule: Schedule) -> set[tuple[str, str]]:
    seen = preview(actor=ACTOR, schedule=schedule)
    return {(one.what.value, one.series) for one in seen.changes}


def waits_on(registration: Registration, schedule: Schedule) -> None:
    """It has no seat, waits with the old date, and is not told of a change."""
    asked = registration.registered_at
    registration.refresh_from_db()
    assert (registration.state, registration.registered_at) == ("waiting", asked)
    states = set(registration.enrolments.values_list("state", flat=True))
    assert states == {"withdrawn"}
    assert not schedule.seats.filter(registration=registration).exists()
    left = schedule.left_out.get(registration=registration)
    assert (left.passes, left.named_reason) == (1, TAKEN_OUT)
    person = registration.resident.person_id
    assert not OutboxMessage.objects.filter(recipient=person).exists()


class TestNotHeld:
    def test_who_had_a_seat_in_a_dropped_conversation_waits_on(
        self, world: World
    ) -> None:
        schedule = planned()
        session = world.planned_talk(schedule)
        talk = Series.objects.get(pk=session.series_id)
        was = talk.state
        drop(schedule, session.session_id)
        assert told(schedule) == {
            ("waits", str(talk.pk)),
            ("seat", str(world.group.pk)),
        }
        done = publish(schedule)
        talk.refresh_from_db()
        assert (talk.state, talk.sessions.count()) == (was, 0)
        waits_on(world.talks, schedule)
        assert schedule.series_rows.get(series=talk).held is False
        schedule.refresh_from_db()
        assert schedule.figures["seated"] == schedule.seats.count() == 1
        assert {"what": "waits", "persons": []}.items() <= next(
            one for one in done.changes if one["series"] == str(talk.pk)
        ).items()
        world.joins.refresh_from_db()
        assert world.joins.state == "placed"
        assert differences() == ()
        # The next plan gives it a conversation again.
        assert planned().seats.filter(registration=world.talks).exists()

    def test_the_reason_is_named_for_what_it_is(
        self, world: World, client: Client
    ) -> None:
        schedule = planned()
        drop(schedule, world.planned_talk(schedule).session_id)
        publish(schedule)
        client.force_login(UserFactory(role=Role.COORDINATOR))
        html = client.get(f"/rooster/{schedule.pk}/zonder-plek/").content.decode()
        assert faults(html) == []
        for words in (BESIDE_RULES[TAKEN_OUT].tag, BESIDE_RULES[TAKEN_OUT].why):
            assert str(words) in html
        assert str(NOT_FINISHED_TAG) not in html
        world.talks.refresh_from_db()
        told = why_not_placed(actor=ACTOR, registration=world.talks)
        assert [lines for _title, lines in told.groups] == [(str(NOT_HELD),)]
        assert TAKEN_OUT not in RULES

    def test_undone_before_the_release_nothing_is_lost(self, world: World) -> None:
        schedule = planned()
        session = world.planned_talk(schedule)
        before = told(schedule)
        drop(schedule, session.session_id)
        step = {"actor": ACTOR, "user": UserFactory(), "schedule": schedule}
        undo(version=1, **step)
        assert told(schedule) == before
        redo(version=2, **step)
        undo(version=3, **step)
        publish(schedule)
        talk = Series.objects.get(pk=session.series_id)
        assert (talk.state, talk.sessions.get().pk) == ("published", session.session_id)
        world.talks.refresh_from_db()
        assert world.talks.state == "placed"
        assert not schedule.left_out.exists()

    def test_a_new_group_without_a_session_is_not_published(self) -> None:
        group = SeriesFactory(offering=a_group(size_min=1))
        asking = asks_for(group)
        schedule = Schedule.objects.create(first_date=MONDAY, last_date=SUNDAY)
        ScheduledSeries.objects.create(
            schedule=schedule, series=group, seen_at=timezone.now()
        )
        (seat,) = hold_seats(pairs=[(asking.pk, group.pk)], actor=ACTOR).held
        ScheduledSeat.objects.create(
            schedule=schedule, registration=asking, series=group, enrolment=seat
        )
        was = group.state
        publish(schedule)
        group.refresh_from_db()
        assert group.state == was != "published"
        waits_on(asking, schedule)

    def test_a_running_group_that_keeps_no_session_gives_no_seat(
        self, world: World
    ) -> None:
        schedule = planned()
        drop(schedule, world.session.pk)
        assert {what for what, key in told(schedule) if key == str(world.group.pk)} == {
            "cancelled",
            "waits",
        }
        publish(schedule)
        world.group.refresh_from_db()
        assert world.group.state == "cancelled"
        waits_on(world.joins, schedule)

    def test_a_running_group_that_still_meets_keeps_its_seats(
        self, world: World
    ) -> None:
        SessionFactory(
            series=world.group,
            number=9,
            room=world.group.room,
            period=period("2026-12-08 10:00", 90),
        )
        schedule = planned()
        drop(schedule, world.session.pk)
        publish(schedule)
        world.joins.refresh_from_db()
        assert world.joins.state == "placed"


def test_a_group_that_stops_gives_no_seat(world: World) -> None:
    schedule = planned()
    held = Enrolment.objects.get(registration=world.joins)
    assert held.state == "held_by_draft"
    end_group(
        actor=ACTOR,
        user=UserFactory(),
        schedule=schedule,
        series_id=world.group.pk,
        version=0,
    )
    of_group = {what for what, key in told(schedule) if key == str(world.group.pk)}
    assert of_group == {"cancelled", "ended", "waits"}
    done = publish(schedule)
    waits_on(world.joins, schedule)
    seats = {one["series"] for one in done.changes if one["what"] == "seat"}
    assert str(world.group.pk) not in seats
    assert What.WAITS in HEADINGS
