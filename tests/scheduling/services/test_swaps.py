"""Leaders who change places where a group meets more than once in the draft."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from people.enums import Role
from scheduling.models import Schedule, ScheduledLeader, ScheduledSession
from scheduling.services import boards
from scheduling.services.edits import swap_leaders, undo
from scheduling.services.redrafts import draft_of_published
from scheduling.services.swaps import judge_swap
from scheduling.words import moment_in_text
from tests.factories import (
    LeaveFactory,
    SeriesFactory,
    UserFactory,
    amsterdam,
    days,
    period,
)
from tests.scheduling.rows import ACTOR, MONDAY, a_group, a_leader, a_room, running

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    boards.forget_boards()
    yield
    boards.forget_boards()


def led(draft: Schedule) -> dict[Any, list[int]]:
    """Who leads each session of a draft."""
    return {
        one.session_id: sorted(row.facilitator_id for row in one.leader_rows.all())
        for one in draft.sessions.all()
    }


def swap(draft: Schedule, one: Any, other: Any, version: int = 0) -> Any:
    return swap_leaders(
        actor=ACTOR,
        user=UserFactory(),
        schedule=draft,
        one=one,
        other=other,
        version=version,
    )


class Twice:
    """A group that meets on Tuesday and Thursday, and one of another leader."""

    def __init__(self) -> None:
        self.leader, self.other_leader = a_leader(), a_leader()
        room = a_room(capacity=20)
        self.group = running(
            "2026-12-01 10:00",
            "2026-12-03 10:00",
            room=room,
            leaders=[self.leader],
            members=6,
        )
        other = running(
            "2026-12-01 13:00", room=room, leaders=[self.other_leader], members=6
        )
        self.draft = draft_of_published(actor=ACTOR, user=None, monday=MONDAY)
        self.tuesday, self.thursday = (
            one.pk for one in self.group.sessions.order_by("period")
        )
        self.other = other.sessions.get().pk


def test_one_session_of_a_group_that_meets_twice() -> None:
    world = Twice()
    before = led(world.draft)
    wish = (world.thursday, world.leader.pk), (world.other, world.other_leader.pk)
    verdict = judge_swap(actor=ACTOR, schedule=world.draft, one=wish[0], other=wish[1])
    assert (verdict.new, verdict.only_leaders) == ((), True)
    assert verdict.sessions == {str(world.thursday), str(world.other)}
    swap(world.draft, *wish)
    assert led(world.draft) == before | {
        world.thursday: [world.other_leader.pk],
        world.other: [world.leader.pk],
    }
    # The board that was kept knows of it too, and the way back is one press.
    back = judge_swap(
        actor=ACTOR,
        schedule=Schedule.objects.get(),
        one=(world.thursday, world.other_leader.pk),
        other=(world.tuesday, world.leader.pk),
    )
    assert back.new == ()
    undo(actor=ACTOR, user=UserFactory(), schedule=world.draft, version=1)
    assert led(world.draft) == before


def test_two_sessions_of_one_group() -> None:
    world = Twice()
    swap(
        world.draft,
        (world.thursday, world.leader.pk),
        (world.other, world.other_leader.pk),
    )
    swap(
        world.draft,
        (world.thursday, world.other_leader.pk),
        (world.tuesday, world.leader.pk),
        version=1,
    )
    found = led(world.draft)
    assert found[world.thursday] == [world.leader.pk]
    assert found[world.tuesday] == [world.other_leader.pk]


def test_what_it_breaks_is_named() -> None:
    world = Twice()
    LeaveFactory(facilitator=world.other_leader, days=days("2026-12-03"))
    verdict = judge_swap(
        actor=ACTOR,
        schedule=world.draft,
        one=(world.thursday, world.leader.pk),
        other=(world.other, world.other_leader.pk),
    )
    assert [one.rule for one in verdict.new] == ["facilitator-availability"]


def test_who_leads_both_is_refused() -> None:
    world = Twice()
    row = world.draft.sessions.get(session_id=world.other)
    ScheduledLeader.objects.create(session=row, facilitator=world.leader)
    with pytest.raises(ValidationError):
        swap(
            world.draft,
            (world.thursday, world.leader.pk),
            (world.other, world.other_leader.pk),
        )


class Term:
    """A term with a new group of three Tuesdays and a running one on Tuesdays too."""

    def __init__(self) -> None:
        self.leader, self.other_leader = a_leader(), a_leader()
        room = a_room(capacity=20)
        offering = a_group(sessions_count=3, size_min=1)
        self.series = SeriesFactory(offering=offering)
        self.group = running(
            *(f"2026-12-{day:02} 13:00" for day in (1, 8, 15)),
            room=room,
            leaders=[self.other_leader],
            members=6,
        )
        self.draft = Schedule.objects.create(
            kind="term", first_date=MONDAY, last_date=MONDAY + timedelta(days=27)
        )
        self.new = [uuid4() for _ in range(3)]
        for number, (key, day) in enumerate(zip(self.new, (1, 8, 15), strict=True), 1):
            row = ScheduledSession.objects.create(
                schedule=self.draft,
                series=self.series,
                session_id=key,
                number=number,
                period=period(f"2026-12-{day:02} 10:00", 90),
                room=room,
            )
            ScheduledLeader.objects.create(session=row, facilitator=self.leader)
        for one in self.group.sessions.all():
            row = ScheduledSession.objects.create(
                schedule=self.draft,
                series=self.group,
                session_id=one.pk,
                number=one.number,
                period=one.period,
                room=room,
            )
            ScheduledLeader.objects.create(session=row, facilitator=self.other_leader)
        for series in (self.series, self.group):
            self.draft.series_rows.create(
                series=series, held=True, seen_at=series.last_modified
            )
        self.running = [one.pk for one in self.group.sessions.order_by("period")]


def test_a_new_group_of_a_term_changes_as_a_whole() -> None:
    world = Term()
    before = led(world.draft)
    wish = (
        (world.running[0], world.other_leader.pk),
        (world.new[0], world.leader.pk),
    )
    verdict = judge_swap(actor=ACTOR, schedule=world.draft, one=wish[0], other=wish[1])
    assert verdict.new == ()
    assert verdict.sessions == {str(key) for key in (world.running[0], *world.new)}
    edit = swap(world.draft, *wish)
    assert len(edit.before) == 4
    assert led(world.draft) == before | {
        **{key: [world.other_leader.pk] for key in world.new},
        world.running[0]: [world.leader.pk],
    }
    undo(actor=ACTOR, user=UserFactory(), schedule=world.draft, version=1)
    assert led(world.draft) == before


def test_the_page_says_that_all_sessions_of_a_new_group_change(
    client: Client,
) -> None:
    world = Term()
    client.force_login(UserFactory(role=Role.COORDINATOR))
    page = reverse("scheduling:swap", args=[world.draft.pk, world.running[0]])
    wish = f"?leader={world.other_leader.pk}&other={world.new[0]}+{world.leader.pk}"
    html = unescape(client.get(page + wish).content.decode())
    assert (
        gettext(
            "%(name)s leads all %(number)s sessions of %(title)s in this draft, also "
            "the one on %(when)s"
        )
        % {
            "name": world.other_leader.person.group_name,
            "number": 3,
            "title": world.series.offering.title,
            "when": moment_in_text(amsterdam("2026-12-01 10:00")),
        }
        in html
    )
    assert (
        gettext(
            "A group that is new in this draft keeps the same leaders: there they "
            "change places in all its sessions here."
        )
        in html
    )
    assert 'id="do"' in html


def test_two_sessions_of_one_new_group_have_the_same_leaders() -> None:
    world = Term()
    for row in world.draft.sessions.filter(series=world.series):
        ScheduledLeader.objects.create(session=row, facilitator=world.other_leader)
    before = led(world.draft)
    with pytest.raises(ValidationError):
        swap(
            world.draft,
            (world.new[0], world.leader.pk),
            (world.new[1], world.other_leader.pk),
        )
    assert led(world.draft) == before
