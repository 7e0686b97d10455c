"""Nobody publishes, or throws away, what was not looked at."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from courses.models import Session
from people.enums import Role
from publishing.models import Release
from publishing.services.release import ReleaseRefused, release
from scheduling.models import Schedule, ScheduleEdit
from scheduling.services.edits import drop_session
from scheduling.words import edit_words
from tests.factories import UserFactory, period
from tests.publishing.drafts import World, planned, publish
from tests.scheduling.rows import ACTOR
from tests.web.html import faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client) -> Client:
    client.force_login(UserFactory(role=Role.COORDINATOR))
    return client


@pytest.fixture
def world() -> World:
    return World()


def address(schedule: Schedule) -> str:
    return f"/rooster/{schedule.pk}/publiceren/"


def mark(client: Client, schedule: Schedule) -> str:
    """What the form of the page says was looked at."""
    html = client.get(address(schedule)).content.decode()
    found = set(re.findall(r'name="version" value="(\w+)"', html))
    assert len(found) == 1
    return found.pop()


def of_a_colleague(world: World, schedule: Schedule) -> ScheduleEdit:
    return drop_session(
        actor=ACTOR,
        user=UserFactory(),
        schedule=schedule,
        session=world.planned_talk(schedule).session_id,
        version=schedule.version,
    )


def test_a_change_after_the_page_was_opened_is_shown_before_it_is_published(
    signed_in: Client, world: World
) -> None:
    schedule = planned()
    looked_at = mark(signed_in, schedule)
    edit = of_a_colleague(world, schedule)
    answer = signed_in.post(address(schedule), {"version": looked_at})
    html = answer.content.decode()
    assert (answer.status_code, faults(html)) == (409, [])
    assert edit_words(edit) in html
    assert not Release.objects.exists()
    assert Schedule.objects.get().state == "draft"
    (anew,) = set(re.findall(r'name="version" value="(\w+)"', html))
    assert anew == "1"
    done = signed_in.post(address(schedule), {"version": anew})
    assert done["Location"] == f"/publicaties/{Release.objects.get().pk}/"


@pytest.mark.parametrize(
    "version", [None, "", "x", "-1", "9" * 5000, "\N{SUPERSCRIPT TWO}"]
)
def test_a_form_that_does_not_say_what_was_looked_at_publishes_nothing(
    signed_in: Client, world: World, version: str | None
) -> None:
    schedule = Schedule.objects.create(
        first_date="2026-11-30", last_date="2026-12-06", version=3
    )
    fields = {} if version is None else {"version": version}
    assert signed_in.post(address(schedule), fields).status_code == 409
    drop = f"/rooster/{schedule.pk}/weg/"
    assert signed_in.post(drop, fields).status_code == 409
    assert Schedule.objects.get().state == "draft"


def test_going_back_does_what_the_page_said_or_nothing(
    signed_in: Client, world: World
) -> None:
    first = planned()
    publish(first)
    publish(planned())
    looked_at = mark(signed_in, first)
    assert looked_at == mark(signed_in, first)
    # Somebody moves the session meanwhile: going back would move it again.
    Session.objects.filter(pk=world.session.pk).update(
        period=period("2026-12-01 11:00", 90)
    )
    answer = signed_in.post(address(first), {"version": looked_at})
    html = answer.content.decode()
    assert (answer.status_code, faults(html)) == (409, [])
    first.refresh_from_db()
    assert first.state == "archived"
    anew = mark(signed_in, first)
    assert anew != looked_at
    assert signed_in.post(address(first), {"version": anew}).status_code == 302
    first.refresh_from_db()
    assert first.state == "published"


def test_a_draft_with_a_new_change_is_not_thrown_away_unseen(
    signed_in: Client, world: World
) -> None:
    schedule = planned()
    edit = of_a_colleague(world, schedule)
    drop = f"/rooster/{schedule.pk}/weg/"
    answer = signed_in.post(drop, {"version": "0"})
    html = answer.content.decode()
    assert (answer.status_code, faults(html)) == (409, [])
    assert edit_words(edit) in html
    assert Schedule.objects.get() == schedule
    assert signed_in.post(drop, {"version": "1"}).status_code == 302
    assert not Schedule.objects.exists()


def test_a_command_that_looks_at_nothing_names_no_version(world: World) -> None:
    schedule = planned()
    of_a_colleague(world, schedule)
    with pytest.raises(ReleaseRefused) as caught:
        release(actor=ACTOR, user=None, schedule=schedule, looked_at="0")
    assert caught.value.why == "stale"
    assert len(caught.value.edits) == 1
    assert release(actor=ACTOR, user=None, schedule=schedule).schedule == schedule
