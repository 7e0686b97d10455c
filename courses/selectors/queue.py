"""How long the queues are, for many series at once; numbers only, no person.

The same queue as `waiting.waiting_queue`, joined here from four plain lists: asked of
the database for every series at once it took half a second for a region.
tests/courses/test_queue.py holds the two together.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from courses.enums import RegistrationState
from courses.models import Enrolment, Registration, RegistrationChoice, Series
from courses.selectors.waiting import REFUSED

NEWCOMER = 3
"""Need class of a registration that a resident makes himself."""


@dataclass(frozen=True, kw_only=True)
class Queue:
    """Who waits for a series: seats they need, and how many come before a newcomer."""

    seats: int = 0
    ahead: int = 0


NOBODY = Queue()


@dataclass(frozen=True, order=True)
class Waiting:
    """One registration in a queue, in the order of its turn."""

    need_class: int
    registered_at: datetime
    pk: int
    seats: int
    person_id: int


@dataclass(frozen=True)
class Hour:
    """When a series meets: a weekday, a span of the clock, and a day from which on."""

    weekday: int
    start: time
    end: time
    day: date


class Meets(NamedTuple):
    """What of a series decides who waits for it."""

    pk: uuid.UUID
    offering_id: int
    weekday: int | None
    start_time: time | None
    first_date: date | None
    minutes: int | None


def queues(*, series_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Queue]:
    """The queue of each of these series, by id; six queries."""
    return queues_of(_meets(Series.objects.filter(pk__in=list(series_ids))))


def queues_of(series_list: Sequence[Meets]) -> dict[uuid.UUID, Queue]:
    """The same for series whose hours are known already; five queries."""
    return {
        pk: Queue(
            seats=sum(one.seats for one in waiting),
            ahead=sum(one.need_class <= NEWCOMER for one in waiting),
        )
        if waiting
        else NOBODY
        for pk, waiting in _waiting(series_list).items()
    }


def _meets(series: QuerySet[Series]) -> list[Meets]:
    rows = series.order_by().values_list(
        "pk",
        "offering_id",
        "weekday",
        "start_time",
        "first_date",
        "offering__session_minutes",
    )
    return [Meets._make(row) for row in rows]


def own_positions(
    *, registration_ids: Iterable[int]
) -> dict[tuple[int, uuid.UUID], int]:
    """Places on waiting lists, by (registration id, series id); 1 is next. Seven reads.

    Only for series that a waiting registration chose itself; it says nothing of others.
    """
    mine = RegistrationChoice.objects.filter(
        registration__in=list(registration_ids),
        registration__state=RegistrationState.WAITING,
        series__isnull=False,
    ).values_list("registration_id", "series_id")
    pairs = [(one, series) for one, series in mine if series is not None]
    series = Series.objects.filter(pk__in={series for _one, series in pairs})
    waiting = _waiting(_meets(series))
    return {
        (pk, series_id): number
        for pk, series_id in pairs
        for number, one in enumerate(sorted(waiting[series_id]), start=1)
        if one.pk == pk
    }


def waiting_for(series_list: Sequence[Series]) -> dict[uuid.UUID, set[Waiting]]:
    """Who waits for each series (which come with their offering); five queries.

    Sort a set to have the order of turn.
    """
    return _waiting(
        [
            Meets(
                one.pk,
                one.offering_id,
                one.weekday,
                one.start_time,
                one.first_date,
                one.offering.session_minutes,
            )
            for one in series_list
        ]
    )


MANY = 50
"""From so many series on, everyone who waits is read: a list of ids costs more."""


def _waiting(series_list: Sequence[Meets]) -> dict[uuid.UUID, set[Waiting]]:
    """Who waits for each series: who chose it, or its offering and is free then."""
    found: dict[uuid.UUID, set[Waiting]] = {one.pk: set() for one in series_list}
    choices = RegistrationChoice.objects.order_by().filter(series__isnull=False)
    if len(found) < MANY:
        choices = choices.filter(series__in=found)
    for series_id, waiting in rows_of(choices, "series_id", "registration__"):
        if series_id in found:
            found[series_id].add(waiting)
    asked = asked_for({one.offering_id for one in series_list})
    windows = _windows({one.person_id for group in asked.values() for one in group})
    refused = set(
        Enrolment.objects.filter(REFUSED, registration__state=RegistrationState.WAITING)
        .filter(**({"series__in": found} if len(found) < MANY else {}))
        .order_by()
        .values_list("registration_id", "series_id")
    )
    today = timezone.localdate()
    for series in series_list:
        if series.offering_id not in asked:
            continue
        hour = _hour(series, today)
        if hour is not None:
            found[series.pk] |= {
                one
                for one in asked[series.offering_id]
                if (one.pk, series.pk) not in refused
                and any(_fits(hour, window) for window in windows[one.person_id])
            }
    return found


def asked_for(offering_ids: set[int]) -> dict[int, set[Waiting]]:
    """Who asked for each offering, by registration or by one of its choices."""
    asked: dict[int, set[Waiting]] = defaultdict(set)
    wishes = Registration.objects.order_by().filter(offering__in=offering_ids)
    choices = RegistrationChoice.objects.order_by().filter(offering__in=offering_ids)
    for offering_id, waiting in [
        *rows_of(wishes, "offering_id", ""),
        *rows_of(choices, "offering_id", "registration__"),
    ]:
        asked[offering_id].add(waiting)
    return asked


def rows_of(rows: Any, key: str, path: str) -> list[tuple[Any, Waiting]]:
    fields = ("need_class", "registered_at", "pk", "seats", "resident__person_id")
    found = (
        rows.filter(**{f"{path}state": RegistrationState.WAITING})
        .exclude(**{f"{path}paused_until__gt": timezone.localdate()})
        .values_list(key, *(f"{path}{name}" for name in fields))
    )
    return [(one, Waiting(*facts)) for one, *facts in found]


def _windows(person_ids: set[int]) -> dict[int, list[tuple[Any, ...]]]:
    """Weekly free hours, by person id."""
    found = defaultdict(list)
    path = "resident__person__windows__"
    rows = (
        Registration.objects.order_by()
        .filter(resident__person__in=person_ids, **{f"{path}isnull": False})
        .values_list(
            "resident__person_id",
            *(f"{path}{name}" for name in ("weekday", "start", "end", "valid")),
        )
        .distinct()
    )
    for person_id, *window in rows:
        found[person_id].append(tuple(window))
    return found


def _hour(series: Meets, today: date) -> Hour | None:
    """When a series meets; None without an hour, or when it runs past midnight."""
    minutes = series.minutes
    if series.weekday is None or series.start_time is None or minutes is None:
        return None
    start = datetime.combine(series.first_date or today, series.start_time)
    end = start + timedelta(minutes=minutes)
    if end.date() != start.date():
        return None
    return Hour(series.weekday, start.time(), end.time(), max(start.date(), today))


def _fits(hour: Hour, window: tuple[Any, ...]) -> bool:
    weekday, start, end, valid = window
    return (
        weekday == hour.weekday
        and start <= hour.start
        and end >= hour.end
        and hour.day in valid
    )
