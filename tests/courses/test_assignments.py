"""Asking leaders, and their answers on the page and by a link that works once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from audit.actor import Actor
from courses.models import Assignment
from courses.selectors import Trouble, assignments_of, concerns_between
from courses.services import (
    answer_assignment,
    answer_by_link,
    ask_leaders,
    assignment_by_link,
)
from tests.courses.test_race import at_once
from tests.factories import (
    ClosureFactory,
    LeaveFactory,
    OpeningHoursFactory,
    RoomBookingFactory,
    RoomFactory,
    SeriesFactory,
    SeriesLeaderFactory,
    SessionFactory,
    SessionLeaderFactory,
    days,
)

ACTOR = Actor(user_id="1", role="coordinator")


def a_led_series(ahead: int = 3, count: int = 2) -> tuple[Any, Any, list[Any]]:
    """A series with a leader of all its sessions."""
    series = SeriesFactory(published=True)
    lead = SeriesLeaderFactory(series=series)
    sessions = []
    room = RoomFactory()
    at = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)
    for number in range(count):
        begin = at + timedelta(days=ahead + 7 * number)
        session = SessionFactory(
            series=series,
            room=room,
            period=DateTimeTZRange(begin, begin + timedelta(hours=2)),
        )
        SessionLeaderFactory(session=session, facilitator=lead.facilitator)
        sessions.append(session)
    return series, lead.facilitator, sessions


@pytest.mark.django_db
def test_a_leader_is_asked_once_for_a_series_and_a_stand_in_for_a_date() -> None:
    series, leader, sessions = a_led_series()
    stand_in = SessionLeaderFactory(session=sessions[1]).facilitator
    asked = ask_leaders(actor=ACTOR, series_ids=[series.pk])
    found = {(one.assignment.facilitator, one.assignment.session_id) for one in asked}
    assert found == {(leader, None), (stand_in, sessions[1].pk)}
    assert ask_leaders(actor=ACTOR, series_ids=[series.pk]) == []
    assert all(one.token not in one.assignment.token_hash for one in asked)


@pytest.mark.django_db
def test_nobody_is_asked_for_what_is_over_or_of_another_series() -> None:
    over, _leader, _sessions = a_led_series(ahead=-30)
    _other = a_led_series()
    assert ask_leaders(actor=ACTOR, series_ids=[over.pk]) == []


@pytest.mark.django_db
def test_asking_takes_as_many_queries_for_one_as_for_three(
    django_assert_max_num_queries: Any,
) -> None:
    for number in (1, 3):
        keys = [a_led_series()[0].pk for _ in range(number)]
        with django_assert_max_num_queries(9):
            assert len(ask_leaders(actor=ACTOR, series_ids=keys)) == number


@pytest.mark.django_db
def test_looking_at_a_link_changes_nothing_and_an_answer_ends_it() -> None:
    series, _leader, _sessions = a_led_series()
    token = ask_leaders(actor=ACTOR, series_ids=[series.pk])[0].token
    for _look in range(3):
        assert assignment_by_link(token=token) is not None
    row = answer_by_link(token=token, accepted=True)
    assert row is not None
    assert (row.state, row.token_hash) == ("accepted", None)
    assert assignment_by_link(token=token) is None
    assert answer_by_link(token=token, accepted=False, reason="time") is None
    row.refresh_from_db()
    assert row.state == "accepted"


@pytest.mark.django_db
def test_links_that_are_over_guessed_or_odd_do_nothing() -> None:
    series, _leader, _sessions = a_led_series()
    token = ask_leaders(actor=ACTOR, series_ids=[series.pk])[0].token
    Assignment.objects.update(token_expires_at=timezone.now() - timedelta(seconds=1))
    for tried in (token, token[:-1], "", "x" * 10_000, "é\x00"):
        assert answer_by_link(token=tried, accepted=True) is None
    assert Assignment.objects.get().state == "asked"


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", "because"])
def test_a_no_needs_a_reason_from_the_list(reason: str) -> None:
    series, _leader, _sessions = a_led_series()
    token = ask_leaders(actor=ACTOR, series_ids=[series.pk])[0].token
    with pytest.raises(ValidationError):
        answer_by_link(token=token, accepted=False, reason=reason)
    assert assignment_by_link(token=token) is not None


@pytest.mark.django_db
def test_an_answer_can_be_changed_on_the_page() -> None:
    series, leader, _sessions = a_led_series()
    row = ask_leaders(actor=ACTOR, series_ids=[series.pk])[0].assignment
    answer_assignment(actor=ACTOR, assignment=row, accepted=False, reason="journey")
    assert [one.state for one in assignments_of(facilitator_id=leader.pk)] == [
        "declined"
    ]
    row = answer_assignment(actor=ACTOR, assignment=row, accepted=True)
    assert (row.state, row.reason) == ("accepted", "")


@pytest.mark.django_db
def test_own_questions_take_as_many_queries_for_one_as_for_three(
    django_assert_num_queries: Any,
) -> None:
    series, leader, _sessions = a_led_series()
    ask_leaders(actor=ACTOR, series_ids=[series.pk])
    with django_assert_num_queries(2):
        assert len(assignments_of(facilitator_id=leader.pk)) == 1
    for number in (1, 2):
        more, _other, sessions = a_led_series(ahead=3 + number)
        for one in sessions:
            SessionLeaderFactory(session=one, facilitator=leader)
    ask_leaders(actor=ACTOR, series_ids=[more.pk])
    with django_assert_num_queries(2):
        assert len(assignments_of(facilitator_id=leader.pk)) == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_presses_on_one_link_one_answers() -> None:
    series, _leader, _sessions = a_led_series()
    token = ask_leaders(actor=ACTOR, series_ids=[series.pk])[0].token
    results = at_once(
        lambda: answer_by_link(token=token, accepted=True),
        lambda: answer_by_link(token=token, accepted=False, reason="time"),
    )
    assert sorted(type(one).__name__ for one in results) == ["Assignment", "NoneType"]


# --- What cannot go on ----------------------------------------------------------------


def troubles(session: Any) -> list[str]:
    found = concerns_between(
        actor=ACTOR,
        start=session.period.lower - timedelta(days=1),
        end=session.period.upper + timedelta(days=1),
    )
    return [one.trouble for one in found if one.session == session]


@pytest.mark.django_db
def test_a_sound_meeting_is_no_concern() -> None:
    _series, leader, (session, _later) = a_led_series()
    RoomBookingFactory(room=session.room, period=session.period, state="requested")
    RoomBookingFactory(room=RoomFactory(), period=session.period)
    LeaveFactory(facilitator=leader, days=days("2020-01-01"))
    ClosureFactory(centre=session.room.centre, days=days("2020-01-01"))
    assert troubles(session) == []


@pytest.mark.django_db
def test_each_trouble_is_named() -> None:
    series, leader, (session, later) = a_led_series()
    on = str(timezone.localdate(session.period.lower))
    RoomBookingFactory(room=session.room, period=session.period)
    assert troubles(session) == [Trouble.BOOKED]
    closure = ClosureFactory(centre=session.room.centre, days=days(on))
    assert troubles(session) == [Trouble.BOOKED, Trouble.CLOSED]
    closure.delete()
    OpeningHoursFactory(
        centre=session.room.centre, weekday=session.period.lower.isoweekday() % 7 + 1
    )
    assert Trouble.CLOSED in troubles(session)
    LeaveFactory(facilitator=leader, days=days(on))
    assert Trouble.AWAY in troubles(session)
    row = ask_leaders(actor=ACTOR, series_ids=[series.pk])[0].assignment
    answer_assignment(actor=ACTOR, assignment=row, accepted=False, reason="time")
    assert len(troubles(session)) == 4
    assert Trouble.DECLINED in troubles(later)


@pytest.mark.django_db
def test_a_whole_day_of_absence_counts_on_the_amsterdam_clock() -> None:
    """Late in the evening it is already the next day elsewhere, and not here."""
    _series, leader, (session, _later) = a_led_series()
    at = timezone.localtime(session.period.lower)
    late = at.replace(hour=23, minute=0)
    type(session).objects.filter(pk=session.pk).update(
        period=DateTimeTZRange(late, late + timedelta(minutes=45))
    )
    session.refresh_from_db()
    LeaveFactory(facilitator=leader, days=days(str(at.date() + timedelta(days=1))))
    assert troubles(session) == []
    LeaveFactory(facilitator=leader, days=days(str(at.date())))
    assert troubles(session) == [Trouble.AWAY]


@pytest.mark.django_db
def test_concerns_take_as_many_queries_for_one_as_for_three(
    django_assert_num_queries: Any,
) -> None:
    def ask() -> int:
        start = timezone.now()
        end = start + timedelta(days=30)
        return len(concerns_between(actor=ACTOR, start=start, end=end))

    for number, expected in ((1, 2), (2, 6)):
        for _ in range(number):
            _series, _leader, sessions = a_led_series()
            for one in sessions:
                RoomBookingFactory(room=one.room, period=one.period)
        with django_assert_num_queries(8):
            assert ask() == expected
