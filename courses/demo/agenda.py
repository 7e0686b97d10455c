"""Series that run half way: each laid where leaders, room and house are all free.

By construction nothing is booked twice, leaders are there, trained and can travel
from one house to the next, and houses are open. A series every other week takes its
half-day every week here, which is more careful than need be.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

from courses.demo.clock import (
    AFTERNOON,
    DAYS,
    EVENING,
    MORNING,
    PARTS,
    HalfDay,
    starts,
    text,
)
from courses.demo.data import Line, draws, lines
from courses.demo.offer import Need, Offering
from courses.demo.region import Centre, Region, Room
from courses.demo.staff import Leader
from courses.imports.running import session_dates
from rooms.selectors import holiday_dates

TRIES = 240
OPTIONS = 4
CARE_HOUSES = ("ggz-site", "health-centre")
BREAK = 15
"""Minutes that a leader has left at a house before and after a journey."""
AGENDA_WEEKS = 26
FIELDS = {MORNING: 38, AFTERNOON: 40, EVENING: 30}
NORTH = "Noord"


@dataclass
class Group:
    """A series that runs; `wanted` members are found for it later."""

    code: str
    offering: Offering
    weekday: int
    part: str
    start: int
    room: Room | None
    leaders: list[Leader]
    dates: list[date]
    meets_this_week: bool
    wanted: int
    members: list[Any] = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.start + self.offering.minutes

    def let_go(self) -> None:
        """Send home a leader whom too small a group does not need."""
        size = len(self.members)
        needed = sum(one.count for one in self.offering.needs if one.from_size <= size)
        del self.leaders[needed:]


class Closed:
    """Days on which nothing is held, per municipality and house."""

    def __init__(self, region: Region, closures: dict[str, list[tuple[date, date]]]):
        self.region_of = {
            one["code"]: one["school_region"] for one in lines("municipalities")
        }
        self.closures = closures
        self.known: dict[tuple[str, bool], set[date]] = {}

    def _holidays(self, school_region: str, years: Iterable[int], school: bool) -> Any:
        place: Any = SimpleNamespace(school_region=school_region)
        return set(holiday_dates(municipality=place, years=years, school=school))

    def days(self, centre: Centre | None, school: bool, first: date) -> set[date]:
        key = (centre.code if centre else "", school)
        if key not in self.known:
            name = self.region_of[centre.place.municipality] if centre else NORTH
            years = range(first.year, first.year + 4)
            days = self._holidays(name, years, False)
            if school or (centre and centre.keeps_school_holidays):
                days |= self._holidays(name, years, True)
            for start, end in self.closures.get(centre.code, ()) if centre else ():
                days |= {
                    start + timedelta(days=step)
                    for step in range((end - start).days + 1)
                }
            self.known[key] = days
        return self.known[key]


class Agenda:
    """Lays series in the week and remembers who and what is taken."""

    def __init__(
        self,
        region: Region,
        leaders: list[Leader],
        closed: Closed,
        monday: date,
        seed: int,
    ) -> None:
        self.region, self.leaders, self.closed = region, leaders, closed
        self.monday = monday
        self.rng: Random = draws(seed, "agenda")
        self.taken: set[tuple[str, HalfDay]] = set()
        self.groups: list[Group] = []
        self.numbers: dict[str, int] = {}
        self.crowd: dict[str, int] = {}
        self.there: dict[HalfDay, list[Leader]] = {}
        for leader in leaders:
            for half_day in leader.when:
                self.there.setdefault(half_day, []).append(leader)
        self.house = {one.code: one for one in region.centres}

    def add(self, offering: Offering, *, meets: bool = True) -> Group | None:
        """One more series: the nearest for its leaders of a few that are possible.

        None when nothing fits any more.
        """
        wanted = self._wanted(offering)
        options: list[Group] = []
        for number in range(TRIES):
            group = self._try(offering, wanted, meets, usual=number < TRIES * 2 // 3)
            if group is not None:
                options.append(group)
            if len(options) == OPTIONS:
                break
        if not options:
            return None
        best = min(options, key=self._journeys)
        self._keep(best)
        return best

    def _journeys(self, group: Group) -> float:
        if group.room is None:
            return 0.0
        centre = group.room.centre
        minutes = [self.region.car_minutes(one.home, centre) for one in group.leaders]
        return sum(minutes) / len(minutes)

    def _try(
        self, offering: Offering, wanted: int, meets: bool, *, usual: bool
    ) -> Group | None:
        """A series at a random half-day, in a house and hour that are usual for it."""
        allowed = offering.parts if usual and offering.parts else tuple(FIELDS)
        part = self.rng.choices(allowed, [FIELDS[one] for one in allowed])[0]
        half_day = (self.rng.randrange(5), part)
        options = starts(part, offering.minutes)
        if not options:
            return None
        start = self.rng.choice(options)
        room = self._room(offering, half_day, start, usual)
        if room is None and not offering.is_online:
            return None
        centre = room.centre if room else None
        leaders = self.free_leaders(offering, wanted, half_day, start, centre)
        if leaders is None:
            return None
        dates = self._dates(offering, half_day[0], centre, meets)
        if dates is None:
            return None
        return Group(
            code="",
            offering=offering,
            weekday=half_day[0],
            part=part,
            start=start,
            room=room,
            leaders=leaders,
            dates=dates,
            meets_this_week=self.monday + timedelta(days=half_day[0]) in dates,
            wanted=wanted,
        )

    def _wanted(self, offering: Offering) -> int:
        """How many people are in it: groups are seldom quite full."""
        if not offering.policy.takes_registrations:
            return 0
        least = 0.6 if offering.sessions else 0.5
        share = self.rng.uniform(least, 1.0)
        return max(offering.size_min, round(offering.size_max * share))

    def _keep(self, group: Group) -> None:
        where = group.room.centre.code if group.room else ""
        for leader in group.leaders:
            leader.load.setdefault(group.weekday, []).append(
                (group.start, group.end, where)
            )
        if group.room:
            self.taken.add((group.room.code, (group.weekday, group.part)))
            self.crowd[where] = self.crowd.get(where, 0) + 1
        name = group.offering.code
        self.numbers[name] = self.numbers.get(name, 0) + 1
        group.code = f"{name}-{self.numbers[name]}"
        self.groups.append(group)

    # Where -----------------------------------------------------------------------
    def _room(
        self, offering: Offering, half_day: HalfDay, start: int, usual: bool
    ) -> Room | None:
        if offering.is_online:
            return None
        seats = max(offering.size_max, 1) + offering.leaders_when_full()
        end = start + offering.minutes
        fitting = [
            room
            for room in self.region.rooms
            if room.capacity >= seats
            and offering.features <= room.features
            and room.centre.is_open(half_day[0], start, end)
            and (room.code, half_day) not in self.taken
            and self._suits(offering, room, usual)
        ]
        if not fitting:
            return None
        # Near many people, not too large, and not always the same house.
        weights = [
            (1 + room.centre.place.people) ** 0.5
            / (1 + (room.capacity - seats) / 8)
            / (1 + self.crowd.get(room.centre.code, 0))
            for room in fitting
        ]
        return self.rng.choices(fitting, weights)[0]

    def _suits(self, offering: Offering, room: Room, usual: bool) -> bool:
        """The usual houses; else treatment in quiet rooms, the rest not at the ggz."""
        kind = room.centre.kind
        if usual and offering.houses:
            return kind in offering.houses
        if offering.policy.max_practitioners is not None:
            return "quiet" in room.features
        return kind not in CARE_HOUSES

    # Who -------------------------------------------------------------------------
    def free_leaders(
        self,
        offering: Offering,
        size: int,
        half_day: HalfDay,
        start: int,
        centre: Centre | None,
    ) -> list[Leader] | None:
        """Leaders for a group of this size, different ones for each need."""
        chosen: list[Leader] = []
        for need in offering.needs:
            if need.from_size > size:
                continue
            able = [
                one
                for one in self.there.get(half_day, ())
                if one not in chosen
                and one.roles & need.roles
                and (not need.trained or need.trained in one.trained)
                and one.gender.startswith(offering.gender)
                and offering.language in one.languages
                and self.is_free(one, half_day, start, offering.minutes, centre)
            ]
            if len(able) < need.count:
                return None
            able.sort(key=lambda one: self._reluctance(one, need, centre))
            chosen.extend(able[: need.count])
        return chosen

    def _reluctance(self, leader: Leader, need: Need, centre: Centre | None) -> Any:
        """Who is asked first: near, not busy, and not kept for rarer work."""
        minutes = self.region.car_minutes(leader.home, centre) if centre else 10
        rare = len(leader.trained) * 6 if not need.trained else 0
        return minutes + leader.minutes_a_week / 8 + rare + self.rng.random() * 8

    def is_free(
        self,
        leader: Leader,
        half_day: HalfDay,
        start: int,
        length: int,
        centre: Centre | None,
    ) -> bool:
        """Whether a leader is there, can travel, and stays within the load agreed."""
        weekday, part = half_day
        if half_day not in leader.when or start + length > PARTS[part][1]:
            return False
        end = start + length
        day = leader.load.get(weekday, [])
        for first, last, where in day:
            journey = self._journey(where, centre)
            if start < last + journey and first < end + journey:
                return False
        limits = leader.limits
        days = {one for one, led in leader.load.items() if led} | {weekday}
        span = max([end, *(last for _f, last, _w in day)]) - min(
            [start, *(first for first, _l, _w in day)]
        )
        return (
            leader.minutes_a_week + length <= limits["max_minutes_per_week"] * 0.7
            and len(day) < limits["max_sessions_per_day"]
            and span <= limits["max_span_minutes_per_day"]
            and len(days) <= limits["max_days_per_week"]
        )

    def _journey(self, where: str, centre: Centre | None) -> int:
        if centre is None or not where:
            # From home to a screen and back takes its time too.
            return 0 if centre is None and not where else 60
        return self.region.between(centre, self.house[where]) + BREAK

    def is_open(self, centre: Centre, day: date, start: int, end: int) -> bool:
        """Whether a house is open then, holidays and closures minded."""
        closed = self.closed.days(centre, False, self.monday - timedelta(weeks=40))
        return day not in closed and centre.is_open(day.weekday(), start, end)

    # When ------------------------------------------------------------------------
    def _dates(
        self, offering: Offering, weekday: int, centre: Centre | None, meets: bool
    ) -> list[date] | None:
        """Dates of a run that is under way, meeting this week or just not."""
        this_week = self.monday + timedelta(days=weekday)
        closed = self.closed.days(
            centre, offering.skips_school_holidays, this_week - timedelta(weeks=40)
        )
        count = offering.sessions
        longest = (count or 16) * offering.every_weeks
        weeks = list(range(1, longest + 3))
        self.rng.shuffle(weeks)
        for back in weeks:
            first = this_week - timedelta(weeks=back)
            if first in closed:
                continue
            dates = session_dates(
                first=first,
                every_weeks=offering.every_weeks,
                count=count,
                follow_up_weeks=offering.follow_up_weeks,
                until=self.monday + timedelta(weeks=AGENDA_WEEKS),
                is_closed=closed.__contains__,
            )
            held = sum(1 for day in dates if day < this_week)
            regular = dates[:count] if count else dates
            half_way = held >= (1 if count and count < 6 else 2)
            if not half_way or (regular[-1] < this_week):
                continue
            if (this_week in regular) == meets or this_week in closed:
                return dates
        return None

    def lines(self) -> list[Line]:
        """The sheet of running series."""
        return [
            {
                "code": group.code,
                "offering": group.offering.code,
                "state": "running",
                "weekday": DAYS[group.weekday],
                "start_time": text(group.start),
                "first_date": group.dates[0].isoformat(),
                "until": (
                    ""
                    if group.offering.sessions
                    else (self.monday + timedelta(weeks=AGENDA_WEEKS)).isoformat()
                ),
                "room": group.room.code if group.room else "",
                "leaders": ";".join(one.code for one in group.leaders),
            }
            for group in self.groups
        ]
