"""What can be offered: kinds of series as sizes, lengths, staff and times.

A subject is what people ask for; it is a number and a skill that its leaders have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from scheduling.solver.generate.region import HALF_DAYS, QUIET, HalfDay
from scheduling.solver.horizon import slots_of_minutes
from scheduling.solver.problem import Format, Series, StaffNeed

EXPERT, SOCIAL, CLINIC = "role-a", "role-b", "role-c"
COMMON, OTHER_LANGUAGE = "language-a", "language-b"
AIDS = ("aid-a", "aid-b")


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of series. ``leads`` is the role that needs the skill.

    ``weight`` is how often people ask for it, ``count`` the new series a region has.
    """

    number: int
    leads: str
    level: int
    minutes: tuple[int, ...]
    meetings: tuple[int, int]
    size_min: tuple[int, ...]
    size_max: tuple[int, ...]
    weight: float
    count: int
    is_open: bool = False

    @property
    def skill(self) -> str:
        return f"skill-{self.number:02}"


_COURSE = ((90, 120, 120, 150), (3, 10), (5, 6), (9, 10, 12))
_PEER = ((90, 120), (6, 12), (4, 5), (10, 12))
_SOCIAL = ((90, 120), (4, 6), (3, 4), (8, 10))
_CLINIC = ((90, 120, 150), (8, 12), (5, 6), (8, 9))

SUBJECTS = (
    Subject(1, EXPERT, 1, *_COURSE, 1.7, 7),
    Subject(2, EXPERT, 1, *_COURSE, 1.4, 6),
    Subject(3, EXPERT, 1, *_COURSE, 1.2, 6),
    Subject(4, EXPERT, 1, *_COURSE, 0.9, 5),
    Subject(5, EXPERT, 1, *_COURSE, 0.7, 4),
    Subject(6, EXPERT, 1, *_PEER, 0.9, 5, is_open=True),
    Subject(7, EXPERT, 1, *_PEER, 0.7, 4, is_open=True),
    Subject(8, SOCIAL, 1, *_SOCIAL, 0.8, 6),
    Subject(9, CLINIC, 2, *_CLINIC, 1.2, 6),
    Subject(10, CLINIC, 2, *_CLINIC, 0.9, 5),
    Subject(11, CLINIC, 2, *_CLINIC, 0.6, 4),
)
SELF_PACED_SERIES = 2


def subjects_for(share: float) -> tuple[Subject, ...]:
    """All subjects, or a few of them for a part of a region under one half."""
    if share >= 1:
        return SUBJECTS
    kept = SUBJECTS if share >= 0.5 else tuple(SUBJECTS[at] for at in (0, 1, 5, 8))
    factor = share * sum(item.count for item in SUBJECTS)
    total = sum(item.count for item in kept)
    return tuple(
        replace(item, count=max(1, round(factor * item.count / total))) for item in kept
    )


def is_course(subject: Subject) -> bool:
    return subject.level == 1 and not subject.is_open


def is_clinical(subject: Subject) -> bool:
    return subject.level == 2


def area(cluster: int) -> str:
    """The word by which leaders and series of one part of the land find each other."""
    return f"area-{cluster + 1}"


def staff_for(subject: Subject, cluster: int) -> tuple[StaffNeed, ...]:
    here = frozenset({area(cluster)})
    skilled = here | {subject.skill}
    if subject.level == 2:
        return (StaffNeed(frozenset({subject.leads}), 2, skilled),)
    first = StaffNeed(frozenset({subject.leads}), 1, skilled)
    if subject.leads == SOCIAL:
        return (first,)
    helper = frozenset({EXPERT, SOCIAL})
    if subject.is_open:
        return (first, StaffNeed(helper, 1, here, from_seats=9))
    return (first, StaffNeed(helper, 1, here))


def half_days_for(rng: Random, subject: Subject) -> tuple[HalfDay, ...]:
    """Half-days in which a series of the subject may be held."""
    style = rng.random()
    weekdays = rng.sample(range(5), 4 if subject.level == 1 else 3)
    if style < 0.3:
        wanted = {(day, 2) for day in weekdays} | {(5, 0)}
    elif style < 0.75:
        wanted = {(day, part) for day in weekdays for part in (0, 1)}
    else:
        wanted = {(day, part) for day in weekdays for part in (1, 2)}
    return tuple(half_day for half_day in HALF_DAYS if half_day in wanted)


def blank_series(rng: Random, ident: str, subject: Subject, cluster: int) -> Series:
    """A series of a subject without dates, windows and places."""
    draw = rng.random()
    online = draw < 0.12 and not subject.is_open
    series = Series(
        ident,
        slots_of_minutes(rng.choice(subject.minutes)),
        (),
        (),
        staff_for(subject, cluster),
        rng.choice(subject.size_min),
        rng.choice(subject.size_max),
        level=subject.level,
        language=COMMON if rng.random() < 0.95 else OTHER_LANGUAGE,
        accommodations=frozenset(aid for aid in AIDS if rng.random() < 0.6),
        closed_after=None if subject.is_open else 2,
        age_min=18 if rng.random() < 0.8 else None,
        age_max=30 if subject.level == 1 and rng.random() < 0.04 else None,
        room_features=frozenset({QUIET}) if subject.level == 2 else frozenset(),
    )
    if online:
        size = min(series.size_max, 8)
        form = Format.ONLINE
        return replace(series, format=form, size_max=size, room_features=frozenset())
    hybrid = 0.12 <= draw < 0.15
    return replace(series, format=Format.HYBRID) if hybrid else series
