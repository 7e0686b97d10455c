"""A meeting in words, for every page that shows an agenda: {% load agenda %}."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import template
from django.utils import timezone

from courses import words
from courses.models import Series, Session
from people.enums import Weekday

register = template.Library()


@register.filter
def session_hours(session: Session) -> str:
    """'10.00 tot 12.00 uur'."""
    return words.session_hours(session)


@register.filter
def period_words(period: Any) -> str:
    """'dinsdag 24 november, 10.00 tot 12.00 uur'; with both days when they differ."""
    start, end = timezone.localtime(period.lower), timezone.localtime(period.upper)
    if start.date() == end.date():
        return f"{words.long_day(start.date())}, {words.hours(start, end)}"
    return f"{words.moment(start)} - {words.moment(end)}"


@register.filter
def starts_at(session: Session) -> str:
    """'dinsdag 24 november, 10.00 uur'."""
    return words.moment(session.period.lower)


@register.filter
def session_place(session: Session) -> str:
    """Centre and town, or that it is online."""
    return words.place_of(session.series.offering, session.room)


@register.filter
def was_at(session: Session) -> str:
    """When a moved meeting was first to be: 'dinsdag 24 november, 10.00 uur'."""
    first = session.original_period
    return "" if first is None else words.moment(first.lower)


@register.filter
def usual_time(series: Series) -> str:
    """'Elke dinsdagochtend, 10.00 tot 12.00 uur'."""
    return words.usual_time(series)


@register.filter
def weekday_word(number: int) -> str:
    """The day of an ISO weekday: 'dinsdag'."""
    return str(Weekday(number).label)


@register.filter
def last_day(days: Any) -> date:
    """The last day in a half-open range of days."""
    found: date = days.upper - timedelta(days=1)
    return found
