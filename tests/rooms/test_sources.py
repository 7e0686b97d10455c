"""A room's own agenda as bookings: kept, changed, and what stays when it breaks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.actor import Actor
from rooms.calendars.faults import Unreadable
from rooms.calendars.fetch import Answer
from rooms.models import CalendarSource, RoomBooking
from rooms.services import book_room, sources
from rooms.services.sources import (
    add_address,
    add_file,
    due_sources,
    read_source,
    stop_source,
)
from tests.factories import RoomFactory
from tests.factories.times import amsterdam
from tests.rooms.calendars.ics import calendar

pytestmark = pytest.mark.django_db
ACTOR = Actor(user_id="1", role="centre_manager")
ADDRESS = "https://dorpshuis.example/geheim/agenda.ics"


def day(ahead: int) -> str:
    return f"{timezone.localdate() + timedelta(days=ahead):%Y%m%d}"


def taken(ahead: int, start: str = "100000", end: str = "120000") -> str:
    zone = "TZID=Europe/Amsterdam"
    return f"DTSTART;{zone}:{day(ahead)}T{start}\nDTEND;{zone}:{day(ahead)}T{end}"


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the address answers: set `data` or `fault`; `tags` are those sent along."""

    class Outside:
        data = calendar()
        fault = ""
        tag = '"1"'
        tags: list[str] = []

    def answer(_address: str, *, tag: str = "") -> Answer:
        Outside.tags.append(tag)
        if Outside.fault:
            raise Unreadable(Outside.fault)
        if tag and tag == Outside.tag:
            return Answer(body=None, tag=tag)
        return Answer(body=Outside.data, tag=Outside.tag)

    Outside.tags = []
    monkeypatch.setattr(sources, "fetch", answer)
    return Outside


def bookings(room: Any) -> list[tuple[int, int, int]]:
    """(days ahead, from hour, until hour) of the confirmed bookings of a room."""
    today = timezone.localdate()
    rows = RoomBooking.objects.filter(room=room, state="confirmed").order_by("period")
    return [
        (
            (timezone.localdate(one.period.lower) - today).days,
            timezone.localtime(one.period.lower).hour,
            timezone.localtime(one.period.upper).hour,
        )
        for one in rows
    ]


def test_an_address_is_kept_encrypted_and_shown_by_its_host_only() -> None:
    source = add_address(actor=ACTOR, room=RoomFactory(), address=f" {ADDRESS} ")
    row = CalendarSource.objects.get()
    assert (row, row.host) == (source, "dorpshuis.example")
    assert "geheim" not in row.sealed_address
    assert sources.unseal(row.sealed_address) == ADDRESS


@pytest.mark.parametrize("address", ["agenda", "file:///etc/passwd", "https://a b/"])
def test_what_is_no_address_is_refused_in_words(address: str) -> None:
    with pytest.raises(ValidationError, match="https"):
        add_address(actor=ACTOR, room=RoomFactory(), address=address)
    assert not CalendarSource.objects.exists()


def test_changes_at_the_owner_come_through(outside: Any) -> None:
    room = RoomFactory()
    source = add_address(actor=ACTOR, room=room, address=ADDRESS)
    outside.data = calendar(taken(3), taken(5))
    first = read_source(actor=ACTOR, source_id=source.pk)
    assert first is not None
    assert (first.added, first.removed) == (2, 0)
    outside.data, outside.tag = calendar(taken(3), taken(6, "130000", "150000")), '"2"'
    second = read_source(actor=ACTOR, source_id=source.pk)
    assert second is not None
    assert (second.added, second.removed) == (1, 1)
    assert bookings(room) == [(3, 10, 12), (6, 13, 15)]


def test_only_the_hours_are_kept_of_an_appointment(outside: Any) -> None:
    room = RoomFactory()
    source = add_address(actor=ACTOR, room=room, address=ADDRESS)
    outside.data = calendar(f"{taken(3)}\nSUMMARY:Verjaardag van Truus")
    read_source(actor=ACTOR, source_id=source.pk)
    row = RoomBooking.objects.get()
    kept = {field.name: str(getattr(row, field.name)) for field in row._meta.fields}
    source.refresh_from_db()
    kept |= {f.name: str(getattr(source, f.name)) for f in CalendarSource._meta.fields}
    assert "Truus" not in "".join(kept.values())


