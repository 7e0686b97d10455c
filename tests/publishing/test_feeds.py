"""Feeds: what they cost, what they show, and above all what they never show."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.utils import timezone, translation
from icalendar import Calendar

from audit.models import AuditEvent
from audit.selectors import last_fetch, last_fetches
from courses.services import cancel_session, move_session
from publishing.models import FeedKind, FeedToken
from publishing.services.feeds import make_address, withdraw_address
from tests.factories import FacilitatorFactory, SessionFactory, SessionLeaderFactory
from tests.publishing.feed_data import (
    ACTOR,
    LEADER,
    RESIDENT,
    TITLE,
    a_leader,
    a_member,
    a_year,
    leader_path,
    path_of,
)

pytestmark = pytest.mark.django_db


def events(client: Client, path: str) -> dict[str, Any]:
    """The events of a feed by UID."""
    calendar = Calendar.from_ical(client.get(path).content)
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def test_a_fetch_is_two_reads_and_one_line_in_the_log(
    client: Client, django_assert_num_queries: Any
) -> None:
    leader = a_leader()
    assert len(a_year(leader, per_week=8)) == 400
    path = leader_path(leader)
    before = AuditEvent.objects.count()
    with django_assert_num_queries(3):
        answer = client.get(path)
    assert answer.content.count(b"BEGIN:VEVENT") == 400
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    lines = AuditEvent.objects.order_by("pk")[before:]
    assert [(line.event_code, line.subject_ids) for line in lines] == [
        ("feed.fetch", [str(leader.person_id)])
    ]


def test_nothing_changed_is_304_at_the_same_price(
    client: Client, django_assert_num_queries: Any
) -> None:
    leader = a_leader()
    a_year(leader)
    path = leader_path(leader)
    first = client.get(path)
    with django_assert_num_queries(3):
        again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    weak = client.get(path, headers={"If-None-Match": f'W/{first["ETag"]}, "other"'})
    assert weak.status_code == 304
    assert client.get(path).content == first.content
    assert "private" in first["Cache-Control"]


def test_any_change_is_a_new_answer(client: Client) -> None:
    leader = a_leader()
    session = a_year(leader)[3]
    path = leader_path(leader)
    tag = client.get(path)["ETag"]
    cancel_session(session=session, actor=ACTOR)
    again = client.get(path, headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert again["ETag"] != tag


def test_unknown_and_withdrawn_addresses_answer_alike(client: Client) -> None:
    leader = a_leader()
    path = leader_path(leader)
    address = FeedToken.objects.get()
    assert client.get(path).status_code == 200
    withdraw_address(actor=ACTOR, address=address)
    gone = client.get(path)
    unknown = client.get("/agenda/AAAAAAAAAAAAAAAAAAAAAA/gem.ics")
    assert (gone.status_code, unknown.status_code) == (404, 404)
    assert client.post(path).status_code == 405


def test_a_new_address_stops_the_old_one(client: Client) -> None:
    leader = a_leader()
    old, new = leader_path(leader), leader_path(leader)
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200


def test_only_the_hash_of_an_address_is_kept() -> None:
    leader = a_leader()
    row, token = make_address(
        actor=ACTOR, kind=FeedKind.FACILITATOR, person_id=leader.person_id
    )
    assert len(token) == 22  # 128 bits, in base64 without padding
    kept = " ".join(str(value) for value in FeedToken.objects.values().get().values())
    assert token not in kept
    written = " ".join(str(row) for row in AuditEvent.objects.values_list())
    assert token not in written
    with pytest.raises(ValidationError):
        make_address(actor=ACTOR, kind=FeedKind.ROOM, person_id=leader.person_id)
    assert FeedToken.objects.filter(revoked_at__isnull=True).get() == row


def test_titles_are_neutral_and_nobody_is_named(client: Client) -> None:
    leader = a_leader()
    sessions = a_year(leader)
    resident = a_member(sessions)
    room = sessions[0].room
    paths = [
        leader_path(leader),
        path_of(FeedKind.ROOM, room_id=room.pk),
        path_of(FeedKind.CENTRE, centre_id=room.centre_id),
        path_of(FeedKind.RESIDENT, person_id=resident.person_id),
    ]
    for path in paths:
        with translation.override("en"):
            text = client.get(path).content.decode().replace("\r\n ", "")
        assert text.count("BEGIN:VEVENT") == 50
        for secret in (LEADER, "Mina", RESIDENT, "@x.nl", TITLE, "Hearing"):
            assert secret not in text, path
    assert room.centre.name not in text  # a resident's place is neutral too
    assert len({str(event["summary"]) for event in events(client, path).values()}) == 1


def test_a_resident_may_ask_for_subject_and_place(client: Client) -> None:
    sessions = a_year(a_leader())
    resident = a_member(sessions)
    path = path_of(FeedKind.RESIDENT, person_id=resident.person_id, shows_details=True)
    event = events(client, path)[str(sessions[0].pk)]
    assert event["summary"] == TITLE
    assert sessions[0].room.centre.name in event["location"]
    assert LEADER not in client.get(path).content.decode()


def test_a_resident_gets_the_sessions_of_a_seat_and_no_others(client: Client) -> None:
    sessions, others = a_year(a_leader()), a_year(FacilitatorFactory())
    resident = a_member(sessions)
    path = path_of(FeedKind.RESIDENT, person_id=resident.person_id)
    assert set(events(client, path)) == {str(one.pk) for one in sessions}
    assert not set(events(client, path)) & {str(one.pk) for one in others}
    resident.enrolments.update(state="withdrawn")
    assert events(client, path) == {}


def test_a_leader_gets_own_sessions_only(client: Client) -> None:
    leader = a_leader()
    own = a_year(leader)
    a_year(FacilitatorFactory())
    assert set(events(client, leader_path(leader))) == {str(one.pk) for one in own}


def test_a_cancelled_session_stays_as_cancelled(client: Client) -> None:
    leader = a_leader()
    session = a_year(leader)[0]
    path = leader_path(leader)
    assert events(client, path)[str(session.pk)]["status"] == "CONFIRMED"
    cancel_session(session=session, actor=ACTOR)
    event = events(client, path)[str(session.pk)]
    assert (event["status"], event["sequence"]) == ("CANCELLED", 1)
    assert event["transp"] == "TRANSPARENT"


def test_a_moved_session_keeps_its_uid_and_raises_its_sequence(
    client: Client,
) -> None:
    leader = a_leader()
    session = a_year(leader)[0]
    path = leader_path(leader)
    before = events(client, path)[str(session.pk)]
    later = DateTimeTZRange(
        session.period.lower + timedelta(hours=3),
        session.period.upper + timedelta(hours=3),
    )
    move_session(session=session, period=later, room_id=session.room_id, actor=ACTOR)
    after = events(client, path)[str(session.pk)]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert after["dtstart"].dt == later.lower
    assert after["last-modified"].dt >= before["last-modified"].dt
    assert len(events(client, path)) == 50


def test_only_a_year_ahead_and_eight_weeks_back(client: Client) -> None:
    leader = a_leader()
    now = timezone.now()
    wanted = []
    for weeks, shown in [(-9, False), (-7, True), (52, True), (54, False)]:
        start = now + timedelta(weeks=weeks)
        session = SessionFactory(
            period=DateTimeTZRange(start, start + timedelta(hours=1))
        )
        SessionLeaderFactory(session=session, facilitator=leader)
        wanted += [str(session.pk)] if shown else []
    assert set(events(client, leader_path(leader))) == set(wanted)


def test_when_an_address_was_last_fetched_is_read_from_the_log(
    client: Client, django_assert_num_queries: Any
) -> None:
    leader, other = a_leader(), FacilitatorFactory()
    path, _never = leader_path(leader), leader_path(other)
    mine = FeedToken.objects.get(person=leader.person_id)
    theirs = FeedToken.objects.get(person=other.person_id)
    assert last_fetch(feed_id=mine.pk) is None
    start = timezone.now()
    client.get(path)
    fetched = last_fetch(feed_id=mine.pk)
    assert fetched is not None
    assert start <= fetched <= timezone.now()
    with django_assert_num_queries(1):
        assert last_fetches(feed_ids=[mine.pk, theirs.pk]) == {str(mine.pk): fetched}


def test_the_address_is_masked_where_it_could_be_logged() -> None:
    from config.logging import mask

    assert mask(leader_path(a_leader())) == "/agenda/***/gem.ics"
