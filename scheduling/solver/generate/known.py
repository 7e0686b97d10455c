"""Groups whose members are known and that only need a time, a room and leaders.

A timetable is made first and the facts around it afterwards, so that one is known to
exist: rooms are filled, people and leaders chosen who are free then, and everybody is
given some further hours, every group some further half-days. Members overlap heavily:
each is in about seven groups, so a group shares somebody with every sixth other one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from scheduling.solver.generate.region import (
    HALF_DAYS,
    HOURS,
    PARTS,
    HalfDay,
    draws,
    window,
)
from scheduling.solver.horizon import SLOTS_PER_DAY, Availability, Horizon
from scheduling.solver.plan import Meeting, Placement, Plan
from scheduling.solver.problem import (
    Continuity,
    DatePattern,
    Facilitator,
    LoadLimits,
    Person,
    Place,
    PlanningProblem,
    Room,
    Series,
    StaffNeed,
)

ROOMS, LEADERS = 12, 40
GROUPS_EACH = 7
MOST_A_DAY, MOST_LED_A_DAY = 2, 4
ROLE, SKILLS = "role-a", tuple(f"skill-{number:02}" for number in range(1, 9))
FEATURES = ("feature-a", "feature-b", "feature-c")
LENGTHS = (4, 6, 6, 8)
ORDERED = 0.15
_LOAD = LoadLimits(1500, MOST_LED_A_DAY, None, 5, None)


@dataclass(frozen=True, slots=True)
class Crowd:
    """How tight it is: the share of room-hours in use, of leaders, of half-days that a
    group may use beside its own, and of features that are asked for."""

    occupation: float = 0.75
    leaders: float = 1.0
    windows: float = 0.5
    features: float = 0.4


@dataclass
class _Group:
    """A group of the timetable that is known to exist."""

    room: Room
    half_day: HalfDay
    start: int
    length: int
    lead: int = -1
    members: list[int] = field(default_factory=list)

    @property
    def slot(self) -> int:
        return self.half_day[0] * SLOTS_PER_DAY + self.start

    @property
    def end(self) -> int:
        return self.slot + self.length


def make_known(
    key: str, ident: str, horizon: Horizon, clusters: int, share: float, crowd: Crowd
) -> tuple[PlanningProblem, Plan]:
    """The problem and the timetable that it was made around."""
    centres = [
        _Centre(draws(key, "known", number), number, share, crowd, horizon)
        for number in range(clusters)
    ]
    away = [
        [0 if one == other else 60 for other in range(clusters)]
        for one in range(clusters)
    ]
    problem = PlanningProblem(
        ident,
        horizon,
        tuple(Place(centre.place, centre.place) for centre in centres),
        tuple(tuple(row) for row in away),
        tuple(room for centre in centres for room in centre.rooms),
        tuple(lead for centre in centres for lead in centre.facilitators()),
        tuple(person for centre in centres for person in centre.persons()),
        tuple(item for centre in centres for item in centre.series()),
        series_order=tuple(pair for centre in centres for pair in centre.order),
    )
    placements = tuple(item for centre in centres for item in centre.placements())
    return problem, Plan(ident, placements)


class _Centre:
    """One centre: a timetable of its rooms, then who and what it asks for."""

    def __init__(
        self, rng: Random, number: int, share: float, crowd: Crowd, horizon: Horizon
    ) -> None:
        self.rng, self.crowd, self.horizon = rng, crowd, horizon
        self.word, self.place = f"c{number + 1}-", f"place-{number + 1:03}"
        self.rooms = [
            self._room(number * ROOMS + count)
            for count in range(1, max(2, round(ROOMS * share)) + 1)
        ]
        planted = [one for room in self.rooms for one in self._fill(room)]
        kept = round(len(planted) * crowd.occupation)
        self.groups = sorted(
            rng.sample(planted, kept), key=lambda one: (one.room.id, one.slot)
        )
        leaders = max(2, round(LEADERS * share * crowd.leaders))
        self.lead_skills = [rng.sample(SKILLS, 3) for _ in range(leaders)]
        self._staff()
        self._join()
        self.order = self._ordered()

    def _room(self, number: int) -> Room:
        rng = self.rng
        half_days = [one for one in HALF_DAYS if rng.random() < 0.92]
        return Room(
            f"room-{number:03}",
            self.place,
            rng.choice((8, 10, 10, 12, 12, 14, 16)),
            frozenset(name for name in FEATURES if rng.random() < 0.5),
            Availability(tuple(window(one, HOURS) for one in half_days)),
            changeover=rng.choice((0, 0, 1)),
            price=rng.randrange(4),
        )

    def _fill(self, room: Room) -> Iterator[_Group]:
        """As many meetings as fit in the room's hours, one after the other."""
        opened = {(one.weekday, one.start) for one in room.opening.weekly}
        for weekday, part in HALF_DAYS:
            if (weekday, HOURS[part][0]) not in opened:
                continue
            start, closing = PARTS[part]
            while True:
                length = self.rng.choice(LENGTHS)
                if start + length > closing:
                    break
                yield _Group(room, (weekday, part), start, length)
                start += length + room.changeover
                start += start % 2

    def _staff(self) -> None:
        """A leader who is free for each; a group for whom nobody is left goes."""
        diary: dict[int, list[_Group]] = {}
        staffed = []
        for group in self.rng.sample(self.groups, len(self.groups)):
            able = [
                lead
                for lead in range(len(self.lead_skills))
                if _can_add(diary.get(lead, []), group, MOST_LED_A_DAY)
                and sum(one.length for one in diary.get(lead, [])) < 90
                and len({one.half_day[0] for one in (*diary.get(lead, []), group)}) <= 5
            ]
            if able:
                group.lead = self.rng.choice(able)
                diary.setdefault(group.lead, []).append(group)
                staffed.append(group)
        self.groups = sorted(staffed, key=lambda one: (one.room.id, one.slot))

    def _join(self) -> None:
        """Members who are free, none in too many groups."""
        sizes = [
            self.rng.randint(5, min(11, one.room.capacity - 1)) for one in self.groups
        ]
        count = max(12, round(sum(sizes) / GROUPS_EACH))
        diary: dict[int, list[_Group]] = {}
        for group, size in zip(self.groups, sizes, strict=True):
            able = [
                person
                for person in range(count)
                if _can_add(diary.get(person, []), group, MOST_A_DAY)
            ]
            self.rng.shuffle(able)
            able.sort(key=lambda person: len(diary.get(person, [])) // 3)
            group.members = sorted(able[:size])
            for person in group.members:
                diary.setdefault(person, []).append(group)
        self.diary, self.count = diary, count

    def _ordered(self) -> list[tuple[str, str]]:
        """Some groups come before others that share a member with them."""
        found: list[tuple[str, str]] = []
        for number, group in enumerate(self.groups):
            if self.rng.random() >= ORDERED or not group.members:
                continue
            person = self.rng.choice(group.members)
            later = [one for one in self.diary[person] if one.slot >= group.end]
            if later:
                other = self.groups.index(self.rng.choice(later))
                found.append((self._id(number), self._id(other)))
        return found

    def _id(self, number: int) -> str:
        return f"{self.word}group-{number + 1:03}"

    # The facts around the timetable. ---------------------------------------------
    def facilitators(self) -> Iterator[Facilitator]:
        for number, skills in enumerate(self.lead_skills):
            used = {one.half_day for one in self.groups if one.lead == number}
            yield Facilitator(
                f"{self.word}lead-{number + 1:03}",
                f"org-{number % 3 + 1}",
                frozenset({ROLE}),
                frozenset(skills),
                self._hours(used, 0.6),
                _LOAD,
                self.place,
            )

    def persons(self) -> Iterator[Person]:
        for number in range(self.count):
            used = {one.half_day for one in self.diary.get(number, [])}
            yield Person(
                self._person(number),
                self._hours(used, 0.55),
                self.place,
                sessions_per_day=MOST_A_DAY,
            )

    def _person(self, number: int) -> str:
        return f"{self.word}person-{number + 1:04}"

    def _hours(self, used: set[HalfDay], share: float) -> Availability:
        free = [one for one in HALF_DAYS if one in used or self.rng.random() < share]
        return Availability(tuple(window(one, HOURS) for one in free))

    def series(self) -> Iterator[Series]:
        days = {weekday for weekday, _ in HALF_DAYS}
        for number, group in enumerate(self.groups):
            rng, skills = self.rng, self.lead_skills[group.lead]
            half_days = [
                one
                for one in HALF_DAYS
                if one == group.half_day or rng.random() < self.crowd.windows
            ]
            before = rng.choice(self.rooms)
            yield Series(
                self._id(number),
                group.length,
                tuple(DatePattern((day,)) for day in sorted(days)),
                tuple(window(one) for one in half_days),
                (
                    StaffNeed(
                        frozenset({ROLE}), 1, frozenset({rng.choice(sorted(skills))})
                    ),
                ),
                1,
                len(group.members),
                place_ids=frozenset({self.place}),
                room_features=frozenset(
                    name
                    for name in sorted(group.room.features)
                    if rng.random() < self.crowd.features
                ),
                members=tuple(self._person(one) for one in group.members),
                meetings_held=4,
                held_weight=100 + 10 * len(group.members),
                continuity=Continuity(rng.randrange(5), before.id),
            )

    def placements(self) -> Iterator[Placement]:
        """The timetable that is known to exist."""
        for number, group in enumerate(self.groups):
            lead = f"{self.word}lead-{group.lead + 1:03}"
            meeting = Meeting(group.slot, group.room.id, (lead,))
            yield Placement(self._id(number), (meeting,))


def _can_add(diary: list[_Group], group: _Group, most_a_day: int) -> bool:
    """Whether somebody with a diary is free for one more group."""
    days = Counter(one.half_day[0] for one in diary)
    return days[group.half_day[0]] < most_a_day and all(
        one.end <= group.slot or group.end <= one.slot for one in diary
    )
