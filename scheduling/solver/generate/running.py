"""Groups that are already running: published, with members, half way.

Each is laid where its leaders, room and members are all free, so that what is
published breaks no rule. A leader leads at most one of them a day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from scheduling.solver.generate.cluster import Cluster
from scheduling.solver.generate.people import make_person
from scheduling.solver.generate.region import (
    HALF_DAYS,
    PARTS,
    HalfDay,
    Site,
    window,
)
from scheduling.solver.generate.subjects import (
    EXPERT,
    Subject,
    blank_series,
    is_clinical,
    is_course,
)
from scheduling.solver.horizon import (
    SLOTS_PER_DAY,
    mask_between,
    quarters_in,
    starts_within,
)
from scheduling.solver.plan import Meeting, Placement
from scheduling.solver.problem import DatePattern, Facilitator, Format, Room, Series

TRIES = 300
_MOST_A_WEEK = 3


class Running:
    """Lays running groups in one cluster and remembers who and what is taken."""

    def __init__(self, rng: Random, cluster: Cluster) -> None:
        self.rng, self.cluster = rng, cluster
        self.lead_days: dict[str, set[int]] = {}
        self.rooms_taken: set[tuple[str, HalfDay]] = set()

    def add(self, subject: Subject, dates: int) -> bool:
        """One more group with up to ``dates`` meetings left; says whether it fitted."""
        for _ in range(TRIES):
            half_day = self.rng.choice(HALF_DAYS)
            if self._add_at(subject, half_day, dates):
                return True
        return False

    def _add_at(self, subject: Subject, half_day: HalfDay, dates: int) -> bool:
        weekday, part = half_day
        days = self.cluster.weekly_days(weekday, dates)
        ident = f"group-{len(self.cluster.series) + 1:03}"
        series = blank_series(
            self.rng, f"{self.cluster.word}{ident}", subject, self.cluster.number
        )
        series = self._settled(series)
        starts = starts_within(mask_between(*PARTS[part]), series.length)
        options = [quarter for quarter in quarters_in(starts) if quarter % 2 == 0]
        start = self.rng.choice(options)
        leaders = self._leaders(series, weekday, days, start)
        if leaders is None:
            return False
        series = replace(
            series,
            date_patterns=(DatePattern(days),),
            windows=(window(half_day),),
            age_min=None,
            age_max=None,
            meetings_held=self._held(subject),
        )
        room = None
        if series.format is not Format.ONLINE:
            room = self._room(series, half_day, days, start, len(leaders))
            if room is None:
                return False
            self.rooms_taken.add((room.id, half_day))
        for lead in leaders:
            self.lead_days.setdefault(lead.id, set()).add(weekday)
        self._fill(series, subject, half_day, room)
        names = tuple(sorted(lead.id for lead in leaders))
        self.cluster.placements.append(
            Placement(
                series.id,
                tuple(
                    Meeting(
                        day * SLOTS_PER_DAY + start,
                        room.id if room else None,
                        names,
                    )
                    for day in days
                ),
            )
        )
        return True

    def _settled(self, series: Series) -> Series:
        """The series with as many leaders at any size: a small group, or with all."""
        grows = any(need.from_seats for need in series.staff)
        if grows and self.rng.random() < 0.5:
            first = tuple(need for need in series.staff if not need.from_seats)
            return replace(series, staff=first, size_max=min(series.size_max, 8))
        staff = tuple(replace(need, from_seats=0) for need in series.staff)
        return replace(series, staff=staff)

    def _held(self, subject: Subject) -> int:
        """Meetings so far; in a single week some courses have only just begun."""
        if subject.is_open:
            return self.rng.randint(5, 30)
        return self.rng.randint(1 if self.cluster.day_count <= 7 else 3, 8)

    def _leaders(
        self, series: Series, weekday: int, days: tuple[int, ...], start: int
    ) -> list[Facilitator] | None:
        meeting = mask_between(start, start + series.length)
        chosen: list[Facilitator] = []
        for need in series.staff:
            able = [
                lead
                for lead in self.cluster.facilitators
                if need.roles & lead.roles
                and need.skills <= lead.skills
                and lead not in chosen
                and self._has_time(lead, weekday)
                and all(
                    not meeting & ~self.cluster.free(lead.availability, day)
                    for day in days
                )
            ]
            if len(able) < need.count:
                return None
            # Who has little time is not used up while others are free as well.
            self.rng.shuffle(able)
            able.sort(key=lambda lead: len(self.lead_days.get(lead.id, ())))
            chosen.extend(able[: need.count])
        return chosen

    def _has_time(self, lead: Facilitator, weekday: int) -> bool:
        days = self.lead_days.get(lead.id, set())
        most = 2 if EXPERT in lead.roles else _MOST_A_WEEK
        return weekday not in days and len(days) < most

    def _room(
        self,
        series: Series,
        half_day: HalfDay,
        days: tuple[int, ...],
        start: int,
        leaders: int,
    ) -> Room | None:
        meeting = mask_between(start, start + series.length)
        able = [
            room
            for room in self.cluster.rooms
            if room.capacity >= series.size_min + leaders + 2
            and series.room_features <= room.features
            and (room.id, half_day) not in self.rooms_taken
            and all(not meeting & ~self.cluster.room_free(room, day) for day in days)
        ]
        return self.rng.choice(able) if able else None

    def _fill(
        self, series: Series, subject: Subject, half_day: HalfDay, room: Room | None
    ) -> None:
        """Give the series its members, and the size that its room allows."""
        rng, cluster = self.rng, self.cluster
        leaders = sum(need.count for need in series.staff)
        size = series.size_max
        if room is not None:
            size = min(size, room.capacity - leaders)
        free = rng.randint(1, 4) if subject.is_open else rng.randint(0, 3)
        goal = max(min(series.size_min, size), size - free)
        members = [] if rng.random() < 0.6 else self._known(half_day, room)
        while len(members) < goal:
            members.append(self._newcomer(half_day, room))
        cluster.series.append(
            replace(
                series,
                size_max=size,
                size_min=min(series.size_min, size),
                members=tuple(members),
                place_ids=None if room is None else frozenset({room.place_id}),
            )
        )

    def _known(self, half_day: HalfDay, room: Room | None) -> list[str]:
        """Up to two people who also ask for something else."""
        able = [
            person.id
            for person in self.cluster.askers
            if person.id not in self.cluster.busy
            and self.cluster.can_join(person, half_day, room)
        ]
        found = self.rng.sample(able, min(len(able), 2))
        self.cluster.busy.update(found)
        return found

    def _newcomer(self, half_day: HalfDay, room: Room | None) -> str:
        """Somebody new who lives near and can always come then."""
        cluster = self.cluster
        home: Site = cluster.near(self.rng, room)
        ident = f"{cluster.word}member-{len(cluster.members) + 1:04}"
        person = make_person(self.rng, ident, home, cluster.habits, cluster.day_count)
        person = cluster.made_free(person, half_day, room)
        cluster.members.append(person)
        return ident


def add_running(
    rng: Random, cluster: Cluster, courses: int, peers: int, clinical: int
) -> None:
    """Running groups of each kind, as many of these as fit.

    Over a longer horizon they are somewhere in their second half.
    """
    running = Running(rng, cluster)
    wanted = [
        *_drawn(rng, cluster, is_clinical, clinical),
        *_drawn(rng, cluster, is_course, courses),
        *_drawn(rng, cluster, lambda subject: subject.is_open, peers),
    ]
    for subject in wanted:
        dates = 1 if cluster.day_count <= 7 else rng.randint(2, 10)
        # When nobody is left for a subject, another of its kind takes its turn.
        alike = [
            other
            for other in cluster.subjects
            if (other.level, other.is_open) == (subject.level, subject.is_open)
        ]
        for option in (subject, *rng.sample(alike, len(alike))):
            if running.add(option, dates):
                break


def _drawn(
    rng: Random, cluster: Cluster, is_kind: Callable[[Subject], bool], count: int
) -> list[Subject]:
    kind = [subject for subject in cluster.subjects if is_kind(subject)]
    return rng.choices(kind, k=count)
