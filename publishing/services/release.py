"""A release: a draft becomes what everybody sees, in one transaction or not at all.

It locks, judges the draft against the rows of today, writes sessions and seats,
mirrors the calendar, archives what was published before, and leaves messages in the
outbox for those whom it concerns. A rollback is the release of an archived schedule.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audit.actor import Actor
from audit.record import PLANNING, record_event
from courses.enums import RUNNING_STATES, SeriesState
from courses.selectors import has_sessions
from courses.services import (
    DoubleBooking,
    SessionFacts,
    bookings_deferred,
    cancel_series,
    confirm_held_seats,
    lock_series,
    publish_series,
)
from courses.services.transfer import NoSeatLeft
from publishing.changes import Change, Comparison, compare
from publishing.going_back import GoingBack
from publishing.models import Release
from publishing.rhythm import ZONE
from publishing.services.asking import ask_new_leaders
from publishing.services.calendar import mirror_series, unmirrored
from publishing.services.halves import later_facts
from publishing.services.notices import queue_notices
from publishing.services.session_facts import as_it_is, facts_of
from publishing.services.wholes import (
    lock_groups,
    move_people,
    remember,
    standing_before,
    stop_groups,
    take_groups_online,
)
from scheduling.enums import ScheduleState
from scheduling.messages import RULES
from scheduling.selectors import plan_being_made
from scheduling.services.all_dates import breaks_later
from scheduling.services.drafts import (
    NEVER_ACCEPTED,
    about_rows,
    accept_violations,
    breach_key,
    give_up_seats,
    held_seats,
    judge_schedule,
    lock_schedule,
    mark_published,
    not_accepted,
    transfers_of,
)
from scheduling.services.edits import edits_since
from scheduling.services.meanwhile import changed_in_draft
from scheduling.services.new_groups import UNDONE, drop_halves
from scheduling.services.passes import count_passes
from scheduling.services.seats_elsewhere import seats_elsewhere
from scheduling.services.shown import version_in
from scheduling.solver.problem import InvalidProblem

if TYPE_CHECKING:
    from uuid import UUID

    from courses.models import Series
    from people.models import User
    from scheduling.models import (
        Schedule,
        ScheduledSeries,
        ScheduleEdit,
    )


NOTHING_BACK = GoingBack()


@dataclass(frozen=True, kw_only=True)
class Breach:
    """A broken rule that stands in the way; ``about`` pairs kinds and keys of rows."""

    rule: str
    about: tuple[tuple[str, str], ...]
    slot: int | None = None
    facts: tuple[tuple[str, int], ...] = ()

    @property
    def key(self) -> str:
        """Its name in a form: who accepts it sends it back."""
        return breach_key(self.rule, self.about, self.slot, self.facts)

    @property
    def never(self) -> bool:
        """A double use or a faulty fact, which nobody can accept."""
        return self.rule in NEVER_ACCEPTED or self.rule not in RULES


@dataclass(frozen=True, kw_only=True)
class ReleasePreview:
    """What a release would do, and what stands in its way.

    ``changed_meanwhile``: keys of series that changed after the draft was made;
    ``run``: number of the run that makes a plan of this period now; ``mark``: what was
    looked at, in one word, to be given back to ``release``: the version of a draft, or
    a digest of what going back changes; ``back``: what it restores of whole groups, and
    what of them does not come back.
    """

    changes: tuple[Change, ...]
    breaches: tuple[Breach, ...]
    changed_meanwhile: tuple[str, ...]
    run: int | None = None
    mark: str = ""
    back: GoingBack = NOTHING_BACK

    @property
    def can_be_released(self) -> bool:
        return not (self.breaches or self.changed_meanwhile or self.run)

    @property
    def can_be_accepted(self) -> bool:
        """Whether rules alone stand in the way, and each can be accepted by name."""
        if self.changed_meanwhile or self.run or not self.breaches:
            return False
        return not any(one.never for one in self.breaches)


class ReleaseRefused(Exception):
    """A release that may not be; ``why`` is a word, the rest says what is concerned.

    ``state``: it is published, or was dropped; ``stale``: it is not what was looked at
    any more, by the changes in ``edits``; ``changed``: series changed meanwhile;
    ``breaches``: rules are broken; ``run``: a plan of this period is being made;
    ``double``: the database refused a double use.
    """

    def __init__(
        self,
        why: str,
        preview: ReleasePreview | None = None,
        constraint: str = "",
        edits: Sequence[ScheduleEdit] = (),
    ) -> None:
        super().__init__(why)
        self.why, self.preview, self.constraint = why, preview, constraint
        self.edits = tuple(edits)


def preview(*, actor: Actor, schedule: Schedule) -> ReleasePreview:
    """What releasing this schedule would change, and what stands in the way."""
    return _preview(actor, schedule, compare(actor=actor, schedule=schedule))


def _preview(
    actor: Actor, schedule: Schedule, comparison: Comparison
) -> ReleasePreview:
    return ReleasePreview(
        changes=comparison.changes,
        breaches=_breaches(actor, schedule, comparison.back),
        changed_meanwhile=_changed_meanwhile(schedule),
        run=plan_being_made(kind=schedule.kind, first_date=schedule.first_date),
        mark=_mark(schedule, comparison),
        back=comparison.back,
    )


def _mark(schedule: Schedule, comparison: Comparison) -> str:
    if schedule.state == ScheduleState.DRAFT:
        return str(schedule.version)
    changes = comparison.changes
    told = sorted(json.dumps(one.as_json(), sort_keys=True) for one in changes)
    told += comparison.back.not_restored()
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:32]


def _must_be_as_looked_at(
    schedule: Schedule, seen: ReleasePreview, looked_at: str | None
) -> None:
    """``None`` stands for a release by who looks at nothing, such as a command."""
    if looked_at is None or looked_at == seen.mark:
        return
    edits: list[ScheduleEdit] = []
    if schedule.state == ScheduleState.DRAFT:
        edits = edits_since(schedule=schedule, version=version_in(looked_at))
    raise ReleaseRefused("stale", seen, edits=edits)


def _breaches(actor: Actor, schedule: Schedule, back: GoingBack) -> tuple[Breach, ...]:
    """Rules the schedule breaks today; where the facts are faulty, their faults."""
    try:
        found = [judge_schedule(actor=actor, schedule=schedule, instead=back.instead)]
        if schedule.state == ScheduleState.DRAFT:
            found.append(breaks_later(actor=actor, schedule=schedule))
            found.append(seats_elsewhere(schedule=schedule))
    except InvalidProblem as error:
        return tuple(Breach(rule=str(fault), about=()) for fault in error.faults)
    return tuple(
        Breach(
            rule=one.rule,
            about=tuple((kind, key) for kind, key in about_rows(one, judged.rows)),
            slot=one.slot,
            facts=one.facts,
        )
        for judged in found
        for one in not_accepted(schedule=schedule, judged=judged)
    )


def _changed_meanwhile(schedule: Schedule) -> tuple[str, ...]:
    """Series that changed since the draft saw them; a rollback goes back knowingly.

    A session that was moved or cancelled by hand counts as a change of its series; what
    has begun, and stays as it was, does not.
    """
    if schedule.state == ScheduleState.ARCHIVED:
        return ()
    return tuple(map(str, changed_in_draft(schedule=schedule)))


def release(
    *,
    actor: Actor,
    user: User | None,
    schedule: Schedule,
    accept: Collection[str] = (),
    looked_at: str | None = None,
) -> Release:
    """Publish a draft, or go back to an archived schedule.

    ``accept``: keys of the breaches that ``user`` accepts by name; it is kept who did.
    ``looked_at``: ``mark`` of the preview that was shown before; what differs from it
    is not published. Raises ``ReleaseRefused``, and then nothing has changed.
    """
    try:
        with bookings_deferred():
            return _release(actor, user, schedule, accept, looked_at)
    except DoubleBooking as error:
        raise ReleaseRefused("double", constraint=error.constraint) from error


def _release(
    actor: Actor,
    user: User | None,
    schedule: Schedule,
    accept: Collection[str],
    looked_at: str | None,
) -> Release:
    locked = lock_schedule(schedule=schedule)
    if locked is None or locked.state == ScheduleState.PUBLISHED:
        raise ReleaseRefused("state")
    schedule = locked
    decided = list(schedule.series_rows.all())
    rows = lock_groups(schedule, {row.series_id for row in decided})
    comparison = compare(actor=actor, schedule=schedule)
    seen = _preview(actor, schedule, comparison)
    _must_be_as_looked_at(schedule, seen, looked_at)
    if seen.run:
        raise ReleaseRefused("run", seen)
    if seen.changed_meanwhile:
        raise ReleaseRefused("changed", seen)
    if any(user is None or one.never or one.key not in accept for one in seen.breaches):
        raise ReleaseRefused("breaches", seen)
    if seen.breaches and user is not None:
        accept_violations(schedule=schedule, user=user, violations=seen.breaches)
    before = standing_before(comparison)
    _move_people(actor, schedule, seen, comparison)
    lost = held_seats(schedule=schedule, series_ids=comparison.given_up)
    stop_groups(actor, rows, comparison.stops)
    rows = {row.pk: row for row in lock_series(ids=rows)}  # as they are by now
    later = later_facts(schedule, [rows[one.series_id] for one in decided])
    for one in decided:
        series = rows[one.series_id]
        if one.series_id in comparison.stops | comparison.back.stopped:
            continue
        if one.series_id in comparison.changed_series or _module_changes(one, series):
            _publish(actor, schedule, one, series, comparison, later)
    online = comparison.online - comparison.stops
    take_groups_online(actor, rows, online, after=comparison.ahead.within.lower)
    give_up_seats(actor=actor, schedule=schedule, seats=lost)
    if schedule.state == ScheduleState.DRAFT:  # what others hold is another draft's
        confirm_held_seats(
            pairs=list(schedule.seats.values_list("registration_id", "series_id")),
            actor=actor,
        )
    mirror_series(series_ids=comparison.changed_series | unmirrored())
    former = mark_published(schedule=schedule, user=user)
    drop_halves(actor=actor, schedule=schedule, states=UNDONE)
    count_passes(schedule=schedule)
    done = Release.objects.create(
        schedule=schedule,
        former=former,
        released_by=user,
        changes=[change.as_json() for change in comparison.changes],
    )
    remember(release=done, before=before, back=comparison.back)
    queue_notices(actor=actor, release=done, changes=comparison.changes)
    ask_new_leaders(
        actor=actor, series_ids=comparison.changed_series, release=str(done.pk)
    )
    record_event(
        actor=actor,
        code="schedule.release",
        action="U",
        purpose=PLANNING,
        object_kind="schedule",
        object_id=schedule.pk,
    )
    return done


def _move_people(
    actor: Actor, schedule: Schedule, seen: ReleasePreview, comparison: Comparison
) -> None:
    """Let people go to their other group, before its free seats are offered on; where
    too few are left, or it is not held, nothing is released."""
    moves = transfers_of(schedule) if schedule.state == ScheduleState.DRAFT else {}
    if lost := sorted(map(str, comparison.given_up.intersection(moves.values()))):
        raise ReleaseRefused("changed", replace(seen, changed_meanwhile=tuple(lost)))
    try:
        move_people(actor, moves, comparison.back)
    except NoSeatLeft as full:
        changed = replace(seen, changed_meanwhile=(str(full.series_id),))
        raise ReleaseRefused("changed", changed) from full


def _module_changes(decided: ScheduledSeries, series: Series) -> bool:
    """Whether something without sessions begins, or gets other coaches."""
    if not decided.held or not series.offering.policy.self_paced:
        return False
    if series.state not in RUNNING_STATES:
        return True
    return {*decided.coaches} != {*series.leaders.values_list("pk", flat=True)}


def _publish(
    actor: Actor,
    schedule: Schedule,
    decided: ScheduledSeries,
    series: Series,
    comparison: Comparison,
    later: Mapping[UUID, Sequence[SessionFacts]],
) -> None:
    """Write one series; a running one keeps its own rhythm, room and leaders.

    A running one that is left without any session is cancelled: who had a seat in it
    waits again, with the old date. A new one without any session (a module has none) is
    not published.
    """
    sessions = comparison.planned.get(series.pk, ())
    running = series.state in RUNNING_STATES
    if not running and (not decided.held or series.pk in comparison.given_up):
        return
    facts = [facts_of(session) for session in sessions]
    facts += [as_it_is(one) for one in comparison.ahead.stay.get(series.pk, ())]
    facts += later.get(series.pk, ())
    if running or series.state == SeriesState.PROPOSED or not sessions:
        leaders = [*series.leaders.values_list("pk", flat=True)]
        changes = publish_series(
            series=series,
            actor=actor,
            weekday=series.weekday,
            start_time=series.start_time,
            first_date=series.first_date or schedule.first_date,
            room_id=series.room_id,
            leader_ids=decided.coaches or leaders,
            sessions=facts,
            within=comparison.ahead.within,
        )
        if changes.cancelled and not has_sessions(series_id=series.pk):
            cancel_series(series=series, actor=actor)
        return
    first = min(sessions, key=lambda session: session.period.lower)
    start = first.period.lower.astimezone(ZONE)
    publish_series(
        series=series,
        actor=actor,
        weekday=start.isoweekday(),
        start_time=start.time(),
        first_date=start.date(),
        room_id=first.room_id,
        leader_ids=facts_of(first).leader_ids,
        sessions=facts,
        within=comparison.ahead.within,
    )
