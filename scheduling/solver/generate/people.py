"""Invented people: when they can, how far they go, what they need; their askings."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from scheduling.solver.generate.region import (
    HALF_DAYS,
    HOURS,
    LIFT,
    LOOP,
    HalfDay,
    Site,
    window,
)
from scheduling.solver.generate.subjects import AIDS, COMMON, OTHER_LANGUAGE
from scheduling.solver.horizon import SLOTS_PER_DAY, Availability, Span
from scheduling.solver.problem import Choice, Format, Person, Registration


@dataclass(frozen=True, slots=True)
class Habits:
    """What sets one regime's people apart.

    ``profiles`` weighs working, narrow, daytime and flexible people; the others are
    shares of people with a need of the room, an aid, another language, one format.
    """

    profiles: tuple[float, float, float, float] = (0.24, 0.32, 0.3, 0.14)
    needs: float = 0.08
    aids: float = 0.05
    other_language: float = 0.02
    one_format: float = 0.12
    apart_pairs: int = 5
    together_pairs: int = 4


BASE = Habits()
EVENING_HEAVY = Habits(profiles=(0.62, 0.2, 0.1, 0.08))
ACCOMMODATIONS = Habits(
    needs=0.3,
    aids=0.2,
    other_language=0.12,
    one_format=0.25,
    apart_pairs=25,
    together_pairs=15,
)


def make_person(
    rng: Random, ident: str, home: Site, habits: Habits, day_count: int
) -> Person:
    """Somebody who lives at ``home``."""
    free = _draw_half_days(rng, habits)
    blocked: tuple[Span, ...] = ()
    if day_count > 7 and rng.random() < 0.05:
        first = rng.randrange(day_count - 7) * SLOTS_PER_DAY
        blocked = (Span(first, first + 7 * SLOTS_PER_DAY),)
    languages = {OTHER_LANGUAGE} if rng.random() < habits.other_language else {COMMON}
    if rng.random() < 0.15:
        languages = {COMMON, OTHER_LANGUAGE}
    formats: frozenset[Format] = frozenset()
    if rng.random() < habits.one_format:
        formats = frozenset({Format.IN_PERSON, Format.HYBRID})
    needs = {
        name
        for name, share in ((LIFT, habits.needs), (LOOP, habits.needs / 4))
        if rng.random() < share
    }
    return Person(
        ident,
        Availability(tuple(window(item, HOURS) for item in sorted(free)), (), blocked),
        home.place.id,
        rng.choices((12, 15, 20, 25, 30, 40, 60), (1, 2, 4, 4, 3, 2, 1))[0],
        rng.choices((1, 2, 3), (6, 3, 1))[0],
        1,
        rng.randint(18, 78) if rng.random() < 0.9 else None,
        frozenset(languages),
        formats,
        frozenset(needs),
        frozenset(aid for aid in AIDS if rng.random() < habits.aids / 2),
    )


def _draw_half_days(rng: Random, habits: Habits) -> set[HalfDay]:
    """Half-days of somebody who works, has few, is free by day, or is free."""
    profile = rng.choices(range(4), habits.profiles)[0]
    weekdays = range(5)
    if profile == 0:
        free = {(day, 2) for day in rng.sample(weekdays, rng.randint(2, 4))}
        if rng.random() < 0.4:
            free.add((5, 0))
        return free
    if profile == 1:
        return set(rng.sample(HALF_DAYS, rng.randint(2, 4)))
    if profile == 2:
        days = rng.sample(weekdays, rng.randint(2, 5))
        return {(day, part) for day in days for part in (0, 1) if rng.random() < 0.8}
    return set(rng.sample(HALF_DAYS, rng.randint(8, 14)))


def make_registration(
    rng: Random, ident: str, person: Person, choices: tuple[Choice, ...], level: int
) -> Registration:
    """An asking of a person; now and then the level asked for is not allowed."""
    levels = {1, 2} if rng.random() < 0.35 else {level}
    if rng.random() < 0.04:
        levels = {3 - level}
    liked = person.availability.weekly
    preferred = rng.sample(liked, min(len(liked), rng.randint(0, 2)))
    waiting = min(int(rng.expovariate(1 / 40)), 300)
    digital = not person.formats and rng.random() < 0.15
    norm = 28 if level == 1 else 70
    return Registration(
        ident,
        person.id,
        choices,
        frozenset(levels),
        rng.choices((1, 2, 3, 4, 5), (1, 3, 5, 3, 1))[0],
        waiting,
        norm,
        1,
        max(0, norm - waiting) if rng.random() < 0.5 else None,
        tuple(sorted(preferred, key=lambda item: (item.weekday, item.start))),
        digital,
    )


def ranked(series_ids: list[str]) -> tuple[Choice, ...]:
    """Choices in the order of liking."""
    return tuple(Choice(ident, rank) for rank, ident in enumerate(series_ids, start=1))
