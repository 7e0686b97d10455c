"""How much of a week a draft has otherwise, for a page that shows no session of it."""

from __future__ import annotations

from collections.abc import Collection

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F

from courses.selectors.week import leader_ids, sessions_dropped, times_and_rooms
from scheduling.models import Schedule, ScheduledLeader
from scheduling.weeks import Week


def changes_in(
    *,
    schedule: Schedule,
    week: Week,
    organisation_ids: Collection[int] | None = None,
) -> int:
    """How many sessions of a week a draft has otherwise than they are published.

    Those that `draft_week` calls changed, told from ids and times alone: nobody's name
    is read, so nothing is logged. Five queries.
    """
    span = DateTimeTZRange(week.start, week.end)
    rows = schedule.sessions.filter(period__overlap=span).order_by()
    if organisation_ids is not None:
        rows = rows.filter(series__offering__organisation__in=organisation_ids)
    times = rows.annotate(begins=F("period__startswith"))
    drafted = {
        key: (begins, room_id)
        for key, begins, room_id in times.values_list("session_id", "begins", "room")
    }
    leaders = ScheduledLeader.objects.filter(session__in=rows)
    led = set(leaders.values_list("session__session_id", "facilitator_id"))
    led_now = {
        (key, leader_id)
        for key, ids in leader_ids(session_ids=drafted).items()
        for leader_id in ids
    }
    others = {key for key, _leader_id in led ^ led_now}
    known = times_and_rooms(session_ids=drafted)
    changed = [
        key
        for key, wanted in drafted.items()
        if key in others or known.get(key) != wanted
    ]
    gone = sessions_dropped(
        start=week.start,
        end=week.end,
        series=schedule.series_rows.values("series_id"),
        kept=schedule.sessions.values("session_id"),
        organisation_ids=organisation_ids,
    )
    return len(changed) + len(gone)
