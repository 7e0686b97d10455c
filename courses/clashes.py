"""A resident's own dates beside those of a series: what overlaps, what is too much.

The planner judges the same (`resident-conflict`, `resident-pace`) for its plans; this
is for the moment somebody presses a button, with the dates as they are published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from courses.enums import EnrolmentState, SessionState
from courses.models import Enrolment, Series, Session, SessionLeader

if TYPE_CHECKING:
    from people.models import Place
    from people.selectors.joining import JoiningFacts

Between = Callable[[Sequence["Place"]], Mapping[tuple[int, int], int]]
"""Minutes between any two of some places, by (from id, to id)."""
OWN = (EnrolmentState.ENROLLED, EnrolmentState.OFFERED)
"""Seats whose dates a resident knows of; what a draft holds is no date yet."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """One meeting: when, and in which place (None online)."""

    start: datetime
    end: datetime
    place: Place | None

    @property
    def day(self) -> date:
        """The Amsterdam day on which it begins."""
        return timezone.localdate(self.start)


@dataclass(frozen=True, kw_only=True)
class Dates:
    """The coming meetings of a series, and those the resident has beside it."""

    series: tuple[Span, ...]
    own: tuple[Span, ...]


def dates_beside(
    *, resident_id: int, person_id: int, series: Series, leaving: object = None
) -> Dates:
    """Both sides, in two queries; `leaving` is a series that is given up for this."""
    coming = Session.objects.filter(
        state=SessionState.PUBLISHED, period__endswith__gt=timezone.now()
    ).select_related("room__centre__place")
    taking_part = Enrolment.objects.filter(resident=resident_id, state__in=OWN)
    leading = SessionLeader.objects.filter(facilitator__person=person_id)
    mine = coming.filter(
        Q(series__in=taking_part.values("series")) | Q(pk__in=leading.values("session"))
    ).exclude(series__in=[one for one in (series.pk, leaving) if one is not None])
    return Dates(
        series=tuple(map(span_of, coming.filter(series=series.pk))),
        own=tuple(map(span_of, mine)),
    )


def span_of(session: Session) -> Span:
    """When and where a session is; it comes with its room and the room's place."""
    return Span(
        start=session.period.lower,
        end=session.period.upper,
        place=session.room.centre.place if session.room is not None else None,
    )


def first_clash(dates: Dates, *, between: Between) -> Span | None:
    """The first meeting of the series that the resident cannot reach in time.

    The way from one place to another counts: ``between`` gives the minutes between
    places by the way the resident travels.
    """
    by_day: dict[date, list[Span]] = {}
    for span in dates.own:
        by_day.setdefault(span.day, []).append(span)
    near = [
        (span, other)
        for span in sorted(dates.series, key=lambda one: one.start)
        for other in by_day.get(span.day, ())
    ]
    if not near:
        return None
    places = {one.place.pk: one.place for pair in near for one in pair if one.place}
    minutes = between(list(places.values()))
    for span, other in near:
        way = timedelta()
        if span.place and other.place and span.place.pk != other.place.pk:
            way = timedelta(minutes=minutes[span.place.pk, other.place.pk])
        if span.start < other.end + way and other.start < span.end + way:
            return span
    return None


def most_at_once(dates: Dates) -> tuple[int, int]:
    """Most meetings in one week and on one day once the series is added.

    Only weeks and days in which the series itself meets count.
    """
    days = Counter(span.day for span in (*dates.series, *dates.own))
    weeks: Counter[tuple[int, int]] = Counter()
    for day, number in days.items():
        weeks[_week(day)] += number
    return (
        max((weeks[_week(span.day)] for span in dates.series), default=0),
        max((days[span.day] for span in dates.series), default=0),
    )


def _week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def too_much(dates: Dates, facts: JoiningFacts) -> bool:
    """Whether the series would go past the resident's own pace."""
    week, day = most_at_once(dates)
    return week > facts.pace_per_week or day > facts.pace_per_day