@pytest.mark.parametrize(
    "fault", ["refused", "slow", "big", "private", "unreachable", "unknown_host"]
)
def test_a_broken_agenda_is_reported_and_the_last_good_one_stays(
    outside: Any, fault: str
) -> None:
    room = RoomFactory()
    source = add_address(actor=ACTOR, room=room, address=ADDRESS)
    outside.data = calendar(taken(3))
    read_source(actor=ACTOR, source_id=source.pk)
    outside.fault = fault
    broken = read_source(actor=ACTOR, source_id=source.pk)
    again = read_source(actor=ACTOR, source_id=source.pk)
    assert broken is not None
    assert again is not None
    assert [broken.broke, again.broke] == [True, False]
    row = CalendarSource.objects.get()
    assert (row.state, row.problem, row.failures) == ("broken", fault, 2)
    assert row.good_at is not None
    assert bookings(room) == [(3, 10, 12)]
    outside.fault, outside.tag = "", '"2"'
    read_source(actor=ACTOR, source_id=source.pk)
    row.refresh_from_db()
    assert (row.state, row.problem, row.failures) == ("good", "", 0)


@pytest.mark.parametrize(
    "data",
    [
        b"<html>Sign in</html>",
        calendar("DTSTART:20260101T000000\nRRULE:FREQ=SECONDLY"),
        calendar(taken(3))[:-30],
    ],
)
def test_an_unreadable_file_takes_no_booking_away(outside: Any, data: bytes) -> None:
    room = RoomFactory()
    source = add_address(actor=ACTOR, room=room, address=ADDRESS)
    outside.data = calendar(taken(3))
    read_source(actor=ACTOR, source_id=source.pk)
    outside.data, outside.tag = data, '"2"'
    reading = read_source(actor=ACTOR, source_id=source.pk)
    assert reading is not None
    assert reading.source.state == "broken"
    assert bookings(room) == [(3, 10, 12)]


def test_what_did_not_change_is_not_read_again_the_same_day(outside: Any) -> None:
    room = RoomFactory()
    source = add_address(actor=ACTOR, room=room, address=ADDRESS)
    outside.data = calendar(taken(3))
    read_source(actor=ACTOR, source_id=source.pk)
    reading = read_source(actor=ACTOR, source_id=source.pk)
    assert reading is not None
    assert (reading.added, reading.removed) == (0, 0)
    CalendarSource.objects.update(tag='2020-01-01 "1"')  # as if it was last week
    read_source(actor=ACTOR, source_id=source.pk)
    assert outside.tags == ["", '"1"', ""]
    assert bookings(room) == [(3, 10, 12)]


def test_hours_give_way_to_bookings_written_by_hand(outside: Any) -> None:
    room = RoomFactory()
    when = timezone.localdate() + timedelta(days=3)
    span = (amsterdam(f"{when} 11:00"), amsterdam(f"{when} 12:00"))
    book_room(
        actor=ACTOR,
        room=room,
        period=sources.DateTimeTZRange(*span),
        state="confirmed",
    )
    source = add_address(actor=ACTOR, room=room, address=ADDRESS)
    outside.data = calendar(taken(3, "100000", "140000"))
    read_source(actor=ACTOR, source_id=source.pk)
    assert bookings(room) == [(3, 10, 11), (3, 11, 12), (3, 12, 14)]


def test_our_own_meetings_do_not_count(outside: Any) -> None:
    room = RoomFactory()
    source = add_address(actor=ACTOR, room=room, address=ADDRESS)
    outside.data = calendar(taken(3), taken(4))
    read_source(actor=ACTOR, source_id=source.pk, own_uids=lambda _room: ["e0"])
    assert bookings(room) == [(4, 10, 12)]


def test_a_file_replaces_the_one_before_it_and_a_bad_one_changes_nothing() -> None:
    room = RoomFactory()
    add_file(actor=ACTOR, room=room, data=calendar(taken(3)))
    with pytest.raises(ValidationError, match="iCal"):
        add_file(actor=ACTOR, room=room, data=b"not a calendar")
    assert bookings(room) == [(3, 10, 12)]
    add_file(actor=ACTOR, room=room, data=calendar(taken(4)))
    assert bookings(room) == [(4, 10, 12)]
    stop_source(actor=ACTOR, source=CalendarSource.objects.get())
    assert bookings(room) == []


def test_addresses_are_due_every_hour_and_failing_ones_less_and_less() -> None:
    now = timezone.now()
    keys = {}
    for name, tried, failures in [
        ("new", None, 0),
        ("just read", 10, 0),
        ("an hour ago", 61, 0),
        ("failed twice", 200, 2),
        ("failed twice long ago", 241, 2),
        ("failed often", 23 * 60, 90),
        ("failed often yesterday", 24 * 60 + 1, 90),
    ]:
        source = add_address(actor=ACTOR, room=RoomFactory(), address=ADDRESS)
        tried_at = now - timedelta(minutes=tried) if tried is not None else None
        CalendarSource.objects.filter(pk=source.pk).update(
            tried_at=tried_at, failures=failures
        )
        keys[source.pk] = name
    assert [keys[key] for key in due_sources(now=now)] == [
        "failed often yesterday",
        "failed twice long ago",
        "an hour ago",
        "new",
    ]
