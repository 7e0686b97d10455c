"""When the two groups of a split meet: in the same weeks, each on its own weekday."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.enums import SessionState
from courses.selectors.agenda import sessions_of_series
from scheduling.adapters.series import Meets, published_meets
from scheduling.models import EditKind, EditState, Schedule
from scheduling.services import clock
from scheduling.services.drafts import drafted_meets

if TYPE_CHECKING:
    from courses.models import Series
    from scheduling.models import ScheduleEdit

QUARTER = 15
WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Half:
    """The new group as it is asked for.

    ``going``: keys of the enrolments of who goes to it; ``start``: when it meets first,
    in the period of the draft; without a room it is online.
    """

    going: frozenset[int]
    start: datetime
    room_id: int | None
    leader_ids: tuple[int, ...]


def coming_meets(schedule: Schedule, series_id: uuid.UUID) -> list[Meets]:
    """Sessions of the group in the draft that did not begin, in order of time."""
    now = clock.now()
    found = drafted_meets(schedule).get(series_id, [])
    return sorted(
        (one for one in found if one.period.lower > now),
        key=lambda one: one.period.lower,
    )


def later_meets(schedule: Schedule, series_id: uuid.UUID) -> list[Meets]:
    """Published sessions of a group after the period of the draft, in order of time."""
    return _later_meets(schedule, [series_id]).get(series_id, [])


def _later_meets(
    schedule: Schedule, series_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, list[Meets]]:
    """The same of several groups; two queries."""
    found = sessions_of_series(series_ids=series_ids).filter(
        state=SessionState.PUBLISHED, period__startswith__gte=after(schedule)
    )
    meets: dict[uuid.UUID, list[Meets]] = defaultdict(list)
    for one in found.prefetch_related("session_leaders"):
        meets[one.series_id].append(published_meets(one))
    return meets


def beside(
    meets: Iterable[Meets], *, weekday: int, start: time
) -> list[tuple[Meets, datetime]]:
    """Each session with when the new group meets in that week (ISO weekday, on the
    clock of the region); a week later where it has one in that week already."""
    taken: set[date] = set()
    found = []
    for one in meets:
        monday = monday_of(timezone.localtime(one.period.lower).date())
        while monday in taken:
            monday += WEEK
        taken.add(monday)
        day = monday + timedelta(days=weekday - 1)
        found.append((one, timezone.make_aware(datetime.combine(day, start))))
    return found


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def after(schedule: Schedule) -> datetime:
    """When the period of a schedule is over."""
    day = schedule.last_date + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time()))


def new_meets(schedule: Schedule, series_id: uuid.UUID, half: Half) -> list[Meets]:
    """The new group on all its dates, each as long as the longest of them.

    ``ValidationError`` for a time off the grid, outside the draft, or over.
    """
    start = timezone.localtime(half.start)
    if start.minute % QUARTER or start.second:
        raise ValidationError(_("Let the session start on a quarter of an hour."))
    if not schedule.first_date <= start.date() <= schedule.last_date:
        raise ValidationError(
            _("Choose a day from %(first)s to %(last)s: this schedule has no others.")
            % {"first": schedule.first_date, "last": schedule.last_date}
        )
    if start <= clock.now():
        raise ValidationError(_("This moment is over. Choose a later one."))
    old = [*coming_meets(schedule, series_id), *later_meets(schedule, series_id)]
    length = max(one.period.upper - one.period.lower for one in old)
    return [
        Meets(
            str(uuid.uuid5(series_id, one.key)),
            one.number,
            DateTimeTZRange(begins, begins + length),
            half.room_id,
            half.leader_ids,
        )
        for one, begins in beside(old, weekday=start.isoweekday(), start=start.time())
    ]


def new_states(
    schedule: Schedule, series_id: uuid.UUID, made: Series, half: Half
) -> list[dict[str, Any]]:
    """The sessions of the new group in the draft, as a change keeps them; each is as
    long as the one beside it."""
    start = timezone.localtime(half.start)
    told = beside(
        coming_meets(schedule, series_id),
        weekday=start.isoweekday(),
        start=start.time(),
    )
    return [
        {
            "session": str(uuid.uuid4()),
            "series": str(made.pk),
            "number": one.number,
            "start": begins.isoformat(),
            "end": (begins + (one.period.upper - one.period.lower)).isoformat(),
            "room": half.room_id,
            "online": half.room_id is None,
            "leaders": sorted(half.leader_ids),
        }
        for one, begins in told
        if begins < after(schedule)
    ]


def new_half(*, schedule: Schedule, series_id: uuid.UUID) -> Series | None:
    """The new group with this key, if a split that stands in this draft makes it; one
    query. It comes with its offering."""
    splits = schedule.edits.filter(kind=EditKind.SPLIT, state=EditState.DONE)
    edit = splits.filter(series=series_id).select_related("series__offering").first()
    return None if edit is None else edit.series


def later_periods(
    *, schedule: Schedule, half: Series
) -> list[tuple[int, DateTimeTZRange]]:
    """Number and period of the sessions that a new group has after the draft.

    For the release. Nothing for a group that no split of this schedule made.
    """
    return later_periods_of(schedule=schedule, halves=[half])[half.pk]


def later_periods_of(
    *, schedule: Schedule, halves: Sequence[Series]
) -> dict[uuid.UUID, list[tuple[int, DateTimeTZRange]]]:
    """The same of several new groups, by key; three queries, however many."""
    edits: dict[uuid.UUID | None, ScheduleEdit] = {}
    keys = [half.pk for half in halves]
    for edit in schedule.edits.filter(kind=EditKind.SPLIT, series__in=keys):
        edits.setdefault(edit.series_id, edit)
    came_from = {
        key: uuid.UUID(edit.before[0]["series"]) for key, edit in edits.items()
    }
    later = _later_meets(schedule, came_from.values())
    found: dict[uuid.UUID, list[tuple[int, DateTimeTZRange]]] = {}
    for half in halves:
        found[half.pk] = []
        if half.pk not in edits or half.weekday is None or half.start_time is None:
            continue
        kept = map(_kept, edits[half.pk].before)
        old = [*kept, *later.get(came_from[half.pk], ())]
        found[half.pk] = [
            (one.number, _as_long(one, at))
            for one, at in beside(old, weekday=half.weekday, start=half.start_time)
            if at >= after(schedule)
        ]
    return found


def _as_long(meets: Meets, start: datetime) -> DateTimeTZRange:
    """From this start, as long as the session beside it."""
    return DateTimeTZRange(start, start + (meets.period.upper - meets.period.lower))


def _kept(state: dict[str, Any]) -> Meets:
    period = DateTimeTZRange(
        datetime.fromisoformat(state["start"]), datetime.fromisoformat(state["end"])
    )
    return Meets(
        state["session"],
        state["number"],
        period,
        state["room"],
        tuple(state["leaders"]),
    )
