"""A draft whose groups changed in the agenda, looked at again instead of made anew.

What others changed since is taken over, what was changed by hand in the draft stays,
and taking that back leads to what is in the agenda now. Then nobody's work is lost, and
the draft is judged and compared as it is by now.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from audit.actor import Actor
from audit.record import PLANNING, record_event
from courses.enums import RUNNING_STATES, SeriesState
from courses.selectors.agenda import agenda_changed_at
from courses.selectors.coordinator import series_with_offering, sessions_by_id
from courses.selectors.planning import planning_sessions
from courses.services import drop_held_seats
from scheduling.models import EditState, LeftOut, Schedule, ScheduledSeries
from scheduling.services.draft_locks import lock_held
from scheduling.services.drafts import (
    about_rows,
    give_up_seats,
    judge_schedule,
    transfers_of,
)
from scheduling.services.edits import locked_draft, states_of, write_sessions
from scheduling.services.meanwhile import changed_in_draft, span_of_period
from scheduling.services.new_groups import drop_halves
from scheduling.services.seats_elsewhere import seats_elsewhere

if TYPE_CHECKING:
    from courses.models import Series, Session
    from scheduling.models import ScheduledSeat, ScheduleEdit

TO_PLAN = (SeriesState.PLANNED, SeriesState.PROPOSED)
GONE = (SeriesState.CANCELLED, SeriesState.FINISHED)
State = dict[str, Any]
"""A session as a change keeps it (`services.edits.states_of`)."""


@dataclass(frozen=True, kw_only=True)
class LookedAgain:
    """What became of it, by keys of groups.

    ``kept``: others changed them too, and they stay as they were changed by hand;
    ``decided``: they are gone or were changed, and the draft decides on them as a
    whole: that has to be taken back first; ``seats``: how many were given back, because
    who was to have one is elsewhere by now.
    """

    kept: frozenset[UUID] = frozenset()
    decided: frozenset[UUID] = frozenset()
    seats: int = 0


@transaction.atomic
def look_again(*, actor: Actor, schedule: Schedule, version: int) -> LookedAgain:
    """Take over in a draft what changed of its groups since it saw them.

    Of a session that others changed, the draft has what is in the agenda now, unless it
    was changed by hand in the draft as well. A group that is gone is not held. Raises
    ``StaleDraft`` and ``ValidationError`` as ``edits.locked_draft``.
    """
    schedule = locked_draft(schedule, version)
    lock_held([schedule], halves=[EditState.UNDONE])
    changed = changed_in_draft(schedule=schedule)
    groups = series_with_offering(series_ids=changed)
    decided = _decided_on(schedule, groups)
    drop_halves(actor=actor, schedule=schedule, states=[EditState.UNDONE])
    schedule.edits.filter(state=EditState.UNDONE).update(state=EditState.DISCARDED)
    renewed = {key: row for key, row in groups.items() if key not in decided}
    kept = _taken_over(actor, schedule, renewed)
    _seen_now(schedule, renewed)
    schedule.version += 1
    schedule.save(update_fields=["version"])
    record_event(
        actor=actor,
        code="schedule.look_again",
        action="U",
        purpose=PLANNING,
        object_kind="schedule",
        object_id=schedule.pk,
    )
    seats = _give_back(actor, schedule) if not decided else 0
    return LookedAgain(kept=frozenset(kept), decided=frozenset(decided), seats=seats)


def _decided_on(schedule: Schedule, groups: Mapping[UUID, Series]) -> set[UUID]:
    """Groups that are gone, or of which others changed a session, though the draft does
    something with them as a whole or lets people go there."""
    seen = dict(schedule.series_rows.values_list("series_id", "seen_at"))
    whole = schedule.edits.filter(state=EditState.DONE, series__isnull=False)
    states = [one for edit in whole for one in edit.before]
    changed = {
        one.series_id
        for one in sessions_by_id(session_ids=[one["session"] for one in states])
        if one.series_id in seen and one.last_modified > seen[one.series_id]
    }
    concerned = {
        *(edit.series_id for edit in whole),
        *(UUID(one["series"]) for one in states),
        *transfers_of(schedule).values(),
    }
    return {
        key
        for key, row in groups.items()
        if key in concerned and (row.state in GONE or key in changed)
    }


def _taken_over(
    actor: Actor, schedule: Schedule, groups: Mapping[UUID, Series]
) -> set[UUID]:
    """Write the sessions of these groups as they are now; where that was not done."""
    seen = dict(schedule.series_rows.values_list("series_id", "seen_at"))
    edits = list(schedule.edits.filter(state=EditState.DONE).order_by("number"))
    by_hand = {one["session"] for edit in edits for one in (*edit.before, *edit.after)}
    start, end = span_of_period(schedule)
    drafted = states_of(
        schedule,
        schedule.sessions.filter(series__in=groups).values_list(
            "session_id", flat=True
        ),
    )
    there = {
        str(one.pk): one
        for one in sessions_by_id(session_ids=[one["session"] for one in drafted])
    }
    coming = {
        str(one.pk): one
        for one in planning_sessions(start=start, end=end)
        if one.series_id in groups and one.period.lower >= start
    }
    after: dict[str, State | None] = {}
    kept: dict[str, State] = {}
    for state in drafted:
        key, series = state["session"], groups[UUID(state["series"])]
        session = there.get(key)
        if session is None:
            if series.state not in TO_PLAN:
                after[key] = None
        elif session.last_modified <= seen[series.pk]:
            continue
        elif key not in coming:
            after[key] = None
        elif key in by_hand and series.state in RUNNING_STATES:
            kept[key] = _state_of(session)
        else:
            after[key] = _state_of(session)
    known = {one["session"] for one in drafted}
    for key, session in coming.items():
        if key in known or session.last_modified <= seen[session.series_id]:
            continue
        if key in by_hand:
            kept[key] = _state_of(session)
        else:
            after[key] = _state_of(session)
    _write(actor, schedule, after, groups)
    gone = {key for key, state in after.items() if state is None}
    _rewrite(edits, gone, kept)
    return {UUID(one["series"]) for one in kept.values()}


def _state_of(session: Session) -> State:
    """A published session as a change keeps it."""
    return {
        "session": str(session.pk),
        "series": str(session.series_id),
        "number": session.number,
        "start": session.period.lower.isoformat(),
        "end": session.period.upper.isoformat(),
        "room": session.room_id,
        "online": session.online,
        "leaders": sorted(one.facilitator_id for one in session.session_leaders.all()),
    }


def _write(
    actor: Actor,
    schedule: Schedule,
    after: Mapping[str, State | None],
    groups: Mapping[UUID, Series],
) -> None:
    """The sessions as they are now; a group that is cancelled is not held, and seats
    nobody."""
    states = [state for state in after.values() if state is not None]
    write_sessions(schedule, map(UUID, after), states)
    gone = {key for key, row in groups.items() if row.state == SeriesState.CANCELLED}
    held = {UUID(state["series"]) for state in states} - gone
    schedule.series_rows.filter(series__in=held).update(held=True)
    schedule.series_rows.filter(series__in=gone).update(held=False)
    seats = list(schedule.seats.filter(series__in=gone).order_by("pk"))
    give_up_seats(actor=actor, schedule=schedule, seats=seats)


def _rewrite(
    edits: Sequence[ScheduleEdit], gone: Collection[str], kept: Mapping[str, State]
) -> None:
    """Taking a change back brings nothing back that is gone, and leads to what others
    made of it since."""
    first = dict(kept)
    for edit in edits:
        before = [
            first.pop(one["session"], one)
            for one in edit.before
            if one["session"] not in gone
        ]
        after = [one for one in edit.after if one["session"] not in gone]
        if (before, after) == (edit.before, edit.after):
            continue
        edit.before, edit.after = before, after
        if not before and not after and edit.series_id is None:
            edit.state = EditState.DISCARDED
        edit.save(update_fields=["before", "after", "state"])


def _seen_now(schedule: Schedule, groups: Collection[UUID]) -> None:
    """From now on these groups are as the draft saw them."""
    start, end = span_of_period(schedule)
    sessions = schedule.sessions.values_list("session_id", flat=True)
    found = agenda_changed_at(
        series_ids=groups, start=start, end=end, session_ids=sessions
    )
    rows = list(schedule.series_rows.filter(series__in=groups))
    for row in rows:
        row.seen_at = found[row.series_id]
    ScheduledSeries.objects.bulk_update(rows, ["seen_at"])


def _give_back(actor: Actor, schedule: Schedule) -> int:
    """Give back the seats of who would be at two places at once; how many.

    Somebody who got a seat elsewhere meanwhile waits on, and is named with the rule.
    """
    clashes: set[tuple[str, str]] = set()
    for judged in (
        judge_schedule(actor=actor, schedule=schedule),
        seats_elsewhere(schedule=schedule),
    ):
        for one in judged.violations:
            if one.rule != "resident-conflict":
                continue
            about = about_rows(one, judged.rows)
            persons = [key for kind, key in about if kind == "person"]
            series = [key for kind, key in about if kind == "series"]
            clashes |= {(who, group) for who in persons for group in series}
    held = schedule.seats.filter(enrolment__state="held_by_draft")
    seats: list[ScheduledSeat] = [
        seat
        for seat in held.select_related("registration__resident").order_by("pk")
        if (str(seat.registration.resident.person_id), str(seat.series_id)) in clashes
    ]
    if not seats:
        return 0
    pairs = [(seat.registration_id, seat.series_id) for seat in seats]
    drop_held_seats(pairs=pairs, actor=actor)
    LeftOut.objects.bulk_create(
        LeftOut(
            schedule=schedule,
            registration_id=registration,
            reasons=[
                {
                    "series": str(series),
                    "rules": ["resident-conflict"],
                    "verified": "by_facts",
                }
            ],
        )
        for registration, series in pairs
    )
    schedule.seats.filter(pk__in=[seat.pk for seat in seats]).delete()
    if schedule.figures:
        seated = schedule.figures["seated"] - len(seats)
        schedule.figures = {**schedule.figures, "seated": seated}
        schedule.save(update_fields=["figures"])
    return len(seats)
