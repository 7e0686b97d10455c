"""Agendas on the screen: a leader's own weeks, and the weeks of a centre's rooms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from audit.actor import Actor
from courses.enums import SessionState
from courses.selectors import (
    assignments_of,
    enrolled_counts,
    sessions_between,
    sessions_in_centres,
)
from courses.services.stand_ins import open_stand_ins
from courses.words import clock
from people.enums import HalfDay
from publishing.views.access import for_facilitators, for_managers, own_centre
from rooms.selectors import bookings_between, rooms_of
from scheduling.services.why_group import groups_not_held
from scheduling.weeks import Week
from scheduling.words import days_between

if TYPE_CHECKING:
    from courses.models import Session
    from people.models import Facilitator
    from rooms.models import Centre, Room, RoomBooking
    from scheduling.services.why_group import GroupNotHeld

LIST_WEEKS = 4
SUNDAY = 6
WORKDAYS = 5
GRID = "grid"


@dataclass(frozen=True, kw_only=True)
class Day:
    """What happens on one day."""

    date: date
    entries: list[Any]

    @property
    def is_today(self) -> bool:
        """Whether it is today."""
        return self.date == timezone.localdate()


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of the grid: its name, and a cell for each day."""

    name: str
    small: str
    cells: list[Day]


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A session as its leaders see it."""

    session: Session
    people: int
    together_with: str
    booking: None = None
    in_its_room: bool = False

    @property
    def id(self) -> str:
        """The session's id as text, for links within a page."""
        return str(self.session.pk)

    @property
    def short(self) -> str:
        """What a cell of the grid has space for: the room, or there how many come."""
        if self.in_its_room:
            if not self.session.series.offering.policy.takes_registrations:
                return _("open to all")
            words = ngettext(
                "%(people)s participant", "%(people)s participants", self.people
            )
            return words % {"people": self.people}
        room = self.session.room
        return room.name if room is not None else _("Online")

    @property
    def cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.session.state == SessionState.CANCELLED

    @property
    def moved(self) -> bool:
        """Whether it takes place at another time than was first published."""
        return self.session.original_period is not None and not self.cancelled


@dataclass(frozen=True, kw_only=True)
class Busy:
    """A booking by others: that it is there, never what for."""

    booking: RoomBooking

    @property
    def hours(self) -> str:
        """From when to when, on the Amsterdam clock."""
        span = self.booking.period
        return "-".join(
            clock(timezone.localtime(end).time()) for end in (span.lower, span.upper)
        )


def starts_on(session: Session) -> date:
    """The Amsterdam day on which a session begins."""
    return timezone.localdate(session.period.lower)


def _clock(session: Session) -> time:
    return timezone.localtime(session.period.lower).time()


def shown_days(week: Week, busy: Iterable[date]) -> list[date]:
    """Monday to Friday, and the weekend days on which something happens."""
    used = set(busy)
    return [day for day in week.days if day.weekday() < WORKDAYS or day in used]


@require_safe
@for_facilitators
def my_agenda(request: HttpRequest, facilitator: Facilitator) -> HttpResponse:
    """Where a leader must be: four weeks as a list, or one week as a grid."""
    week = Week.read_or_now(request.GET.get("week", ""))
    as_grid = request.GET.get("view") == GRID
    span = 1 if as_grid else LIST_WEEKS
    sessions = sessions_between(
        actor=Actor.of(request.user),
        start=week.start,
        end=week.plus(span).start,
        facilitator_ids=[facilitator.pk],
    )
    meetings = _meetings(sessions, facilitator)
    today = timezone.localdate()
    if not as_grid and "week" not in request.GET:
        # Without a week asked for: what is over already is no help.
        meetings = [one for one in meetings if starts_on(one.session) >= today]
    context = {
        "week": week,
        "last": week.plus(span - 1),
        "this_week": Week.of(timezone.localdate()),
        "before": week.plus(-span),
        "after": week.plus(span),
        "as_grid": as_grid,
        "number": len([one for one in sessions if one.state != "cancelled"]),
        "days": _days(meetings),
        "asked": [
            one
            for one in assignments_of(facilitator_id=facilitator.pk)
            if one.state == "asked"
        ],
        "stand_ins": open_stand_ins(facilitator=facilitator),
        "not_held": _not_held(
            facilitator,
            week.monday if "week" in request.GET else today,
            week.plus(span - 1).sunday,
        ),
    }
    if as_grid:
        columns = shown_days(week, map(starts_on, sessions))
        context |= {"columns": columns, "rows": _by_half_day(meetings, columns)}
    return render(request, "publishing/my_agenda.html", context)


