"""The calendar in django-scheduler shows exactly our sessions, whatever happens."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from schedule.models import Event, Occurrence, Rule

from courses.models import Session
from publishing.rhythm import ZONE
from publishing.services.calendar import differences, mirror_series
from tests.factories import SeriesFactory, SessionFactory

pytestmark = pytest.mark.django_db

FIRST = datetime(2026, 10, 6, 10, 0, tzinfo=ZONE)


def period(start: datetime, hours: int = 2) -> DateTimeTZRange:
    wall = start.replace(tzinfo=None)
    end = (wall + timedelta(hours=hours)).replace(tzinfo=ZONE)
    return DateTimeTZRange(start, end)


def week(number: int, start: datetime = FIRST) -> datetime:
    """The same wall-clock time some weeks on, through the change of the clock."""
    wall = start.replace(tzinfo=None) + timedelta(weeks=number)
    return wall.replace(tzinfo=ZONE)


def a_series(*weeks: int) -> Any:
    series = SeriesFactory()
    for number, one in enumerate(weeks, 1):
        SessionFactory(series=series, number=number, period=period(week(one)))
    return series


def test_a_weekly_series_is_one_event_with_a_rule_through_the_change_of_clock() -> None:
    series = a_series(0, 1, 2, 3, 4)
    mirror_series(series_ids=[series.pk])
    event = Event.objects.get()
    assert event.rule.params == "interval:1"
    assert Occurrence.objects.count() == 0
    assert differences() == ()


def test_a_holiday_a_moved_and_a_cancelled_date_are_departures() -> None:
    series = a_series(0, 1, 3, 4, 5)
    moved = Session.objects.get(series=series, number=3)
    moved.period = period(week(3) + timedelta(days=2, hours=4))
    moved.save()
    Session.objects.filter(series=series, number=4).update(state="cancelled")
    mirror_series(series_ids=[series.pk])
    assert differences() == ()
    assert Occurrence.objects.filter(cancelled=True).count() == 2
    assert Occurrence.objects.filter(cancelled=False).count() == 1


def test_a_new_time_for_all_dates_leaves_no_old_exception() -> None:
    series = a_series(0, 1, 2)
    Session.objects.filter(series=series, number=2).update(state="cancelled")
    mirror_series(series_ids=[series.pk])
    for session in Session.objects.filter(series=series):
        session.period = period(week(session.number - 1) + timedelta(hours=3), 1)
        session.save()
    mirror_series(series_ids=[series.pk])
    assert differences() == ()
    assert Event.objects.count() == 1


def test_fortnightly_series_share_their_rule() -> None:
    ids = [a_series(0, 2, 4).pk, a_series(1, 3, 5).pk]
    mirror_series(series_ids=ids)
    assert Rule.objects.get().params == "interval:2"
    assert differences() == ()


def test_a_series_without_sessions_loses_its_calendar() -> None:
    series = a_series(0, 1)
    mirror_series(series_ids=[series.pk])
    Session.objects.filter(series=series).delete()
    assert len(differences()) == 2
    mirror_series(series_ids=[series.pk])
    assert not Event.objects.exists()


def test_a_change_behind_the_calendar_s_back_is_named_and_mended() -> None:
    series = a_series(0, 1, 2)
    mirror_series(series_ids=[series.pk])
    Session.objects.filter(series=series, number=3).update(state="cancelled")
    found = differences()
    assert [(one.series_id, one.in_sessions, one.in_calendar) for one in found] == [
        (series.pk, False, True)
    ]
    mirror_series(series_ids=[series.pk])
    assert differences() == ()


def test_queries_do_not_grow_with_the_series(django_assert_num_queries: Any) -> None:
    one = [a_series(0, 2, 3).pk]
    three = [a_series(0, 2, 3).pk for _ in range(3)]
    mirror_series(series_ids=one + three)
    with django_assert_num_queries(8):
        mirror_series(series_ids=one)
    with django_assert_num_queries(8):
        mirror_series(series_ids=three)
