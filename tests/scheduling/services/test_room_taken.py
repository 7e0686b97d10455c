"""A room that others booked, or that is shut: mended at those hours alone."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from courses.models import Session
from people.enums import Role
from people.models import AvailabilityWindow
from publishing.services.release import release
from rooms.models import Closure, OpeningHours, RoomBooking
from scheduling.models import Repair
from scheduling.services.redrafts import choose_alternative
from scheduling.services.repairs import room_taken
from scheduling.views.concerns import concern_lines
from scheduling.weeks import Week
from tests.factories import ClosureFactory, RoomBookingFactory, UserFactory, days
from tests.factories import period as during
from tests.scheduling.rows import ACTOR, MONDAY, a_leader, a_room, running
from tests.scheduling.services.test_repairs import TODAY, TUESDAY, answered

pytestmark = pytest.mark.django_db


class World:
    """Two groups in the only room of a centre on one Tuesday."""

    def __init__(self) -> None:
        self.room = a_room(capacity=20)
        self.leader = a_leader()
        self.group = running(
            "2026-12-01 10:00",
            "2026-12-08 10:00",
            room=self.room,
            leaders=[self.leader],
            members=6,
        )
        self.other = running(
            "2026-12-01 14:00", room=self.room, leaders=[a_leader()], members=6
        )
        self.user = UserFactory(role=Role.COORDINATOR)

    def book(self, start: str = "2026-12-01 10:00", minutes: int = 60) -> None:
        RoomBookingFactory(
            room=self.room, period=during(start, minutes), state="confirmed"
        )

    def ways(self, day: date = TUESDAY) -> list[Repair]:
        run = room_taken(
            actor=ACTOR, user=self.user, room=self.room, first=day, last=day,
            today=TODAY, seconds=20,
        )  # fmt: skip
        return answered(run)

    def session(self, number: int = 5) -> Session:
        return self.group.sessions.get(number=number)

    def links(self) -> list[str]:
        found = concern_lines(actor=ACTOR, week=Week.of(MONDAY), organisation_ids=None)
        return [one.mend for one in found]


@pytest.fixture
def world() -> World:
    return World()


def filled(link: str) -> tuple[str, dict[str, str]]:
    parts = urlsplit(link)
    return parts.path, dict(parse_qsl(parts.query))


def test_an_hour_that_others_booked_is_mended_in_the_same_room(world: World) -> None:
    """Leaders come on Tuesdays alone, and the room is free for the rest of it."""
    AvailabilityWindow.objects.exclude(weekday=2).delete()
    world.book(minutes=30)
    (repair,) = world.ways()
    assert (repair.kind, repair.about) == ("room_taken", str(world.room.pk))
    # The group of the afternoon is not touched, and nothing more is booked.
    assert [one["session"] for one in repair.touched] == [str(world.session().pk)]
    assert RoomBooking.objects.count() == 1
    best = repair.alternatives.get(rank=1)
    (change,) = best.means["changes"]
    assert change["before"]["room"] == world.room.pk
    assert change["after"]["room"] == world.room.pk
    assert best.means["sessions_lost"] == 0
    proven = {one["wish"]: one["proven"] for one in best.proofs}
    assert proven["repair-sessions-and-seats"] == "whole"
    assert proven["repair-pair-and-room"] == "not"
    draft = choose_alternative(actor=ACTOR, repair=repair, rank=1)
    release(actor=ACTOR, user=world.user, schedule=draft)
    held = world.session()
    assert held.room == world.room
    assert timezone.localdate(held.period.lower) == TUESDAY
    taken, now = RoomBooking.objects.get().period, held.period
    assert now.upper <= taken.lower or taken.upper <= now.lower
    assert world.session(6).period == during("2026-12-08 10:00", 90)


def test_a_room_that_is_free_then_touches_nothing(world: World) -> None:
    world.book("2026-12-01 12:00")
    assert world.ways() == []


def test_what_is_booked_leads_to_that_room_and_day(world: World) -> None:
    world.book()
    (link,) = world.links()
    assert filled(link) == (
        reverse("scheduling:report", args=["bezet"]),
        {"wie": str(world.room.pk), "van": "2026-12-01", "tot": "2026-12-01"},
    )


def test_what_is_shut_leads_to_the_closure_that_stands(
    world: World, client: Client
) -> None:
    ClosureFactory(centre=world.room.centre, days=days("2026-12-01", "2026-12-03"))
    links = world.links()
    assert len(links) == 2
    path, asked = filled(links[0])
    assert path == reverse("scheduling:report", args=["centrum"])
    centre = world.room.centre
    assert asked == {"wie": str(centre.pk), "van": "2026-12-01", "tot": "2026-12-03"}
    client.force_login(world.user)
    wish = {"about": asked["wie"], "first": asked["van"], "last": asked["tot"]}
    assert client.post(path, wish).status_code == 302
    assert Closure.objects.count() == 1


def test_another_hour_of_opening_leads_to_that_room_and_day(world: World) -> None:
    rows: Any = OpeningHours.objects.filter(centre=world.room.centre, weekday=2)
    rows.update(start="12:00")
    (link,) = world.links()
    assert filled(link)[0] == reverse("scheduling:report", args=["bezet"])
    (repair,) = world.ways()
    assert [one["session"] for one in repair.touched] == [str(world.session().pk)]
    assert not Closure.objects.exists()


def test_the_page_is_filled_in_and_asks(world: World, client: Client) -> None:
    world.book()
    client.force_login(world.user)
    html = client.get(world.links()[0]).content.decode()
    assert gettext("A room is taken or shut") in html
    assert f'value="{world.room.pk}" selected' in html
    path, asked = filled(world.links()[0])
    wish = {"about": asked["wie"], "first": asked["van"], "last": asked["tot"]}
    assert client.post(path, wish).status_code == 302
    assert RoomBooking.objects.count() == 1
