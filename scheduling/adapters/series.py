"""Series as facts: what they need, when they may be, and what was published of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import TYPE_CHECKING

from courses.kinds import LevelOfCare
from courses.kinds import StaffNeed as PolicyNeed
from scheduling.adapters.hours import Hours, moment_span, windows
from scheduling.adapters.resources import Vocabulary
from scheduling.solver.horizon import (
    SLOTS_PER_DAY,
    Horizon,
    WeeklyWindow,
    slots_of_minutes,
)
from scheduling.solver.plan import Meeting, Placement
from scheduling.solver.problem import (
    Continuity,
    DatePattern,
    Fault,
    Format,
    InvalidProblem,
    Series,
    StaffNeed,
)

if TYPE_CHECKING:
    from courses.models import Series as SeriesRow
    from courses.models import Session

HELD_WEIGHT_PER_SEAT = 20
"""What holding a group is worth for each person who is already in it."""
HELD_WEIGHT_ALONE = 60
"""What holding something without registrations is worth: a drop-in, a consultation."""


@dataclass(frozen=True)
class WeekHours:
    """A row of the region's own hours."""

    weekday: int
    start: time
    end: time


REGION_HOURS: tuple[Hours, ...] = tuple(
    WeekHours(weekday, start, end)
    for weekday in range(1, 6)
    for start, end in (
        (time(9), time(12, 30)),
        (time(13), time(17)),
        (time(19), time(21, 30)),
    )
)
"""When a series may be held that names no hours of its own."""

ANY_TIME = tuple(WeeklyWindow(weekday, 0, SLOTS_PER_DAY) for weekday in range(7))


def needs_of(words: Vocabulary, row: SeriesRow) -> dict[str, object]:
    """What a series needs of leaders, room and people, whatever its dates."""
    offering, policy = row.offering, row.offering.policy
    own = [
        StaffNeed(
            roles=words.roles.all_of(need.roles),
            count=need.count,
            skills=words.skills.all_of(
                [need.qualification_id] if need.qualification_id else []
            ),
            from_seats=need.from_size,
        )
        for need in offering.staff_needs.all()
    ]
    level = policy.level_of_care
    return {
        "staff": tuple(own) or tuple(_policy_need(words, one) for one in policy.staff),
        "level": LevelOfCare.INTAKE.value if level is None else int(level),
        "format": Format.SELF_PACED if policy.self_paced else Format(offering.format),
        "different_organisations": offering.different_organisations,
        "room_features": words.features.all_of(
            one.pk for one in offering.required_features.all()
        ),
        "language": words.languages.of(offering.language),
        "age_min": offering.age_min,
        "age_max": offering.age_max,
        "prerequisites": words.completed.all_of(
            [offering.prerequisite_id] if offering.prerequisite_id else []
        ),
        "closed_after": offering.closed_after_session,
        "size_min": row.smallest,
        "size_max": _seats(row),
        "coach_minutes_per_seat": offering.coach_minutes_per_week or 0,
    }


def _seats(row: SeriesRow) -> int:
    """Seats that may be given out: over-enrolment, and a relative's chair."""
    relative = 1 if row.offering.policy.relatives_may_join else 0
    return row.largest + row.offering.over_enrolment + relative


def _policy_need(words: Vocabulary, need: PolicyNeed) -> StaffNeed:
    return StaffNeed(
        roles=words.roles.all_of(need.roles),
        count=need.count,
        from_seats=need.from_size,
    )


def members_of(row: SeriesRow, words: Vocabulary) -> tuple[tuple[str, ...], int]:
    """Ids of who has a seat, and the further chairs their companions need."""
    ids = tuple(
        sorted(words.persons.of(seat.resident.person_id) for seat in row.members)
    )
    return ids, sum(seat.seats - 1 for seat in row.members)


def held_weight(row: SeriesRow) -> int:
    """What holding a series is worth beside new seats."""
    return max(HELD_WEIGHT_ALONE, HELD_WEIGHT_PER_SEAT * len(row.members))


def candidate(
    words: Vocabulary,
    row: SeriesRow,
    date_patterns: Sequence[DatePattern],
) -> Series:
    """A series that was never published: everything about it is still open."""
    members, companions = members_of(row, words)
    offering = row.offering
    needs = needs_of(words, row)
    self_paced = needs["format"] is Format.SELF_PACED
    takes = offering.policy.takes_registrations
    place_ids = (
        frozenset({words.places.of(("centre", row.centre_id))})
        if row.centre_id
        else None
    )
    return Series(
        id=words.series.of((row.pk, 0)),
        length=0 if self_paced else slots_of_minutes(offering.session_minutes or 0),
        date_patterns=() if self_paced else tuple(date_patterns),
        windows=windows(row.windows.all()) or windows(REGION_HOURS),
        members=members,
        guests=companions if takes else row.largest,
        held_weight=0 if takes and not members else held_weight(row),
        place_ids=place_ids,
        continuity=_continuity(words, row),
        **needs,  # type: ignore[arg-type]
    )


