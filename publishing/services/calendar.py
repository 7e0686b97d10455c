"""The only door to django-scheduler: our sessions, mirrored as its calendar.

A Calendar and an Event with a Rule for each series, an Occurrence for each date that
is cancelled or moved. Its exceptions hang on the exact old start and end, so a series
is written whole each time: what is no longer a departure is taken away in the same
transaction. It is asked in Europe/Amsterdam only: it repeats in the zone of the
question, and in UTC a series shifts an hour with the clock.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from schedule.models import Calendar, Event, Occurrence, Rule

from courses.enums import SessionState
from courses.selectors import sessions_of_series
from publishing.models import CalendarEntry
from publishing.rhythm import ZONE, Date, Rhythm, rhythm_of

TITLE = "GEM"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A date on which calendar and sessions disagree."""

    series_id: uuid.UUID
    start: datetime
    in_sessions: bool
    in_calendar: bool


@transaction.atomic
def mirror_series(*, series_ids: Iterable[uuid.UUID]) -> None:
    """Write the calendar of these series anew from their sessions.

    A series without sessions loses its calendar. A fixed number of queries for each
    kind of row, however many series.
    """
    ids = list(dict.fromkeys(series_ids))
    rhythms = _rhythms(ids)
    entries = {
        entry.series_id: entry
        for entry in CalendarEntry.objects.select_for_update(of=("self",))
        .select_related("event")
        .filter(series_id__in=ids)
    }
    gone = [
        entry.event.calendar_id for key, entry in entries.items() if key not in rhythms
    ]
    Calendar.objects.filter(pk__in=gone).delete()
    rules = _rules({one.every_weeks for one in rhythms.values() if one.every_weeks})
    new = [key for key in rhythms if key not in entries]
    calendars = Calendar.objects.bulk_create(
        [Calendar(name=f"{TITLE} {key}", slug=str(key)) for key in new]
    )
    made = Event.objects.bulk_create(
        [
            Event(calendar=calendar, **_fields(rhythms[key], rules))
            for key, calendar in zip(new, calendars, strict=True)
        ]
    )
    CalendarEntry.objects.bulk_create(
        [
            CalendarEntry(series_id=key, event=event)
            for key, event in zip(new, made, strict=True)
        ]
    )
    events = dict(zip(new, made, strict=True))
    for key, entry in entries.items():
        if key in rhythms:
            for name, value in _fields(rhythms[key], rules).items():
                setattr(entry.event, name, value)
            events[key] = entry.event
    Event.objects.bulk_update(
        [events[key] for key in entries if key in rhythms],
        ["start", "end", "rule", "end_recurring_period"],
    )
    Occurrence.objects.filter(event__in=events.values()).delete()
    Occurrence.objects.bulk_create(
        [
            Occurrence(
                event=events[key],
                title=TITLE,
                original_start=one.original_start,
                original_end=one.original_end,
                start=one.start,
                end=one.end,
                cancelled=one.cancelled,
            )
            for key, rhythm in rhythms.items()
            for one in rhythm.departures
        ]
    )


def unmirrored() -> frozenset[uuid.UUID]:
    """Series with sessions that have no calendar yet: they came in by an import."""
    found = sessions_of_series().filter(series__calendar_entry__isnull=True)
    return frozenset(found.order_by().values_list("series_id", flat=True).distinct())


def differences(
    *, series_ids: Iterable[uuid.UUID] | None = None
) -> tuple[Difference, ...]:
    """Every date on which the calendar and the sessions of a series disagree.

    ``None`` asks for all series, and for calendars of series that are no more.
    """
    ids = None if series_ids is None else list(series_ids)
    expected: dict[uuid.UUID, set[tuple[datetime, datetime]]] = {
        key: {(one.start, one.end) for one in dates if not one.cancelled}
        for key, dates in _dates(ids).items()
    }
    entries = CalendarEntry.objects.select_related("event__rule")
    if ids is not None:
        entries = entries.filter(series_id__in=ids)
    shown = {
        entry.series_id: _expanded(entry.event)
        for entry in entries.prefetch_related("event__occurrence_set")
    }
    return tuple(
        Difference(
            series_id=key,
            start=start,
            in_sessions=(start, end) in expected.get(key, set()),
            in_calendar=(start, end) in shown.get(key, set()),
        )
        for key in sorted(expected.keys() | shown.keys())
        for start, end in sorted(expected.get(key, set()) ^ shown.get(key, set()))
    )


def _expanded(event: Event) -> set[tuple[datetime, datetime]]:
    """What django-scheduler shows of an event, cancelled dates left out."""
    moved = [one.start for one in event.occurrence_set.all()]
    last = event.end_recurring_period or event.end
    start = min([event.start, *moved]) - timedelta(days=1)
    end = max([last, *moved]) + timedelta(days=1)
    found = event.get_occurrences(
        start.astimezone(ZONE), end.astimezone(ZONE), clear_prefetch=False
    )
    return {
        (one.start.astimezone(ZONE), one.end.astimezone(ZONE))
        for one in found
        if not one.cancelled
    }


def _rhythms(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Rhythm]:
    return {key: rhythm_of(dates) for key, dates in _dates(ids).items()}


def _dates(ids: Sequence[uuid.UUID] | None) -> dict[uuid.UUID, list[Date]]:
    found: dict[uuid.UUID, list[Date]] = defaultdict(list)
    for session in sessions_of_series(series_ids=ids):
        found[session.series_id].append(
            Date(
                key=session.pk,
                start=session.period.lower.astimezone(ZONE),
                end=session.period.upper.astimezone(ZONE),
                cancelled=session.state == SessionState.CANCELLED,
            )
        )
    return found


def _rules(steps: Iterable[int]) -> dict[int, Rule]:
    """One shared rule for each step in weeks; rules are never deleted."""
    rules = {}
    for step in sorted(steps):
        rules[step], _made = Rule.objects.get_or_create(
            name=f"{TITLE} {step}w",
            defaults={
                "description": f"every {step} weeks",
                "frequency": "WEEKLY",
                "params": f"interval:{step}",
            },
        )
    return rules


def _fields(rhythm: Rhythm, rules: dict[int, Rule]) -> dict[str, Any]:
    step = rhythm.every_weeks
    # The end of the last day: at the last start itself one date would be lost.
    last = datetime.combine(rhythm.last_day, time(23, 59, 59), tzinfo=ZONE)
    return {
        "title": TITLE,
        "start": rhythm.start,
        "end": rhythm.end,
        "rule": None if step is None else rules[step],
        "end_recurring_period": None if step is None else last,
    }
