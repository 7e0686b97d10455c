"""Two coordinators at one draft, at the same moment over real connections; and one
whose session ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _

from people.enums import Role
from publishing.models import Release
from scheduling.enums import ScheduleState
from scheduling.models import Schedule
from scheduling.services import boards
from scheduling.words import edit_words
from tests.at_once import at_once
from tests.factories import UserFactory, amsterdam
from tests.scheduling.by_hand import World
from tests.scheduling.services.test_choosing import beside

pytestmark = pytest.mark.django_db(transaction=True)
PUBLISHED = "This draft was published meanwhile, so your change was not made."


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    boards.forget_boards()
    yield
    boards.forget_boards()


@pytest.fixture
def world() -> World:
    return World()


def coordinator() -> Client:
    client = Client()
    client.force_login(UserFactory(role=Role.COORDINATOR))
    return client


def page(world: World) -> str:
    return reverse("scheduling:move", args=[world.draft.pk, world.session])


def asked(world: World, start: str) -> dict[str, Any]:
    return {
        "day": "2026-12-01",
        "start": start,
        "room": world.room.pk,
        "leader_1": world.leader.pk,
        "version": world.version(),
    }


def moves(world: World, start: str) -> Callable[[], Any]:
    client, data = coordinator(), asked(world, start)
    return lambda: client.post(page(world), data)


def told_it_is_gone(answer: Any, *, by: str = "") -> bool:
    """Whether a move was answered by the week and what became of the draft."""
    week = reverse("scheduling:week", args=["2026-W49"])
    assert answer["Location"].startswith(week)
    (told,) = get_messages(answer.wsgi_request)
    return by in str(told) and told.level_tag == "warning"


def test_of_two_moves_one_is_done_and_the_other_is_shown_it(world: World) -> None:
    answers: list[Any] = at_once(moves(world, "09:30"), moves(world, "09:00"))
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    lost = next(answer for answer in answers if answer.status_code == 409)
    wish = "09:00" if lost is answers[1] else "09:30"
    html = lost.content.decode()
    assert f'value="{wish}"' in html  # what was filled in stands there still
    assert 'name="version" value="1"' in html
    assert world.draft.edits.count() == 1


def test_of_a_move_and_a_release_one_is_done(world: World) -> None:
    """What is published is what was looked at: never with a move that came between."""
    publishes = coordinator()
    release = reverse("publishing:release", args=[world.draft.pk])
    answers: list[Any] = at_once(
        moves(world, "09:30"), lambda: publishes.post(release, {"version": "0"})
    )
    moved, released = (answer.status_code for answer in answers)
    assert world.group.sessions.get().period.lower == amsterdam("2026-12-01 10:00")
    draft = Schedule.objects.get(pk=world.draft.pk)
    if released == 302:
        assert moved == 302
        assert told_it_is_gone(answers[0], by=_(PUBLISHED))
        assert Release.objects.count() == 1
        assert draft.state == ScheduleState.PUBLISHED
        assert not draft.edits.exists()
    else:
        assert (moved, released) == (302, 409)
        assert edit_words(draft.edits.get()) in answers[1].content.decode()
        assert not Release.objects.exists()
        assert draft.state == ScheduleState.DRAFT


def test_of_a_move_and_a_choice_one_is_done(world: World) -> None:
    """A draft with a change that nobody looked at is not thrown away for another."""
    run, chooses = beside(), coordinator()
    choose = reverse("scheduling:run-choose", args=[run.pk])
    shown = {"draft": f"{world.draft.pk}.0"}
    answers: list[Any] = at_once(
        moves(world, "09:30"), lambda: chooses.post(choose, shown)
    )
    moved, chosen = (answer.status_code for answer in answers)
    if chosen == 302:
        assert moved == 302
        assert told_it_is_gone(answers[0])
        assert Schedule.objects.get().run_id == run.pk
    else:
        assert (moved, chosen) == (302, 409)
        assert world.row().period.lower == amsterdam("2026-12-01 09:30")
        assert edit_words(world.draft.edits.get()) in answers[1].content.decode()


def test_of_a_move_and_throwing_the_draft_away_one_is_done(world: World) -> None:
    drops = coordinator()
    drop = reverse("publishing:drop", args=[world.draft.pk])
    answers: list[Any] = at_once(
        moves(world, "09:30"), lambda: drops.post(drop, {"version": "0"})
    )
    moved, dropped = (answer.status_code for answer in answers)
    if dropped == 302:
        assert moved == 302
        assert told_it_is_gone(answers[0])
        assert not Schedule.objects.exists()
    else:
        assert (moved, dropped) == (302, 409)
        assert world.row().period.lower == amsterdam("2026-12-01 09:30")


def test_of_a_move_and_not_holding_it_one_is_done(world: World) -> None:
    drops = coordinator()
    drop = reverse("scheduling:drop-session", args=[world.draft.pk, world.session])
    answers: list[Any] = at_once(
        moves(world, "09:30"), lambda: drops.post(drop, {"version": "0"})
    )
    moved, dropped = (answer.status_code for answer in answers)
    edit = world.draft.edits.get()
    if dropped == 302:
        assert edit.kind == "cancel"
        assert moved == 409 or told_it_is_gone(answers[0], by=edit_words(edit))
    else:
        assert (moved, dropped) == (302, 409)
        assert edit_words(edit) in answers[1].content.decode()


def test_a_session_that_ended_keeps_what_was_filled_in(world: World) -> None:
    client = coordinator()
    del client.cookies[settings.SESSION_COOKIE_NAME]
    answer = client.post(page(world), asked(world, "09:30"))
    assert answer.status_code == 302
    after = parse_qs(urlsplit(answer["Location"]).query)["next"][0]
    assert after.startswith(page(world))
    html = coordinator().get(after).content.decode()
    assert 'value="09:30"' in html
    assert 'id="do"' in html
    assert world.version() == 0