def _continuity(words: Vocabulary, row: SeriesRow) -> Continuity | None:
    leaders = words.facilitators.all_of(one.pk for one in row.preferred_leaders.all())
    if not leaders and row.room_id is None and row.weekday is None:
        return None
    return Continuity(
        weekday=None if row.weekday is None else row.weekday - 1,
        room_id=words.rooms.of(row.room_id) if row.room_id else None,
        facilitator_ids=leaders,
    )


Shape = tuple[int, int, str | None, tuple[str, ...]]
"""Quarter of the day, slots, room and leaders of a session."""


@dataclass(frozen=True)
class PublishedPart:
    """Sessions of one series that are alike, as one series of the problem."""

    series: Series
    placement: Placement
    session_ids: tuple[str, ...]


def published_parts(
    horizon: Horizon,
    words: Vocabulary,
    row: SeriesRow,
    sessions: Sequence[Session],
    alternatives: Iterable[int] = (),
) -> list[PublishedPart]:
    """A published series, split where its sessions differ in time, room or leaders.

    The largest part comes first: it is the one that new people join. ``alternatives``
    are days on which a single session could be held instead.
    """
    alike: dict[Shape, list[Session]] = defaultdict(list)
    for session in sessions:
        start, length = _stretch(horizon, session)
        leaders = tuple(
            sorted(
                words.facilitators.of(one.facilitator_id)
                for one in session.session_leaders.all()
            )
        )
        room_id = words.rooms.of(session.room_id) if session.room_id else None
        alike[start % SLOTS_PER_DAY, length, room_id, leaders].append(session)
    members, companions = members_of(row, words)
    takes = row.offering.policy.takes_registrations
    held = min((one.number for one in sessions), default=1) - 1
    parts = []
    groups = sorted(alike.items(), key=lambda pair: -len(pair[1]))
    for number, ((quarter, length, room_id, leaders), group) in enumerate(groups):
        days = tuple(_stretch(horizon, one)[0] // SLOTS_PER_DAY for one in group)
        series = Series(
            id=words.series.of((row.pk, number)),
            length=length,
            date_patterns=(
                DatePattern(days),
                *(DatePattern((day,)) for day in alternatives if (day,) != days),
            )
            if len(days) == 1
            else (DatePattern(days),),
            windows=_windows(horizon, row, days, quarter, length),
            start_step=1,
            members=members,
            guests=companions if takes else row.largest,
            meetings_held=max(1, held),
            held_weight=held_weight(row),
            **needs_of(words, row),  # type: ignore[arg-type]
        )
        if number:
            # People join the main part; a moved date follows it.
            series = replace(series, closed_after=0)
        meetings = tuple(
            Meeting(day * SLOTS_PER_DAY + quarter, room_id, leaders) for day in days
        )
        parts.append(
            PublishedPart(
                series,
                Placement(series.id, meetings),
                tuple(str(one.pk) for one in group),
            )
        )
    return parts


def _windows(
    horizon: Horizon,
    row: SeriesRow,
    days: Sequence[int],
    quarter: int,
    length: int,
) -> tuple[WeeklyWindow, ...]:
    """The hours of a published series, with those it already has."""
    own = windows(row.windows.all()) or windows(REGION_HOURS)
    now = {
        WeeklyWindow(horizon.weekday(day), quarter, quarter + length) for day in days
    }
    return (*own, *sorted(now - set(own), key=lambda one: one.weekday))


def _stretch(horizon: Horizon, session: Session) -> tuple[int, int]:
    """First slot and number of slots of a session; ``InvalidProblem`` off the grid."""
    try:
        start = horizon.slot_of(session.period.lower)
    except ValueError as error:
        raise InvalidProblem(
            (
                Fault(
                    f"session {session.pk}",
                    f"starts off the grid: {error}",
                    "let it start on a quarter of an hour",
                ),
            )
        ) from error
    span = moment_span(horizon, session.period.lower, session.period.upper)
    if span is None:
        raise ValueError(f"session {session.pk} lies outside the horizon")
    return start, span.end - span.start


def by_series(sessions: Iterable[Session]) -> Mapping[object, list[Session]]:
    """Sessions by series, in order of time."""
    found: dict[object, list[Session]] = defaultdict(list)
    for session in sessions:
        found[session.series_id].append(session)
    return found


def earliest_date(row: SeriesRow, horizon: Horizon) -> date:
    """The first day on which a series may begin."""
    return max(horizon.first_date, row.earliest_start or horizon.first_date)
