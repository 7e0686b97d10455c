"""Residents as facts, and what their registrations ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scheduling.adapters.hours import person_availability
from scheduling.adapters.resources import Vocabulary, limit_by_car
from scheduling.solver.horizon import ALWAYS, Horizon, Span, WeeklyWindow
from scheduling.solver.problem import Choice, Format, Person, Registration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from courses.models import Registration as RegistrationRow
    from people.models import Resident

INTAKE_LEVEL = 0
ONE_TO_ONE_LEVEL = 3
LEAST_URGENT = 5
DIGITAL = "digital"
FORMATS = {
    "in_person": (Format.IN_PERSON, Format.HYBRID),
    "online": (Format.ONLINE, Format.HYBRID),
    "hybrid": (Format.HYBRID,),
    DIGITAL: (Format.SELF_PACED,),
}
PARTS = {"morning": 0, "afternoon": 1, "evening": 2}


@dataclass
class Joined:
    """What a person already takes part in: those times and that pace are agreed."""

    spans: list[Span] = field(default_factory=list)
    per_week: Counter[int] = field(default_factory=Counter)
    per_day: Counter[int] = field(default_factory=Counter)

    def add(self, horizon: Horizon, day: int, span: Span) -> None:
        self.spans.append(span)
        self.per_week[horizon.week(day)] += 1
        self.per_day[day] += 1


def persons(
    horizon: Horizon,
    words: Vocabulary,
    rows: Sequence[Resident],
    joined: Mapping[int, Joined],
    completed: Mapping[int, set[int]],
) -> tuple[Person, ...]:
    """Residents; who told no hours can come whenever a series is held.

    A group somebody is already in is inside his hours and pace, whatever he told
    later: a running group is not broken up because a form was filled in anew. That is
    the same whether the group is planned or a draft without it is judged, so that a
    draft is not refused for what its run was allowed.
    """
    found = []
    for row in rows:
        agreed = joined.get(row.person_id, Joined())
        free = person_availability(horizon, row.person, without_windows=ALWAYS)
        found.append(
            Person(
                id=words.persons.of(row.person_id),
                availability=type(free)(
                    free.weekly, (*free.extra, *agreed.spans), free.blocked
                ),
                home_place_id=(
                    words.places.of(("place", row.person.place_id))
                    if row.person.place_id
                    else None
                ),
                travel_limit_minutes=limit_by_car(
                    row.travel_limit_minutes, row.travel_mode
                ),
                sessions_per_week=max(
                    row.pace_per_week, max(agreed.per_week.values(), default=0)
                ),
                sessions_per_day=max(
                    row.pace_per_day, max(agreed.per_day.values(), default=0)
                ),
                age=_age(horizon, row.person.birth_year),
                languages=words.languages.all_of(row.person.languages),
                formats=frozenset(
                    one for wish in row.format_wishes for one in FORMATS[wish]
                ),
                needs=words.features.all_of(row.access_needs),
                completed=words.completed.all_of(completed.get(row.pk, ())),
            )
        )
    return tuple(found)


def _age(horizon: Horizon, birth_year: int | None) -> int | None:
    """Age reached in the year of the horizon's first date."""
    return None if birth_year is None else horizon.first_date.year - birth_year


def registration(
    horizon: Horizon,
    words: Vocabulary,
    row: RegistrationRow,
    resident: Resident,
    choices: Iterable[tuple[str, int]],
    day_parts: Sequence[int],
) -> Registration:
    """A waiting registration with its candidate series, ranked.

    ``waiting_days`` and the norm are counted to the first day of the horizon; only the
    way in has a target day of its own. One-to-one care is a level it may get only
    when a person wrote a reason for it.
    """
    zone = horizon.moment(0).tzinfo
    registered = row.registered_at.astimezone(zone).date()
    target = horizon.day_of(row.norm_date)
    return Registration(
        id=words.registrations.of(row.pk),
        person_id=words.persons.of(resident.person_id),
        choices=tuple(Choice(series_id, rank) for series_id, rank in choices),
        levels=levels_of(row),
        urgency=LEAST_URGENT + 1 - row.need_class,
        waiting_days=max(0, (horizon.first_date - registered).days),
        norm_days=max(1, (row.norm_date - registered).days),
        seats=row.seats,
        target_day=target if row.allowed_levels == [INTAKE_LEVEL] else None,
        preferred=_preferred(resident.preferred_half_days, day_parts),
        wishes_digital=DIGITAL in resident.format_wishes
        or "online" in resident.format_wishes,
    )


def levels_of(row: RegistrationRow) -> frozenset[int]:
    """Levels of care a registration may get; one-to-one only with a reason code.

    Who had group first set aside gets help alone (or the way in), as a professional
    said: then no group is looked for. That asks for a reason too.
    """
    levels = {INTAKE_LEVEL, *row.allowed_levels} - {ONE_TO_ONE_LEVEL}
    if row.one_to_one_reason_id is not None:
        if row.group_first_set_aside_at is not None:
            levels = {INTAKE_LEVEL}
        levels.add(ONE_TO_ONE_LEVEL)
    return frozenset(levels)


def _preferred(
    half_days: Sequence[str], day_parts: Sequence[int]
) -> tuple[WeeklyWindow, ...]:
    ends = (*day_parts[1:], 96)
    return tuple(
        WeeklyWindow(weekday, day_parts[PARTS[part]], ends[PARTS[part]])
        for weekday in range(7)
        for part in half_days
    )
