"""Series as facts: what they need, when they may be, and what was published of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import TYPE_CHECKING

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

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

HELD_WEIGHT_PER_SEAT = 400
"""What holding a group is worth for each person who is already in it: as much as the
heaviest new seat, so that no running group is called off to seat others."""
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
    # A companion who comes with a member has a chair (a guest) and a seat.
    companions = sum(seat.seats - 1 for seat in row.members)
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
        "size_min": max(0, row.smallest - companions),
        "size_max": max(seats_of(row) - companions, len(row.members)),
        "coach_minutes_per_seat": offering.coach_minutes_per_week or 0,
    }


def seats_of(row: SeriesRow) -> int:
    """Seats that may be given out: over-enrolment, and a relative's chair.

    The chair is there in a conversation of one person only: ``hold_seats`` counts
    the two as one seat.
    """
    relative = is_private(row) and row.offering.policy.relatives_may_join
    return row.largest + row.offering.over_enrolment + int(relative)


def is_private(row: SeriesRow) -> bool:
    """Whether a series is one conversation for one person."""
    return row.largest == 1 and row.number_of_sessions == 1


def _policy_need(words: Vocabulary, need: PolicyNeed) -> StaffNeed:
    return StaffNeed(
        roles=words.roles.all_of(need.roles),
        count=need.count,
        from_seats=need.from_size,
    )


def members_of(row: SeriesRow, words: Vocabulary) -> tuple[str, ...]:
    """Ids of who has a seat."""
    return tuple(
        sorted(words.persons.of(seat.resident.person_id) for seat in row.members)
    )


def guests_of(row: SeriesRow) -> int:
    """Chairs beside the members': of companions, or of all who walk in."""
    policy = row.offering.policy
    if not policy.takes_registrations:
        return row.largest
    relative = is_private(row) and policy.relatives_may_join and bool(row.members)
    return int(relative) + sum(seat.seats - 1 for seat in row.members)


def held_weight(row: SeriesRow) -> int:
    """What holding a series is worth beside new seats."""
    return max(HELD_WEIGHT_ALONE, HELD_WEIGHT_PER_SEAT * len(row.members))


def candidate(
    words: Vocabulary,
    row: SeriesRow,
    date_patterns: Sequence[DatePattern],
    drafted: Sequence[Meets] | None = None,
) -> Series:
    """A series that was never published: everything about it is still open.

    ``drafted``: its sessions in a draft, which may be online or in a room against what
    is usual.
    """
    members = members_of(row, words)
    offering = row.offering
    needs = needs_of(words, row)
    self_paced = needs["format"] is Format.SELF_PACED
    takes = offering.policy.takes_registrations
    series = Series(
        id=words.series.of((row.pk, 0)),
        length=0 if self_paced else slots_of_minutes(offering.session_minutes or 0),
        date_patterns=() if self_paced else tuple(date_patterns),
        windows=windows(row.windows.all()) or windows(REGION_HOURS),
        members=members,
        guests=guests_of(row),
        held_weight=0 if takes and not members else held_weight(row),
        place_ids=_places_of(words, row),
        continuity=_continuity(words, row),
        **needs,  # type: ignore[arg-type]
    )
    if not drafted:
        return series
    has_room = drafted[0].room_id is not None
    return replace(series, format=_format(series, has_room=has_room))


def _places_of(words: Vocabulary, row: SeriesRow) -> frozenset[str] | None:
    """The centre a series is bound to; nowhere when that centre is not in use."""
    if row.centre_id is None:
        return None
    centre = ("centre", row.centre_id)
    return frozenset({words.places.of(centre)} if centre in words.places else ())


def _continuity(words: Vocabulary, row: SeriesRow) -> Continuity | None:
    """How the group met before, as far as room and leaders are still in use."""
    leaders = _leaders_of(words, (one.pk for one in row.preferred_leaders.all()))
    room_id = words.rooms.of(row.room_id) if row.room_id in words.rooms else None
    if not leaders and room_id is None and row.weekday is None:
        return None
    return Continuity(
        weekday=None if row.weekday is None else row.weekday - 1,
        room_id=room_id,
        facilitator_ids=frozenset(leaders),
    )


def _leaders_of(words: Vocabulary, keys: Iterable[int]) -> tuple[str, ...]:
    """Ids of the leaders who are in use; one who left is not in the problem."""
    return tuple(
        sorted(words.facilitators.of(key) for key in keys if key in words.facilitators)
    )


@dataclass(frozen=True)
class Meets:
    """One session of a published series: as it is published, or as a draft has it."""

    key: str
    number: int
    period: DateTimeTZRange
    room_id: int | None
    leader_ids: tuple[int, ...]


def published_meets(session: Session) -> Meets:
    """A published session, loaded with its ``session_leaders``."""
    leaders = tuple(one.facilitator_id for one in session.session_leaders.all())
    return Meets(
        str(session.pk), session.number, session.period, session.room_id, leaders
    )


Shape = tuple[int, int, int, str | None, bool, tuple[str, ...]]
"""Weekday, quarter of the day, slots, room, whether it has a room, and leaders."""


@dataclass(frozen=True)
class PublishedPart:
    """Sessions of one series that are alike, as one series of the problem.

    ``placement`` is ``None`` where the room it had is no longer in use: it has to be
    placed anew. ``begun``: one of them has begun, so it stays where it is.
    """

    series: Series
    placement: Placement | None
    session_ids: tuple[str, ...]
    begun: bool = False


