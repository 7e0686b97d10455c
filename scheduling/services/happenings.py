"""What happened to a published week, as an event in its ids, and the week before it.

What happened is in the rows by the time that a worker looks (``repairs``), so the facts
are taken back to how they were before it: only then is seen what it touches, and a way
can be proven the least change of the whole week.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone

from courses.selectors.came_free import came_free
from rooms.selectors import centres, rooms_of
from scheduling.adapters.load_problem import Loaded
from scheduling.models import PlanningRun, RepairKind
from scheduling.services import clock
from scheduling.services.taken import as_if_elsewhere, in_their_rooms
from scheduling.solver.horizon import (
    SLOT_MINUTES,
    SLOTS_PER_DAY,
    Availability,
    Horizon,
    Span,
)
from scheduling.solver.problem import Person, PlanningProblem, Series
from scheduling.solver.repair.event import (
    CentreClosed,
    Event,
    HolidayForgotten,
    LeaderIll,
    ResidentJoined,
    ResidentLeft,
    RoomLost,
)

WHOLE_REGION = "region"
"""What a holiday is about when it is not of one municipality."""
LEFT = "left"
"""Stands in the facts for who left, of whom nothing is read any more."""


@dataclass(frozen=True)
class Question:
    """What happened, to whom or what (a key), from the first to the last day.

    ``today``: the day on which it was asked; what lies before it is not touched.
    """

    kind: RepairKind
    about: str
    first: date
    last: date
    today: date

    @classmethod
    def of(cls, run: PlanningRun) -> Question:
        """The question of a run that looks for ways to mend."""
        (asked,) = run.changes
        days = (date.fromisoformat(asked[name]) for name in ("first", "last", "today"))
        return cls(RepairKind(asked["kind"]), asked["about"], *days)

    def as_json(self) -> dict[str, str]:
        """As a run keeps it."""
        return {
            "kind": self.kind.value,
            "about": self.about,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "today": self.today.isoformat(),
        }

    @property
    def monday(self) -> date:
        """Monday of the first week that can be touched."""
        begin = max(self.first, self.today)
        return begin - timedelta(days=begin.weekday())

    @property
    def weeks(self) -> tuple[date, ...]:
        """The Mondays of the weeks to look at; none when all of it is over."""
        if self.last < self.today:
            return ()
        number = (self.last - self.monday).days // 7 + 1
        return tuple(self.monday + timedelta(weeks=step) for step in range(number))


class EventInWeek(NamedTuple):
    """An event, and the facts of the week as they were before it."""

    event: Event
    before: PlanningProblem


def event_in_week(question: Question, loaded: Loaded) -> EventInWeek | None:
    """What happened to a week; ``None`` when it is not about that week."""
    horizon = loaded.problem.horizon
    over = quarters_over(horizon)
    whole = min(-(-over // SLOTS_PER_DAY), horizon.day_count - 1)
    asked = _Asked(
        question.about,
        loaded,
        first=max(0, horizon.day_of(max(question.first, question.today))),
        last=min(horizon.day_count - 1, horizon.day_of(question.last)),
        # The first day of which nothing has gone by; at most the last one.
        today=max(0, horizon.day_of(question.today), whole),
        over=over,
    )
    return EVENTS[question.kind](asked)


def quarters_over(horizon: Horizon) -> int:
    """The first quarter of the horizon that did not begin yet, at most its end."""
    now = timezone.localtime(clock.now(), ZoneInfo(horizon.time_zone))
    quarter = (now.hour * 60 + now.minute) // SLOT_MINUTES
    slot = horizon.day_of(now.date()) * SLOTS_PER_DAY + quarter + 1
    return min(max(0, slot), horizon.slot_count)


def to_come(problem: PlanningProblem) -> PlanningProblem:
    """The problem in which what did not begin yet cannot be put at an hour of today
    that has gone by. A series that began has no hours of its own to be moved to."""
    over = quarters_over(problem.horizon)
    day, quarter = divmod(over, SLOTS_PER_DAY)
    if not over or not quarter:
        return problem
    begun = {
        one.series_id
        for one in problem.published.placements
        if any(meeting.slot < over for meeting in one.meetings)
    }
    today = problem.horizon.weekday(day)

    def left(series: Series) -> Series:
        kept = tuple(
            replace(one, start=max(one.start, quarter)) if one.weekday == today else one
            for one in series.windows
            if one.weekday != today or one.end > quarter
        )
        return replace(series, windows=kept) if kept else series

    return replace(
        problem,
        series=tuple(one if one.id in begun else left(one) for one in problem.series),
    )


def as_rows(problem: PlanningProblem) -> PlanningProblem:
    """The problem with nobody, and no room, that has no row."""
    persons = tuple(one for one in problem.persons if one.id != LEFT)
    return in_their_rooms(replace(problem, persons=persons))


@dataclass(frozen=True)
class _Asked:
    """A question about one week: a key, and days of its horizon.

    ``today``: the first day on which something may be put instead. Up to ``over`` (a
    quarter) it has happened already: what began by then is broken before as it is
    after, so it is not touched and stays as it was.
    """

    about: str
    loaded: Loaded
    first: int
    last: int
    today: int
    over: int

    @property
    def problem(self) -> PlanningProblem:
        return self.loaded.problem

    @property
    def days(self) -> dict[str, Any]:
        """Of every event that lasts some days."""
        return {
            "id": "repair",
            "first_day": self.first,
            "last_day": self.last,
            "today": self.today,
        }

    def ident(self, table: str) -> str | None:
        """Id of what it is about; ``None`` when that is not in use."""
        rows = self.loaded.rows[table].items()
        return next((str(ident) for ident, key in rows if key == self.about), None)

    def free_again(self, when: Availability) -> Availability:
        """Free, or open, on its days, but for what has gone by."""
        kept = self.outside(when.blocked)
        return replace(when, blocked=(*kept, *self.gone))

    @property
    def span(self) -> tuple[int, int]:
        """Its days as quarters of the horizon, the end not included."""
        return self.first * SLOTS_PER_DAY, (self.last + 1) * SLOTS_PER_DAY

    @property
    def gone(self) -> tuple[Span, ...]:
        """What of its days has gone by."""
        start, end = self.span
        return (Span(start, min(self.over, end)),) if self.over > start else ()

    def outside(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        """What of the spans is not on its days, which follow each other."""
        start, end = self.span
        return tuple(
            one
            for span in spans
            for one in (
                Span(span.start, min(span.end, start)),
                Span(max(span.start, end), span.end),
            )
            if one.start < one.end
        )


def _leader_ill(asked: _Asked) -> EventInWeek | None:
    """The days count as free for who is away."""
    ident = asked.ident("facilitators")
    if ident is None:
        return None
    before = replace(
        asked.problem,
        facilitators=tuple(
            replace(one, availability=asked.free_again(one.availability))
            if one.id == ident
            else one
            for one in asked.problem.facilitators
        ),
    )
    return EventInWeek(LeaderIll(facilitator_id=ident, **asked.days), before)


def _room_lost(asked: _Asked) -> EventInWeek | None:
    """The days count as not taken by others."""
    ident = asked.ident("rooms")
    if ident is None:
        return None
    before = replace(
        asked.problem,
        rooms=tuple(
            replace(
                one,
                opening=replace(
                    one.opening, blocked=(*one.opening.blocked, *asked.gone)
                ),
                booked=asked.outside(one.booked),
            )
            if one.id == ident
            else one
            for one in asked.problem.rooms
        ),
    )
    return EventInWeek(RoomLost(room_id=ident, **asked.days), before)


def _room_taken(asked: _Asked) -> EventInWeek | None:
    """What is in the room when it cannot be used is touched, and nothing else in it."""
    start, end = asked.span
    hours = range(max(start, asked.over), end)
    before = as_if_elsewhere(asked.problem, asked.ident("rooms") or "", hours)
    if before is None:
        return None
    return EventInWeek(RoomLost(room_id=before.rooms[-1].id, **asked.days), before)


def _centre_closed(asked: _Asked) -> EventInWeek | None:
    places = _places(asked, [int(asked.about)])
    if not places:
        return None
    (place_id,) = places
    event = CentreClosed(place_id=place_id, **asked.days)
    return EventInWeek(event, _open_again(asked, places))


def _holiday(asked: _Asked) -> EventInWeek | None:
    """Every centre of the region, or of a municipality, is shut. What is online needs
    no building and is not touched."""
    shut = centres()
    if asked.about != WHOLE_REGION:
        shut = shut.filter(place__municipality=asked.about)
    places = _places(asked, shut.values_list("pk", flat=True))
    if not places:
        return None
    event = HolidayForgotten(place_ids=places, **asked.days)
    return EventInWeek(event, _open_again(asked, places))


def _places(asked: _Asked, centre_ids: Iterable[int]) -> frozenset[str]:
    """The places in the problem of these centres, as far as they have a room in use."""
    rooms = {str(room.pk) for room in rooms_of(centre_ids=centre_ids)}
    known = asked.problem.room_by_id
    return frozenset(
        known[ident].place_id
        for ident, key in asked.loaded.rows["rooms"].items()
        if key in rooms and ident in known
    )


def _open_again(asked: _Asked, places: Collection[str]) -> PlanningProblem:
    """The problem in which these places are open on the days."""
    return replace(
        asked.problem,
        rooms=tuple(
            replace(one, opening=asked.free_again(one.opening))
            if one.place_id in places
            else one
            for one in asked.problem.rooms
        ),
    )


def _resident_joined(asked: _Asked) -> EventInWeek | None:
    """The registration was not there yet; ``None`` when it asks for nothing that is
    published, or does not wait."""
    new = asked.problem.registration_by_id.get(asked.ident("registrations") or "")
    if new is None or not new.choices:
        return None
    others = tuple(one for one in asked.problem.registrations if one is not new)
    before = replace(
        asked.problem,
        registrations=others,
        keep_together=tuple(
            pair for pair in asked.problem.keep_together if new.id not in pair
        ),
        seat_pins=tuple(
            pin for pin in asked.problem.seat_pins if pin.registration_id != new.id
        ),
    )
    return EventInWeek(ResidentJoined(id="repair", registrations=(new,)), before)


def _resident_left(asked: _Asked) -> EventInWeek | None:
    """Somebody was still in each conversation in which nobody is left.

    The seats in groups are offered on by the waiting list, and a group that is too
    small is decided on as a whole: no session of this week changes by that.
    """
    empty = {
        str(one.series.pk)
        for one in came_free(registration_id=int(asked.about))
        if one.is_talk and one.is_empty
    }
    rows = asked.loaded.rows["series"]
    idents = {
        item.series_id
        for item in asked.problem.published.placements
        if rows[item.series_id] in empty
        and all(meeting.slot >= asked.over for meeting in item.meetings)
    }
    if not idents:
        return None
    before = replace(
        asked.problem,
        persons=(*asked.problem.persons, Person(LEFT)),
        series=tuple(
            # A running group may go on with too few; a talk is not held for nobody.
            replace(one, members=(*one.members, LEFT), meetings_held=0)
            if one.id in idents
            else one
            for one in asked.problem.series
        ),
    )
    event = ResidentLeft(id="repair", person_id=LEFT, today=asked.today)
    return EventInWeek(event, before)


EVENTS: Mapping[RepairKind, Callable[[_Asked], EventInWeek | None]] = {
    RepairKind.LEADER_ILL: _leader_ill,
    RepairKind.ROOM_LOST: _room_lost,
    RepairKind.ROOM_TAKEN: _room_taken,
    RepairKind.CENTRE_CLOSED: _centre_closed,
    RepairKind.HOLIDAY: _holiday,
    RepairKind.RESIDENT_JOINED: _resident_joined,
    RepairKind.RESIDENT_LEFT: _resident_left,
}
