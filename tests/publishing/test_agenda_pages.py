"""Agendas on the screen: a leader's own weeks and a centre's rooms, with addresses."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import AuditEvent
from courses.services import cancel_session, move_session
from people.enums import Role
from publishing.models import FeedToken
from scheduling.weeks import Week
from tests.factories import (
    EnrolmentFactory,
    RoomBookingFactory,
    RoomFactory,
    SessionLeaderFactory,
    UserFactory,
)
from tests.publishing.feed_data import ACTOR
from tests.web.html import faults
from tests.web.offer_data import Region, a_region, a_series, next_weekday, start_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    return a_region()


@pytest.fixture
def wim(client: Client, region: Region) -> Client:
    client.force_login(region.leader.person.user)
    return client


@pytest.fixture
def manager(client: Client, region: Region) -> Client:
    client.force_login(region.manager)
    return client


def week_of(region: Region, name: str) -> str:
    return Week.of(region.series[name].first_date).text


def titles(days: list[Any]) -> list[tuple[date, str]]:
    return [
        (day.date, one.session.series.offering.code)
        for day in days
        for one in day.entries
    ]


# --- Weeks ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "monday"),
    [
        ("2026-W53", date(2026, 12, 28)),
        ("2027-W01", date(2027, 1, 4)),
        ("2026-W9", date(2026, 2, 23)),
    ],
)
def test_weeks_are_read_as_people_write_them(text: str, monday: date) -> None:
    assert Week.read_or_now(text).monday == monday


@pytest.mark.parametrize(
    "text", ["", "week 4", "2027-W53", "2026-W00", "0000-W01", "9999-W99", "2026-W1x"]
)
def test_what_is_no_week_is_this_week(text: str) -> None:
    assert Week.read_or_now(text) == Week.of(timezone.localdate())


def test_a_week_through_the_change_of_the_clock_is_an_hour_shorter() -> None:
    week = Week.read("2026-W13")
    assert week.end - week.start == timedelta(days=7)  # on the clock on the wall
    assert week.end.timestamp() - week.start.timestamp() == (7 * 24 - 1) * 3600
    assert Week.read(week.plus(-1).text) == week.plus(-1)


# --- A leader's own agenda ------------------------------------------------------------


@pytest.mark.parametrize("view", ["list", "grid"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_leader_s_page_is_sound(
    wim: Client, region: Region, view: str, language: str
) -> None:
    wim.cookies["django_language"] = language
    page = wim.get(f"/mijn-agenda/?view={view}&week={week_of(region, 'money')}")
    assert faults(page.content.decode(), language) == []


def test_the_list_has_four_weeks_of_own_meetings(wim: Client, region: Region) -> None:
    others = a_series(
        region.series["money"].offering, None, first=next_weekday(3), hour=9
    )
    SessionLeaderFactory(session=others.sessions.first())
    page = wim.get("/mijn-agenda/")
    assert page.context["week"] == Week.of(timezone.localdate())
    last = Week.of(timezone.localdate()).plus(4).monday
    expected = sorted(
        (session.period.lower, code)
        for name, code in [
            ("money", "omgaan-met-geld"),
            ("full", "praten-over-rouw"),
            ("walk in", "inloop"),
        ]
        for session in region.series[name].sessions.all()
        if timezone.localdate(session.period.lower) < last
    )
    assert titles(page.context["days"]) == [
        (timezone.localdate(moment), code) for moment, code in expected
    ]


def test_the_grid_has_one_week_by_part_of_the_day(wim: Client, region: Region) -> None:
    page = wim.get(f"/mijn-agenda/?view=grid&week={week_of(region, 'money')}")
    morning, afternoon, evening = page.context["rows"]
    day = region.series["money"].first_date
    cell = next(cell for cell in evening.cells if cell.date == day)
    assert [one.session.series for one in cell.entries] == [region.series["money"]]
    for row in (morning, afternoon):
        cell = next(cell for cell in row.cells if cell.date == day)
        assert cell.entries == []


def test_a_leader_sees_with_whom_and_for_how_many(wim: Client, region: Region) -> None:
    EnrolmentFactory.create_batch(2, series=region.series["money"])
    days = wim.get("/mijn-agenda/").context["days"]
    meeting = next(
        one
        for day in days
        for one in day.entries
        if one.session.series == region.series["money"]
    )
    assert (meeting.people, meeting.together_with) == (2, "Sanne")


def test_moved_and_cancelled_meetings_are_told(wim: Client, region: Region) -> None:
    first, second = region.series["money"].sessions.order_by("number")[:2]
    cancel_session(session=first, actor=ACTOR)
    later = type(second.period)(
        second.period.lower + timedelta(hours=1),
        second.period.upper + timedelta(hours=1),
    )
    move_session(session=second, period=later, room_id=second.room_id, actor=ACTOR)
    text = wim.get("/mijn-agenda/").content.decode()
    assert text.count("gem-entry--cancelled") == 1
    assert text.count("gem-pill--warn") == 1


def test_what_is_over_this_week_shows_only_when_the_week_is_asked_for(
    wim: Client, region: Region
) -> None:
    this_week = Week.of(timezone.localdate())
    begin = this_week.start
    session = region.series["money"].sessions.order_by("number")[0]
    type(session).objects.filter(pk=session.pk).update(
        period=type(session.period)(begin, begin + timedelta(hours=1))
    )
    is_monday = timezone.localdate() == this_week.monday
    shown = [day.date for day in wim.get("/mijn-agenda/").context["days"]]
    assert (this_week.monday in shown) is is_monday
    asked = wim.get(f"/mijn-agenda/?week={this_week.text}").context["days"]
    assert asked[0].date == this_week.monday


def test_an_empty_agenda_says_so(client: Client, region: Region) -> None:
    client.force_login(region.leader.person.user)
    page = client.get("/mijn-agenda/?week=2031-W10")
    assert page.context["days"] == []
    assert "gem-empty" in page.content.decode()


@pytest.mark.parametrize("view", ["list", "grid"])
def test_queries_do_not_grow_with_the_meetings(
    wim: Client, region: Region, view: str, django_assert_num_queries: Any
) -> None:
    def more(number: int, hour: int) -> None:
        for one in range(number):
            series = a_series(
                region.series["full"].offering,
                region.rooms["Deventer Bovenzaal"],
                first=next_weekday(4),
                hour=hour + 2 * one,
            )
            for session in series.sessions.all():
                SessionLeaderFactory(session=session, facilitator=region.leader)

    url = f"/mijn-agenda/?view={view}&week={week_of(region, 'money')}"
    more(1, 8)
    with django_assert_num_queries(11):
        wim.get(url)
    more(3, 10)
    with django_assert_num_queries(11):
        wim.get(url)


# --- A centre's rooms -----------------------------------------------------------------


@pytest.mark.parametrize("view", ["list", "grid"])
def test_a_centre_s_page_is_sound_and_names_nobody(
    manager: Client, region: Region, view: str
) -> None:
    week = week_of(region, "full")
    text = manager.get(f"/locaties/het-hof/?view={view}&week={week}").content.decode()
    assert faults(text) == []
    assert "praten over rouw" in text
    for name in ("Wim", "Sanne", "Noor"):
        assert name not in text.partition("<main")[2]


def test_the_grid_shows_rooms_and_what_others_booked(
    manager: Client, region: Region
) -> None:
    day = region.series["full"].first_date
    room = region.rooms["Olst Huiskamer"]
    span = region.series["full"].sessions.first().period
    booking = RoomBookingFactory(
        room=room,
        period=type(span)(start_of(day, 13), start_of(day, 15)),
    )
    RoomBookingFactory(room=region.rooms["Deventer Huiskamer"], period=booking.period)
    page = manager.get(f"/locaties/het-hof/?week={week_of(region, 'full')}")
    rows = {
        row.name: [entry for cell in row.cells for entry in cell.entries]
        for row in page.context["rows"]
    }
    assert [one.booking for one in rows["Huiskamer"]] == [booking]
    assert [one.session.series for one in rows["Bovenzaal"]] == [region.series["full"]]


def test_with_one_centre_the_menu_leads_to_its_week(manager: Client) -> None:
    assert manager.get("/locaties/").url == "/locaties/het-hof/"


def test_a_manager_of_the_region_chooses_a_centre(
    client: Client, region: Region
) -> None:
    client.force_login(UserFactory(role=Role.CENTRE_MANAGER))
    page = client.get("/locaties/")
    assert faults(page.content.decode()) == []
    assert {one.code for one in page.context["centres"]} == {"de-kade", "het-hof"}


def test_queries_do_not_grow_with_the_rooms(
    manager: Client, region: Region, django_assert_num_queries: Any
) -> None:
    url = f"/locaties/het-hof/?week={week_of(region, 'full')}"
    addresses = "/locaties/het-hof/adressen/"
    centre = region.rooms["Olst Huiskamer"].centre

    def more(number: int) -> None:
        for _ in range(number):
            room = RoomFactory(centre=centre)
            a_series(
                region.series["full"].offering, room, first=next_weekday(1), hour=14
            )
            manager.post(addresses, {"act": "make", "owner": room.pk})

    more(1)
    with django_assert_num_queries(8):
        manager.get(url)
    with django_assert_num_queries(8):
        manager.get(addresses)
    more(2)
    with django_assert_num_queries(8):
        manager.get(url)
    with django_assert_num_queries(8):
        manager.get(addresses)


# --- Addresses ------------------------------------------------------------------------


def test_a_leader_s_address_is_shown_once_replaced_and_stopped(
    wim: Client, region: Region
) -> None:
    page = "/mijn-agenda/adres/"
    assert faults(wim.get(page).content.decode()) == []
    first = wim.post(page, {"act": "make"})
    assert faults(first.content.decode()) == []
    assert "no-store" in first["Cache-Control"]
    url = first.context["shown"].url
    assert url in first.content.decode()
    assert url not in wim.get(page).content.decode()
    visitor = Client()
    assert visitor.get(url).content.count(b"BEGIN:VEVENT") == 12
    assert wim.get(page).context["last"] is not None
    second = wim.post(page, {"act": "make"}).context["shown"].url
    assert [visitor.get(one).status_code for one in (url, second)] == [404, 200]
    wim.post(page, {"act": "stop"})
    assert visitor.get(second).status_code == 404


def test_addresses_of_a_centre_and_its_rooms(manager: Client, region: Region) -> None:
    page = "/locaties/het-hof/adressen/"
    room = region.rooms["Olst Bovenzaal"]
    visitor = Client()
    urls = {}
    for owner in ("centre", str(room.pk)):
        made = manager.post(page, {"act": "make", "owner": owner})
        assert faults(made.content.decode()) == []
        urls[owner] = made.context["shown"].url
    assert visitor.get(urls[str(room.pk)]).content.count(b"BEGIN:VEVENT") == 4
    assert visitor.get(urls["centre"]).content.count(b"BEGIN:VEVENT") == 8
    owners = manager.get(page).context["owners"]
    assert [one.last is not None for one in owners] == [True, True, False]
    manager.post(page, {"act": "stop", "owner": str(room.pk)})
    assert visitor.get(urls[str(room.pk)]).status_code == 404
    assert visitor.get(urls["centre"]).status_code == 200


def test_no_address_of_another_s_room(manager: Client, region: Region) -> None:
    other = region.rooms["Deventer Huiskamer"].pk
    for owner in (str(other), "", "nonsense"):
        answer = manager.post(
            "/locaties/het-hof/adressen/", {"act": "make", "owner": owner}
        )
        assert answer.status_code == 404
    for path in ("/locaties/de-kade/", "/locaties/de-kade/adressen/"):
        assert manager.get(path).status_code == 404
    assert FeedToken.objects.count() == 0
    assert AuditEvent.objects.filter(result="refused").count() == 5
