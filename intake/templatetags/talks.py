"""A proposed time in words: {% load talks %}."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from courses import words
from intake.models import ProposedTime

register = template.Library()


@register.filter
def time_moment(time: ProposedTime) -> str:
    """'dinsdag 24 november, 10.00 tot 11.15 uur'."""
    start, end = time.period.lower, time.period.upper
    return f"{words.local_day(start)}, {words.hours(start, end)}"


@register.filter
def time_place(time: ProposedTime) -> str:
    """Centre, address and town, or that it is online."""
    if time.room is None:
        return _("Online, with a video call")
    centre = time.room.centre
    return f"{centre.name}, {centre.address}, {centre.place.name}"
