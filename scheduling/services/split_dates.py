"""When the two groups of a split meet: in the same weeks, each on its own weekday."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
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
from scheduling.models import EditKind, Schedule
from scheduling.services import clock
from scheduling.services.drafts import drafted_meets

if TYPE_CHECKING:
    from courses.models import Series

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
    found = sessions_of_series(series_ids=[series_id]).filter(
        state=SessionState.PUBLISHED, period__startswith__gte=after(schedule)
    )
    return [published_meets(one) for one in found.prefetch_related("session_leaders")]


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


def later_periods(
    *, schedule: Schedule, half: Series
) -> list[tuple[int, DateTimeTZRange]]:
    """Number and period of the sessions that a new group has after the draft.

    For the release. Nothing for a group that no split of this schedule made.
    """
    edit = schedule.edits.filter(kind=EditKind.SPLIT, series=half.pk).first()
    if edit is None or half.weekday is None or half.start_time is None:
        return []
    series_id = uuid.UUID(edit.before[0]["series"])
    old = [*map(_kept, edit.before), *later_meets(schedule, series_id)]
    return [
        (one.number, DateTimeTZRange(at, at + (one.period.upper - one.period.lower)))
        for one, at in beside(old, weekday=half.weekday, start=half.start_time)
        if at >= after(schedule)
    ]


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
