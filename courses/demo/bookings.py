"""What others do in the rooms, when houses are closed, and who has leave."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from courses.demo.agenda import CARE_HOUSES, Agenda, Group
from courses.demo.clock import AFTERNOON, EVENING, MORNING, PARTS
from courses.demo.data import Line, draws
from courses.demo.region import Region, Room
from courses.demo.staff import Leader

USERS = {
    MORNING: ("ouderenbond", "yoga", "quilt", "samenwel"),
    AFTERNOON: ("ouderenbond", "bridge", "quilt", "de-wilgenhof"),
    EVENING: ("crescendo", "zangkoor", "toneel", "ehbo", "bridge"),
}
WEEKS_AHEAD = 10
ROOM_SHARE, SINGLE_SHARE = 0.30, 0.12
LEAVE_SHARE = 0.45


def closures(
    region: Region, monday: date, seed: int
) -> dict[str, list[tuple[date, date]]]:
    """Days on which some houses are closed: the turn of the year, a floor, a feast."""
    rng = draws(seed, "closures")
    found: dict[str, list[tuple[date, date]]] = {}
    new_year = date(monday.year + (monday.month > 6), 1, 1)
    for centre in region.centres:
        if rng.random() < 0.55:
            found.setdefault(centre.code, []).append(
                (new_year - timedelta(days=rng.randint(7, 9)), new_year + timedelta(2))
            )
        if rng.random() < 0.14:
            first = monday + timedelta(days=rng.randint(14, 70))
            found.setdefault(centre.code, []).append(
                (first, first + timedelta(days=rng.randint(0, 4)))
            )
    return found


def closure_lines(found: dict[str, list[tuple[date, date]]]) -> list[Line]:
    return [
        {
            "centre": code,
            "first_day": first.isoformat(),
            "last_day": last.isoformat(),
        }
        for code, spans in found.items()
        for first, last in spans
    ]


def _busy(groups: list[Group]) -> dict[tuple[str, date], list[tuple[int, int]]]:
    """When rooms are used by series, with a quarter before and after."""
    found: dict[tuple[str, date], list[tuple[int, int]]] = {}
    for group in groups:
        if group.room is None:
            continue
        for day in group.dates:
            found.setdefault((group.room.code, day), []).append(
                (group.start - 15, group.end + 15)
            )
    return found


def booking_lines(region: Region, agenda: Agenda, seed: int) -> list[Line]:
    """Others in the rooms: weekly ones, single ones, asked or agreed."""
    rng = draws(seed, "bookings")
    busy = _busy(agenda.groups)
    found: list[Line] = []
    for room in region.rooms:
        if room.capacity < 8 or room.centre.kind in CARE_HOUSES:
            continue
        if rng.random() < ROOM_SHARE:
            found += _weekly(rng, room, agenda, busy)
        for week in range(WEEKS_AHEAD):
            if rng.random() < SINGLE_SHARE:
                day = agenda.monday + timedelta(weeks=week, days=rng.randrange(5))
                state = rng.choices(("requested", "confirmed", "lapsed"), (50, 35, 15))[
                    0
                ]
                found += _booking(rng, room, day, agenda, busy, state)
    return found


def _weekly(
    rng: Random,
    room: Room,
    agenda: Agenda,
    busy: dict[tuple[str, date], list[tuple[int, int]]],
) -> list[Line]:
    """A choir, a school, a club: the same evening or afternoon each week."""
    weekday = rng.randrange(5)
    part = rng.choices((MORNING, AFTERNOON, EVENING), (25, 30, 45))[0]
    organisation = room.centre.priority or rng.choice(USERS[part])
    start = PARTS[part][0] + rng.choice((0, 30))
    end = start + rng.choice((90, 120, 150))
    found = []
    for week in range(-1, WEEKS_AHEAD):
        day = agenda.monday + timedelta(weeks=week, days=weekday)
        if agenda.is_open(room.centre, day, start, end):
            found += _line(room, day, start, end, busy, "confirmed", organisation)
    return found


def _booking(
    rng: Random,
    room: Room,
    day: date,
    agenda: Agenda,
    busy: dict[tuple[str, date], list[tuple[int, int]]],
    state: str,
) -> list[Line]:
    part = rng.choice((MORNING, AFTERNOON, EVENING))
    start = PARTS[part][0] + rng.choice((0, 30, 60))
    end = start + rng.choice((60, 90, 120))
    if not agenda.is_open(room.centre, day, start, end):
        return []
    return _line(room, day, start, end, busy, state, rng.choice(USERS[part]))


def _line(
    room: Room,
    day: date,
    start: int,
    end: int,
    busy: dict[tuple[str, date], list[tuple[int, int]]],
    state: str,
    organisation: str,
) -> list[Line]:
    taken = busy.setdefault((room.code, day), [])
    if any(start < last and first < end for first, last in taken):
        return []
    taken.append((start, end))

    def moment(minutes: int) -> str:
        at = datetime.combine(day, time(minutes // 60, minutes % 60))
        return at.isoformat(" ", "minutes")

    return [
        {
            "room": room.code,
            "start": moment(start),
            "end": moment(end),
            "state": state,
            "booked_by": organisation,
        }
    ]


def leave_lines(
    leaders: list[Leader], groups: list[Group], monday: date, seed: int
) -> list[Line]:
    """Leave: only days on which the leader leads nothing."""
    rng = draws(seed, "leave")
    led: dict[str, set[date]] = {}
    for group in groups:
        for leader in group.leaders:
            led.setdefault(leader.code, set()).update(group.dates)
    found = []
    for leader in leaders:
        if rng.random() > LEAVE_SHARE:
            continue
        for _try in range(8):
            first = monday + timedelta(weeks=rng.randint(0, 16))
            length = rng.choice((1, 5, 5, 12))
            first += timedelta(days=rng.randrange(5) if length == 1 else 0)
            days = {first + timedelta(days=step) for step in range(length)}
            if days & led.get(leader.code, set()):
                continue
            found.append(
                {
                    "facilitator": leader.code,
                    "first_day": first.isoformat(),
                    "last_day": max(days).isoformat(),
                }
            )
            break
    return found