def _not_held(
    facilitator: Facilitator, first: date, last: date
) -> list[tuple[str, GroupNotHeld]]:
    """Groups of a leader that are not held on these days, each with when in words."""
    found = groups_not_held(facilitator_id=facilitator.pk, first=first, last=last)
    return [
        (
            (
                _("not held: %(days)s")
                if one.runs
                else _("does not start in the plan of %(days)s")
            )
            % {"days": days_between(one.first, one.last)},
            one,
        )
        for one in found
    ]


def _meetings(sessions: Sequence[Session], leader: Facilitator) -> list[Meeting]:
    counts = enrolled_counts(series_ids={one.series_id for one in sessions})
    return [
        Meeting(
            session=one,
            people=counts.get(one.series_id, 0),
            together_with=", ".join(
                other.facilitator.person.group_name
                for other in one.session_leaders.all()
                if other.facilitator_id != leader.pk
            ),
        )
        for one in sessions
    ]


def _days(meetings: Iterable[Meeting]) -> list[Day]:
    return [
        Day(date=on, entries=list(there))
        for on, there in groupby(meetings, key=lambda one: starts_on(one.session))
    ]


def _by_half_day(meetings: Sequence[Meeting], columns: list[date]) -> list[Row]:
    return [
        Row(
            name=str(part.label).capitalize(),
            small="",
            cells=[
                Day(
                    date=day,
                    entries=[
                        one
                        for one in meetings
                        if starts_on(one.session) == day
                        and HalfDay.at(_clock(one.session)) == part
                    ],
                )
                for day in columns
            ],
        )
        for part in HalfDay
    ]


@require_safe
@for_managers
def own_centres(request: HttpRequest, own: list[Centre]) -> HttpResponse:
    """The centres a manager has; with one, its week at once."""
    if len(own) == 1:
        return redirect("publishing:centre_agenda", code=own[0].code)
    return render(request, "publishing/centres.html", {"centres": own})


@require_safe
@for_managers
def centre_agenda(request: HttpRequest, own: list[Centre], code: str) -> HttpResponse:
    """One week of a centre's rooms, with what others booked; no name is in it."""
    centre = own_centre(request, own, code)
    week = Week.read_or_now(request.GET.get("week", ""))
    rooms = list(rooms_of(centre_ids=[centre.pk]))
    sessions = sessions_in_centres(
        centre_ids=[centre.pk], start=week.start, end=week.end
    )
    bookings = bookings_between(
        room_ids=[room.pk for room in rooms], start=week.start, end=week.end
    )
    counts = enrolled_counts(series_ids={one.series_id for one in sessions})
    meetings = [
        Meeting(
            session=one,
            people=counts.get(one.series_id, 0),
            together_with="",
            in_its_room=True,
        )
        for one in sessions
    ]
    columns = shown_days(week, map(starts_on, sessions))
    context = {
        "centre": centre,
        "several": len(own) > 1,
        "week": week,
        "last": week,
        "this_week": Week.of(timezone.localdate()),
        "before": week.plus(-1),
        "after": week.plus(1),
        "as_grid": request.GET.get("view") != "list",
        "columns": columns,
        "rows": [_of_room(room, meetings, bookings, columns) for room in rooms],
        "days": _days(meetings),
        "number": len([one for one in sessions if one.state != "cancelled"]),
    }
    return render(request, "publishing/centre_agenda.html", context)


def _of_room(
    room: Room,
    meetings: Iterable[Meeting],
    bookings: Iterable[RoomBooking],
    columns: Iterable[date],
) -> Row:
    here = [one for one in meetings if one.session.room_id == room.pk]
    taken = [one for one in bookings if one.room_id == room.pk]
    return Row(
        name=room.name,
        small=str(room.capacity),
        cells=[
            Day(
                date=day,
                entries=[
                    *(one for one in here if starts_on(one.session) == day),
                    *(
                        Busy(booking=one)
                        for one in taken
                        if timezone.localdate(one.period.lower) == day
                    ),
                ],
            )
            for day in columns
        ],
    )
