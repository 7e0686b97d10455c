"""Times, numbers and opening hours as people here write them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.utils import formats, timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import get_language
from django.utils.translation import gettext as _

DASH = "\N{EN DASH}"


def clock(moment: datetime | time) -> str:
    """9.30 in Dutch, 9:30 in English."""
    sign = ":" if (get_language() or "nl").startswith("en") else "."
    return f"{moment.hour}{sign}{moment:%M}"


def span(start: datetime | time, end: datetime | time) -> str:
    """9.30 to 11.00, with a dash."""
    return f"{clock(start)}{DASH}{clock(end)}"


def short_day(day: date) -> str:
    """Ma 30 nov, as the head of a column."""
    words = formats.date_format(day, "D j b")
    return words[:1].upper() + words[1:]


def day_in_text(day: date) -> str:
    """ma 30 nov, inside a sentence."""
    return formats.date_format(day, "D j b")


def moment_in_text(moment: datetime) -> str:
    """ma 30 nov 9.30."""
    return f"{day_in_text(moment.date())} {clock(moment)}"


def edit_words(edit: Any) -> str:
    """Who changed what in a draft when, in one line; a leader of the region is named
    at work."""
    who = edit.changed_by or edit.made_by
    return _("%(when)s, %(who)s: %(what)s (%(state)s)") % {
        "when": moment_in_text(timezone.localtime(edit.changed_at or edit.made_at)),
        "who": str(who) if who else _("somebody"),
        "what": edit.get_kind_display(),
        "state": edit.get_state_display(),
    }


def long_day(day: date) -> str:
    """maandag 30 november 2026."""
    return formats.date_format(day, "l j F Y")


def days_between(first: date, last: date) -> str:
    """Two days with a dash, one day alone; month and year once where they are equal."""
    if first == last:
        return formats.date_format(last, "j F Y")
    if (first.year, first.month) == (last.year, last.month):
        start = formats.date_format(first, "j")
    elif first.year == last.year:
        start = formats.date_format(first, "j F")
    else:
        start = formats.date_format(first, "j F Y")
    return f"{start} {DASH} {formats.date_format(last, 'j F Y')}"


def number(value: float, digits: int = 0) -> str:
    """A number with the decimal sign of the language."""
    return formats.number_format(value, digits)


def percent(share: float, digits: int = 0) -> str:
    """A fraction as a percentage."""
    return f"{number(100 * share, digits)} %"


def weeks(days: float) -> str:
    """Days as weeks with one decimal, whole ones without."""
    count = round(days / 7, 1)
    text = number(count, 0 if count == int(count) else 1)
    if count == 1:
        return _("1 week")
    return _("%(count)s weeks") % {"count": text}


def hours_of(rows: Iterable[Any]) -> list[str]:
    """Opening hours in short, days with the same hours taken together."""
    by_day: dict[int, list[str]] = {}
    for row in sorted(rows, key=lambda one: (one.weekday, one.start)):
        by_day.setdefault(row.weekday, []).append(span(row.start, row.end))
    groups: list[tuple[int, int, str]] = []
    for weekday, spans in by_day.items():
        text = " + ".join(spans)
        if groups and groups[-1][2] == text and groups[-1][1] == weekday - 1:
            groups[-1] = (groups[-1][0], weekday, text)
        else:
            groups.append((weekday, weekday, text))
    return [
        f"{_weekday(first)}{DASH + _weekday(last) if last > first else ''} {text}"
        for first, last, text in groups
    ]


def _weekday(number: int) -> str:
    """ma for 1."""
    return str(WEEKDAYS_ABBR[number - 1])


def weekly(weekday: int, start: time) -> str:
    """di 10.00, for what is every week at that time; 1 is Monday."""
    return f"{_weekday(weekday)} {clock(start)}"


def half_day(weekday: int, part: int) -> str:
    """Tuesday evening, dinsdagavond: weekday 0 is Monday, part 0 the morning."""
    names = (
        _("%(weekday)s morning"),
        _("%(weekday)s afternoon"),
        _("%(weekday)s evening"),
    )
    return names[part] % {"weekday": WEEKDAYS[weekday]}
