"""A centre's own pages: its decisions count at once, and planners are told."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from audit.actor import Actor
from audit.models import AuditEvent
from messaging.models import OutboxMessage
from people.enums import Role
from publishing import tasks
from publishing.services.bookings import read_agenda
from rooms.calendars.faults import Unreadable
from rooms.calendars.fetch import Answer
from rooms.models import CalendarSource, Centre, Closure, OpeningHours, RoomBooking
from rooms.services import sources as sources_module
from rooms.services.sources import add_address
from tests.factories import PersonFactory, RoomBookingFactory, UserFactory
from tests.rooms.calendars.ics import amsterdam_event, calendar
from tests.web.html import faults
from tests.web.offer_data import Region, a_region

pytestmark = pytest.mark.django_db
PAGES = ("openingstijden", "reserveringen", "eigen-agenda")
ACTOR = Actor(user_id="1", role="centre_manager")


@pytest.fixture
def region() -> Region:
    return a_region()


@pytest.fixture
def manager(client: Client, region: Region) -> Client:
    client.force_login(region.manager)
    PersonFactory(user=region.manager)
    return client


@pytest.fixture
def coordinator(region: Region) -> Any:
    return PersonFactory(user=UserFactory(role=Role.COORDINATOR))


def at(page: str) -> str:
    return f"/locaties/het-hof/{page}/"


def told(role: str = "") -> list[int]:
    return list(
        OutboxMessage.objects.filter(key__startswith=role)
        .order_by("pk")
        .values_list("recipient_id", flat=True)
    )


def planned(region: Region) -> Any:
    """The first meeting in the upper room of the village hall."""
    return region.series["full"].sessions.order_by("number")[0]


def hours_of(session: Any, room: Any = None) -> dict[str, Any]:
    start = timezone.localtime(session.period.lower)
    return {
        "act": "book",
        "room": (room or session.room).pk,
        "day": f"{start:%Y-%m-%d}",
        "start": f"{start:%H:%M}",
        "end": f"{start + timedelta(hours=1):%H:%M}",
    }


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_pages_are_sound(manager: Client, page: str, language: str) -> None:
    manager.cookies["django_language"] = language
    assert faults(manager.get(at(page)).content.decode(), language) == []


def test_another_s_centre_booking_or_agenda_is_not_found(
    manager: Client, region: Region
) -> None:
    other = region.rooms["Deventer Huiskamer"]
    for page in PAGES:
        assert manager.get(f"/locaties/de-kade/{page}/").status_code == 404
    theirs = RoomBookingFactory(room=other, state="requested")
    source = add_address(actor=ACTOR, room=other, address="https://a.example/x.ics")
    for page, data in (
        ("reserveringen", {"act": "approve", "booking": theirs.pk}),
        ("reserveringen", {"act": "approve", "booking": "x"}),
        ("eigen-agenda", {"act": "stop", "source": source.pk}),
        ("openingstijden", {"act": "reopen", "closure": "1"}),
    ):
        assert manager.post(at(page), data).status_code == 404
    book = hours_of(planned(region), room=other)
    assert manager.post(at("reserveringen"), book).status_code == 400
    assert RoomBooking.objects.get().state == "requested"
    assert CalendarSource.objects.count() == 1
    assert AuditEvent.objects.filter(result="refused").count() == 7


def version(manager: Client) -> str:
    """The mark of the hours that the page shows."""
    return str(manager.get(at("openingstijden")).context["form"]["version"].value())


def test_hours_are_replaced_and_meetings_outside_them_are_told(
    manager: Client, region: Region, coordinator: Any
) -> None:
    data = {"act": "hours", "d2_0_from": "09:00", "d2_0_to": "12:30"}
    data |= {"d2_1_from": "19:00", "d2_1_to": "21:30", "version": version(manager)}
    assert manager.post(at("openingstijden"), data).status_code == 302
    rows = OpeningHours.objects.values_list("weekday", "start__hour", "end__hour")
    assert list(rows.order_by("start")) == [(2, 9, 12), (2, 19, 21)]
    assert set(told("closed-")) == {coordinator.pk}


def test_a_third_time_of_a_day_stays_and_a_fourth_can_be_added(
    manager: Client, region: Region
) -> None:
    centre = Centre.objects.get(code="het-hof")
    OpeningHours.objects.filter(centre=centre).delete()
    kept = [(1, 9, 10), (1, 12, 14), (1, 19, 21), (2, 9, 17)]
    for day, start, end in kept:
        OpeningHours.objects.create(
            centre=centre, weekday=day, start=time(start), end=time(end)
        )
    form = manager.get(at("openingstijden")).context["form"]
    shown = {name: str(form[name].value() or "")[:5] for name in form.fields}
    assert [len(pairs) for _day, pairs in form.rows] == [4, 2, 2, 2, 2, 2, 2]
    data = shown | {"act": "hours", "version": form["version"].value()}
    assert manager.post(at("openingstijden"), data).status_code == 302
    assert spans(centre) == kept
    data |= {"d1_3_from": "21:30", "d1_3_to": "22:00"}
    assert manager.post(at("openingstijden"), data).status_code == 302
    assert spans(centre) == sorted([*kept, (1, 21, 22)])
    # What is refused comes back as it was filled in, with all of its times.
    wrong = data | {"d1_3_to": "20:00", "version": version(manager)}
    answer = manager.post(at("openingstijden"), wrong)
    assert (answer.status_code, faults(answer.content.decode())) == (400, [])
    assert 'name="d1_3_to" value="20:00"' in answer.content.decode()


def spans(centre: Any) -> list[Any]:
    rows = OpeningHours.objects.filter(centre=centre)
    return sorted(rows.values_list("weekday", "start__hour", "end__hour"))


@pytest.mark.parametrize(
    "data",
    [
        {"d1_0_from": "09:00"},
        {"d1_0_from": "12:00", "d1_0_to": "09:00"},
        {"d1_0_from": "09:00", "d1_0_to": "12:00", "d1_1_from": "11:00",
         "d1_1_to": "13:00"},
        {"d1_0_from": "late", "d1_0_to": "later"},
    ],
)  # fmt: skip
def test_impossible_hours_are_named_and_the_old_ones_stay(
    manager: Client, region: Region, data: dict[str, str]
) -> None:
    hours = {"d3_0_from": "09:00", "d3_0_to": "17:00", "version": version(manager)}
    manager.post(at("openingstijden"), hours)
    answer = manager.post(at("openingstijden"), data | {"version": version(manager)})
    assert answer.status_code == 400
    assert faults(answer.content.decode()) == []
    assert [one.weekday for one in OpeningHours.objects.all()] == [3]


def test_closures_come_are_told_and_go(
    manager: Client, region: Region, coordinator: Any
) -> None:
    day = timezone.localdate(planned(region).period.lower)
    data = {"act": "close", "first": day, "last": ""}
    assert manager.post(at("openingstijden"), data).status_code == 302
    closure = Closure.objects.get()
    assert (closure.first, closure.last) == (day, day)
    assert told("closed-") == [coordinator.pk]
    manager.post(at("openingstijden"), {"act": "reopen", "closure": closure.pk})
    assert not Closure.objects.exists()


@pytest.mark.parametrize(
    "days", [("", ""), ("2020-01-01", ""), ("2031-01-02", "2031-01-01")]
)
def test_impossible_closures_are_refused(
    manager: Client, days: tuple[str, str]
) -> None:
    data = {"act": "close", "first": days[0], "last": days[1]}
    assert manager.post(at("openingstijden"), data).status_code == 400
    assert not Closure.objects.exists()


def test_the_centre_goes_first_after_it_saw_what_that_displaces(
    manager: Client, region: Region, coordinator: Any, client: Client
) -> None:
    book = hours_of(planned(region))
    asked = manager.post(at("reserveringen"), book)
    assert asked.status_code == 409
    assert [one.pk for one in asked.context["displaced"]] == [planned(region).pk]
    assert not RoomBooking.objects.exists()
    assert manager.post(at("reserveringen"), book | {"sure": "1"}).status_code == 302
    assert RoomBooking.objects.get().state == "confirmed"
    assert told("booked-") == [coordinator.pk]
    message = OutboxMessage.objects.get(key__startswith="booked-")
    assert message.state == "approved"
    assert "rouw" not in message.subject + message.body
    # Pressing again is refused, for the room is booked, and tells nobody twice.
    assert manager.post(at("reserveringen"), book | {"sure": "1"}).status_code == 400
    assert told("booked-") == [coordinator.pk]
    client.force_login(coordinator.user)
    week = timezone.localdate(planned(region).period.lower).isocalendar()
    page = client.get(f"/week/{week.year}-W{week.week:02}/")
    assert [one.title for one in page.context["concerns"]] == [
        region.series["full"].offering.title
    ]


def test_requests_are_answered_and_the_asker_is_told(
    manager: Client, region: Region
) -> None:
    asker = PersonFactory()
    room = region.rooms["Olst Huiskamer"]
    states = []
    for act in ("approve", "refuse"):
        begin = timezone.now() + timedelta(days=20 + len(states))
        period = type(planned(region).period)(begin, begin + timedelta(hours=1))
        asked = RoomBookingFactory(
            room=room,
            period=period,
            state="requested",
            requested_by=asker,
            held_until=begin,
        )
        manager.post(at("reserveringen"), {"act": act, "booking": asked.pk})
        asked.refresh_from_db()
        states.append(asked.state)
    assert states == ["confirmed", "lapsed"]
    assert told("room-answered-") == [asker.pk, asker.pk]


def test_asking_tells_the_managers_and_lapsing_the_asker(
    client: Client, region: Region, manager: Client
) -> None:
    leader = Client()
    leader.force_login(region.leader.person.user)
    data = hours_of(planned(region), room=region.rooms["Olst Huiskamer"])
    data |= {"act": "ask"}
    assert leader.post("/ruimte-vragen/", data).status_code == 302
    assert leader.post("/ruimte-vragen/", data).status_code == 302
    booking = RoomBooking.objects.get()
    assert told("room-asked-") == [region.manager.person.pk]
    RoomBooking.objects.update(held_until=timezone.now() - timedelta(minutes=1))
    tasks.let_room_requests_lapse(timestamp=0)
    tasks.let_room_requests_lapse(timestamp=0)
    booking.refresh_from_db()
    assert booking.state == "lapsed"
    assert told("room-answered-") == [region.leader.person_id]


def test_another_s_request_cannot_be_taken_back(region: Region) -> None:
    theirs = RoomBookingFactory(state="requested", requested_by=PersonFactory())
    leader = Client()
    leader.force_login(region.leader.person.user)
    data = {"act": "cancel", "booking": theirs.pk}
    assert leader.post("/ruimte-vragen/", data).status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == "requested"


# --- The centre's own agenda ----------------------------------------------------------


def taken_then(session: Any) -> bytes:
    zone = timezone.get_default_timezone()
    start, end = (
        f"{moment.astimezone(zone):%Y%m%dT%H%M%S}"
        for moment in (session.period.lower, session.period.upper)
    )
    return calendar(amsterdam_event(start, end))


def upload(room: Any, data: bytes) -> dict[str, Any]:
    file = SimpleUploadedFile("agenda.ics", data, content_type="text/calendar")
    return {"act": "file", "room": room.pk, "file": file}


def test_a_file_displaces_and_is_told(
    manager: Client, region: Region, coordinator: Any
) -> None:
    session = planned(region)
    data = upload(session.room, taken_then(session))
    assert manager.post(at("eigen-agenda"), data).status_code == 302
    assert RoomBooking.objects.get().period == session.period
    assert told("booked-") == [coordinator.pk]


@pytest.mark.parametrize("data", [b"", b"geen agenda", calendar()[:-10]])
def test_a_bad_file_is_refused_in_words(
    manager: Client, region: Region, data: bytes
) -> None:
    answer = manager.post(at("eigen-agenda"), upload(planned(region).room, data))
    assert answer.status_code == 400
    assert answer.context["file"].errors
    assert not CalendarSource.objects.exists()


def test_an_address_inside_is_refused_in_words_and_never_shown(
    manager: Client, region: Region
) -> None:
    data = {"act": "address", "room": planned(region).room.pk}
    data |= {"address": "https://127.0.0.1/zq7-agenda.ics"}
    page = manager.post(at("eigen-agenda"), data, follow=True)
    assert CalendarSource.objects.get().problem == "private"
    text = page.content.decode()
    assert faults(text) == []
    assert "zq7-agenda" not in text


def test_our_own_meetings_in_the_centre_s_agenda_displace_nothing(
    region: Region, monkeypatch: pytest.MonkeyPatch, coordinator: Any
) -> None:
    session = planned(region)
    data = taken_then(session).replace(b"UID:e0", f"UID:{session.pk}".encode())
    monkeypatch.setattr(
        sources_module, "fetch", lambda *_a, **_k: Answer(body=data, tag="")
    )
    source = add_address(
        actor=ACTOR, room=session.room, address="https://a.example/x.ics"
    )
    read_agenda(actor=ACTOR, source_id=source.pk)
    source.refresh_from_db()
    assert source.state == "good"
    assert not RoomBooking.objects.exists()
    assert told("booked-") == []


def test_an_agenda_that_breaks_is_told_to_its_managers_once(
    manager: Client, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_more: Any) -> Answer:
        raise Unreadable("refused")

    room = planned(region).room
    source = add_address(actor=ACTOR, room=room, address="https://a.example/x.ics")
    CalendarSource.objects.update(state="good", good_at=timezone.now())
    monkeypatch.setattr(sources_module, "fetch", broken)
    tasks.read_one(source_id=source.pk)
    tasks.read_one(source_id=source.pk)
    assert told("agenda-") == [region.manager.person.pk]
    page = manager.get(at("eigen-agenda"))
    assert page.context["sources"][0].get_problem_display() in page.content.decode()


def test_queries_do_not_grow_with_what_is_there(
    manager: Client, region: Region, django_assert_max_num_queries: Any
) -> None:
    room = region.rooms["Olst Huiskamer"]
    begin = timezone.now() + timedelta(days=3)
    for number in range(3):
        start = begin + timedelta(days=number)
        RoomBookingFactory(
            room=room,
            state=("requested", "confirmed")[number % 2],
            period=type(planned(region).period)(start, start + timedelta(hours=1)),
        )
    for page in PAGES:
        with django_assert_max_num_queries(8):
            manager.get(at(page))
