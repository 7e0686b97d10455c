"""Groups that changed after a plan or a draft was made, as far as it is about them.

Everybody has one agenda: what changed in it since is not undone unseen. But what has
begun stays as it was, whatever a draft says (`publishing.begun`): every conversation is
closed in the night after it, and that changes nothing for a plan of its week.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from courses.enums import RUNNING_STATES, SeriesState
from courses.selectors.agenda import (
    agenda_changed_at,
    last_starts,
    sessions_changed_at,
)
from scheduling.models import PlanningRun, Schedule
from scheduling.services import clock
from scheduling.solver.horizon import Horizon

Span = tuple[datetime, datetime]
"""The moments at which a period begins and is over."""
TO_PLAN = (SeriesState.PLANNED, SeriesState.PROPOSED)


def changed_in_draft(*, schedule: Schedule) -> list[UUID]:
    """Groups that a draft decides on and that changed since it saw them, in order; four
    queries at most."""
    seen = dict(schedule.series_rows.values_list("series_id", "seen_at"))
    drafted = list(schedule.sessions.values_list("series_id", "session_id", "period"))
    span = start, end = span_of_period(schedule)
    there = agenda_changed_at(
        series_ids=seen,
        start=start,
        end=end,
        session_ids=[session for _key, session, _at in drafted],
    )
    changed = [key for key, moment in seen.items() if there[key] > moment]
    if not changed:
        return []
    now = clock.now()
    coming = {key for key, _session, at in drafted if at.lower > now}
    known = {session for key, session, _at in drafted if key in changed}
    over = _over(changed, known, span)
    return sorted(key for key in changed if key in coming or key not in over)


def changed_in_run(*, run: PlanningRun) -> list[UUID]:
    """Groups of a finished run that are gone, began to run, or of which a session
    changed since their facts were read; two queries at most.

    Groups that do not meet in its period are not among its facts. What else changed of
    a group (how many may join, when it could be) is judged when a draft is made of it.
    """
    names = run.rows.get("series", {})
    planned = {*names.values()}
    seen = {
        UUID(key): datetime.fromisoformat(moment)
        for key, moment in run.rows.get("seen", {}).items()
        if key in planned
    }
    met: dict[UUID, set[UUID]] = {}
    for ident, sessions in run.rows.get("sessions", {}).items():
        met.setdefault(UUID(names[ident]), set()).update(map(UUID, sessions))
    span = start, end = span_of_period(run)
    there = sessions_changed_at(
        series_ids=seen, start=start, end=end, session_ids=_all(met.values())
    )
    changed = []
    for key, moment in seen.items():
        state, at = there.get(key, ("", None))
        as_it_was = state in (RUNNING_STATES if key in met else TO_PLAN)
        if not as_it_was or (at is not None and at > moment):
            changed.append(key)
    # What the plan makes new is still to come, whatever is in the agenda of it by now.
    known = {key: met[key] for key in changed if met.get(key)}
    over = _over(known, _all(known.values()), span) if known else set()
    return [key for key in changed if key not in over]


def span_of_period(of: PlanningRun | Schedule) -> Span:
    """When the period of a run or schedule begins and is over."""
    horizon = Horizon(of.first_date, (of.last_date - of.first_date).days + 1)
    return horizon.moment(0), horizon.moment(horizon.slot_count)


def _all(found: Iterable[set[UUID]]) -> set[UUID]:
    return {key for keys in found for key in keys}


def _over(
    series: Collection[UUID], sessions: Collection[UUID], span: Span
) -> set[UUID]:
    """Groups of which these sessions, and all others in the period, have begun."""
    now = clock.now()
    start, end = span
    last = last_starts(series_ids=series, session_ids=sessions, start=start, end=end)
    return {key for key, moment in last.items() if moment <= now}
