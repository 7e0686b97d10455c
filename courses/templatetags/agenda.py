"""A meeting in words, for every page that shows an agenda: {% load agenda %}."""

from __future__ import annotations

from django import template

from courses import words
from courses.models import Series, Session

register = template.Library()


@register.filter
def session_hours(session: Session) -> str:
    """'10.00 tot 12.00 uur'."""
    return words.session_hours(session)


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