def published_parts(
    horizon: Horizon,
    words: Vocabulary,
    row: SeriesRow,
    sessions: Sequence[Meets],
    alternatives: Iterable[int] = (),
    now: datetime | None = None,
) -> list[PublishedPart]:
    """A published series, split where sessions differ in day, time, room or leaders.

    The largest part comes first: it is the one that new people join. ``alternatives``
    are days on which a single session that has not begun could be held instead.
    """
    alike: dict[Shape, list[Meets]] = defaultdict(list)
    for session in sessions:
        alike[_shape(horizon, words, session)].append(session)
    held = max(1, min(one.number for one in sessions) - 1)
    base = _published_series(words, row, held)
    parts = []
    groups = sorted(alike.items(), key=lambda pair: -len(pair[1]))
    for number, (shape, group) in enumerate(groups):
        _, quarter, length, room_id, has_room, leaders = shape
        days = tuple(_stretch(horizon, one)[0] // SLOTS_PER_DAY for one in group)
        begun = now is not None and any(one.period.lower <= now for one in group)
        others = () if begun else (day for day in alternatives if (day,) != days)
        over = begun and row.number_of_sessions == 1
        own = () if begun else windows(row.windows.all()) or windows(REGION_HOURS)
        series = replace(
            base,
            id=words.series.of((row.pk, number)),
            length=length,
            format=_format(base, has_room=has_room),
            date_patterns=(
                DatePattern(days),
                *(DatePattern((day,)) for day in others if len(days) == 1),
            ),
            windows=_windows(horizon, own, days, quarter, length),
            # People join the main part; a moved date follows it.
            closed_after=0 if number or over else base.closed_after,
            staff=_agreed_staff(base, max(len(leaders), len(row.series_leaders.all()))),
        )
        meetings = tuple(
            Meeting(day * SLOTS_PER_DAY + quarter, room_id, leaders) for day in days
        )
        lost = has_room and room_id is None
        parts.append(
            PublishedPart(
                series,
                None if lost else Placement(series.id, meetings),
                tuple(one.key for one in group),
                begun,
            )
        )
    return parts


def published_module(words: Vocabulary, row: SeriesRow) -> PublishedPart:
    """A published series that everybody does in an own pace, with its coaches."""
    series = replace(
        _published_series(words, row, 1), id=words.series.of((row.pk, 0)), length=0
    )
    coaches = _leaders_of(
        words, (one.facilitator_id for one in row.series_leaders.all())
    )
    return PublishedPart(series, Placement(series.id, (), coaches), ())


def _published_series(words: Vocabulary, row: SeriesRow, held: int) -> Series:
    """What is the same for all parts of a published series."""
    return Series(
        id="",
        length=1,
        date_patterns=(),
        windows=ANY_TIME,
        start_step=1,
        members=members_of(row, words),
        guests=guests_of(row),
        meetings_held=held,
        held_weight=held_weight(row),
        **needs_of(words, row),  # type: ignore[arg-type]
    )


def _agreed_staff(series: Series, leads: int) -> tuple[StaffNeed, ...]:
    """What a running group needs of leaders, grown past the leaders it was given.

    A resident who joins may take the seat from which one more leader is wanted. The
    group is not called off for those who are in it: the need begins with the next
    seat. A leader who is lost is still wanted: ``leads`` counts the usual ones.
    """
    size = len(series.members)
    wanted = sum(need.count for need in series.staff if need.from_seats <= size)
    if wanted <= leads:
        return series.staff
    return tuple(
        replace(need, from_seats=size + 1) if 1 < need.from_seats <= size else need
        for need in series.staff
    )


def _shape(horizon: Horizon, words: Vocabulary, session: Meets) -> Shape:
    start, length = _stretch(horizon, session)
    day, quarter = divmod(start, SLOTS_PER_DAY)
    room_id = (
        words.rooms.of(session.room_id) if session.room_id in words.rooms else None
    )
    leaders = _leaders_of(words, session.leader_ids)
    has_room = session.room_id is not None
    return horizon.weekday(day), quarter, length, room_id, has_room, leaders


def _format(series: Series, *, has_room: bool) -> Format:
    """The format of sessions that are online or on site, whatever is usual."""
    if has_room == series.needs_room:
        return series.format
    return Format.IN_PERSON if has_room else Format.ONLINE


def _windows(
    horizon: Horizon,
    own: Sequence[WeeklyWindow],
    days: Sequence[int],
    quarter: int,
    length: int,
) -> tuple[WeeklyWindow, ...]:
    """Hours of a published series, with those it already has."""
    now = {
        WeeklyWindow(horizon.weekday(day), quarter, quarter + length) for day in days
    }
    return (*own, *sorted(now - set(own), key=lambda one: one.weekday))


def _stretch(horizon: Horizon, session: Meets) -> tuple[int, int]:
    """First slot and number of slots of a session; ``InvalidProblem`` off the grid."""
    try:
        start = horizon.slot_of(session.period.lower)
    except ValueError as error:
        raise InvalidProblem(
            (
                Fault(
                    f"session {session.key}",
                    f"starts off the grid: {error}",
                    "let it start on a quarter of an hour",
                ),
            )
        ) from error
    span = moment_span(horizon, session.period.lower, session.period.upper)
    if span is None:
        raise ValueError(f"session {session.key} lies outside the horizon")
    return start, span.end - span.start
