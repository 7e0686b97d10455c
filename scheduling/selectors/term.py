"""Series over the weeks of a term, published or as a draft has them; no person."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from audit.actor import Actor
from courses.selectors.coordinator import SeatCount, seat_counts
from courses.selectors.term import TermSession, leaders_between, term_sessions
from courses.selectors.week import series_in_short
from people.selectors.leaders import names_at_work
from scheduling.models import Schedule, ScheduledLeader, SeriesPin
from scheduling.weeks import Week

if TYPE_CHECKING:
    from courses.models import Series

WEEKS = 13


@dataclass
class TermSeries:
    """A series with its sessions in the weeks of a term, in order of time.

    ``drafted``: sessions that are as a draft has them.
    """

    series: Series
    seats: int
    pinned: bool
    drafted: frozenset[uuid.UUID] = frozenset()
    sessions: list[TermSession] = field(default_factory=list)

    @property
    def below_minimum(self) -> bool:
        takes = self.series.offering.policy.takes_registrations
        return takes and self.series.largest > 1 and self.seats < self.series.smallest


def term_series(
    *,
    first: Week,
    schedule: Schedule | None,
    organisation_ids: Collection[int] | None = None,
    facilitator_id: int | None = None,
    weeks: int = WEEKS,
) -> list[TermSeries]:
    """What meets more than once in so many weeks; a fixed number of queries.

    Of a draft: what it says of the series and the days it decides on, with what is
    published beside it. ``facilitator_id``: only what that facilitator leads.
    """
    end = first.plus(weeks).start
    found = term_sessions(
        start=first.start,
        end=end,
        organisation_ids=organisation_ids,
        facilitator_id=facilitator_id,
    )
    drafted: frozenset[uuid.UUID] = frozenset()
    if schedule is not None:
        found, drafted = _as_drafted(found, schedule, first.start, end, facilitator_id)
    rows = series_in_short(series_ids={one.series_id for one in found})
    seats = seat_counts(series_ids=rows)
    pinned = set(
        SeriesPin.objects.filter(series__in=rows).values_list("series_id", flat=True)
    )
    by_series: dict[uuid.UUID, TermSeries] = {}
    for one in found:
        row = rows[one.series_id]
        organisation = row.offering.organisation_id
        if organisation_ids is not None and organisation not in organisation_ids:
            continue
        if row.number_of_sessions == 1:
            continue
        count = seats.get(row.pk, SeatCount())
        known = by_series.setdefault(
            row.pk,
            TermSeries(
                row,
                count.sure if schedule is None else count.taken,
                row.pk in pinned,
                drafted,
            ),
        )
        known.sessions.append(one)
    return list(by_series.values())


def _as_drafted(
    published: list[TermSession],
    schedule: Schedule,
    start: datetime,
    end: datetime,
    facilitator_id: int | None,
) -> tuple[list[TermSession], frozenset[uuid.UUID]]:
    """What is published with the draft in its place, and which sessions are of that."""
    decided = set(schedule.series_rows.values_list("series_id", flat=True))
    led = ScheduledLeader.objects.filter(session=OuterRef("pk"))
    rows = (
        schedule.sessions.filter(period__overlap=DateTimeTZRange(start, end))
        .annotate(begins=F("period__startswith"), led=Exists(led))
        .filter(begins__gte=start)
    )
    if facilitator_id is not None:
        rows = rows.filter(Exists(led.filter(facilitator=facilitator_id)))
    by_id = {one.id: one for one in published}
    first = _midnight(schedule.first_date)
    after = _midnight(schedule.last_date + timedelta(days=1))
    kept = [
        one
        for one in published
        if one.series_id not in decided or not first <= one.start < after
    ]
    drafted: dict[uuid.UUID, TermSession] = {}
    for key, series_id, number, begins, room_id, online, is_led in rows.values_list(
        "session_id", "series_id", "number", "begins", "room_id", "online", "led"
    ):
        known = by_id.get(key)
        drafted[key] = TermSession(
            key,
            series_id,
            number,
            begins,
            room_id,
            online,
            cancelled=False,
            moved=known is None or (known.start, known.room_id) != (begins, room_id),
            led=is_led,
        )
    stays = {one.id for one in kept}
    gone = [
        one._replace(cancelled=True)
        for one in published
        if one.id not in stays and one.id not in drafted
    ]
    found = [*kept, *drafted.values(), *gone]
    found.sort(key=attrgetter("start"))  # of one moment in the order they were read
    return found, frozenset(drafted)


def _midnight(day: date) -> datetime:
    """When a day begins on the clock of the region."""
    return timezone.make_aware(datetime.combine(day, time()))


def term_leaders(
    *,
    actor: Actor,
    first: Week,
    schedule: Schedule | None,
    organisation_ids: Collection[int] | None = None,
    weeks: int = WEEKS,
) -> dict[int, str]:
    """Who leads something in so many weeks, published or in a draft, by key.

    Three queries at most, and one log line naming them.
    """
    start, end = first.start, first.plus(weeks).start
    found = leaders_between(start=start, end=end, organisation_ids=organisation_ids)
    if schedule is not None:
        rows = ScheduledLeader.objects.filter(
            session__schedule=schedule,
            session__period__overlap=DateTimeTZRange(start, end),
        )
        if organisation_ids is not None:
            own = list(organisation_ids)
            rows = rows.filter(session__series__offering__organisation__in=own)
        found |= set(rows.values_list("facilitator_id", flat=True).distinct())
    return names_at_work(
        actor=actor,
        facilitator_ids=found,
        code="facilitator.list",
        object_kind="facilitator",
    )


def by_half_day(series: list[TermSeries]) -> dict[tuple[int, int], list[TermSeries]]:
    """Series by weekday (0 is Monday) and part of the day, in order.

    The part is that of the first session that is held: 0 morning, 1 afternoon, 2
    evening.
    """
    found: dict[tuple[int, int], list[TermSeries]] = defaultdict(list)
    for one in series:
        held = [session for session in one.sessions if not session.cancelled]
        start = timezone.localtime((held or one.sessions)[0].start)
        part = 0 if start.hour < 12 else 1 if start.hour < 18 else 2
        found[start.weekday(), part].append(one)
    return {
        key: sorted(
            found[key], key=lambda one: (one.sessions[0].start, one.series.offering.pk)
        )
        for key in sorted(found)
    }
