"""Drafts: dropped with their seats, and judged as the rows stand today."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from audit.actor import Actor
from audit.record import PLANNING, record_event
from courses.services import drop_held_seats
from scheduling.adapters.load_problem import Loaded, load_problem
from scheduling.adapters.read import Supposed
from scheduling.adapters.series import Meets
from scheduling.messages import LENT, TAKEN_OUT
from scheduling.models import (
    AcceptedViolation,
    EditState,
    LeftOut,
    Schedule,
    ScheduledSeat,
    ScheduleEdit,
    ScheduleState,
    ScheduleTransfer,
)
from scheduling.selectors import accepted_in
from scheduling.services.draft_locks import lock_held
from scheduling.services.instead import AS_IT_IS, Instead
from scheduling.services.lent import put_in_lent_rooms
from scheduling.services.new_groups import drop_halves
from scheduling.services.past import gone_by
from scheduling.solver import verify
from scheduling.solver.plan import Meeting, Placement, Plan, Violation
from scheduling.solver.problem import PlanningProblem

if TYPE_CHECKING:
    from people.models import User
    from scheduling.adapters.store_plan import Pair
    from scheduling.models import ScheduledSession

NEVER_ACCEPTED = frozenset(
    {"room-conflict", "facilitator-conflict", "resident-conflict", LENT}
)
GONE = "gone-"
"""Before the key of what the problem does not know any more."""


@dataclass(frozen=True)
class Judged:
    """The violations of a draft, each with what its ids stand for.

    ``rows`` maps ids to keys of rows, by kind, as in a run.
    """

    violations: tuple[Violation, ...]
    rows: dict[str, Any]


@transaction.atomic
def drop_drafts(
    *, actor: Actor, kind: str, first_date: date, then: Sequence[Pair] | None = None
) -> int:
    """Drop the drafts of a period and let their seats go; how many there were.

    The seats are offered to who waits, unless a new plan gives these out at once
    (``then``: registrations and series, to be held in the same transaction).
    """
    found = Schedule.objects.select_for_update().filter(
        kind=kind, first_date=first_date, state=ScheduleState.DRAFT
    )
    drafts, offered = list(found.order_by("pk")), then is None
    if drafts:
        lock_held(drafts, then=then or (), offered=offered)
    for draft in drafts:
        pairs = list(draft.seats.values_list("registration_id", "series_id"))
        drop_held_seats(pairs=pairs, actor=actor, offered=offered)
        record_event(
            actor=actor,
            code="schedule.drop",
            action="D",
            purpose=PLANNING,
            object_kind="schedule",
            object_id=draft.pk,
        )
        drop_halves(actor=actor, schedule=draft)
        draft.delete()
    return len(drafts)


def held_seats(
    *, schedule: Schedule, series_ids: Collection[uuid.UUID]
) -> list[ScheduledSeat]:
    """The seats in these series that are still held by a draft; one query."""
    found = schedule.seats.filter(
        series__in=series_ids, enrolment__state="held_by_draft"
    )
    return list(found.order_by("pk"))


@transaction.atomic
def give_up_seats(
    *, actor: Actor, schedule: Schedule, seats: Sequence[ScheduledSeat]
) -> None:
    """Take seats of a schedule back: what they are in is not held after all.

    Who would have come waits on, with the old date, and counts as left out by this
    schedule; nobody was told of the seat yet. What came free is offered on.
    """
    if not seats:
        return
    pairs = [(seat.registration_id, seat.series_id) for seat in seats]
    drop_held_seats(pairs=pairs, actor=actor)
    LeftOut.objects.bulk_create(
        LeftOut(
            schedule=schedule,
            registration_id=registration,
            reasons=[{"series": str(series), "rules": [TAKEN_OUT], "verified": ""}],
        )
        for registration, series in pairs
    )
    series_ids = {series for _registration, series in pairs}
    schedule.series_rows.filter(series__in=series_ids).update(held=False)
    schedule.seats.filter(pk__in=[seat.pk for seat in seats]).delete()
    if schedule.figures:
        seated = schedule.figures["seated"] - len(seats)
        schedule.figures = {**schedule.figures, "seated": seated}
        schedule.save(update_fields=["figures"])


def seats_of_drafts(*, kind: str, first_date: date) -> frozenset[int]:
    """Keys of the enrolments that the draft of a period holds; one query."""
    held = ScheduledSeat.objects.filter(
        schedule__kind=kind,
        schedule__first_date=first_date,
        schedule__state=ScheduleState.DRAFT,
        enrolment__isnull=False,
    )
    return frozenset(held.values_list("enrolment_id", flat=True))


def touched_since(*, kind: str, first_date: date, moment: datetime) -> bool:
    """Whether the draft of a period was made, or changed by hand, after a moment.

    Locks the draft until the transaction ends, as a change by hand does.
    """
    drafts = Schedule.objects.select_for_update().filter(
        kind=kind, first_date=first_date, state=ScheduleState.DRAFT
    )
    keys = [draft.pk for draft in drafts]
    later = Q(made_at__gt=moment) | Q(changed_at__gt=moment)
    return (
        Schedule.objects.filter(pk__in=keys, made_at__gt=moment).exists()
        or ScheduleEdit.objects.filter(later, schedule__in=keys).exists()
    )


def judge_schedule(
    *, actor: Actor, schedule: Schedule, instead: Instead = AS_IT_IS
) -> Judged:
    """Judge a draft (or an archived schedule) against the rows of today.

    Everything the schedule decides on is free to be as it says: a running group whose
    meetings differ is judged meeting by meeting, a new one must keep its rhythm. The
    seats it holds count as members, and so does what going back would bring
    (``instead``). A double use of a room, a leader or a person is a violation no
    coordinator can accept, nor is a session in the past (``gone_by``) or one that is
    put in a room that others booked (``lent``).
    """
    draft = schedule.state == ScheduleState.DRAFT
    decided = list(schedule.series_rows.values_list("series_id", flat=True))
    loaded = load_problem(
        actor=actor,
        kind=schedule.kind,
        first_date=schedule.first_date,
        last_date=schedule.last_date,
        free_series=decided,
        as_drafted={
            **dict.fromkeys([*decided, *instead.stopped], ()),
            **drafted_meets(schedule),
        },
        as_agreed=schedule.state == ScheduleState.ARCHIVED,
        transfers=transfers_of(schedule) if draft else {},
        supposed=Supposed(instead.revived, instead.seats),
        without_seats=instead.left,
    )
    plan = plan_of(schedule, loaded)
    broken = verify.violations(loaded.problem, plan)
    found = put_in_lent_rooms(schedule=schedule, violations=broken, loaded=loaded)
    return Judged((*found, *gone_by(schedule=schedule)), loaded.rows)


def transfers_of(schedule: Schedule) -> dict[int, uuid.UUID]:
    """Where people go to by the changes that stand: series by enrolment; one query."""
    found = ScheduleTransfer.objects.filter(
        edit__schedule=schedule, edit__state=EditState.DONE
    ).order_by("edit__number", "pk")
    return dict(found.values_list("enrolment_id", "series_id"))


def drafted_meets(schedule: Schedule) -> dict[Any, list[Meets]]:
    """The sessions of a draft by series, as the loader takes them; two queries."""
    found: dict[Any, list[Meets]] = defaultdict(list)
    for one in schedule.sessions.prefetch_related("leader_rows"):
        leaders = tuple(row.facilitator_id for row in one.leader_rows.all())
        found[one.series_id].append(
            Meets(str(one.session_id), one.number, one.period, one.room_id, leaders)
        )
    return found


def plan_of(schedule: Schedule, loaded: Loaded) -> Plan:
    """The schedule's placements in the ids of a problem loaded now.

    A series that is not in the problem (any more) is left out: it has no facts to be
    judged by, and the release names it as changed. What the schedule does not decide on
    (published after it was made) stays as it is published.
    """
    problem, rows = loaded.problem, loaded.rows
    part_of = {
        session: ident for ident, keys in rows["sessions"].items() for session in keys
    }
    main_of: dict[str, str] = {}
    for ident, key in rows["series"].items():
        if ident in problem.series_by_id:
            main_of.setdefault(key, ident)
    rooms = {key: ident for ident, key in rows["rooms"].items()}
    leads = {key: ident for ident, key in rows["facilitators"].items()}
    meetings: dict[str, list[Meeting]] = defaultdict(list)
    for session in schedule.sessions.prefetch_related("leader_rows"):
        ident = part_of.get(str(session.session_id)) or main_of.get(
            str(session.series_id)
        )
        if ident is not None:
            meetings[ident].append(_meeting(problem, session, rooms, leads))
    placements = [
        Placement(ident, tuple(sorted(found))) for ident, found in meetings.items()
    ]
    decided = {str(row.series_id): row for row in schedule.series_rows.all()}
    placements += [
        one
        for one in problem.published.placements
        if rows["series"][one.series_id] not in decided
        and one.series_id not in meetings
    ]
    for row in decided.values():
        found_id = main_of.get(str(row.series_id)) if row.held else None
        if found_id and problem.series_by_id[found_id].is_self_paced:
            coaches = tuple(sorted(leads[str(pk)] for pk in row.coaches))
            placements.append(Placement(found_id, (), coaches))
    return Plan(problem.id, tuple(placements))


def _meeting(
    problem: PlanningProblem,
    session: ScheduledSession,
    rooms: dict[str, str],
    leads: dict[str, str],
) -> Meeting:
    """A session as a meeting; what is no longer in use gets an id nobody knows."""
    room_id = None
    if session.room_id is not None:
        room_id = rooms.get(str(session.room_id), f"{GONE}{session.room_id}")
    return Meeting(
        problem.horizon.slot_of(session.period.lower),
        room_id,
        tuple(
            sorted(
                leads.get(str(row.facilitator_id), f"{GONE}{row.facilitator_id}")
                for row in session.leader_rows.all()
            )
        ),
    )


def lock_schedule(*, schedule: Schedule) -> Schedule | None:
    """The schedule as it is now, locked with all of its period until the transaction
    ends, so that of two releases one waits for the other. ``None`` when it was dropped.
    """
    same = Schedule.objects.select_for_update().filter(
        kind=schedule.kind, first_date=schedule.first_date
    )
    return {one.pk: one for one in same.order_by("pk")}.get(schedule.pk)


def mark_published(*, schedule: Schedule, user: User | None) -> Schedule | None:
    """Make a schedule the published one of its period; the one before it, archived."""
    former = (
        Schedule.objects.select_for_update()
        .filter(
            kind=schedule.kind,
            first_date=schedule.first_date,
            state=ScheduleState.PUBLISHED,
        )
        .first()
    )
    if former is not None:
        former.state = ScheduleState.ARCHIVED
        former.save(update_fields=["state"])
    schedule.state = ScheduleState.PUBLISHED
    schedule.published_by = user
    schedule.published_at = timezone.now()
    schedule.save(update_fields=["state", "published_by", "published_at"])
    return former


def not_accepted(*, schedule: Schedule, judged: Judged) -> tuple[Violation, ...]:
    """Violations that stand in the way of a release.

    A double use of a room, a leader or a person is never accepted.
    """
    accepted = {
        breach_key(row.rule, row.about, row.slot, row.facts)
        for row in accepted_in(schedule)
    }
    return tuple(
        one
        for one in judged.violations
        if one.rule in NEVER_ACCEPTED
        or breach_key(one.rule, about_rows(one, judged.rows), one.slot, one.facts)
        not in accepted
    )


def about_rows(violation: Violation, rows: dict[str, Any]) -> list[list[str]]:
    """What a violation is about, as kinds and keys of rows instead of ids of a run."""
    tables = {
        "series": "series",
        "room": "rooms",
        "facilitator": "facilitators",
        "person": "persons",
        "registration": "registrations",
    }
    return [
        [kind, rows.get(tables.get(kind, ""), {}).get(ident, ident.removeprefix(GONE))]
        for kind, ident in violation.about
    ]


def breach_key(
    rule: str,
    about: Iterable[Sequence[str]],
    slot: int | None = None,
    facts: Iterable[tuple[str, int]] = (),
) -> str:
    """A breach as one text, the same whatever the order it is told in.

    At another time, or with other numbers, it is another breach.
    """
    things = sorted(f"{kind}={key}" for kind, key in about)
    at = () if slot is None else (f"@{slot}",)
    numbers = sorted(f"#{name}={number}" for name, number in facts)
    return ";".join((rule, *things, *at, *numbers))


class Told(Protocol):
    """A breach as it was shown: what is accepted of it, and no more."""

    @property
    def rule(self) -> str: ...
    @property
    def about(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def slot(self) -> int | None: ...
    @property
    def facts(self) -> tuple[tuple[str, int], ...]: ...


def accept_violations(
    *,
    schedule: Schedule,
    user: User,
    violations: Iterable[Told],
    edit: ScheduleEdit | None = None,
) -> None:
    """Keep that ``user`` accepts these by name, as long as the change ``edit`` stands.

    A double use of a room, a leader or a person is a ``ValueError``.
    """
    for one in violations:
        if one.rule in NEVER_ACCEPTED:
            raise ValueError(f"{one.rule} is never accepted")
        AcceptedViolation.objects.get_or_create(
            schedule=schedule,
            edit=edit,
            rule=one.rule,
            about=[list(pair) for pair in one.about],
            slot=one.slot,
            facts=[list(pair) for pair in one.facts],
            defaults={"accepted_by": user},
        )
