"""What rooms and leaders have left: hours used of hours there are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from courses.selectors.hiding import parts_to_hide
from courses.selectors.measures import SessionHeld, SessionLed
from publishing.figures.charts import draw_bars
from publishing.figures.period import Period
from publishing.figures.section import Cell, Section
from rooms.selectors import closed_dates

if TYPE_CHECKING:
    from rooms.models import Centre, Room

EVENING = 18
SHARES = (0.25, 0.5, 0.75, 1.0)


def open_minutes(centre: Centre, period: Period) -> int:
    """Minutes a room of this centre can be used in the period."""
    closed = closed_dates(centre=centre, first=period.first, last=period.last)
    by_weekday: Counter[int] = Counter()
    for hours in centre.opening_hours.all():
        length = (hours.end.hour - hours.start.hour) * 60
        by_weekday[hours.weekday] += length + hours.end.minute - hours.start.minute
    number = (period.last - period.first).days + 1
    days = (period.first + timedelta(days=step) for step in range(number))
    return sum(by_weekday[day.isoweekday()] for day in days if day not in closed)


def occupancy(
    rooms: Sequence[Room],
    sessions: Sequence[SessionHeld],
    period: Period,
    *,
    by_centre: bool,
) -> Section:
    """Hours used by groups and by others, of the hours rooms are open."""
    used: Counter[int] = Counter()
    for one in sessions:
        if one.room is not None:
            used[one.room] += one.minutes
    parts: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    minutes_of: dict[int, int] = {}
    for room in rooms:
        centre = room.centre
        if centre.pk not in minutes_of:
            minutes_of[centre.pk] = open_minutes(centre, period)
        name = centre.name if by_centre else centre.place.municipality.name
        part = parts[name]
        part[0] += used[room.pk] / 60
        part[1] += _booked_minutes(room, period) / 60
        part[2] += minutes_of[centre.pk] / 60
    table: list[tuple[str, Sequence[Cell]]] = []
    drawn: list[tuple[str, float | None, str]] = []
    for name, (ours, others, whole) in sorted(parts.items()):
        share = (ours + others) / whole if whole else None
        table.append((name, (round(ours), round(others), round(whole), share)))
        drawn.append((name, share, "" if share is None else f"{share:.0%}"))
    return Section(
        id="ruimtes",
        title=_("How full are the rooms?"),
        told=_("Hours in this period, of the hours that the rooms are open."),
        columns=(_("our groups"), _("others"), _("open"), _("in use")),
        units=("h", "h", "h", "%"),
        rows=table,
        chart=draw_bars(_("Share of the open hours in use"), drawn, most=1.0),
        of=_("Centre") if by_centre else _("Municipality"),
    )


def _booked_minutes(room: Room, period: Period) -> float:
    seconds = 0.0
    for booking in room.bookings_then:
        start = max(booking.period.lower, period.start)
        end = min(booking.period.upper, period.end)
        seconds += max(0.0, (end - start).total_seconds())
    return seconds / 60


def load(
    led: Sequence[SessionLed], most_minutes: Mapping[int, int | None], period: Period
) -> Section:
    """How many leaders do how much of what they agreed to, and their evenings."""
    minutes: Counter[int] = Counter()
    evenings: Counter[int] = Counter()
    for one in led:
        minutes[one.facilitator] += one.minutes
        if timezone.localtime(one.start).hour >= EVENING:
            evenings[one.facilitator] += 1
    names = [
        _("nothing yet"),
        _("up to a quarter"),
        _("up to half"),
        _("up to three quarters"),
        _("up to all of it"),
        _("more than agreed"),
        _("no limit agreed"),
    ]
    people: Counter[int] = Counter()
    nights: Counter[int] = Counter()
    for leader, most in most_minutes.items():
        place = _place(minutes[leader], most, period.weeks)
        people[place] += 1
        nights[place] += evenings[leader]
    hidden = parts_to_hide(people)
    table: list[tuple[str, Sequence[Cell]]] = []
    drawn: list[tuple[str, float | None, str]] = []
    for place, name in enumerate(names):
        number = people[place]
        if place in hidden:
            table.append((name, (None, None)))
            drawn.append((name, None, _("hidden")))
        elif number:
            each = round(nights[place] / number / period.weeks, 2)
            table.append((name, (number, each)))
            drawn.append((name, number, str(number)))
    return Section(
        id="begeleiders",
        title=_("Is the work shared?"),
        told=_("Leaders by how much they lead of the minutes a week they agreed to."),
        columns=(_("leaders"), _("evenings a week each")),
        units=("", "1"),
        rows=table,
        chart=draw_bars(_("Leaders by share of what they agreed to"), drawn),
        of=_("Share of the agreed minutes"),
    )


def _place(minutes: int, most: int | None, weeks: float) -> int:
    if not minutes:
        return 0
    if not most:
        return len(SHARES) + 2
    share = minutes / (most * weeks)
    return next(
        (place for place, top in enumerate(SHARES, start=1) if share <= top),
        len(SHARES) + 1,
    )
